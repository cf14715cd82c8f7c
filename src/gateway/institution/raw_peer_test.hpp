// A client that says exactly what a test tells it to, well-proven or not, and checks the proof of
// what it hears.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crypto/random.hpp"
#include "gateway/institution/caller.hpp"
#include "gateway/institution/test_kit.hpp"
#include "wire/institution/session.hpp"

namespace huitong::gateway::institution {

// What is not said is what a good peer sends.
struct RawRequest {
    std::string path;
    std::string body = {};
    std::string method = "POST";
    std::string participant = "WEST";
    std::string serial = west_serial;
    const crypto::PrivateKey* key = nullptr;  // west's
    const LinkSession* session = nullptr;     // a MAC in place of a signature
    std::string nonce = {};                   // a fresh one
    std::int64_t skew_s = 0;
    std::optional<std::string> proven_body = {};    // another than is sent
    std::optional<std::string> authorization = {};  // the whole header; "": none
    bool twice = false;                             // the header
};

struct RawAnswer {
    int status = 0;
    std::string body;
    enum class Proof : std::uint8_t { none, signature, mac, wrong } proof = Proof::none;

    // The first text after "name": in the body.
    [[nodiscard]] std::string text(std::string_view name) const {
        const std::string mark = "\"" + std::string(name) + "\":\"";
        const std::size_t at = body.find(mark);
        if (at == std::string::npos) return {};
        return body.substr(at + mark.size(), body.find('"', at + mark.size()) - at - mark.size());
    }
    // "401 SIGN_ERROR nonce"; "200 ACCEPTED"
    [[nodiscard]] std::string verdict() const {
        std::string said = std::to_string(status);
        for (const char* name : {"state", "code", "field"}) {
            const std::string value = text(name);
            if (!value.empty() && (status != 200 || name == std::string_view("state")))
                said += " " + value;
        }
        return said;
    }
};

class RawPeer {
public:
    // Speaks to `to` as WEST would, and knows EAST's key.
    RawPeer(Platform& to, TestClock& clock) : to_(to), clock_(clock) {}

    RawAnswer ask(RawRequest request) {
        if (request.nonce.empty()) request.nonce = crypto::random_alnum(32);
        http::Call call{
            .method = request.method,
            .url = to_.url() + std::string(path_prefix) + request.path,
            .headers = {{"Accept-Language", "en"}},
            .body = request.body,
            .limits = {.timeout = seconds(60), .answer_bytes_max = 1 << 20}
        };
        const std::string header = request.authorization.value_or(authorization(request));
        if (!header.empty()) call.headers.emplace_back("Authorization", header);
        if (request.twice) call.headers.emplace_back("Authorization", header);
        Later<Result<http::Answer>> later;
        to_.client().call(std::move(call), later.callback());
        const auto answer = later.get();
        if (!answer) return {};
        return {
            .status = answer->status, .body = answer->body, .proof = proof_of(*answer, request)};
    }
    // A session with a key of our own.
    LinkSession sign_on(Scheme mac = Scheme::hmac_sm3) {
        LinkSession session{.name = {},
                            .participant = {},
                            .mac = mac,
                            .key = crypto::random_secret(session_key_bytes),
                            .expires_at = clock_.now() + session_life};
        const RawAnswer answer = ask({.path = "/sign-on", .body = sign_on_body(session)});
        EXPECT_EQ(answer.verdict(), "200") << answer.body;
        session.name = answer.text("session");
        return session;
    }
    [[nodiscard]] static std::string sign_on_body(const LinkSession& session) {
        return to_json(wire::institution::SignOn{
            .mac = session.mac,
            .key_serial = east_serial,
            .encrypted_key = *TestKeys::shared().east.public_key().encrypt(session.key.expose())});
    }

    [[nodiscard]] std::string authorization(const RawRequest& request) const {
        const auto& key = request.key != nullptr ? *request.key : TestKeys::shared().west;
        const LinkSession* session = request.session;
        Authorization said{
            .scheme = session != nullptr ? session->mac : scheme_of(key.algorithm()),
            .participant = request.participant,
            .proof = {.key = session != nullptr ? session->name : request.serial,
                      .timestamp = clock_.now().unix_seconds() + request.skew_s,
                      .nonce = request.nonce,
                      .bytes = {}}
        };
        const std::string target = std::string(path_prefix) + request.path;
        const std::string body = request.proven_body.value_or(request.body);
        const std::string text = wire::institution::text_of(
            said.scheme, wire::institution::RequestText{.method = request.method,
                                                        .target = target,
                                                        .timestamp = said.proof.timestamp,
                                                        .nonce = request.nonce,
                                                        .body = body});
        said.proof.bytes = session != nullptr ? session->mac_of(text) : key.sign(text);
        return to_header(said);
    }

private:
    static RawAnswer::Proof proof_of(const http::Answer& answer, const RawRequest& request) {
        using namespace wire::institution;
        const auto value = [&](std::string_view name) {
            return answer.headers.find(name).value_or(std::string_view{});
        };
        const bool mac = !value(mac_header).empty();
        if (!mac && value(signature_header).empty()) return RawAnswer::Proof::none;
        const Scheme scheme =
            mac && request.session != nullptr ? request.session->mac : Scheme::rsa_sha256;
        const auto proof =
            parse_proof(scheme, {.key = value(mac ? session_header : serial_header),
                                 .timestamp = value(timestamp_header),
                                 .nonce = value(nonce_header),
                                 .proof = value(mac ? mac_header : signature_header)});
        if (!proof || mac != (request.session != nullptr)) return RawAnswer::Proof::wrong;
        const std::string text = text_of(scheme, AnswerText{.status = answer.status,
                                                            .request_nonce = request.nonce,
                                                            .timestamp = proof->timestamp,
                                                            .nonce = proof->nonce,
                                                            .body = answer.body});
        if (mac)
            return request.session->holds(text, proof->bytes) ? RawAnswer::Proof::mac
                                                              : RawAnswer::Proof::wrong;
        const bool holds = proof->key == east_serial &&
                           TestKeys::shared().east.public_key().verify(text, proof->bytes);
        return holds ? RawAnswer::Proof::signature : RawAnswer::Proof::wrong;
    }

    Platform& to_;
    TestClock& clock_;
};

}  // namespace huitong::gateway::institution
