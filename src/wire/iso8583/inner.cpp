#include "wire/iso8583/inner.hpp"

#include <algorithm>
#include <cstdint>

namespace huitong::wire::iso8583 {
namespace {

constexpr std::size_t name_bytes = 2;  // of a usage and of a tag in a usage
constexpr std::size_t length_digits = 3;
constexpr std::size_t tag_bytes_max = 4;

bool within(LengthRange range, std::size_t length) {
    return length >= range.min && length <= range.max;
}

const UsageRule* find_usage(const InnerRule& rule, std::string_view usage) {
    const auto found = std::ranges::find(rule.usages, usage, &UsageRule::usage);
    return found == rule.usages.end() ? nullptr : &*found;
}

const TagRule* find_tag(const InnerRule& rule, std::string_view usage, std::string_view tag) {
    for (const TagRule& known : rule.tags) {
        if (known.tag == tag && known.usage == usage) return &known;
    }
    return nullptr;
}

// Takes: name 2, length 3, content. Nothing when it does not fit, and then `rest` is untouched.
std::optional<Element> take_counted(std::string_view& rest) {
    if (rest.size() < name_bytes + length_digits) return std::nullopt;
    std::size_t length = 0;
    for (const char c : rest.substr(name_bytes, length_digits)) {
        if (c < '0' || c > '9') return std::nullopt;
        length = length * 10 + static_cast<std::size_t>(c - '0');
    }
    const std::size_t start = name_bytes + length_digits;
    if (rest.size() - start < length) return std::nullopt;
    const Element element{.name = rest.substr(0, name_bytes),
                          .content = rest.substr(start, length)};
    rest.remove_prefix(start + length);
    return element;
}

bool are_counted(std::string_view content) {
    while (!content.empty()) {
        if (!take_counted(content)) return false;
    }
    return true;
}

// Tags of a known usage; zero length is no fault, as in BER.
bool are_tags_of(const InnerRule& rule, std::string_view usage, std::string_view content) {
    while (!content.empty()) {
        const auto element = take_counted(content);
        if (!element) return false;
        const TagRule* known = find_tag(rule, usage, element->name);
        if (known != nullptr && !within(known->length, element->content.size())) return false;
    }
    return true;
}

bool keeps(const InnerRule& rule, const UsageRule& usage, std::string_view content) {
    if (!within(usage.length, content.size())) return false;
    if (usage.content == Shape::tags) return are_tags_of(rule, usage.usage, content);
    return usage.content != Shape::usages || are_counted(content);
}

std::optional<FaultCode> check_ber(const InnerRule& rule, std::string_view content) {
    while (const auto object = take_data_object(content)) {
        const TagRule* known = find_tag(rule, "", object->tag);
        // The samples hold a known tag without a value, and it was taken (section 10).
        if (known != nullptr && !object->value.empty() &&
            !within(known->length, object->value.size()))
            return FaultCode::subfield_length;
    }
    return content.empty() ? std::nullopt : std::optional(FaultCode::tlv_truncated);
}

std::optional<FaultCode> check_usage(const InnerRule& rule, std::string_view content) {
    const UsageRule* usage = find_usage(rule, content.substr(0, name_bytes));
    if (usage == nullptr || keeps(rule, *usage, content.substr(name_bytes))) return std::nullopt;
    return FaultCode::subfield_length;
}

// Judges as far as it understands: behind an unknown usage that is not counted nothing is known.
std::optional<FaultCode> check_usages(const InnerRule& rule, std::string_view content) {
    while (!content.empty()) {
        const UsageRule* usage = find_usage(rule, content.substr(0, name_bytes));
        const auto element = take_counted(content);
        if (!element && usage == nullptr) return std::nullopt;
        if (!element || (usage != nullptr && !keeps(rule, *usage, element->content)))
            return FaultCode::subfield_length;
    }
    return std::nullopt;
}

using Seer = std::function<void(const Element&)>;

void walk_ber(std::string_view content, const Seer& see) {
    while (const auto object = take_data_object(content))
        see({.name = object->tag, .content = object->value});
}

void walk_usage(const InnerRule& rule, std::string_view content, const Seer& see) {
    if (content.size() < name_bytes) return;
    const UsageRule* usage = find_usage(rule, content.substr(0, name_bytes));
    see({.name = content.substr(0, name_bytes),
         .content = content.substr(name_bytes),
         .shape = usage == nullptr ? Shape::none : usage->content});
}

void walk_usages(const InnerRule& rule, std::string_view content, const Seer& see) {
    while (content.size() >= name_bytes) {
        const UsageRule* usage = find_usage(rule, content.substr(0, name_bytes));
        auto element = take_counted(content);
        if (!element) {
            see({.name = content.substr(0, name_bytes), .content = content.substr(name_bytes)});
            return;
        }
        if (usage != nullptr) element->shape = usage->content;
        see(*element);
    }
}

void walk_parts(const InnerRule& rule, std::string_view content, const Seer& see) {
    for (const Part& part : rule.parts) {
        if (content.empty()) return;
        see({.name = part.name, .content = content.substr(0, part.width)});
        content.remove_prefix(std::min<std::size_t>(part.width, content.size()));
    }
    if (!content.empty()) see({.name = "rest", .content = content});
}

}  // namespace

std::optional<FaultCode> check_inner(const InnerRule& rule, std::string_view content) {
    switch (rule.shape) {
        case Shape::none:
            return std::nullopt;
        case Shape::ber:
            return check_ber(rule, content);
        case Shape::usage:
            return check_usage(rule, content);
        case Shape::usages:
            return check_usages(rule, content);
        case Shape::tags:
            return are_tags_of(rule, "", content) ? std::nullopt
                                                  : std::optional(FaultCode::subfield_length);
        case Shape::parts:
        case Shape::blocks:
            return check_inner_length(rule, content.size());
    }
    return std::nullopt;
}

std::optional<FaultCode> check_inner_length(const InnerRule& rule, std::size_t units) {
    if (rule.shape == Shape::blocks)
        return units % rule.block == 0 ? std::nullopt : std::optional(FaultCode::subfield_length);
    for (const Part& part : rule.parts) {
        if (units == 0) return std::nullopt;
        if (units < part.width) return FaultCode::subfield_length;
        units -= part.width;
    }
    return std::nullopt;
}

void walk_inner(const InnerRule& rule, std::string_view content,
                const std::function<void(const Element&)>& see) {
    switch (rule.shape) {
        case Shape::none:
            return;
        case Shape::ber:
            return walk_ber(content, see);
        case Shape::usage:
            return walk_usage(rule, content, see);
        case Shape::usages:
            return walk_usages(rule, content, see);
        case Shape::tags:
            return walk_element({.content = content, .shape = Shape::tags}, see);
        case Shape::parts:
            return walk_parts(rule, content, see);
        case Shape::blocks:
            for (; !content.empty();
                 content.remove_prefix(std::min<std::size_t>(rule.block, content.size())))
                see({.name = "block", .content = content.substr(0, rule.block)});
    }
}

void walk_element(const Element& element, const std::function<void(const Element&)>& see) {
    if (element.shape != Shape::usages && element.shape != Shape::tags) return;
    std::string_view rest = element.content;
    while (const auto inside = take_counted(rest)) see(*inside);
}

std::optional<DataObject> take_data_object(std::string_view& rest) {
    const auto octet = [&](std::size_t at) { return static_cast<std::uint8_t>(rest[at]); };
    while (!rest.empty() && rest.front() == '\0') rest.remove_prefix(1);
    if (rest.empty()) return std::nullopt;

    std::size_t tag = 1;
    if ((octet(0) & 0x1F) == 0x1F) {
        do {
            if (tag == rest.size() || tag == tag_bytes_max) return std::nullopt;
        } while ((octet(tag++) & 0x80) != 0);
    }
    if (tag == rest.size()) return std::nullopt;

    std::size_t length = octet(tag);
    std::size_t start = tag + 1;
    if (length >= 0x80) {
        const std::size_t bytes = length & 0x7F;
        if (bytes == 0 || bytes > 3 || rest.size() - start < bytes) return std::nullopt;
        length = 0;
        for (std::size_t i = 0; i < bytes; ++i) length = length << 8 | octet(start + i);
        start += bytes;
    }
    if (rest.size() - start < length) return std::nullopt;
    const DataObject object{.tag = rest.substr(0, tag), .value = rest.substr(start, length)};
    rest.remove_prefix(start + length);
    return object;
}

}  // namespace huitong::wire::iso8583
