#include "wire/institution/positions.hpp"

#include <limits>

#include "wire/institution/fields.hpp"

namespace huitong::wire::institution {
namespace {

constexpr json::TextRule window_rule{.min = 8, .max = 8, .alphabet = &json::decimal_digits};
constexpr json::IntegerRule balance_rule{.min = std::numeric_limits<std::int64_t>::min(),
                                         .max = std::numeric_limits<std::int64_t>::max()};
constexpr json::IntegerRule held_rule{.min = 0, .max = std::numeric_limits<std::int64_t>::max()};
constexpr json::CountRule line_count{.min = 0, .max = 200};  // ISO 4217 has fewer currencies

PositionLine read_line(ObjectReader& element) {
    PositionLine line;
    std::string currency;
    element.required_string("currency", {.min = 3, .max = 3}, currency);
    if (const auto known = currency_of(currency)) {
        line.currency = *known;
    } else if (!currency.empty()) {
        element.refuse("currency", Error::field_range, "is no currency of ISO 4217");
    }
    element.required_integer("position", balance_rule, line.position_minor);
    element.required_integer("reserved", held_rule, line.reserved_minor);
    element.required_integer("cap", held_rule, line.cap_minor);
    element.required_integer("available", balance_rule, line.available_minor);
    element.finish();
    return line;
}

}  // namespace

Parsed<PositionStatement> parse_position_statement(std::string_view body) {
    Report report;
    PositionStatement statement;
    ObjectReader root = json::read_object(body, report);
    root.required_string("window", window_rule, statement.window);
    for (ObjectReader& element : root.required_objects("positions", line_count))
        statement.positions.push_back(read_line(element));
    root.finish();
    return report.into(std::move(statement));
}

std::string to_json(const PositionStatement& statement) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.text("window", statement.window);
    json.begin_array("positions");
    for (const PositionLine& line : statement.positions) {
        json.begin_object();
        json.text("currency", describe(line.currency).code);
        json.integer("position", line.position_minor);
        json.integer("reserved", line.reserved_minor);
        json.integer("cap", line.cap_minor);
        json.integer("available", line.available_minor);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return body;
}

}  // namespace huitong::wire::institution
