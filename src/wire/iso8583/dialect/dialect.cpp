#include "wire/iso8583/dialect/dialect.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/ensure.hpp"
#include "wire/iso8583/dialect/builtin.hpp"

namespace huitong::wire::iso8583 {

std::string to_text(const DialectDefect& defect) {
    if (defect.line == 0) return defect.reason;
    if (defect.field == 0) return fmt::format("line {}: {}", defect.line, defect.reason);
    return fmt::format("line {}, field {}: {}", defect.line, defect.field, defect.reason);
}

std::span<const Dialect> builtin_dialects() {
    static const std::vector<Dialect> dialects = [] {
        std::vector<Dialect> loaded;
        for (const std::string_view text : builtin_dialect_texts()) {
            auto dialect = load_dialect(text);
            ENSURE(dialect);  // A test loads each file and tells what is wrong with it.
            loaded.push_back(std::move(*dialect));
        }
        return loaded;
    }();
    return dialects;
}

const Dialect* builtin_dialect(std::string_view name) {
    const auto all = builtin_dialects();
    const auto found = std::ranges::find(all, name, &Dialect::name);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace huitong::wire::iso8583
