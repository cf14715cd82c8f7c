// The operations of the contract: a request's meaning as a command for the heart, and the heart's
// answer as the contract words it. Knows nothing of sockets, threads and signatures.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "engine/command.hpp"
#include "engine/heart.hpp"
#include "gateway/door/codes.hpp"
#include "gateway/door/key_ring.hpp"
#include "gateway/door/secrets.hpp"
#include "gateway/merchant/reply.hpp"
#include "wire/wechatpay/prepay.hpp"
#include "wire/wechatpay/routes.hpp"

namespace huitong::gateway::merchant {

struct OperationOptions {
    std::string
        h5_base_url;  // scheme, host and port of the cashier pages, without a slash at the end
    // Whether the openid of a jsapi order must be one of ours. An order for an openid that nobody
    // has could never be paid.
    bool check_openid = true;
};

// Whose a payer code is, not named: of a user hosted here. code_unowned.
using OwnerPort =
    std::function<Result<ParticipantId>(std::string_view code, const engine::Directory& directory)>;

// An authentic request.
struct Ask {
    const wire::wechatpay::Route& route;
    std::string_view query;
    std::string_view body;
    std::string_view platform_serial;  // of the key that the sensitive members are encrypted for
    const acquiring::Merchant& merchant;
};

class Operations {
public:
    // The ring must outlive this.
    Operations(const door::DoorSecrets& secrets, door::KeyRing& keys, OwnerPort owner_of_code,
               OperationOptions options);

    // The command to submit, or the reply when the heart need not be asked: every refusal of the
    // request's shape, and the platform certificates.
    [[nodiscard]] std::variant<engine::Command, Reply> ask(const Ask& ask,
                                                           const engine::Directory& directory,
                                                           Instant now) const;
    // The payment that another institution has still to answer, before a till is told anything.
    [[nodiscard]] static std::optional<PaymentId> awaited(const Ask& ask,
                                                          const Result<engine::Answer>& answer);
    // The command that looks at it once more.
    [[nodiscard]] static engine::Command look_again(const Ask& ask);
    // The reply to what the heart answered.
    [[nodiscard]] Reply reply(const Ask& ask, Result<engine::Answer> answer) const;

private:
    [[nodiscard]] std::string prepay_result(const acquiring::Order& order) const;
    [[nodiscard]] Reply certificates(const Ask& ask, const engine::Directory& directory,
                                     Instant now) const;
    // What an operation may look up besides the request.
    struct Known {
        const engine::Directory& directory;
        Instant now;
    };
    [[nodiscard]] wire::json::Parsed<engine::Command> command(const Ask& ask,
                                                              const Known& known) const;
    [[nodiscard]] wire::json::Parsed<engine::Command> create_order(const Ask& ask,
                                                                   wire::wechatpay::TradeType type,
                                                                   const Known& known) const;
    [[nodiscard]] wire::json::Parsed<engine::Command> charge_code(const Ask& ask,
                                                                  const Known& known) const;
    [[nodiscard]] Reply order_reply(const Ask& ask, const engine::OrderAnswer& found) const;
    [[nodiscard]] Reply charge_reply(const Ask& ask, const engine::OrderAnswer& found) const;
    [[nodiscard]] wire::json::Parsed<void> readable(const wire::wechatpay::PayerIdentity& identity,
                                                    const Ask& ask, const Known& known) const;

    door::OrderCodes codes_;
    door::Openids openids_;
    door::KeyRing& keys_;
    OwnerPort owner_of_code_;
    OperationOptions options_;
};

}  // namespace huitong::gateway::merchant
