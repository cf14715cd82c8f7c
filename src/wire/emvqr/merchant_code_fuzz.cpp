// Any text as a merchant-presented code and as TR Karekod, as it is and with a CRC that fits, which
// no fuzzer finds by itself. What is taken is written again as the same text.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/ensure.hpp"
#include "wire/emvqr/compose.hpp"
#include "wire/emvqr/crc.hpp"
#include "wire/emvqr/karekod.hpp"
#include "wire/emvqr/schemes.hpp"

namespace {

using namespace huitong::wire::emvqr;

void check(const MerchantCode& code, std::string_view text) {
    const Objects& objects = code.objects();
    const auto again = encode_mpm(nodes_of(objects), Order::as_given);
    ENSURE(again.has_value());
    ENSURE(again->substr(0, text.size() - 4) == text.substr(0, text.size() - 4));
    for (const Account& account : accounts_of(objects)) (void)misfit(account, objects);
    (void)expires(objects);
    (void)code.shown("zh");
    if (const auto amount = code.amount()) ENSURE(amount->minor > 0);
    ENSURE(code.relaxed() == !decode_mpm(text, Strictness::strict));
}

void decode(std::string_view text) {
    const auto code = decode_mpm(text);
    if (code) check(*code, text);
    if (!code) ENSURE(!to_text(code.error()).empty());
    if (const auto karekod = decode_karekod(text)) (void)karekod->amount();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text(reinterpret_cast<const char*>(data), size);
    decode(text);
    text += "6304";
    const auto digits = crc_digits(crc16(text));
    decode(text.append(digits.data(), digits.size()));
    return 0;
}
