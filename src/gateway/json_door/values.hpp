// The members that answers of the JSON doors have in common, each written in one way.
#pragma once

#include <cstdint>
#include <string_view>

#include "acquiring/order.hpp"
#include "acquiring/refund.hpp"
#include "base/instant.hpp"
#include "base/money.hpp"
#include "gateway/json_door/reply.hpp"
#include "ledger/account.hpp"
#include "switching/payment.hpp"
#include "wire/json/writer.hpp"

namespace huitong::gateway::json_door {

// A string of digits: 64 bits do not fit a JavaScript number.
void write_id(wire::json::Writer& json, std::string_view name, std::uint64_t id);
void write_time(wire::json::Writer& json, std::string_view name, Instant at);
// {"total", "currency"}
void write_amount(wire::json::Writer& json, std::string_view name, Money money);
// "decline": {"code", "message"} of an error's name as records keep it.
void write_decline(wire::json::Writer& json, std::string_view error_name, Language language);
// An element: account_id, currency, available, held, balance.
void write_account(wire::json::Writer& json, const ledger::Account& account);

// COMPLETED, ..
std::string_view to_text(switching::PaymentStatus status);
// SUCCESS, ..
std::string_view to_text(acquiring::RefundStatus status);
// NOTPAY, USERPAYING, SUCCESS, REFUND, CLOSED
std::string_view state_text(const acquiring::Order& order);

}  // namespace huitong::gateway::json_door
