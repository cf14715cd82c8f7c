// Which of the platform's keys an answer or a notice is signed with, and the headers that carry the
// signature (wechatpay-v3 2.3, 2.4).
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "acquiring/merchant.hpp"
#include "base/registry.hpp"
#include "crypto/aead.hpp"
#include "crypto/key.hpp"

namespace huitong::gateway::door {

// A key of the directory and the name under which the reader knows it.
struct PlatformKeyChoice {
    const acquiring::PlatformKey* key = nullptr;
    std::string name;  // the certificate's serial, or PUB_KEY_ID_ and digits
};

struct SigningWish {
    std::string_view requested;  // the request's Wechatpay-Serial; may be empty or unknown
    // When nothing known was requested: how the key is named, and of which family it is.
    acquiring::KeyMode mode = acquiring::KeyMode::public_key;
    acquiring::KeyFamily family = acquiring::KeyFamily::rsa;
    Instant now;
};

// The key that was asked for, as long as it is ours and in force; else the current one, named as
// the mode says. A PUB_KEY_ID goes to a merchant in certificate mode only if it asked for it: some
// SDK parts read the name as a hexadecimal number. Nothing when the platform has no such key in
// force.
//
// Current is the oldest key of the family in force until five days before its end, when signing
// moves over to the next (2.4, renewal).
std::optional<PlatformKeyChoice> choose_platform_key(
    const Registry<acquiring::PlatformKey>& platform_keys, const SigningWish& wish);

// The key that a request names by either of its names. Nothing when there is none in force.
std::optional<PlatformKeyChoice> find_platform_key(
    const Registry<acquiring::PlatformKey>& platform_keys, std::string_view name, Instant now);

using HeaderList = std::vector<std::pair<std::string, std::string>>;

// Wechatpay-Timestamp, -Nonce, -Signature, -Serial, -Signature-Type over this body, with a fresh
// nonce. Costs a signature.
HeaderList signature_headers(std::string_view body, const crypto::PrivateKey& key,
                             std::string_view key_name, Instant now);

// A resource of a notice or of the certificate list under the merchant's APIv3 key: AES-256-GCM, or
// SM4-GCM where the family is SM2 (2.5). Refuses with key_invalid, field_range.
Result<std::string> seal_resource(crypto::KeyAlgorithm family, const crypto::Secret& apiv3_key,
                                  const crypto::GcmContext& context, std::string_view plaintext);

// Both words for a family: the registry's and the keys'.
constexpr crypto::KeyAlgorithm algorithm_of(acquiring::KeyFamily family) {
    return family == acquiring::KeyFamily::sm2 ? crypto::KeyAlgorithm::sm2
                                               : crypto::KeyAlgorithm::rsa;
}
constexpr acquiring::KeyFamily family_of(crypto::KeyAlgorithm algorithm) {
    return algorithm == crypto::KeyAlgorithm::sm2 ? acquiring::KeyFamily::sm2
                                                  : acquiring::KeyFamily::rsa;
}

// Signs wrongly on purpose now and then, as the real service does (2.3): with a signature that
// begins with WECHATPAY/SIGNTEST/. A client that takes such a message does not verify, so this is a
// switch for tests of clients.
class SignatureProbe {
public:
    // One of how many messages; 0: none.
    explicit SignatureProbe(std::uint32_t every) : every_(every) {}

    // Counts a message, and spoils its Wechatpay-Signature when it is that one.
    void pass(HeaderList& headers);

private:
    std::uint32_t every_;
    std::atomic<std::uint32_t> count_ = 0;
};

}  // namespace huitong::gateway::door
