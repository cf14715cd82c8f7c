#include "gateway/json_door/parameters.hpp"

#include <charconv>

#include "gateway/http/query.hpp"

namespace huitong::gateway::json_door {

Parameters::Parameters(std::string_view query, wire::json::Report& report) : report_(report) {
    auto fields = http::parse_query(query);
    if (!fields) {
        refuse("", fields.error(), "is no well-formed query");
        return;
    }
    for (auto& [name, value] : *fields) {
        if (find(name) != nullptr) refuse(name, Error::field_format, "is given more than once");
        parameters_.push_back({.name = std::move(name), .value = std::move(value)});
    }
}

Parameters::Parameter* Parameters::find(std::string_view name) {
    for (Parameter& parameter : parameters_) {
        if (parameter.name == name) return &parameter;
    }
    return nullptr;
}

bool Parameters::text(std::string_view name, const wire::json::TextRule& rule, std::string& out) {
    Parameter* const found = find(name);
    if (found == nullptr) return false;
    found->known = true;
    if (const auto defect = wire::json::judge(found->value, rule)) {
        refuse(name, defect->error, defect->issue);
        return false;
    }
    out = found->value;
    return true;
}

bool Parameters::number(std::string_view name, std::uint64_t min, std::uint64_t max,
                        std::uint64_t& out) {
    std::string digits;
    if (!text(name, {.max = 20, .alphabet = &wire::json::decimal_digits}, digits)) return false;
    std::uint64_t number = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (read.ec != std::errc{} || number < min || number > max) {
        refuse(name, Error::field_range, "is out of range");
        return false;
    }
    out = number;
    return true;
}

engine::Page Parameters::page() {
    engine::Page page;
    std::uint64_t limit = page.limit;
    number("before", 1, INT64_MAX, page.before);
    if (number("limit", 1, 100, limit)) page.limit = static_cast<std::uint32_t>(limit);
    return page;
}

void Parameters::refuse(std::string_view name, Error error, std::string_view issue) {
    report_.add(
        {error, wire::json::printable(name), "", std::string(issue), wire::json::Location::query});
}

void Parameters::finish() {
    for (const Parameter& parameter : parameters_) {
        if (!parameter.known) refuse(parameter.name, Error::field_unknown, "is not defined here");
    }
}

Result<std::uint64_t> parse_id(std::string_view digits) {
    std::uint64_t id = 0;
    const char* const end = digits.data() + digits.size();
    if (digits.empty() || digits.size() > 20 || !wire::json::decimal_digits.holds_all(digits))
        return refuse(Error::field_format);
    const auto read = std::from_chars(digits.data(), end, id);
    if (read.ec != std::errc{} || id == 0 || id >> 63U != 0) return refuse(Error::field_format);
    return id;
}

}  // namespace huitong::gateway::json_door
