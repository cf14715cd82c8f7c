#include "wire/wechatpay/transaction.hpp"

#include <utility>

#include "base/ensure.hpp"
#include "wire/json/writer.hpp"

namespace huitong::wire::wechatpay {
namespace {

using json::Writer;

std::string_view credential_name(TradeType type) {
    switch (type) {
        case TradeType::native:
            return "code_url";
        case TradeType::h5:
            return "h5_url";
        case TradeType::jsapi:
        case TradeType::app:
            return "prepay_id";
        case TradeType::micropay:
            break;  // Asked for by codepay, which answers with the transaction.
    }
    std::unreachable();
}

// trade_state_desc: text for people.
std::string_view description(TradeState state) {
    switch (state) {
        case TradeState::notpay:
            return "订单未支付";
        case TradeState::success:
            return "支付成功";
        case TradeState::refund:
            return "订单发生过退款，退款详情请查询退款单";
        case TradeState::closed:
            return "订单已关闭";
        case TradeState::userpaying:
            return "用户支付中，请稍后查询";
        case TradeState::payerror:
            return "支付失败";
        case TradeState::revoked:
            return "订单已撤销";
    }
    std::unreachable();
}

void write_payment(const PaidView& paid, Writer& out) {
    out.text("transaction_id", paid.transaction_id);
    out.text("trade_type", to_text(paid.trade_type));
    out.text("bank_type", paid.bank_type);
    out.text("success_time", to_rfc3339(paid.success_time));
    out.begin_object("payer");
    out.text("openid", paid.openid);
    out.end_object();
}

void write_amount(const TransactionView& view, Writer& out) {
    out.begin_object("amount");
    out.integer("total", view.total);
    if (view.paid) out.integer("payer_total", view.paid->payer_total);
    out.text("currency", currency_code);
    if (view.paid) out.text("payer_currency", currency_code);
    out.end_object();
}

}  // namespace

std::string prepay_result(TradeType type, std::string_view credential) {
    std::string body;
    Writer out(body);
    out.begin_object();
    out.text(credential_name(type), credential);
    out.end_object();
    return body;
}

std::string_view to_text(TradeState state) {
    switch (state) {
        case TradeState::notpay:
            return "NOTPAY";
        case TradeState::success:
            return "SUCCESS";
        case TradeState::refund:
            return "REFUND";
        case TradeState::closed:
            return "CLOSED";
        case TradeState::userpaying:
            return "USERPAYING";
        case TradeState::payerror:
            return "PAYERROR";
        case TradeState::revoked:
            return "REVOKED";
    }
    std::unreachable();
}

std::string to_json(const TransactionView& view) {
    const bool paid_state = view.state == TradeState::success || view.state == TradeState::refund;
    ENSURE(view.paid.has_value() == paid_state);
    std::string body;
    body.reserve(512);
    Writer out(body);
    out.begin_object();
    out.text("appid", view.appid);
    out.text("mchid", view.mchid);
    out.text("out_trade_no", view.out_trade_no);
    out.text("trade_state", to_text(view.state));
    out.text("trade_state_desc", description(view.state));
    out.text_if("attach", view.attach);
    if (view.paid) write_payment(*view.paid, out);
    write_amount(view, out);
    if (!view.device_id.empty()) {
        out.begin_object("scene_info");
        out.text("device_id", view.device_id);
        out.end_object();
    }
    out.end_object();
    return body;
}

}  // namespace huitong::wire::wechatpay
