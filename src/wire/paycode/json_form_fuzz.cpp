// Any line as JSON that asks for a code, and as a code that JSON shows. What is encoded is a good
// code, and what JSON shows of a good EMV code encodes again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.hpp"
#include "wire/paycode/json_form.hpp"
#include "wire/paycode/recognise.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace huitong::wire;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    constexpr auto strictness = emvqr::Strictness::relaxed_where_known;
    const auto encode = [](std::string_view json) {
        return paycode::encode_from_json(json, emvqr::Order::as_given, strictness);
    };
    const auto shown = paycode::decode_to_json(text, paycode::ReadAs::any, strictness);
    ENSURE(shown.text.find('\n') == std::string::npos);
    const auto made = encode(text);
    if (!made.good) return 0;
    const auto read = paycode::decode_to_json(made.text, paycode::ReadAs::any, strictness);
    ENSURE(read.good);
    ENSURE(encode(read.text).text == made.text);
    return 0;
}
