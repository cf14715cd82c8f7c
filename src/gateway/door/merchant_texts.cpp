#include "gateway/door/merchant_texts.hpp"

#include <utility>

#include "wire/json/reader.hpp"
#include "wire/json/writer.hpp"
#include "wire/wechatpay/refund.hpp"
#include "wire/wechatpay/transaction.hpp"

namespace huitong::gateway::door {
namespace {

using acquiring::Order;
using acquiring::OrderStatus;
using acquiring::Refund;
using acquiring::RefundStatus;
using wire::wechatpay::NoticeEvent;
using wire::wechatpay::TradeState;

constexpr std::string_view transaction_prefix = "4200";
constexpr std::string_view refund_prefix = "50";
constexpr std::string_view received_account = "支付用户零钱";
constexpr std::size_t device_id_max = 32;

// What became of a till's charge; nothing: it is paid, and the order says more.
std::optional<TradeState> state_of(const engine::Charge& charge) {
    using enum switching::PaymentStatus;
    switch (charge.status) {
        case completed:
            return std::nullopt;
        case confirming:
        case reserved:
            return TradeState::userpaying;
        case declined:
            return TradeState::payerror;
        case reversing:
        case reversed:
            break;
    }
    // We give up ourselves what another institution does not answer.
    return charge.decline == Error::payment_reversed ? TradeState::revoked : TradeState::payerror;
}

// A locked order is told as unpaid: USERPAYING belongs to payment codes only (4.1), and a merchant
// that knows the states of this order type would not understand it.
TradeState state_of(const Order& order) {
    switch (order.state.status) {
        case OrderStatus::open:
        case OrderStatus::locked:
            return TradeState::notpay;
        case OrderStatus::closed:
            return TradeState::closed;
        case OrderStatus::paid:
            return order.state.refund_count > 0 ? TradeState::refund : TradeState::success;
    }
    std::unreachable();
}

std::string to_transaction(const Order& order, std::string_view mchid, const Openids& openids,
                           TradeState state) {
    const std::string device_id = device_id_of(order.terms.extras);
    wire::wechatpay::TransactionView view{.appid = order.terms.appid,
                                          .mchid = mchid,
                                          .out_trade_no = order.terms.out_trade_no,
                                          .state = state,
                                          .attach = order.terms.attach,
                                          .total = order.terms.minor,
                                          .device_id = device_id};
    std::string transaction_id;
    std::string openid;
    if (order.state.status == OrderStatus::paid) {
        transaction_id = transaction_id_of(order.id());
        openid = order.state.payer.named()
                     ? openids.of(order.terms.appid, order.state.payer)
                     : openids.of_stranger(order.terms.appid, order.state.payment);
        view.paid = {.transaction_id = transaction_id,
                     .trade_type = trade_type_of(order.terms.trade_type),
                     .success_time = order.state.ended_at,
                     .openid = openid,
                     .payer_total = order.terms.minor};
    }
    return wire::wechatpay::to_json(view);
}

std::string_view status_text(RefundStatus status) {
    switch (status) {
        case RefundStatus::success:
            return "SUCCESS";
        case RefundStatus::processing:
            return "PROCESSING";
        case RefundStatus::closed:
            return "CLOSED";
        case RefundStatus::abnormal:
            return "ABNORMAL";
    }
    std::unreachable();
}

std::string_view funds_text(acquiring::RefundFunds funds) {
    switch (funds) {
        case acquiring::RefundFunds::unsettled_first:
        case acquiring::RefundFunds::unsettled:
            return "UNSETTLED";
        case acquiring::RefundFunds::available:
            return "AVAILABLE";
    }
    std::unreachable();
}

std::string_view status_text(NoticeEvent event) {
    switch (event) {
        case NoticeEvent::transaction_success:
        case NoticeEvent::refund_success:
            return "SUCCESS";
        case NoticeEvent::refund_abnormal:
            return "ABNORMAL";
        case NoticeEvent::refund_closed:
            return "CLOSED";
    }
    std::unreachable();
}

}  // namespace

std::string transaction_id_of(OrderId order) {
    return to_digits28(transaction_prefix, order.value);
}

Result<OrderId> order_of_transaction_id(std::string_view text) {
    const auto id = parse_digits28(transaction_prefix, text);
    if (!id || *id == 0) return refuse(Error::order_not_found);
    return OrderId{*id};
}

std::string refund_id_of(RefundId refund) {
    return to_digits28(refund_prefix, refund.value);
}

acquiring::TradeType trade_type_of(wire::wechatpay::TradeType type) {
    switch (type) {
        case wire::wechatpay::TradeType::native:
            return acquiring::TradeType::native;
        case wire::wechatpay::TradeType::jsapi:
            return acquiring::TradeType::jsapi;
        case wire::wechatpay::TradeType::h5:
            return acquiring::TradeType::h5;
        case wire::wechatpay::TradeType::app:
            return acquiring::TradeType::app;
        case wire::wechatpay::TradeType::micropay:
            return acquiring::TradeType::micropay;
    }
    std::unreachable();
}

wire::wechatpay::TradeType trade_type_of(acquiring::TradeType type) {
    switch (type) {
        case acquiring::TradeType::native:
            return wire::wechatpay::TradeType::native;
        case acquiring::TradeType::jsapi:
            return wire::wechatpay::TradeType::jsapi;
        case acquiring::TradeType::h5:
            return wire::wechatpay::TradeType::h5;
        case acquiring::TradeType::app:
            return wire::wechatpay::TradeType::app;
        case acquiring::TradeType::micropay:
            return wire::wechatpay::TradeType::micropay;
    }
    std::unreachable();
}

std::string extras_of(const wire::wechatpay::PrepayRequest& request) {
    std::string text;
    wire::json::Writer out(text);
    out.begin_object();
    out.text_if("device_id", request.device_id);
    out.text_if("goods_tag", request.goods_tag);
    if (request.support_fapiao) out.boolean("support_fapiao", *request.support_fapiao);
    if (!request.limit_pay.empty()) {
        out.begin_array("limit_pay");
        for (const std::string& method : request.limit_pay) out.text(method);
        out.end_array();
    }
    if (!request.detail_json.empty()) out.raw("detail", request.detail_json);
    if (!request.scene_info_json.empty()) out.raw("scene_info", request.scene_info_json);
    if (request.profit_sharing) out.boolean("profit_sharing", *request.profit_sharing);
    out.end_object();
    return text == "{}" ? std::string{} : text;
}

std::string extras_of(const wire::wechatpay::CodepayRequest& request) {
    std::string text;
    wire::json::Writer out(text);
    out.begin_object();
    out.text_if("device_id", request.device_id);
    out.text_if("goods_tag", request.goods_tag);
    if (request.support_fapiao) out.boolean("support_fapiao", *request.support_fapiao);
    if (!request.detail_json.empty()) out.raw("detail", request.detail_json);
    out.raw("scene_info", request.scene_info_json);
    if (request.profit_sharing) out.boolean("profit_sharing", *request.profit_sharing);
    out.end_object();
    return text;
}

std::string device_id_of(const std::string& extras) {
    // It stands first, so most orders are spared the parsing.
    if (!extras.starts_with(R"({"device_id":)")) return {};
    wire::json::Report report;
    std::string device_id;
    wire::json::ObjectReader root = wire::json::read_object(extras, report);
    root.optional_string("device_id", {.max = device_id_max}, device_id);
    return device_id;
}

std::string transaction_json(const Order& order, std::string_view mchid, const Openids& openids,
                             const std::optional<engine::Charge>& charge) {
    const auto charged = charge ? state_of(*charge) : std::nullopt;
    return to_transaction(order, mchid, openids, charged.value_or(state_of(order)));
}

std::string paid_transaction_json(const Order& order, std::string_view mchid,
                                  const Openids& openids) {
    return to_transaction(order, mchid, openids, TradeState::success);
}

std::string refund_json(const Refund& refund, const Order& order) {
    const std::string refund_id = refund_id_of(refund.id());
    const std::string transaction_id = transaction_id_of(order.id());
    wire::wechatpay::RefundView view{.refund_id = refund_id,
                                     .out_refund_no = refund.terms.out_refund_no,
                                     .transaction_id = transaction_id,
                                     .out_trade_no = order.terms.out_trade_no,
                                     .user_received_account = received_account,
                                     .create_time = refund.terms.created_at,
                                     .status = status_text(refund.state.status),
                                     .funds_account = funds_text(refund.terms.funds),
                                     .total = order.terms.minor,
                                     .refund = refund.terms.minor,
                                     .payer_total = order.terms.minor,
                                     .payer_refund = refund.terms.minor,
                                     .settlement_refund = refund.terms.minor,
                                     .settlement_total = order.terms.minor};
    if (refund.state.status == RefundStatus::success) view.success_time = refund.state.ended_at;
    return wire::wechatpay::to_json(view);
}

std::string refund_notice_json(const Refund& refund, const Order& order, std::string_view mchid,
                               NoticeEvent event) {
    const std::string refund_id = refund_id_of(refund.id());
    const std::string transaction_id = transaction_id_of(order.id());
    wire::wechatpay::RefundNotice notice{.mchid = mchid,
                                         .out_trade_no = order.terms.out_trade_no,
                                         .transaction_id = transaction_id,
                                         .out_refund_no = refund.terms.out_refund_no,
                                         .refund_id = refund_id,
                                         .refund_status = status_text(event),
                                         .user_received_account = received_account,
                                         .total = order.terms.minor,
                                         .refund = refund.terms.minor,
                                         .payer_total = order.terms.minor,
                                         .payer_refund = refund.terms.minor};
    if (event == NoticeEvent::refund_success) notice.success_time = refund.state.ended_at;
    return wire::wechatpay::to_json(notice);
}

}  // namespace huitong::gateway::door
