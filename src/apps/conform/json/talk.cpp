#include "apps/conform/json/talk.hpp"

#include <cstdlib>
#include <fmt/format.h>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/random.hpp"
#include "gateway/door/authentication.hpp"
#include "gateway/institution/door.hpp"
#include "gateway/institution/keys.hpp"

namespace huitong::apps::conform {
namespace {

using gateway::institution::LinkSession;
using gateway::institution::session_key_bytes;
using namespace wire::institution;

constexpr std::size_t shown_bytes_max = 800;
constexpr std::size_t shown_proof_max = 160;
constexpr std::size_t nonce_characters = 32;
constexpr std::size_t key_characters = 24;

Scheme mac_of(const JsonSend& send) {
    return send.by == JsonSend::By::hmac_sm3 ? Scheme::hmac_sm3 : Scheme::hmac_sha256;
}

ProofHeaders headers_of(const gateway::http::Answer& answer, bool mac) {
    const auto value = [&](std::string_view name) {
        return answer.headers.find(name).value_or(std::string_view{});
    };
    return {.key = value(mac ? session_header : serial_header),
            .timestamp = value(timestamp_header),
            .nonce = value(nonce_header),
            .proof = value(mac ? mac_header : signature_header)};
}

}  // namespace

std::string JsonTalk::fresh(const std::string& name) {
    if (name != "session_key") return crypto::random_alnum(key_characters);
    session_key_ = crypto::random_secret(session_key_bytes);
    const auto encrypted = target_.peer_key.encrypt(session_key_.expose());
    ENSURE(encrypted.has_value());  // 32 bytes fit under either family of keys.
    return crypto::to_base64(*encrypted);
}

std::string JsonTalk::target_of(const JsonSend& send) const {
    return std::string(gateway::institution::path_prefix) + send.path;
}

LinkSession JsonTalk::session_of(const JsonSend& send) const {
    return {.name = send.session,
            .participant = {},
            .signed_by = {},
            .mac = mac_of(send),
            .key = session_key_.copy(),
            .expires_at = {}};
}

ProvenRequest JsonTalk::prove(const JsonSend& send) {
    if (!send.nonce_again || last_nonce_.empty())
        last_nonce_ = crypto::random_alnum(nonce_characters);
    if (send.by == JsonSend::By::nothing) return {.nonce = last_nonce_, .authorization = {}};
    const auto or_ours = [](const std::string& said, const std::string& ours) {
        return said.empty() ? ours : said;
    };
    Authorization said{
        .scheme =
            send.by_mac() ? mac_of(send) : gateway::institution::scheme_of(target_.key.algorithm()),
        .participant = or_ours(send.participant, target_.us),
        .proof = {.key = send.by_mac() ? send.session : or_ours(send.serial, target_.serial),
                  .timestamp = clock_.now().unix_seconds() + send.skew_s,
                  .nonce = last_nonce_,
                  .bytes = {}}
    };
    const std::string other = send.proof == JsonSend::Proof::other_body ? " " : "";
    const std::string text =
        wire::institution::text_of(said.scheme, RequestText{.method = send.method,
                                                            .target = target_of(send),
                                                            .timestamp = said.proof.timestamp,
                                                            .nonce = last_nonce_,
                                                            .body = send.body + other});
    said.proof.bytes = send.by_mac() ? session_of(send).mac_of(text) : target_.key.sign(text);
    if (send.proof == JsonSend::Proof::wrong)
        said.proof.bytes.back() = static_cast<char>(said.proof.bytes.back() ^ 1);
    return {.nonce = last_nonce_, .authorization = to_header(said)};
}

gateway::http::Call JsonTalk::call_of(const JsonSend& send, const ProvenRequest& sent) const {
    gateway::http::Call call{
        .method = send.method,
        .url = target_.url + target_of(send),
        .headers = {{"Accept", "application/json"}, {"Accept-Language", "en"}},
        .body = send.body,
        .limits = {}
    };
    if (!send.body.empty()) call.headers.emplace_back("Content-Type", "application/json");
    if (!sent.authorization.empty()) call.headers.emplace_back("Authorization", sent.authorization);
    return call;
}

std::string JsonTalk::proof_of(const gateway::http::Answer& answer, const JsonSend& send,
                               const ProvenRequest& sent) const {
    const bool mac = answer.headers.find(mac_header).has_value();
    if (!mac && !answer.headers.find(signature_header)) return "none";
    if (mac && !send.by_mac()) return "wrong: a MAC, which the request had not";
    const Scheme scheme =
        mac ? mac_of(send) : gateway::institution::scheme_of(target_.peer_key.algorithm());
    const auto proof = parse_proof(scheme, headers_of(answer, mac));
    if (!proof) return "wrong: its headers are malformed";
    const std::int64_t skew = clock_.now().unix_seconds() - proof->timestamp;
    if (std::abs(skew) > gateway::door::clock_window.ms / 1000) return "wrong: its timestamp";
    const std::string text = text_of(scheme, AnswerText{.status = answer.status,
                                                        .request_nonce = sent.nonce,
                                                        .timestamp = proof->timestamp,
                                                        .nonce = proof->nonce,
                                                        .body = answer.body});
    if (mac) {
        if (proof->key != send.session) return "wrong: another session";
        return session_of(send).holds(text, proof->bytes) ? "mac" : "wrong: the MAC";
    }
    if (proof->key != target_.peer_serial) return "wrong: another serial than the profile's";
    return target_.peer_key.verify(text, proof->bytes) ? "signature" : "wrong: the signature";
}

std::string shortened(const std::string& body) {
    if (body.size() <= shown_bytes_max) return body;
    return fmt::format("{}.. ({} bytes)", body.substr(0, shown_bytes_max), body.size());
}

std::string shown(const JsonSend& send, const ProvenRequest& sent) {
    std::string text =
        fmt::format("{} {}{}", send.method, gateway::institution::path_prefix, send.path);
    const std::string& proof = sent.authorization;
    if (!proof.empty())
        text += fmt::format("\nAuthorization: {}{}", proof.substr(0, shown_proof_max),
                            proof.size() > shown_proof_max ? ".." : "");
    if (!send.body.empty()) text += "\n" + shortened(send.body);
    return text;
}

}  // namespace huitong::apps::conform
