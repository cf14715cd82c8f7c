#include "gateway/door/key_ring.hpp"

#include "gateway/door/sealing.hpp"

namespace huitong::gateway::door {

KeyRing::KeyRing(const crypto::MasterKey& master, std::size_t keys_max)
    : master_(master),
      merchant_keys_(keys_max / 2),
      platform_keys_(keys_max / 2),
      apiv3_keys_(keys_max / 2) {}

Result<crypto::PublicKey> KeyRing::merchant_key(const acquiring::MerchantKey& key) {
    if (auto known = merchant_keys_.find(key.id())) return *std::move(known);
    TRY(parsed, crypto::PublicKey::load(key.terms.public_key_pem));
    merchant_keys_.put(key.id(), parsed);
    return parsed;
}

Result<crypto::PrivateKey> KeyRing::platform_key(const acquiring::PlatformKey& key) {
    if (auto known = platform_keys_.find(key.id())) return *std::move(known);
    TRY(pem, master_.open(platform_key_context(key.terms.serial), key.terms.private_key.bytes));
    TRY(parsed, crypto::PrivateKey::load(pem.expose()));
    platform_keys_.put(key.id(), parsed);
    return parsed;
}

Result<KeyRing::SharedSecret> KeyRing::apiv3_key(const acquiring::Merchant& merchant) {
    const std::string& sealed = merchant.state.apiv3_key.bytes;
    if (sealed.empty()) return refuse(Error::merchant_key_missing);
    if (const auto known = apiv3_keys_.find(merchant.id()); known && known->sealed == sealed)
        return known->key;
    TRY(opened, master_.open(apiv3_key_context(merchant.terms.mchid), sealed));
    if (!is_apiv3_key(opened.expose())) return refuse(Error::key_invalid);
    const auto key = std::make_shared<const crypto::Secret>(std::move(opened));
    apiv3_keys_.put(merchant.id(), {.sealed = sealed, .key = key});
    return key;
}

}  // namespace huitong::gateway::door
