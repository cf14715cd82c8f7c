#include "gateway/door/sealing.hpp"

#include <fmt/format.h>

#include "wire/json/text.hpp"

namespace huitong::gateway::door {

std::string apiv3_key_context(std::string_view mchid) {
    return fmt::format("merchant/{}/apiv3-key", mchid);
}

std::string platform_key_context(std::string_view serial) {
    return fmt::format("platform/{}/private-key", serial);
}

std::string participant_master_key_context(ParticipantId participant) {
    return fmt::format("participant/{}/master-key", participant.value);
}

bool is_apiv3_key(std::string_view text) {
    return text.size() == 32 && wire::json::alphanumerics.holds_all(text);
}

}  // namespace huitong::gateway::door
