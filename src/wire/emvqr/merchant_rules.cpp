#include <algorithm>
#include <array>

#include "wire/emvqr/amount.hpp"
#include "wire/emvqr/rules.hpp"
#include "wire/emvqr/schemes.hpp"
#include "wire/json/text.hpp"

namespace huitong::wire::emvqr {
namespace {

using enum DefectCode;

constexpr bool is_account(unsigned tag) {
    return tag >= 2 && tag <= 51;
}
// 06-08 and 17-25 are reserved by EMVCo: kept, and not looked at.
constexpr bool is_network_account(unsigned tag) {
    return (tag >= 2 && tag <= 5) || (tag >= 9 && tag <= 16);
}
constexpr bool is_account_template(unsigned tag) {
    return tag >= 26 && tag <= 51;
}
constexpr bool is_unreserved(unsigned tag) {
    return tag >= 80;
}
constexpr unsigned additional_data = 62;
constexpr unsigned language = 64;

// A value that opens with 00 and a length is a template; it may be a broken one, which is then
// told.
Shape shape_where_some_put_text(unsigned tag, std::string_view value) {
    const bool opens = value.size() >= 4 && value.starts_with("00") &&
                       json::decimal_digits.holds_all(value.substr(2, 2));
    return opens && !is_plain_form(tag, value) ? Shape::sure_template : Shape::perhaps_template;
}

Shape merchant_shape(const Candidate& candidate) {
    const unsigned tag = candidate.tag;
    if (candidate.depth == 0) {
        if (is_account_template(tag) || tag == additional_data || tag == language)
            return Shape::sure_template;
        return is_unreserved(tag) ? shape_where_some_put_text(tag, candidate.value) : Shape::text;
    }
    if (candidate.depth > 1) return Shape::text;
    if (candidate.parent_tag == additional_data && tag >= 50)
        return shape_where_some_put_text(tag, candidate.value);
    return is_nested_template(candidate) ? Shape::sure_template : Shape::text;
}

enum class Characters : std::uint8_t {
    any,
    printable,  // "ans": ASCII from the blank to the tilde
    digits,
    capitals,
    letters,
};

bool holds(Characters characters, std::string_view value) {
    const auto all = [&value](auto&& is_one) { return std::ranges::all_of(value, is_one); };
    switch (characters) {
        case Characters::any:
            return true;
        case Characters::printable:
            return all([](char c) { return c >= ' ' && c <= '~'; });
        case Characters::digits:
            return all([](char c) { return c >= '0' && c <= '9'; });
        case Characters::capitals:
            return all([](char c) { return c >= 'A' && c <= 'Z'; });
        case Characters::letters:
            return all([](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
    }
    std::unreachable();
}

// The format of one tag.
struct FieldRule {
    unsigned tag = 0;
    Characters alphabet = Characters::any;
    std::size_t size_max = 0;  // characters
    bool fixed = false;        // no fewer either
    bool mandatory = false;    // in every code
    bool of_persons = false;   // mandatory, but persons may lack it in a relaxed scheme
};

// clang-format off
constexpr FieldRule fields[] = {
    {52, Characters::digits,    4,  true,  true,  true },
    {53, Characters::digits,    3,  true,  true,  false},
    {58, Characters::capitals,  2,  true,  true,  false},
    {59, Characters::printable, 25, false, true,  true },
    {60, Characters::printable, 15, false, true,  true },
    {61, Characters::printable, 10, false, false, false},
};
constexpr FieldRule language_fields[] = {
    {0, Characters::letters, 2,  true,  true,  false},
    {1, Characters::any,     25, false, true,  false},
    {2, Characters::any,     15, false, false, false},
};
// clang-format on

constexpr unsigned last_of_additional_data = 8;
constexpr std::size_t additional_data_characters_max = 25;

// A text of few bytes has few characters: only a long one is counted.
bool is_longer(std::string_view value, std::size_t characters_max) {
    return value.size() > characters_max && characters(value) > characters_max;
}

// LENGTH or FORMAT, if the value breaks the rule. What has a fixed length is ASCII.
std::optional<DefectCode> broken(const FieldRule& rule, std::string_view value) {
    if (rule.fixed && value.size() != rule.size_max) return format;
    if (is_longer(value, rule.size_max)) return length;
    if (!holds(rule.alphabet, value)) return format;
    return {};
}

Finding method_rule(const Objects& objects) {
    const auto method = objects.value(1);
    if (!method || *method == "11" || *method == "12") return {};
    return Defect{initiation_method, place(1)};
}

Finding any_account(const Objects& objects) {
    for (const Object& object : objects.outermost())
        if (is_account(object.tag)) return {};
    return Defect{no_account, ""};
}

Finding unique_ids(const Objects& objects) {
    for (const Object& object : objects.outermost())
        if (is_account_template(object.tag) && objects.find(object, 0) == nullptr)
            return Defect{no_guid, place(object.tag)};
    return {};
}

Finding mandatory(const Objects& objects, Presence presence) {
    for (const FieldRule& rule : fields) {
        const bool needed = rule.mandatory && (presence == Presence::all || !rule.of_persons);
        if (needed && objects.find(rule.tag) == nullptr) return Defect{missing, place(rule.tag)};
    }
    return {};
}

Result<Currency> currency_in(const Objects& objects) {
    return parse_currency(objects.value(53).value_or(""));
}

Finding formats(const Objects& objects) {
    for (const Object& object : objects.outermost())
        if (is_network_account(object.tag) && !holds(Characters::printable, objects.value(object)))
            return Defect{format, place(object.tag)};
    for (const FieldRule& rule : fields) {
        const auto value = objects.value(rule.tag);
        const auto code = value ? broken(rule, *value) : std::nullopt;
        if (code) return Defect{*code, place(rule.tag)};
    }
    if (!currency_in(objects)) return Defect{format, place(53)};
    return {};
}

Finding amount_rule(const Objects& objects) {
    const auto value = objects.value(54);
    if (!value || parse_amount(*value, *currency_in(objects))) return {};
    return Defect{amount, place(54)};
}

// 55 says whether the payer is asked, or which of 56 and 57 must be there: no other may.
Finding tip(const Objects& objects) {
    const auto indicator = objects.value(55);
    if (indicator && *indicator != "01" && *indicator != "02" && *indicator != "03")
        return Defect{tip_indicator, place(55)};
    const auto fixed = objects.value(56);
    if (fixed.has_value() != (indicator == "02")) return Defect{tip_value, place(56)};
    if (fixed && !parse_amount(*fixed, *currency_in(objects))) return Defect{tip_value, place(56)};
    const auto percentage = objects.value(57);
    if (percentage.has_value() != (indicator == "03")) return Defect{tip_value, place(57)};
    if (percentage && !parse_percentage_ppm(*percentage)) return Defect{tip_value, place(57)};
    return {};
}

// 62.09: which data of the payer are wanted, each once.
bool is_data_request(std::string_view value) {
    return std::ranges::all_of(value, [&value](char letter) {
        return std::string_view("AME").contains(letter) && std::ranges::count(value, letter) == 1;
    });
}

Finding additional_data_rule(const Objects& objects) {
    const Object* data = objects.find(additional_data);
    if (data == nullptr) return {};
    for (const Object& object : objects.inside(*data)) {
        const std::string_view value = objects.value(object);
        if (object.tag >= 1 && object.tag <= last_of_additional_data &&
            is_longer(value, additional_data_characters_max))
            return Defect{length, place(additional_data, object.tag)};
        if (object.tag == 9 && !is_data_request(value))
            return Defect{format, place(additional_data, object.tag)};
    }
    return {};
}

Finding language_rule(const Objects& objects) {
    if (objects.find(language) == nullptr) return {};
    for (const FieldRule& rule : language_fields) {
        const auto value = objects.value(language, rule.tag);
        if (!value && rule.mandatory) return Defect{missing, place(language, rule.tag)};
        const auto code = value ? broken(rule, *value) : std::nullopt;
        if (code) return Defect{*code, place(language, rule.tag)};
    }
    return {};
}

}  // namespace

const Dialect merchant_dialect{.format_indicator = "000201", .shape_of = merchant_shape};

Finding judge(const Objects& objects, Presence presence) {
    for (const auto rule : {method_rule, any_account, unique_ids})
        if (Finding found = rule(objects)) return found;
    if (Finding found = mandatory(objects, presence)) return found;
    for (const auto rule : {formats, amount_rule, tip, additional_data_rule, language_rule})
        if (Finding found = rule(objects)) return found;
    return {};
}

bool is_of_persons(const Defect& defect) {
    return defect.code == missing && std::ranges::any_of(fields, [&defect](const FieldRule& rule) {
               return rule.of_persons && defect.at == place(rule.tag);
           });
}

}  // namespace huitong::wire::emvqr
