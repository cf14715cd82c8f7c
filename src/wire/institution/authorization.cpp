#include "wire/institution/authorization.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "wire/authorization/pairs.hpp"
#include "wire/institution/fields.hpp"

namespace huitong::wire::institution {
namespace {

using authorization::Names;
using authorization::parse_timestamp;
using authorization::take_until;
using authorization::within;

constexpr json::CharacterSet nonce_characters = json::alphanumerics.with("-");
constexpr json::CharacterSet code_characters = json::alphanumerics.with("_-.");

constexpr std::size_t code_characters_max = 32;
constexpr std::size_t key_characters_max = 64;
constexpr std::size_t nonce_characters_max = 64;

constexpr std::array<std::string_view, 4> scheme_names = {
    "HUITONG-SM2-SM3", "HUITONG-RSA-SHA256", "HUITONG-HMAC-SM3", "HUITONG-HMAC-SHA256"};

enum Pair : std::uint8_t { participant, key, timestamp, nonce, proof };
constexpr Names signed_names = {"participant", "serial", "timestamp", "nonce", "signature"};
constexpr Names maced_names = {"participant", "session", "timestamp", "nonce", "mac"};

const Names& names_of(Scheme scheme) {
    return is_mac(scheme) ? maced_names : signed_names;
}

std::string digest_line(Scheme scheme, std::string_view body) {
    const auto digest = uses_sm3(scheme) ? crypto::sm3(body) : crypto::sha256(body);
    return crypto::to_hex(crypto::as_text(digest));
}

}  // namespace

std::string_view to_text(Scheme scheme) {
    return scheme_names[std::to_underlying(scheme)];
}

Result<Scheme> scheme_of(std::string_view text) {
    const auto* const found = std::ranges::find(scheme_names, text);
    if (found == scheme_names.end()) return refuse(Error::authorization_scheme);
    return static_cast<Scheme>(std::distance(scheme_names.begin(), found));
}

Result<Proof> parse_proof(Scheme scheme, const ProofHeaders& headers) {
    const auto& key_characters = is_mac(scheme) ? nonce_characters : hexadecimal;
    if (!within(headers.key, key_characters_max, key_characters) ||
        !within(headers.nonce, nonce_characters_max, nonce_characters))
        return refuse(Error::authorization_malformed);
    TRY(seconds, parse_timestamp(headers.timestamp));
    const auto bytes = crypto::from_base64(headers.proof);
    if (!bytes || bytes->empty()) return refuse(Error::authorization_malformed);
    return Proof{.key = std::string(headers.key),
                 .timestamp = seconds,
                 .nonce = std::string(headers.nonce),
                 .bytes = *bytes};
}

Result<Authorization> parse_authorization(std::string_view header) {
    if (header.size() > authorization::header_bytes_max)
        return refuse(Error::authorization_malformed);
    const auto name = take_until(header, ' ');
    if (!name || name->empty()) return refuse(Error::authorization_malformed);
    TRY(scheme, scheme_of(*name));
    const auto pairs = authorization::split_pairs(header, names_of(scheme));
    if (!pairs || !within(pairs->at(participant), code_characters_max, code_characters))
        return refuse(Error::authorization_malformed);
    TRY(said, parse_proof(scheme, {.key = pairs->at(key),
                                   .timestamp = pairs->at(timestamp),
                                   .nonce = pairs->at(nonce),
                                   .proof = pairs->at(proof)}));
    return Authorization{
        .scheme = scheme, .participant = std::string(pairs->at(participant)), .proof = said};
}

std::string to_header(const Authorization& authorization) {
    const Names& names = names_of(authorization.scheme);
    return fmt::format(R"({} {}="{}",{}="{}",{}="{}",{}="{}",{}="{}")",
                       to_text(authorization.scheme), names[participant], authorization.participant,
                       names[key], authorization.proof.key, names[timestamp],
                       authorization.proof.timestamp, names[nonce], authorization.proof.nonce,
                       names[proof], crypto::to_base64(authorization.proof.bytes));
}

std::string text_of(Scheme scheme, const RequestText& request) {
    return fmt::format("{}\n{}\n{}\n{}\n{}\n", request.method, request.target, request.timestamp,
                       request.nonce, digest_line(scheme, request.body));
}

std::string text_of(Scheme scheme, const AnswerText& answer) {
    return fmt::format("{}\n{}\n{}\n{}\n{}\n", answer.status, answer.request_nonce,
                       answer.timestamp, answer.nonce, digest_line(scheme, answer.body));
}

}  // namespace huitong::wire::institution
