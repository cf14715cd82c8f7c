// Parsed messages of the contract as commands of the heart. Pure. Internal to this module.
#pragma once

#include <string_view>

#include "acquiring/acquiring.hpp"
#include "engine/command.hpp"
#include "gateway/door/codes.hpp"
#include "gateway/http/message.hpp"
#include "wire/json/field_error.hpp"
#include "wire/wechatpay/codepay.hpp"
#include "wire/wechatpay/prepay.hpp"
#include "wire/wechatpay/refund.hpp"

namespace huitong::gateway::merchant {

using acquiring::Merchant;
using wire::json::FieldError;
using wire::json::Location;
using wire::json::Parsed;

// mchid_mismatch when a message names another merchant than the one that signed.
Parsed<void> must_be(const Merchant& merchant, std::string_view mchid, Location location);

acquiring::CreateOrder order_of(const wire::wechatpay::PrepayRequest& request,
                                const Merchant& merchant);

// Whose code it is, is still to be said.
switching::ChargeCode charge_of(const wire::wechatpay::CodepayRequest& request,
                                const Merchant& merchant);

// A transaction_id that we did not print is no order of ours: refund_order_not_found.
Parsed<acquiring::CreateRefund> refund_of(const wire::wechatpay::RefundRequest& request,
                                          const Merchant& merchant);

}  // namespace huitong::gateway::merchant
