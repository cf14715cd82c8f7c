// Keys ready for use: parsed and unsealed once, then kept. Terms of keys never change, so what was
// parsed under an id stays right; whether a key is revoked or in its dates is asked of the
// directory.
//
// Any thread. Give each pool a ring of its own where threads differ in priority: OpenSSL locks
// inside a key.
#pragma once

#include <memory>
#include <string>

#include "acquiring/merchant.hpp"
#include "crypto/key.hpp"
#include "crypto/seal.hpp"
#include "gateway/door/recent.hpp"

namespace huitong::gateway::door {

class KeyRing {
public:
    // The master key must outlive the ring. `keys_max` of each kind are kept.
    explicit KeyRing(const crypto::MasterKey& master, std::size_t keys_max = 20'000);

    // Refuses with key_invalid.
    Result<crypto::PublicKey> merchant_key(const acquiring::MerchantKey& key);
    // Refuses with key_invalid, decryption_failed.
    Result<crypto::PrivateKey> platform_key(const acquiring::PlatformKey& key);

    using SharedSecret = std::shared_ptr<const crypto::Secret>;
    // Refuses with merchant_key_missing, key_invalid, decryption_failed.
    Result<SharedSecret> apiv3_key(const acquiring::Merchant& merchant);

private:
    struct Opened {
        std::string sealed;  // tells whether the merchant has set another since
        SharedSecret key;
    };

    const crypto::MasterKey& master_;
    Recent<KeyId, crypto::PublicKey> merchant_keys_;
    Recent<KeyId, crypto::PrivateKey> platform_keys_;
    Recent<MerchantId, Opened> apiv3_keys_;
};

}  // namespace huitong::gateway::door
