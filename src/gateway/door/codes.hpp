// Texts that stand for an order or a user and that only we can make: the token of a code_url, the
// package of an h5 link, the openid. Nothing is stored; const functions may be called from many
// threads at once.
#pragma once

#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/result.hpp"
#include "crypto/code_token.hpp"
#include "crypto/secret.hpp"

namespace huitong::gateway::door {

class OrderCodes {
public:
    explicit OrderCodes(const crypto::Secret& code_key);

    // What code_url carries: 22 characters.
    [[nodiscard]] std::string code_token(OrderId order) const {
        return codes_.token_of(order.value);
    }
    // Refuses with order_code_unknown what we did not make.
    [[nodiscard]] Result<OrderId> order_of_code(std::string_view token) const;

    // What an h5 link carries beside the guessable prepay_id.
    [[nodiscard]] std::string h5_package(OrderId order) const {
        return packages_.token_of(order.value);
    }
    // Refuses with order_code_unknown.
    [[nodiscard]] Result<OrderId> order_of_package(std::string_view package) const;

private:
    crypto::CodeTokens codes_;
    crypto::CodeTokens packages_;
};

// The openid of a payer under an appid: 'o', five characters that all openids of this appid share,
// 22 that stand for the user. Two appids cannot find out that they serve the same person.
//
// Of a payer at another institution we know nothing but the payment: the openid stands for that, so
// that it is the same whenever this payment is told, and no two strangers share one.
class Openids {
public:
    explicit Openids(const crypto::Secret& openid_key);

    // 28 characters, always the same.
    [[nodiscard]] std::string of(std::string_view appid, UserId user) const;
    [[nodiscard]] std::string of_stranger(std::string_view appid, PaymentId payment) const;
    // Refuses with field_format what is no openid of this appid, or a stranger's.
    [[nodiscard]] Result<UserId> user_of(std::string_view appid, std::string_view openid) const;

private:
    [[nodiscard]] crypto::CodeTokens tokens_of(std::string_view whose,
                                               std::string_view appid) const;

    crypto::Secret key_;
};

}  // namespace huitong::gateway::door
