#include "gateway/institution/caller.hpp"

#include "crypto/bytes.hpp"
#include "crypto/random.hpp"
#include "gateway/door/in_force.hpp"

namespace huitong::gateway::institution {
namespace {

using door::not_authentic;

// A session ends with the key that signed it on: whoever revokes a key means all of it.
bool holds(const LinkSessionPtr& session, ParticipantId whose, const engine::Directory& directory,
           Instant now) {
    if (session == nullptr || session->participant != whose) return false;
    const auto* key = directory.participant_keys.find(session->signed_by);
    return key != nullptr && door::in_force(*key, now);
}

Parsed<Caller> with_session(Caller caller, const engine::Directory& directory,
                            const SessionTable& sessions, Instant now) {
    const Authorization& said = caller.authorization;
    caller.session = sessions.find(said.proof.key, now);
    if (!holds(caller.session, caller.participant->id(), directory, now))
        return not_authentic(Error::link_session_unknown, "session", said.proof.key,
                             "is no session of this participant");
    if (caller.session->mac != said.scheme)
        return not_authentic(Error::authorization_scheme, "Authorization", "",
                             "is not the MAC of the session");
    return caller;
}

}  // namespace

Parsed<Caller> identify(const http::Request& request, const engine::Directory& directory,
                        const SessionTable& sessions, Instant now) {
    auto authorization =
        door::read_authorization(request, wire::institution::parse_authorization,
                                 "is not SCHEME name=\"value\",.. with its five names");
    if (!authorization) return std::unexpected(std::move(authorization).error());
    const auto& proof = authorization->proof;
    if (auto clock = door::check_clock(proof.timestamp, now); !clock)
        return std::unexpected(std::move(clock).error());
    const auto* participant =
        directory.participants.find(NaturalKey{0, authorization->participant});
    if (participant == nullptr)
        return not_authentic(Error::participant_key_unknown, "participant",
                             authorization->participant, "is no participant");
    Caller caller{*std::move(authorization), participant, nullptr, nullptr};
    if (is_mac(caller.authorization.scheme))
        return with_session(std::move(caller), directory, sessions, now);
    const std::string& serial = caller.authorization.proof.key;
    caller.key = find_key(directory, participant->id(), serial, now);
    if (caller.key == nullptr)
        return not_authentic(Error::participant_key_unknown, "serial", serial,
                             "is no key in force of this participant");
    return caller;
}

std::string proven_text(const http::Request& request, const Authorization& authorization) {
    return wire::institution::text_of(
        authorization.scheme,
        wire::institution::RequestText{.method = door::method_of(request),
                                       .target = request.target,
                                       .timestamp = authorization.proof.timestamp,
                                       .nonce = authorization.proof.nonce,
                                       .body = request.body});
}

void prove(http::Response& response, const Prover& prover, std::string_view request_nonce,
           Instant now) {
    using namespace wire::institution;
    const bool mac = prover.session != nullptr;
    const Scheme scheme =
        mac ? prover.session->mac : institution::scheme_of(prover.key->key.algorithm());
    const std::string nonce = crypto::random_alnum(nonce_characters);
    const std::string text = text_of(scheme, AnswerText{.status = response.status,
                                                        .request_nonce = request_nonce,
                                                        .timestamp = now.unix_seconds(),
                                                        .nonce = nonce,
                                                        .body = response.body});
    const auto add = [&](std::string_view name, std::string value) {
        response.headers.emplace_back(name, std::move(value));
    };
    add(timestamp_header, std::to_string(now.unix_seconds()));
    add(nonce_header, nonce);
    add(mac ? session_header : serial_header, mac ? prover.session->name : prover.key->serial);
    add(mac ? mac_header : signature_header,
        crypto::to_base64(mac ? prover.session->mac_of(text) : prover.key->key.sign(text)));
}

}  // namespace huitong::gateway::institution
