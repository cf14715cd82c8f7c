// Every body and query that the operator door reads: the first byte chooses the parser. A merchant
// that is taken keeps the document's rules.
#include <cstdint>
#include <string_view>

#include "base/ensure.hpp"
#include "gateway/operator/bodies.hpp"
#include "gateway/operator/institution_bodies.hpp"
#include "gateway/operator/payment_filter.hpp"

namespace {

using namespace huitong;
using namespace huitong::gateway::operator_door;

void merchant(std::string_view body) {
    const auto parsed = parse_merchant(body);
    if (!parsed) return;
    ENSURE(is_mchid(parsed->mchid));
    ENSURE(!parsed->appids.empty() && parsed->appids.size() <= 50);
    ENSURE(parsed->apiv3_key.empty() || parsed->apiv3_key.size() == 32);
}

void change(std::string_view body) {
    const auto parsed = parse_participant_change(body);
    if (!parsed || !parsed->master_key) return;
    ENSURE(parsed->master_key->size() == 8 || parsed->master_key->size() == 16);
}

void code_rule(std::string_view body) {
    const auto parsed = parse_code_rule(body);
    if (!parsed) return;
    ENSURE(!parsed->terms.pattern.empty());
    const bool digits = parsed->terms.form == switching::CodeForm::digits;
    ENSURE(!digits || parsed->terms.pattern.size() <= parsed->terms.length);
}

void filter(std::string_view query) {
    const auto parsed = parse_payment_filter(query);
    if (parsed) ENSURE(parsed->page.limit >= 1 && parsed->page.limit <= 100);
}

void choose(unsigned char which, std::string_view text) {
    switch (which % 11) {
        case 0:
            return merchant(text);
        case 1:
            return filter(text);
        case 2:
            return (void)parse_key(text);
        case 3:
            return (void)parse_user(text);
        case 4:
            return (void)parse_participant(text);
        case 5:
            return (void)parse_password(text);
        case 6:
            return (void)parse_operator(text);
        case 7:
            return change(text);
        case 8:
            return code_rule(text);
        case 9:
            return (void)parse_position(text);
        default:
            return (void)parse_opening(text);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 0) choose(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
    return 0;
}
