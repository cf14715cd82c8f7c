#include "gateway/operator/reading.hpp"

#include <algorithm>

#include "gateway/json_door/parameters.hpp"

namespace huitong::gateway::operator_door {

using wire::json::ObjectReader;
using wire::json::TextRule;

bool repeats(std::vector<std::string> texts) {
    std::ranges::sort(texts);
    return std::ranges::adjacent_find(texts) != texts.end();
}

std::vector<std::string> required_set(ObjectReader& root, std::string_view name, std::size_t max,
                                      const TextRule& rule) {
    std::vector<std::string> texts;
    if (!root.has(name)) root.missing(name);
    root.optional_strings(name, {.min = 1, .max = max}, rule, texts);
    if (repeats(texts)) root.refuse(name, Error::field_range, "names something twice");
    return texts;
}

void read_roles(ObjectReader& root, switching::ParticipantState& state) {
    for (const std::string& role : required_set(root, "roles", 2, {.max = 32})) {
        if (role == "ACCOUNT_INSTITUTION") {
            state.account_institution = true;
        } else if (role == "ACQUIRING_INSTITUTION") {
            state.acquiring_institution = true;
        } else {
            root.refuse("roles", Error::field_range, "names an unknown role");
        }
    }
}

ParticipantId read_participant_id(ObjectReader& root) {
    std::string text;
    root.optional_string("participant_id", {.max = 20, .alphabet = &wire::json::decimal_digits},
                         text);
    if (text.empty()) return {};
    const auto id = json_door::parse_id(text);
    if (!id) root.refuse("participant_id", Error::field_format, "is no id");
    return {id.value_or(0)};
}

}  // namespace huitong::gateway::operator_door
