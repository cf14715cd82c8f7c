#include "acquiring/acquiring.hpp"

#include "acquiring/state.hpp"
#include "ledger/draft.hpp"

namespace huitong::acquiring {

Acquiring::Acquiring(Hash128 secret) : orders(secret), refunds(secret) {}
Acquiring::Acquiring(Acquiring&&) noexcept = default;
Acquiring::~Acquiring() = default;

void apply(Acquiring& acquiring, const Effects& effects, Sequence sequence) {
    for (const auto& image : effects.merchants) acquiring.merchants.apply(image);
    for (const auto& image : effects.merchant_keys) acquiring.merchant_keys.apply(image);
    for (const auto& image : effects.platform_keys) acquiring.platform_keys.apply(image);
    for (const auto& image : effects.orders) acquiring.orders.apply(image, sequence);
    for (const auto& image : effects.refunds) acquiring.refunds.apply(image, sequence);
}

Result<Merchant> register_merchant(const Acquiring& acquiring, const RegisterMerchant& command,
                                   Instant now, ledger::Draft& draft, Effects& effects) {
    Merchant merchant{command.terms, command.state};
    if (acquiring.merchants.find(merchant.key()) != nullptr) return refuse(Error::id_taken);

    using enum ledger::AccountKind;
    const std::uint64_t owner = merchant.id().value;
    draft.open({merchant.terms.unsettled, owner, merchant_unsettled, command.currency});
    draft.open({merchant.terms.available, owner, merchant_available, command.currency});
    draft.open({merchant.terms.frozen, owner, merchant_frozen, command.currency});
    merchant.terms.created_at = now;
    effects.merchants.push_back(created(merchant));
    return merchant;
}

Result<Merchant> change_merchant(const Acquiring& acquiring, const ChangeMerchant& command,
                                 Effects& effects) {
    const Merchant* known = acquiring.merchants.find(command.merchant);
    if (known == nullptr) return refuse(Error::merchant_not_found);
    Merchant after = *known;
    const auto set = [](auto& member, const auto& wanted) {
        if (wanted) member = *wanted;
    };
    set(after.state.status, command.status);
    set(after.state.key_mode, command.key_mode);
    set(after.state.key_family, command.key_family);
    set(after.state.name, command.name);
    set(after.state.appids, command.appids);
    set(after.state.apiv3_key, command.apiv3_key);
    set(after.state.notify_url, command.notify_url);
    if (after.state != known->state)
        effects.merchants.push_back(changed<Merchant>(after.id(), after.state));
    return after;
}

Result<MerchantKey> add_merchant_key(const Acquiring& acquiring, const AddMerchantKey& command,
                                     Instant now, Effects& effects) {
    const MerchantKeyTerms& terms = command.terms;
    if (acquiring.merchants.find(terms.merchant) == nullptr)
        return refuse(Error::merchant_not_found);
    if (now < terms.not_before || now >= terms.not_after) return refuse(Error::certificate_invalid);
    const NaturalKey serial{0, terms.serial};
    if (const MerchantKey* known = acquiring.merchant_keys.find(serial)) {
        const bool same = known->terms.merchant == terms.merchant &&
                          known->terms.public_key_pem == terms.public_key_pem &&
                          !known->state.revoked;
        if (!same) return refuse(Error::serial_taken);
        return *known;
    }
    // Clients refuse to start when a platform serial equals their own (wechatpay-v3 10).
    if (acquiring.platform_keys.find(serial) != nullptr) return refuse(Error::serial_taken);

    const MerchantKey key{terms, {}};
    effects.merchant_keys.push_back(created(key));
    return key;
}

Result<MerchantKey> revoke_merchant_key(const Acquiring& acquiring,
                                        const RevokeMerchantKey& command, Effects& effects) {
    const MerchantKey* known = acquiring.merchant_keys.find(NaturalKey{0, command.serial});
    if (known == nullptr || known->terms.merchant != command.merchant)
        return refuse(Error::serial_unknown);
    MerchantKey after = *known;
    after.state.revoked = true;
    if (!known->state.revoked)
        effects.merchant_keys.push_back(changed<MerchantKey>(after.id(), after.state));
    return after;
}

Result<PlatformKey> add_platform_key(const Acquiring& acquiring, const AddPlatformKey& command,
                                     Effects& effects) {
    const NaturalKey serial{0, command.terms.serial};
    if (acquiring.platform_keys.find(serial) != nullptr ||
        acquiring.merchant_keys.find(serial) != nullptr)
        return refuse(Error::serial_taken);
    const PlatformKey key{command.terms, {}};
    effects.platform_keys.push_back(created(key));
    return key;
}

}  // namespace huitong::acquiring
