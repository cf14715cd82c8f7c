#include "gateway/merchant/explain.hpp"

#include <fmt/format.h>

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "crypto/key.hpp"
#include "gateway/merchant/caller.hpp"
#include "gateway/merchant/signing_mistakes.hpp"

namespace huitong::gateway::merchant {
namespace {

using wire::wechatpay::Authorization;

// How many keys of one merchant are tried.
constexpr std::size_t keys_max = 8;

struct KnownKey {
    std::string serial;
    crypto::PublicKey key;
};

// The merchant's keys, the one that the request names first.
std::vector<KnownKey> keys_of(const engine::Directory& directory, const Authorization& said) {
    std::vector<KnownKey> keys;
    const auto* merchant = directory.merchants.find(NaturalKey{0, said.mchid});
    if (merchant == nullptr) return keys;
    const auto* named = find_merchant_key(directory, said.serial);
    for (const auto& [id, key] : directory.merchant_keys) {
        if (key.terms.merchant != merchant->id() || keys.size() == keys_max) continue;
        auto loaded = crypto::PublicKey::load(key.terms.public_key_pem);
        if (!loaded) continue;
        const auto place = &key == named ? keys.begin() : keys.end();
        keys.insert(place, KnownKey{key.terms.serial, *std::move(loaded)});
    }
    return keys;
}

// The first 13-digit number after timestamp=": a clock read in milliseconds.
bool counts_milliseconds(std::string_view header) {
    constexpr std::string_view name = "timestamp=\"";
    const std::size_t at = header.find(name);
    if (at == std::string_view::npos) return false;
    const std::string_view rest = header.substr(at + name.size());
    const std::size_t end = rest.find('"');
    return end != std::string_view::npos && end >= 13 &&
           rest.substr(0, end).find_first_not_of("0123456789") == std::string_view::npos;
}

void explain_header(const RequestParts& request, Error error, Explanation& out) {
    if (request.authorization.empty()) {
        out.findings.emplace_back("There is no Authorization header.");
        return;
    }
    if (counts_milliseconds(request.authorization))
        out.findings.emplace_back("The timestamp is in milliseconds; it must be in seconds.");
    if (request.authorization.contains('\n') || request.authorization.contains('\r'))
        out.findings.emplace_back("The header is folded over lines; it must be one line.");
    if (error == Error::authorization_scheme)
        out.findings.push_back(fmt::format("The scheme must be {}, or {} for an SM2 key.",
                                           wire::wechatpay::rsa_scheme,
                                           wire::wechatpay::sm2_scheme));
    if (out.findings.empty()) out.findings = header_mistakes(request.authorization);
    if (out.findings.empty())
        out.findings.emplace_back(
            "The header must be the scheme, a space, and the pairs mchid, nonce_str, timestamp, "
            "serial_no and signature, each once, as name=\"value\", with single commas between and "
            "nothing after the last one.");
}

void explain_key(const engine::Directory& directory, const Authorization& said, Instant now,
                 Explanation& out) {
    const auto* merchant = directory.merchants.find(NaturalKey{0, said.mchid});
    if (merchant == nullptr)
        return out.findings.emplace_back("No merchant has this mchid."), void();
    if (merchant->state.apiv3_key.bytes.empty())
        out.findings.emplace_back("The merchant has not set an APIv3 key.");
    const auto* key = find_merchant_key(directory, said.serial);
    if (key == nullptr || key->terms.merchant != merchant->id()) {
        out.findings.emplace_back(
            "The serial number names no key of this merchant. It must be the merchant's own API "
            "certificate, not the platform's.");
        return;
    }
    if (key->state.revoked) out.findings.emplace_back("The key of this serial number is revoked.");
    if (now < key->terms.not_before || now > key->terms.not_after)
        out.findings.push_back(fmt::format("The key is in force from {} to {} only.",
                                           to_rfc3339(key->terms.not_before),
                                           to_rfc3339(key->terms.not_after)));
}

// The scheme and the key that the serial names must be of one family.
bool explain_family(const Authorization& said, const KnownKey& named, Explanation& out) {
    if (named.key.algorithm() == said.algorithm) return false;
    out.findings.push_back(fmt::format("The scheme is {}, but the key of serial {} takes {}.",
                                       wire::wechatpay::scheme_of(said.algorithm), named.serial,
                                       wire::wechatpay::scheme_of(named.key.algorithm())));
    return true;
}

struct Sm2Mistake {
    crypto::Sm2Scheme scheme;
    std::string_view what;
};

// The other ways in which SM2 is used (sm-crypto 3).
std::vector<Sm2Mistake> sm2_mistakes() {
    using enum crypto::Sm2SignatureForm;
    const auto nobody = crypto::Sm2UserId::make("");
    std::vector<Sm2Mistake> all;
    all.push_back({.scheme = {.form = raw},
                   .what = "The signature is r and s side by side; it must be their DER."});
    all.push_back({.scheme = {.user_id = *nobody},
                   .what = "The user id was empty; it must be 1234567812345678."});
    all.push_back({
        .scheme = {.user_id = *nobody, .form = raw},
        .what = "The user id was empty, and r and s stand side by side; the user id "
                "must be 1234567812345678 and the signature DER."
    });
    all.push_back({.scheme = {.prehash = crypto::Sm2Prehash::sm3_bytes},
                   .what = "The SM3 digest of the text was signed in place of the text, which was "
                           "so digested twice."});
    all.push_back({.scheme = {.with_z = false},
                   .what = "The digest lacks Z, that is the user id and the public key: sign with "
                           "\"SM3withSM2\", not an SM3 digest with the bare curve."});
    return all;
}

// What is wrong with a signature of this key over the right text; empty when it is none.
std::string_view sm2_mistake(const crypto::PublicKey& key, std::string_view text,
                             std::string_view signature) {
    const crypto::Sm2PublicKey* sm2 = key.sm2();
    if (sm2 == nullptr) return {};
    for (const Sm2Mistake& mistake : sm2_mistakes()) {
        if (sm2->verify(text, signature, mistake.scheme)) return mistake.what;
    }
    return {};
}

// Says so when the signature cannot be one of a 2048-bit key.
bool explain_length(const Authorization& said, Explanation& out) {
    if (said.algorithm == crypto::KeyAlgorithm::sm2 || said.signature.size() * 8 == 2048)
        return false;
    const std::string text = crypto::to_base64(said.signature);
    if (text.find_first_not_of("0123456789ABCDEFabcdef") == std::string::npos) {
        out.findings.emplace_back("The signature is written in hexadecimal; it must be base64.");
        return true;
    }
    out.findings.push_back(
        fmt::format("The signature has {} bytes, not 256: is it base64 of the raw signature of a "
                    "2048-bit key?",
                    said.signature.size()));
    return true;
}

// No known text fits, but whose the signature is can still be told.
void explain_digest(const Authorization& said, const std::vector<KnownKey>& keys,
                    Explanation& out) {
    for (const KnownKey& known : keys) {
        const crypto::RsaPublicKey* key = known.key.rsa();
        const auto digest = key != nullptr ? key->signed_digest(said.signature) : std::nullopt;
        if (!digest) continue;
        if (!digest->sha256) {
            out.findings.push_back(fmt::format(
                "The signature was made with the key of serial {}, but not with SHA-256; "
                "it must be SHA256withRSA.",
                known.serial));
            return;
        }
        out.findings.push_back(fmt::format(
            "The signature was made with the key of serial {}, but over another text, whose "
            "SHA-256 "
            "is {}; that of the text here is {}. No usual mistake gives that text: compare method, "
            "target, timestamp, nonce_str and body with what is sent, byte for byte.",
            known.serial, crypto::to_hex(digest->bytes),
            crypto::to_hex(crypto::as_text(crypto::sha256(out.string_to_sign)))));
        return;
    }
    constexpr std::string_view another =
        "take the private key that belongs to the certificate of this serial number";
    if (said.algorithm == crypto::KeyAlgorithm::sm2) {
        out.findings.push_back(fmt::format(
            "The signature is of another key, or over another text than any usual mistake gives: "
            "{}, and compare method, target, timestamp, nonce_str and body with what is sent, byte "
            "for byte.",
            another));
        return;
    }
    out.findings.push_back(
        fmt::format("The signature was made with no private key whose certificate is known here: "
                    "{}. (Or with another padding than PKCS#1 v1.5; PSS is not taken.)",
                    another));
}

// Which text and key the signature does belong to.
void explain_signature_itself(const RequestParts& request, const Authorization& said,
                              const std::vector<KnownKey>& keys, Explanation& out) {
    if (explain_family(said, keys.front(), out)) return;
    for (const KnownKey& known : keys) {
        const bool named = &known == &keys.front();
        const std::string under =
            named ? "" : fmt::format(" It was made with the key of serial {}.", known.serial);
        if (known.key.verify(out.string_to_sign, said.signature)) {
            if (!named)
                out.findings.push_back("The text is right, the key is another one." + under);
            return;
        }
        if (const auto what = sm2_mistake(known.key, out.string_to_sign, said.signature);
            !what.empty()) {
            out.findings.push_back(std::string(what) + under);
            return;
        }
        for (const SigningMistake& mistake : signing_mistakes(request, said)) {
            if (!known.key.verify(mistake.signed_text, said.signature)) continue;
            out.findings.push_back(std::string(mistake.what) + under);
            return;
        }
    }
    if (explain_length(said, out)) return;
    explain_digest(said, keys, out);
}

}  // namespace

Explanation explain_signature(const RequestParts& request, const engine::Directory& directory,
                              Instant now) {
    Explanation out;
    out.body_sha256 = crypto::to_hex(crypto::as_text(crypto::sha256(request.body)));
    const auto said = wire::wechatpay::parse_authorization(request.authorization);
    if (!said) {
        out.outcome = said.error();
        explain_header(request, said.error(), out);
        return out;
    }
    out.mchid = said->mchid;
    out.serial = said->serial;
    out.clock_difference_s = now.unix_seconds() - said->timestamp;

    http::Request as_http{
        .method = request.method, .target = request.target, .headers = {}, .body = request.body};
    as_http.headers.add("Authorization", request.authorization);
    out.string_to_sign = signed_text(as_http, *said);
    const auto caller = identify(as_http, directory, now);
    if (!caller) out.outcome = caller.error().error;
    if (out.outcome == Error::timestamp_skewed)
        out.findings.push_back(
            fmt::format("The timestamp is {} s away from our clock; 300 s are "
                        "allowed.",
                        std::abs(*out.clock_difference_s)));
    explain_key(directory, *said, now, out);

    const auto keys = keys_of(directory, *said);
    if (keys.empty()) return out;
    const auto* named = find_merchant_key(directory, said->serial);
    const bool right = named != nullptr && keys.front().serial == named->terms.serial &&
                       keys.front().key.algorithm() == said->algorithm &&
                       keys.front().key.verify(out.string_to_sign, said->signature);
    if (right) return out;
    if (!out.outcome) out.outcome = Error::signature_mismatch;
    explain_signature_itself(request, *said, keys, out);
    return out;
}

}  // namespace huitong::gateway::merchant
