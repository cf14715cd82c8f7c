// Plates: one code on a merchant's wall, for which every payer enters the amount (business-rules
// 1.2, merchant_static). Nothing of a plate is stored. Its code is the URL of an order's code with
// a token that names the merchant; each payment of it is for an order of its own, which the door
// that is asked to pay creates first.
//
// Const functions may be called from many threads at once.
#pragma once

#include <string>
#include <string_view>

#include "acquiring/acquiring.hpp"
#include "base/registry.hpp"
#include "crypto/code_token.hpp"

namespace huitong::gateway::door {

// So long may an order of a plate stay unpaid: its payer has confirmed already.
inline constexpr Duration plate_order_life = minutes(5);

// One payment of a plate: who asks for it (a user or an institution), under which key, how much.
struct PlateWish {
    std::uint64_t asker = 0;
    std::string_view request_id;
    Money amount;
    Instant now;
};

class Plates {
public:
    explicit Plates(const crypto::Secret& code_key);

    // The text of the picture.
    [[nodiscard]] std::string code_of(MerchantId merchant) const;
    // Of the text: order_code_unknown, for all that is no plate of ours.
    [[nodiscard]] Result<MerchantId> merchant_of(std::string_view code) const;
    // Who would be paid: order_code_unknown, merchant_frozen.
    [[nodiscard]] static Result<const acquiring::Merchant*> payee(
        const Registry<acquiring::Merchant>& merchants, MerchantId merchant);

    // The order that the wish is for. Its number comes from asker and key, so that a repeat is the
    // same order, and its notice goes where the merchant's refund notices go. appid_not_bound: the
    // merchant has no app to sell under.
    [[nodiscard]] static Result<acquiring::CreateOrder> order_of(
        const acquiring::Merchant& merchant, const PlateWish& wish);

private:
    crypto::CodeTokens tokens_;
};

}  // namespace huitong::gateway::door
