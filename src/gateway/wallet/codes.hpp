// From what a payer scanned, pasted or was sent to, to the order it asks to pay; and the tokens by
// which the door itself names an order it has shown. Const functions may be called from many
// threads at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "acquiring/order.hpp"
#include "engine/heart.hpp"
#include "gateway/door/codes.hpp"
#include "gateway/door/key_ring.hpp"
#include "gateway/wallet/bodies.hpp"

namespace huitong::gateway::wallet_door {

// An order that a code names.
struct Target {
    OrderId order;
    // The order must be looked at before it is paid: it may name a payer, or the fields that named
    // it carry a merchant's signature.
    bool look_first = false;
    std::optional<Invocation> invocation;  // still to be verified
};

class ScannedCodes {
public:
    // The ring must outlive this.
    ScannedCodes(const crypto::Secret& code_key, const crypto::Secret& openid_key,
                 door::KeyRing& keys);

    // Refuses with order_code_unknown.
    [[nodiscard]] Result<Target> target_of(const Code& code) const;
    [[nodiscard]] Result<Target> target_of_token(std::string_view order_token) const;
    [[nodiscard]] std::string order_token(const acquiring::Order& order) const;

    // Whether the invocation is this order's and its merchant signed it: order_code_unknown,
    // signature_mismatch. Costs an RSA verification for each key of the merchant.
    [[nodiscard]] Result<void> verify(const Invocation& invocation, const acquiring::Order& order,
                                      const engine::Directory& directory, Instant now) const;

    // The user's openid under the order's app, where the order names one; else empty.
    [[nodiscard]] std::string openid_for(const acquiring::Order& order, UserId user) const;

private:
    [[nodiscard]] Result<Target> target_of_text(std::string_view text) const;

    door::OrderCodes codes_;
    door::Openids openids_;
    crypto::CodeTokens free_;   // orders that anybody may pay
    crypto::CodeTokens named_;  // orders that name their payer
    door::KeyRing& keys_;
};

}  // namespace huitong::gateway::wallet_door
