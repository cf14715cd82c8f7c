// The parameters of a query string, read strictly: each at most once, none that nobody asks for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/tables.hpp"
#include "gateway/json_door/reply.hpp"
#include "wire/json/text.hpp"

namespace huitong::gateway::json_door {

class Parameters {
public:
    // Defects land in the report, the first one stays.
    Parameters(std::string_view query, wire::json::Report& report);

    // False when it is absent or defective.
    bool text(std::string_view name, const wire::json::TextRule& rule, std::string& out);
    bool number(std::string_view name, std::uint64_t min, std::uint64_t max, std::uint64_t& out);
    // `before` and `limit` of a list: 1 to 100, by default 20.
    [[nodiscard]] engine::Page page();
    void refuse(std::string_view name, Error error, std::string_view issue);
    // Refuses what nobody asked for.
    void finish();

private:
    struct Parameter {
        std::string name;
        std::string value;
        bool known = false;
    };
    Parameter* find(std::string_view name);

    wire::json::Report& report_;
    std::vector<Parameter> parameters_;
};

// A decimal number of 1 to 20 digits that fits 64 bits and is not zero: an id in a path. Refuses
// with field_format.
Result<std::uint64_t> parse_id(std::string_view digits);

}  // namespace huitong::gateway::json_door
