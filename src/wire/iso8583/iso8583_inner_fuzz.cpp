// A byte that chooses a field of the network dialect, then any bytes as its content: what the judge
// lets pass is walked to its end, element by element and within the content.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.hpp"
#include "wire/iso8583/dialect/dialect.hpp"
#include "wire/iso8583/inner.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace huitong::wire::iso8583;
    if (size == 0) return 0;
    const Dialect& cups = *builtin_dialect("cups");
    const InnerRule& rule = cups.inners[data[0] % cups.inners.size()];
    const std::string_view content(reinterpret_cast<const char*>(data) + 1, size - 1);
    const bool fits = !check_inner(rule, content);
    const char* end = content.data();
    const auto see = [&](const Element& element) {
        ENSURE(element.content.data() >= end);
        end = element.content.data() + element.content.size();
        ENSURE(end <= content.data() + content.size());
        walk_element(element, [&](const Element& inside) {
            ENSURE(inside.content.size() < element.content.size());
        });
    };
    walk_inner(rule, content, see);
    const bool all_named = rule.shape == Shape::parts || rule.shape == Shape::blocks;
    ENSURE(!fits || !all_named || end == content.data() + content.size());
    return 0;
}
