// Every body that the wallet door reads: the first byte chooses the parser. A body that is taken
// keeps the document's rules.
#include <cstdint>
#include <string_view>

#include "base/ensure.hpp"
#include "gateway/wallet/bodies.hpp"

namespace {

using namespace huitong;
using namespace huitong::gateway::wallet_door;

void payment(std::string_view body) {
    const auto parsed = parse_payment(body);
    if (!parsed) return;
    ENSURE(parsed->request_id.size() >= 8 && parsed->request_id.size() <= 64);
    const int targets = (parsed->code ? 1 : 0) + (parsed->order_token.empty() ? 0 : 1) +
                        (parsed->payee_token.empty() ? 0 : 1);
    ENSURE(targets == 1);
    ENSURE(!parsed->amount || !parsed->payee_token.empty());
    ENSURE(!parsed->payment_password || parsed->payment_password->size() == 6);
}

void top_up(std::string_view body) {
    const auto parsed = parse_top_up(body);
    if (!parsed) return;
    ENSURE(parsed->source.named());
    ENSURE(parsed->amount.minor > 0 && parsed->amount.minor <= amount_minor_max);
}

void confirmation(std::string_view body) {
    const auto parsed = parse_confirmation(body);
    if (parsed) ENSURE(parsed->size() == 6);
}

void choose(unsigned char which, std::string_view body) {
    switch (which % 8) {
        case 0:
            return payment(body);
        case 1:
            return top_up(body);
        case 2:
            return (void)parse_resolve(body);
        case 3:
            return (void)parse_credentials(body);
        case 4:
            return (void)parse_funding_source(body);
        case 5:
            return (void)parse_payment_password(body);
        case 6:
            return (void)parse_password(body);
        default:
            return confirmation(body);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 0) choose(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
    return 0;
}
