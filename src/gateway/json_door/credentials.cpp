#include "gateway/json_door/credentials.hpp"

#include <string>
#include <utility>

namespace huitong::gateway::json_door {

crypto::Secret required_secret(wire::json::ObjectReader& reader, std::string_view name,
                               const wire::json::TextRule& rule) {
    std::string text;
    reader.required_string(name, rule, text);
    return crypto::Secret::take(std::move(text));
}

std::optional<crypto::Secret> optional_secret(wire::json::ObjectReader& reader,
                                              std::string_view name,
                                              const wire::json::TextRule& rule) {
    if (!reader.has(name)) return std::nullopt;
    return required_secret(reader, name, rule);
}

}  // namespace huitong::gateway::json_door
