// The keys of a JSON link: our own, with which we sign and open session keys, and those of the
// other institutions, by which their messages are verified. Any thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/key.hpp"
#include "engine/heart.hpp"
#include "gateway/door/recent.hpp"
#include "wire/institution/authorization.hpp"

namespace huitong::gateway::institution {

// A key of ours, and the serial under which the others know it.
struct OwnKey {
    std::string serial;  // upper-case hexadecimal
    crypto::PrivateKey key;
};
using OwnKeyPtr = std::shared_ptr<const OwnKey>;

// The current key signs; earlier ones still open what was encrypted for them.
class OwnKeys {
public:
    explicit OwnKeys(OwnKey first);

    [[nodiscard]] OwnKeyPtr current() const;
    // Null when it is none of ours.
    [[nodiscard]] OwnKeyPtr find(std::string_view serial) const;
    // From now on this one signs. Of a serial that is there already, it is that key again.
    void change(OwnKey next);

private:
    static constexpr std::size_t kept_max = 4;

    mutable std::mutex mutex_;
    std::vector<OwnKeyPtr> keys_;  // the newest last
};

// The scheme of signatures by this family of keys.
wire::institution::Scheme scheme_of(crypto::KeyAlgorithm algorithm);

// The participant's key of this serial, however it is spelt; null when it has none in force.
const switching::ParticipantKey* find_key(const engine::Directory& directory, ParticipantId id,
                                          std::string_view serial, Instant now);
// The one that was in force last: for what we encrypt. Null when there is none.
const switching::ParticipantKey* newest_key(const engine::Directory& directory, ParticipantId id,
                                            Instant now);

// Keys of participants, parsed once. Terms of keys never change.
class PeerKeys {
public:
    // Refuses with key_invalid.
    Result<crypto::PublicKey> parsed(const switching::ParticipantKey& key);

private:
    door::Recent<KeyId, crypto::PublicKey> keys_{1'000};
};

}  // namespace huitong::gateway::institution
