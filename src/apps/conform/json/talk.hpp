// Messages of the institution door as a scenario wants them: proven rightly or wrongly; and what
// proof an answer carries.
#pragma once

#include <string>

#include "apps/conform/json/player.hpp"
#include "apps/conform/json/script.hpp"
#include "gateway/http/client.hpp"
#include "gateway/institution/sessions.hpp"

namespace huitong::apps::conform {

struct ProvenRequest {
    std::string nonce;
    std::string authorization;  // the header's value; empty: none
};

class JsonTalk {
public:
    // Both outlive it.
    JsonTalk(const JsonTarget& target, engine::Clock& clock) : target_(target), clock_(clock) {}

    // `session_key`: a fresh key for the next session, encrypted for whom we test, in base64. Of
    // any other name: 24 letters and digits.
    std::string fresh(const std::string& name);
    ProvenRequest prove(const JsonSend& send);
    [[nodiscard]] gateway::http::Call call_of(const JsonSend& send,
                                              const ProvenRequest& sent) const;
    // "signature", "mac", "none", or "wrong" with the reason.
    [[nodiscard]] std::string proof_of(const gateway::http::Answer& answer, const JsonSend& send,
                                       const ProvenRequest& sent) const;

private:
    [[nodiscard]] std::string target_of(const JsonSend& send) const;
    [[nodiscard]] gateway::institution::LinkSession session_of(const JsonSend& send) const;

    const JsonTarget& target_;
    engine::Clock& clock_;
    crypto::Secret session_key_;
    std::string last_nonce_;
};

// For people: request line, Authorization, body; bodies are cut after some hundred bytes.
std::string shown(const JsonSend& send, const ProvenRequest& sent);
std::string shortened(const std::string& body);

}  // namespace huitong::apps::conform
