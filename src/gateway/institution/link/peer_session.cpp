// How a PeerClient signs on, and whether an answer is its peer's.
#include <utility>

#include "crypto/random.hpp"
#include "gateway/institution/caller.hpp"
#include "gateway/institution/link/peer_sent.hpp"
#include "wire/institution/session.hpp"

namespace huitong::gateway::institution {
namespace {

using wire::institution::ProofHeaders;
using wire::institution::SignOn;

wire::institution::Parsed<wire::institution::SessionOpened> opened(const PeerAnswer& answer) {
    if (answer.status == 200) return wire::institution::parse_session_opened(answer.body);
    return std::unexpected(wire::json::FieldError{.error = Error::peer_refused});
}

ProofHeaders proof_of(const http::Answer& answer, bool mac) {
    using namespace wire::institution;
    const auto value = [&](std::string_view name) {
        return answer.headers.find(name).value_or(std::string_view{});
    };
    return {.key = value(mac ? session_header : serial_header),
            .timestamp = value(timestamp_header),
            .nonce = value(nonce_header),
            .proof = value(mac ? mac_header : signature_header)};
}

}  // namespace

// The first to wait has the channel signed on; the others come along.
void PeerClient::await_session(const PeerCallPtr& call) {
    bool full = false;
    bool first = false;
    {
        const std::lock_guard lock(mutex_);
        Channel& channel = channels_[call->channel];
        full = channel.waiting.size() >= options_.waiting_max;
        if (!full) {
            channel.waiting.push_back(call);
            first = !std::exchange(channel.signing_on, true);
        }
    }
    if (full) {
        failed(call->channel, Error::overloaded);
        return call->done(refuse(Error::overloaded));
    }
    if (!first) return;
    parts_.pool.post([self = shared_from_this(), channel = call->channel] {
        const auto begun = self->sign_on(channel);
        if (begun) return;
        self->failed(channel, begun.error());
        self->signed_on(channel, refuse(begun.error()));
    });
}

Result<void> PeerClient::sign_on(std::size_t channel) {
    const auto directory = parts_.directory();
    const auto* peer = newest_key(*directory, options_.peer, parts_.clock.now());
    if (peer == nullptr) return refuse(Error::participant_key_unknown);
    TRY(key, peer_keys_.parsed(*peer));
    auto secret = std::make_shared<crypto::Secret>(crypto::random_secret(session_key_bytes));
    TRY(encrypted, key.encrypt(secret->expose()));
    const auto call = std::make_shared<PeerCall>();
    call->path = "/sign-on";
    call->body = to_json(
        SignOn{.mac = options_.mac, .key_serial = peer->terms.serial, .encrypted_key = encrypted});
    call->timeout = options_.sign_on_timeout;
    call->signed_only = true;
    call->one_channel = true;
    call->channel = channel;
    call->done = [self = shared_from_this(), channel, secret](Result<PeerAnswer> answer) {
        if (!answer) return self->signed_on(channel, refuse(answer.error()));
        const auto session = opened(*answer);
        if (!session) return self->signed_on(channel, refuse(session.error().error));
        self->signed_on(channel, LinkSession{.name = session->session,
                                             .participant = self->options_.peer,
                                             .mac = self->options_.mac,
                                             .key = std::move(*secret),
                                             .expires_at = session->expires_at});
    };
    transmit(call, nullptr);
    return {};
}

void PeerClient::signed_on(std::size_t channel, Result<LinkSession> session) {
    std::deque<PeerCallPtr> waiting;
    LinkSessionPtr fresh;
    if (session) fresh = std::make_shared<const LinkSession>(*std::move(session));
    {
        const std::lock_guard lock(mutex_);
        Channel& one = channels_[channel];
        one.signing_on = false;
        waiting = std::exchange(one.waiting, {});
        if (fresh != nullptr) {
            one.session = fresh;
            ++totals_.sign_ons;
            totals_.key_since = parts_.clock.now();
        }
    }
    for (const PeerCallPtr& call : waiting) {
        if (fresh != nullptr) {
            transmit(call, fresh);
        } else {
            next_channel(call, session.error());
        }
    }
}

void PeerClient::forget_session(std::size_t channel, const LinkSessionPtr& session) {
    const std::lock_guard lock(mutex_);
    if (channels_[channel].session == session) channels_[channel].session = nullptr;
}

Result<void> PeerClient::verify(const Sent& sent, const http::Answer& answer) {
    using namespace wire::institution;
    const bool mac = sent.session != nullptr;
    const Error wrong = mac ? Error::mac_mismatch : Error::signature_mismatch;
    const Instant now = parts_.clock.now();
    const ProofHeaders headers = proof_of(answer, mac);
    Scheme scheme = mac ? sent.session->mac : Scheme::sm2_sm3;
    std::optional<crypto::PublicKey> key;
    if (!mac) {
        const auto directory = parts_.directory();
        const auto* known = find_key(*directory, options_.peer, headers.key, now);
        if (known == nullptr) return refuse(Error::participant_key_unknown);
        TRY(parsed, peer_keys_.parsed(*known));
        key = parsed;
        scheme = scheme_of(parsed.algorithm());
    }
    const auto proof = parse_proof(scheme, headers);
    if (!proof) return refuse(wrong);
    const std::int64_t skew = now.unix_seconds() - proof->timestamp;
    if (std::abs(skew) > door::clock_window.ms / 1000) return refuse(Error::timestamp_skewed);
    const std::string text = text_of(scheme, AnswerText{.status = answer.status,
                                                        .request_nonce = sent.nonce,
                                                        .timestamp = proof->timestamp,
                                                        .nonce = proof->nonce,
                                                        .body = answer.body});
    const bool holds =
        mac ? proof->key == sent.session->name && sent.session->holds(text, proof->bytes)
            : key->verify(text, proof->bytes);
    if (!holds) return refuse(wrong);
    return {};
}

}  // namespace huitong::gateway::institution
