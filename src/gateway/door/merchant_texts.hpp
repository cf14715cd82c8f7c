// Orders and refunds as merchants see them: the transaction object and the refund object, used by
// answers and notices alike.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "acquiring/merchant.hpp"
#include "acquiring/order.hpp"
#include "acquiring/refund.hpp"
#include "engine/command.hpp"
#include "gateway/door/codes.hpp"
#include "wire/wechatpay/codepay.hpp"
#include "wire/wechatpay/notice.hpp"
#include "wire/wechatpay/prepay.hpp"

namespace huitong::gateway::door {

// transaction_id carries the order's id, not the payment's: an order is paid at most once, so it
// names the payment as well, and a query by it finds the order in the merchant's own shard. It is
// shown once the order is paid.
std::string transaction_id_of(OrderId order);
// Refuses with order_not_found: what we did not print names nothing.
Result<OrderId> order_of_transaction_id(std::string_view text);

std::string refund_id_of(RefundId refund);

acquiring::TradeType trade_type_of(wire::wechatpay::TradeType type);
wire::wechatpay::TradeType trade_type_of(acquiring::TradeType type);

// The rarely used members of a prepay request as the order keeps them: canonical JSON, or nothing.
std::string extras_of(const wire::wechatpay::PrepayRequest& request);
std::string extras_of(const wire::wechatpay::CodepayRequest& request);
// scene_info.device_id out of them; empty when absent.
std::string device_id_of(const std::string& extras);

// The order's state now; `charge` is of a till's order.
std::string transaction_json(const acquiring::Order& order, std::string_view mchid,
                             const Openids& openids,
                             const std::optional<engine::Charge>& charge = {});
// As it was when it became paid: what TRANSACTION.SUCCESS says, whenever it is sent.
std::string paid_transaction_json(const acquiring::Order& order, std::string_view mchid,
                                  const Openids& openids);

std::string refund_json(const acquiring::Refund& refund, const acquiring::Order& order);
// The plaintext of REFUND.*; the event says which end the refund had.
std::string refund_notice_json(const acquiring::Refund& refund, const acquiring::Order& order,
                               std::string_view mchid, wire::wechatpay::NoticeEvent event);

}  // namespace huitong::gateway::door
