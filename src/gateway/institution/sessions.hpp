// Sessions under which messages carry a MAC in place of a signature. They live in memory only:
// after a restart there are none, and the other side signs on anew.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/id.hpp"
#include "base/instant.hpp"
#include "crypto/secret.hpp"
#include "wire/institution/authorization.hpp"

namespace huitong::gateway::institution {

using wire::institution::Scheme;

inline constexpr std::size_t session_key_bytes = 32;
inline constexpr Duration session_life = hours(24);

struct LinkSession {
    std::string name;
    ParticipantId participant;  // who signed on; at the side that signed on, the other one
    KeyId signed_by;            // here: the participant's key that signed it on, with which it ends
    Scheme mac = Scheme::hmac_sm3;
    crypto::Secret key;  // session_key_bytes
    Instant expires_at;

    // The MAC of a text; 1 us or so. Any thread.
    [[nodiscard]] std::string mac_of(std::string_view text) const;
    // In constant time.
    [[nodiscard]] bool holds(std::string_view text, std::string_view mac_to_check) const;
};
using LinkSessionPtr = std::shared_ptr<const LinkSession>;

// The sessions that others have begun here. Any thread.
class SessionTable {
public:
    // Beyond so many of one participant, its oldest ends: an institution has a few processes.
    explicit SessionTable(std::size_t per_participant_max = 64)
        : per_participant_max_(per_participant_max) {}

    // A session of a name that is there already stays as it is: a repeated sign-on.
    LinkSessionPtr open(LinkSession session);
    // Null when there is none, or it has ended.
    [[nodiscard]] LinkSessionPtr find(std::string_view name, Instant now) const;
    // How many have ended by this: one, or all of the participant.
    std::size_t end(ParticipantId participant, std::string_view name);
    std::size_t end_all(ParticipantId participant);

    [[nodiscard]] std::size_t size() const;

private:
    std::size_t per_participant_max_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, LinkSessionPtr> sessions_;
    std::map<ParticipantId, std::vector<std::string>> names_;  // the oldest first
};

}  // namespace huitong::gateway::institution
