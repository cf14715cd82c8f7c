// Sealed texts, password records and code tokens from a disk or a caller: nothing crashes, and
// nothing opens that we did not seal.
#include <string>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/code_token.hpp"
#include "crypto/password.hpp"
#include "crypto/seal.hpp"

using namespace huitong::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text({data, size});
    // A fixed key, so that the corpus can reach behind the key id.
    static const MasterKey master{*SealingKey::make(Secret(std::string(32, 'k')))};
    static const CodeTokens tokens = *CodeTokens::make(Secret(std::string(16, 'k')), "fuzz");

    if (const auto opened = master.open("fuzz", text)) ENSURE(text.size() >= seal_overhead_bytes);
    (void)master.unwrap("fuzz", text);
    ENSURE(master.open("fuzz", master.seal("fuzz", text))->expose() == text);
    ENSURE(!master.open(text, master.seal("another context than that text", text)) ||
           text == "another context than that text");
    if (const auto id = tokens.open(text)) ENSURE(tokens.token_of(*id) == text);

    if (const auto record = parse_password_record(text)) {
        constexpr std::uint32_t cheap_log2_n = 6;
        if (record->cost.log2_n <= cheap_log2_n && record->cost.r * record->cost.p <= 8)
            ENSURE(password_matches(Secret(text), text).has_value());
    }
    return 0;
}
