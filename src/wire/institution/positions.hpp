// A statement of the caller's positions (api/institution.yaml, GET /positions). Bytes <-> values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/currency.hpp"
#include "wire/json/field_error.hpp"

namespace huitong::wire::institution {

using json::Parsed;

// business-rules 5.3: position + reserved + available = cap. Positive: the institution owes.
struct PositionLine {
    Currency currency;
    std::int64_t position_minor = 0;
    std::int64_t reserved_minor = 0;
    std::int64_t cap_minor = 0;
    std::int64_t available_minor = 0;

    friend bool operator==(const PositionLine&, const PositionLine&) = default;
};
struct PositionStatement {
    std::string window;  // the clearing window that is open: YYYYMMDD
    std::vector<PositionLine> positions;

    friend bool operator==(const PositionStatement&, const PositionStatement&) = default;
};
Parsed<PositionStatement> parse_position_statement(std::string_view body);
std::string to_json(const PositionStatement& statement);

}  // namespace huitong::wire::institution
