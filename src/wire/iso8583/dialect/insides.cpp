#include <algorithm>
#include <fmt/format.h>

#include "base/result.hpp"
#include "crypto/bytes.hpp"
#include "wire/iso8583/dialect/statements.hpp"

namespace huitong::wire::iso8583 {
namespace {

constexpr Named<Shape> shapes[] = {
    {"ber",    Shape::ber   },
    {"usage",  Shape::usage },
    {"usages", Shape::usages},
    {"parts",  Shape::parts },
    {"blocks", Shape::blocks}
};
constexpr Named<Shape> usage_contents[] = {
    {"usages", Shape::usages},
    {"tags",   Shape::tags  }
};

// The inside of the line's field, which must have one of these shapes.
Read<InnerRule*> inner_with(Draft& draft, std::initializer_list<Shape> wanted) {
    InnerRule& inner = draft.dialect.inners[draft.dialect.fields[draft.field].inner];
    if (std::ranges::find(wanted, inner.shape) == wanted.end())
        return because("'inner' of this field does not allow that");
    if (inner.tags.size() + inner.usages.size() == entries_max)
        return because("the field has too many tags and usages");
    return &inner;
}

Read<void> add_part(InnerRule& inner, std::string_view word) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals > word_bytes_shown)
        return because(quoted(word) + " is not name=width");
    if (inner.parts.size() == entries_max) return because("there are too many parts");
    const std::string_view name = word.substr(0, equals);
    if (name == "raw" || name == "rest") return because(quoted(name) + " is taken");
    TRY(width, number(word.substr(equals + 1), 1, units_max));
    inner.parts.push_back({.name = std::string(name), .width = width});
    return {};
}

}  // namespace

Read<void> add_inner(Draft& draft, Words words) {
    FieldRule& rule = draft.dialect.fields[draft.field];
    if (!rule.defined) return because("the field is not defined yet");
    if (rule.inner != 0) return because("its inside is described already");
    InnerRule inner;
    TRY(shape, one_of(shapes, words[0]));
    inner.shape = shape;
    const bool length_only = shape == Shape::parts || shape == Shape::blocks;
    const bool packed = rule.coding != Coding::plain && rule.coding != Coding::hex;
    if (packed && !length_only) return because("packed digits can only have parts or blocks");
    if (shape == Shape::blocks) {
        TRY(width, number(words.size() > 1 ? words[1] : "", 1, units_max));
        inner.block = width;
        CHECK(no_more(words, 2));
    } else {
        CHECK(no_more(words, 1));
    }
    rule.inner = static_cast<std::uint8_t>(draft.dialect.inners.size());
    draft.dialect.inners.push_back(std::move(inner));
    return {};
}

Read<void> add_parts(Draft& draft, Words words) {
    TRY(inner, inner_with(draft, {Shape::parts}));
    for (const std::string_view word : words) CHECK(add_part(*inner, word));
    return {};
}

Read<void> add_usage(Draft& draft, Words words) {
    TRY(inner, inner_with(draft, {Shape::usage, Shape::usages}));
    if (words[0].size() != 2) return because("a usage has two characters");
    UsageRule rule{.usage = std::string(words[0])};
    if (const auto content = one_of(usage_contents, words[1])) {
        rule.content = *content;
    } else {
        TRY(range, length_range(words[1]));
        rule.length = range;
    }
    inner->usages.push_back(std::move(rule));
    return no_more(words, 2);
}

// "9F26 8", or in a usage "TK 02 ..19".
Read<void> add_tag(Draft& draft, Words words) {
    TRY(inner, inner_with(draft, {Shape::ber, Shape::usage, Shape::usages}));
    const bool ber = inner->shape == Shape::ber;
    if (!ber && words.size() < 3) return because("a usage's tag is: usage, tag, length");
    TagRule rule;
    if (ber) {
        const auto tag = crypto::from_hex(words[0]);
        if (!tag || tag->empty() || tag->size() > 4)
            return because(quoted(words[0]) + " is no tag");
        rule.tag = *tag;
    } else {
        rule.usage = words[0];
        rule.tag = words[1];
        if (rule.tag.size() != 2) return because("a usage's tag has two characters");
    }
    TRY(range, length_range(words[ber ? 1 : 2]));
    rule.length = range;
    inner->tags.push_back(std::move(rule));
    return no_more(words, ber ? 2 : 3);
}

}  // namespace huitong::wire::iso8583
