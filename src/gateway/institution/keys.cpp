#include "gateway/institution/keys.hpp"

#include <algorithm>
#include <utility>

#include "crypto/certificate.hpp"
#include "gateway/door/in_force.hpp"

namespace huitong::gateway::institution {

OwnKeys::OwnKeys(OwnKey first) : keys_{std::make_shared<const OwnKey>(std::move(first))} {}

OwnKeyPtr OwnKeys::current() const {
    const std::lock_guard lock(mutex_);
    return keys_.back();
}

OwnKeyPtr OwnKeys::find(std::string_view serial) const {
    const auto canonical = crypto::canonical_serial(serial);
    if (!canonical) return nullptr;
    const std::lock_guard lock(mutex_);
    for (const OwnKeyPtr& key : keys_) {
        if (crypto::canonical_serial(key->serial) == canonical) return key;
    }
    return nullptr;
}

void OwnKeys::change(OwnKey next) {
    auto fresh = std::make_shared<const OwnKey>(std::move(next));
    const std::lock_guard lock(mutex_);
    std::erase_if(keys_, [&](const OwnKeyPtr& key) { return key->serial == fresh->serial; });
    if (keys_.size() >= kept_max) keys_.erase(keys_.begin());
    keys_.push_back(std::move(fresh));
}

wire::institution::Scheme scheme_of(crypto::KeyAlgorithm algorithm) {
    return algorithm == crypto::KeyAlgorithm::sm2 ? wire::institution::Scheme::sm2_sm3
                                                  : wire::institution::Scheme::rsa_sha256;
}

const switching::ParticipantKey* find_key(const engine::Directory& directory, ParticipantId id,
                                          std::string_view serial, Instant now) {
    const auto canonical = crypto::canonical_serial(serial);
    if (!canonical) return nullptr;
    const auto* key = directory.participant_keys.find(NaturalKey{0, *canonical});
    const bool fits = key != nullptr && key->terms.participant == id && door::in_force(*key, now);
    return fits ? key : nullptr;
}

const switching::ParticipantKey* newest_key(const engine::Directory& directory, ParticipantId id,
                                            Instant now) {
    const switching::ParticipantKey* newest = nullptr;
    for (const auto& [key_id, key] : directory.participant_keys) {
        if (key.terms.participant != id || !door::in_force(key, now)) continue;
        if (newest == nullptr || key.terms.not_before >= newest->terms.not_before) newest = &key;
    }
    return newest;
}

Result<crypto::PublicKey> PeerKeys::parsed(const switching::ParticipantKey& key) {
    if (auto known = keys_.find(key.id())) return *std::move(known);
    TRY(loaded, crypto::PublicKey::load(key.terms.public_key_pem));
    keys_.put(key.id(), loaded);
    return loaded;
}

}  // namespace huitong::gateway::institution
