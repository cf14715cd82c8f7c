#include "gateway/door/platform_signer.hpp"

#include "crypto/bytes.hpp"
#include "crypto/certificate.hpp"
#include "crypto/random.hpp"
#include "gateway/door/in_force.hpp"
#include "wire/wechatpay/authorization.hpp"

namespace huitong::gateway::door {
namespace {

using acquiring::KeyMode;
using acquiring::PlatformKey;

// How long before its end a key hands over to the next one.
constexpr Duration handover = days(5);
constexpr std::size_t nonce_characters = 32;

bool older(const PlatformKey& a, const PlatformKey& b) {
    return a.terms.not_before < b.terms.not_before;
}

const PlatformKey* current(const Registry<PlatformKey>& keys, acquiring::KeyFamily family,
                           Instant now) {
    const PlatformKey* steady = nullptr;  // the oldest that does not end soon
    const PlatformKey* last = nullptr;    // the one that ends last, should all end soon
    for (const auto& [id, key] : keys) {
        if (key.terms.key_family != family || !in_force(key, now)) continue;
        if (last == nullptr || key.terms.not_after > last->terms.not_after) last = &key;
        if (key.terms.not_after - now < handover) continue;
        if (steady == nullptr || older(key, *steady)) steady = &key;
    }
    return steady != nullptr ? steady : last;
}

}  // namespace

std::optional<PlatformKeyChoice> find_platform_key(const Registry<PlatformKey>& platform_keys,
                                                   std::string_view name, Instant now) {
    if (name.empty()) return std::nullopt;
    const auto serial = crypto::canonical_serial(name);
    for (const auto& [id, key] : platform_keys) {
        if (!in_force(key, now)) continue;
        if (name == key.terms.public_key_id)
            return PlatformKeyChoice{&key, key.terms.public_key_id};
        if (serial && *serial == key.terms.serial) return PlatformKeyChoice{&key, *serial};
    }
    return std::nullopt;
}

std::optional<PlatformKeyChoice> choose_platform_key(const Registry<PlatformKey>& platform_keys,
                                                     const SigningWish& wish) {
    if (auto requested = find_platform_key(platform_keys, wish.requested, wish.now))
        return requested;
    const PlatformKey* key = current(platform_keys, wish.family, wish.now);
    if (key == nullptr) return std::nullopt;
    return PlatformKeyChoice{
        key, wish.mode == KeyMode::public_key ? key->terms.public_key_id : key->terms.serial};
}

HeaderList signature_headers(std::string_view body, const crypto::PrivateKey& key,
                             std::string_view key_name, Instant now) {
    std::string nonce = crypto::random_hex(nonce_characters);
    const std::string message = wire::wechatpay::response_string_to_sign(
        {.timestamp = now.unix_seconds(), .nonce = nonce, .body = body});
    return {
        {"Wechatpay-Timestamp",      std::to_string(now.unix_seconds())                      },
        {"Wechatpay-Nonce",          std::move(nonce)                                        },
        {"Wechatpay-Signature",      crypto::to_base64(key.sign(message))                    },
        {"Wechatpay-Serial",         std::string(key_name)                                   },
        {"Wechatpay-Signature-Type", std::string(wire::wechatpay::scheme_of(key.algorithm()))},
    };
}

Result<std::string> seal_resource(crypto::KeyAlgorithm family, const crypto::Secret& apiv3_key,
                                  const crypto::GcmContext& context, std::string_view plaintext) {
    if (family == crypto::KeyAlgorithm::rsa)
        return crypto::aes_gcm_seal(apiv3_key, context, plaintext);
    return crypto::sm4_gcm_seal(crypto::sm4_key_of(apiv3_key), context, plaintext);
}

void SignatureProbe::pass(HeaderList& headers) {
    constexpr std::string_view mark = "WECHATPAY/SIGNTEST/";
    if (every_ == 0 || (count_.fetch_add(1, std::memory_order_relaxed) + 1) % every_ != 0) return;
    for (auto& [name, value] : headers) {
        if (name == "Wechatpay-Signature") value.replace(0, mark.size(), mark);
    }
}

}  // namespace huitong::gateway::door
