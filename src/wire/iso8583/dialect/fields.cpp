#include <algorithm>
#include <fmt/format.h>

#include "base/result.hpp"
#include "wire/iso8583/content.hpp"
#include "wire/iso8583/dialect/statements.hpp"

namespace huitong::wire::iso8583 {
namespace {

constexpr Named<Content> contents[] = {
    {"n",   Content::n  },
    {"a",   Content::a  },
    {"an",  Content::an },
    {"ns",  Content::ns },
    {"ans", Content::ans},
    {"z",   Content::z  },
    {"b",   Content::b  },
    {"x+n", Content::xn }
};
constexpr Named<ValueRule> values[] = {
    {"mmddhhmmss", ValueRule::mmddhhmmss},
    {"hhmmss",     ValueRule::hhmmss    },
    {"mmdd",       ValueRule::mmdd      },
    {"yymm",       ValueRule::yymm      },
    {"yymmdd",     ValueRule::yymmdd    }
};
constexpr Named<Coding> codings[] = {
    {"packed-left",  Coding::packed_left },
    {"packed-right", Coding::packed_right},
    {"hex",          Coding::hex         }
};

// "6", "LL19" or "LLL999".
Read<void> set_length(FieldRule& rule, bool lengths_packed, std::string_view word) {
    const std::size_t digits = std::min(word.find_first_not_of('L'), word.size());
    if (digits == 1 || digits > 3) return because(quoted(word) + " is not a length");
    TRY(units, number(word.substr(digits), 1, digits == 2 ? units_max_ll : units_max));
    rule.units = rule.content == Content::xn ? static_cast<std::uint16_t>(units + 1) : units;
    rule.length_digits = static_cast<std::uint8_t>(digits);
    rule.length_bytes = static_cast<std::uint8_t>(lengths_packed ? (digits + 1) / 2 : digits);
    return {};
}

Read<void> set_option(FieldRule& rule, std::string_view word) {
    if (word == "opaque") {
        rule.opaque = true;
    } else if (word == "any-sign") {
        rule.any_sign = true;
    } else if (word.starts_with("class=")) {
        TRY(classes, classes_of(word.substr(6)));
        rule.classes = classes;
    } else if (const auto coding = one_of(codings, word)) {
        rule.coding = *coding;
    } else {
        const auto value = one_of(values, word);
        if (!value) return because(quoted(word) + " is no option of a field");
        rule.value = *value;
    }
    return {};
}

Read<void> fits_together(const Draft& draft, const FieldRule& rule) {
    const bool packed = rule.coding == Coding::packed_left || rule.coding == Coding::packed_right;
    const bool digits =
        rule.content == Content::n || rule.content == Content::z || rule.content == Content::xn;
    if (draft.field == 65) return because("there is no third bitmap");
    if (draft.field > 64 && !draft.dialect.second_bitmap)
        return because("the dialect has no second bitmap");
    if (packed && !digits) return because("only n, z and x+n can be packed");
    if (packed && rule.opaque) return because("packed content is never opaque");
    if (rule.coding == Coding::hex && rule.content != Content::b)
        return because("only b can be hex");
    if (rule.any_sign && rule.content != Content::xn) return because("only x+n has a sign");
    if (rule.content == Content::xn && rule.length_digits != 0)
        return because("x+n has a fixed length");
    if (rule.content == Content::xn && rule.units > units_max)
        return because("the length is too large");
    if (rule.value != ValueRule::any && (rule.content != Content::n || rule.length_digits != 0 ||
                                         rule.units != digits_of(rule.value)))
        return because(fmt::format("such a value is n {}, of fixed length", digits_of(rule.value)));
    return {};
}

}  // namespace

Read<void> add_field(Draft& draft, Words words) {
    draft.fields_begun = true;
    FieldRule rule{.defined = true};
    TRY(content, one_of(contents, words[0]));
    rule.content = content;
    CHECK(set_length(rule, draft.dialect.lengths_packed, words[1]));
    for (const std::string_view option : words.subspan(2)) CHECK(set_option(rule, option));
    CHECK(fits_together(draft, rule));
    if (draft.dialect.fields[draft.field].defined) return because("the field is defined already");
    draft.dialect.fields[draft.field] = rule;
    return {};
}

}  // namespace huitong::wire::iso8583
