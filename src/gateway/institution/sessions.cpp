#include "gateway/institution/sessions.hpp"

#include <algorithm>
#include <utility>

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"

namespace huitong::gateway::institution {

std::string LinkSession::mac_of(std::string_view text) const {
    const auto digest = wire::institution::uses_sm3(mac) ? crypto::hmac_sm3(key, text)
                                                         : crypto::hmac_sha256(key, text);
    return std::string(crypto::as_text(digest));
}

bool LinkSession::holds(std::string_view text, std::string_view mac_to_check) const {
    return crypto::equal_in_constant_time(mac_of(text), mac_to_check);
}

LinkSessionPtr SessionTable::open(LinkSession session) {
    auto fresh = std::make_shared<const LinkSession>(std::move(session));
    const std::lock_guard lock(mutex_);
    const auto [place, added] = sessions_.try_emplace(fresh->name, fresh);
    if (!added) return place->second;
    auto& names = names_[fresh->participant];
    if (names.size() >= per_participant_max_) {
        sessions_.erase(names.front());
        names.erase(names.begin());
    }
    names.push_back(fresh->name);
    return fresh;
}

LinkSessionPtr SessionTable::find(std::string_view name, Instant now) const {
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(std::string(name));
    if (found == sessions_.end() || now >= found->second->expires_at) return nullptr;
    return found->second;
}

std::size_t SessionTable::end(ParticipantId participant, std::string_view name) {
    const std::lock_guard lock(mutex_);
    return std::erase(names_[participant], name) == 0 ? 0 : sessions_.erase(std::string(name));
}

std::size_t SessionTable::end_all(ParticipantId participant) {
    const std::lock_guard lock(mutex_);
    const auto names = std::exchange(names_[participant], {});
    for (const std::string& name : names) sessions_.erase(name);
    return names.size();
}

std::size_t SessionTable::size() const {
    const std::lock_guard lock(mutex_);
    return sessions_.size();
}

}  // namespace huitong::gateway::institution
