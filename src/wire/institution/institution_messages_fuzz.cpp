// Any bytes as the body of every message: the first byte chooses the parser. What is taken is taken
// again when written anew, as the same value.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.hpp"
#include "wire/institution/ending.hpp"
#include "wire/institution/payment.hpp"
#include "wire/institution/positions.hpp"
#include "wire/institution/resolve.hpp"
#include "wire/institution/session.hpp"

namespace {

using namespace huitong::wire::institution;

template <class Parse>
void there_and_back(Parse parse, std::string_view body) {
    const auto parsed = parse(body);
    if (!parsed) return;
    const auto again = parse(to_json(*parsed));
    ENSURE(again && *again == *parsed);
}

void choose(std::uint8_t which, std::string_view body) {
    switch (which % 12) {
        case 0:
            return there_and_back(parse_pay, body);
        case 1:
            return there_and_back(parse_authorise, body);
        case 2:
            return there_and_back(parse_refund, body);
        case 3:
            return there_and_back(parse_payment_view, body);
        case 4:
            return there_and_back(parse_resolve, body);
        case 5:
            return there_and_back(parse_resolution, body);
        case 6:
            return there_and_back(parse_commits, body);
        case 7:
            return there_and_back(parse_commit_results, body);
        case 8:
            return there_and_back(parse_sign_on, body);
        case 9:
            return there_and_back(parse_session_opened, body);
        case 10:
            return there_and_back(parse_next_key, body);
        default:
            return there_and_back(parse_position_statement, body);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 0) choose(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
    return 0;
}
