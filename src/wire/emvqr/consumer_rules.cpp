#include <algorithm>
#include <iterator>
#include <utility>

#include "crypto/bytes.hpp"
#include "wire/emvqr/rules.hpp"
#include "wire/json/text.hpp"

namespace huitong::wire::emvqr {
namespace {

using enum DefectCode;

constexpr std::uint32_t aid_tag = 0x4F;
constexpr std::uint32_t label_tag = 0x50;

enum class Content : std::uint8_t {
    bytes,
    digits,   // two to a byte
    packed,   // digits, filled up with F on the right
    track_2,  // digits, D, digits, filled up with F
    letters,  // pairs of them: languages
};

struct DataRule {
    std::uint32_t tag;
    std::size_t size_min;
    std::size_t size_max;
    Content content;
};

// clang-format off
constexpr DataRule rules[] = {
    {aid_tag,   5,  16, Content::bytes},
    {label_tag, 1,  16, Content::bytes},
    {0x57,      1,  19, Content::track_2},
    {0x5A,      1,  10, Content::packed},   // account
    {0x5F20,    2,  26, Content::bytes},    // name
    {0x5F2D,    2,  8,  Content::letters},  // languages
    {0x5F34,    1,  1,  Content::digits},   // sequence number
    {0x82,      2,  2,  Content::bytes},    // interchange profile
    {0x9F08,    2,  2,  Content::bytes},    // version
    {0x9F10,    1,  32, Content::bytes},    // issuer application data
    {0x9F19,    6,  6,  Content::digits},   // token requestor
    {0x9F24,    29, 29, Content::bytes},    // payment account reference
    {0x9F25,    2,  2,  Content::digits},   // last four digits
    {0x9F26,    8,  8,  Content::bytes},    // cryptogram
    {0x9F27,    1,  1,  Content::bytes},    // cryptogram information
    {0x9F36,    2,  2,  Content::bytes},    // counter
    {0x9F37,    4,  4,  Content::bytes},    // unpredictable number
};
// clang-format on

bool holds(Content content, std::string_view value) {
    if (content == Content::bytes) return true;
    if (content == Content::letters)
        return value.size() % 2 == 0 && std::ranges::all_of(value, [](char c) {
                   return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
               });
    const std::string text = crypto::to_hex_upper(value);
    std::string_view digits = text;
    if (content != Content::digits)
        digits = digits.substr(0, digits.find_last_not_of('F') + 1);  // npos + 1 is 0.
    if (content == Content::track_2) {
        const std::size_t separator = digits.find('D');
        if (separator == std::string_view::npos || separator == 0) return false;
        return json::decimal_digits.holds_all(digits.substr(0, separator)) &&
               json::decimal_digits.holds_all(digits.substr(separator + 1));
    }
    return !digits.empty() && json::decimal_digits.holds_all(digits);
}

std::optional<DefectCode> broken(const DataRule& rule, std::string_view value) {
    if (value.empty()) return empty_value;
    if (value.size() > rule.size_max) return rule.size_min == rule.size_max ? format : length;
    if (value.size() < rule.size_min || !holds(rule.content, value)) return format;
    return {};
}

std::string place(std::uint32_t parent, std::uint32_t tag) {
    return data_tag_text(parent) + "." + data_tag_text(tag);
}

Finding applications(const DataObjects& objects) {
    if (objects.find(application_tag) == nullptr)
        return Defect{no_application, data_tag_text(application_tag)};
    for (const DataObject& object : objects.outermost())
        if (object.tag == application_tag && objects.find(object, aid_tag) == nullptr)
            return Defect{no_aid, data_tag_text(application_tag)};
    return {};
}

// Whether some application has the tag, in itself or in its transparent template.
bool is_in_application(const DataObjects& objects, std::uint32_t tag) {
    for (const DataObject& application : objects.outermost()) {
        if (application.tag != application_tag) continue;
        if (objects.find(application, tag) != nullptr) return true;
        const DataObject* inner = objects.find(application, application_transparent_tag);
        if (inner != nullptr && objects.find(*inner, tag) != nullptr) return true;
    }
    return false;
}

// What 62 holds is for every application: an application may not say it again, and what names one
// application may not stand there.
Finding common_data(const DataObjects& objects) {
    const DataObject* common = objects.find(common_tag);
    if (common == nullptr) return {};
    for (const DataObject& object : objects.inside(*common)) {
        if (is_in_application(objects, object.tag))
            return Defect{duplicate_tag, place(common_tag, object.tag)};
        if (object.tag == aid_tag || object.tag == label_tag)
            return Defect{bad_tag, place(common_tag, object.tag)};
    }
    const DataObject* inner = objects.find(*common, common_transparent_tag);
    if (inner == nullptr) return {};
    for (const DataObject& object : objects.inside(*inner))
        if (is_in_application(objects, object.tag))
            return Defect{duplicate_tag,
                          data_tag_text(common_tag) + "." + place(inner->tag, object.tag)};
    return {};
}

// Of the objects in one template, whose own place is given.
Finding formats_inside(const DataObjects& objects, const DataObject& parent,
                       const std::string& parent_place) {
    for (const DataObject& object : objects.inside(parent)) {
        const auto* rule = std::ranges::find(rules, object.tag, &DataRule::tag);
        if (rule == std::end(rules)) continue;
        if (const auto code = broken(*rule, objects.value(object)))
            return Defect{*code, parent_place + "." + data_tag_text(object.tag)};
    }
    return {};
}

Finding formats(const DataObjects& objects) {
    for (const DataObject& outer : objects.outermost()) {
        if (!outer.is_template) continue;
        const std::string at = data_tag_text(outer.tag);
        if (Finding found = formats_inside(objects, outer, at)) return found;
        for (const DataObject& inner : objects.inside(outer)) {
            if (!inner.is_template) continue;
            if (Finding found = formats_inside(objects, inner, place(outer.tag, inner.tag)))
                return found;
        }
    }
    return {};
}

}  // namespace

Finding judge(const DataObjects& objects) {
    for (const auto rule : {applications, common_data, formats})
        if (Finding found = rule(objects)) return found;
    return {};
}

}  // namespace huitong::wire::emvqr
