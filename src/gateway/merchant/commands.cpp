#include "gateway/merchant/commands.hpp"

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "gateway/door/merchant_texts.hpp"

namespace huitong::gateway::merchant {
namespace {

using acquiring::RefundFunds;
using wire::wechatpay::RefundRequest;

// As text, so that records print and travel as JSON.
std::string digest_of(std::string_view content) {
    return crypto::to_base64url(crypto::as_text(crypto::sha256(content)));
}

// amount.from says more than funds_account, so it wins. Nothing puts money into the frozen account
// yet, so a refund from there finds none.
Result<RefundFunds> funds_of(const RefundRequest& request) {
    for (const auto& source : request.sources) {
        if (source.account == "UNAVAILABLE") return refuse(Error::merchant_funds_insufficient);
    }
    if (!request.sources.empty() || request.funds_account == "AVAILABLE")
        return RefundFunds::available;
    if (request.funds_account == "UNSETTLED") return RefundFunds::unsettled;
    return RefundFunds::unsettled_first;
}

std::unexpected<FieldError> plainly(Error error) {
    return std::unexpected(FieldError{error, "", "", "", Location::body});
}

}  // namespace

Parsed<void> must_be(const Merchant& merchant, std::string_view mchid, Location location) {
    if (mchid == merchant.terms.mchid) return {};
    return std::unexpected(FieldError{Error::mchid_mismatch, "/mchid", wire::json::printable(mchid),
                                      "is not the merchant that signed", location});
}

acquiring::CreateOrder order_of(const wire::wechatpay::PrepayRequest& request,
                                const Merchant& merchant) {
    acquiring::CreateOrder command{
        .terms = {.merchant = merchant.id(),
                  .out_trade_no = request.out_trade_no,
                  .trade_type = door::trade_type_of(request.type),
                  .appid = request.appid,
                  .description = request.description,
                  .attach = request.attach,
                  .notify_url = request.notify_url,
                  .payer_openid = request.payer_openid,
                  .minor = request.total,
                  .currency = cny,
                  .extras = door::extras_of(request),
                  .content_digest = digest_of(wire::wechatpay::content_of(request))}
    };
    if (request.time_expire) command.terms.expires_at = *request.time_expire;
    return command;
}

switching::ChargeCode charge_of(const wire::wechatpay::CodepayRequest& request,
                                const Merchant& merchant) {
    return {
        .order = {.merchant = merchant.id(),
                  .out_trade_no = request.out_trade_no,
                  .trade_type = acquiring::TradeType::micropay,
                  .appid = request.appid,
                  .description = request.description,
                  .attach = request.attach,
                  .minor = request.total,
                  .currency = cny,
                  .extras = door::extras_of(request),
                  .content_digest = digest_of(wire::wechatpay::content_of(request))},
        .code = request.auth_code
    };
}

Parsed<acquiring::CreateRefund> refund_of(const RefundRequest& request, const Merchant& merchant) {
    if (!request.sub_mchid.empty())
        return std::unexpected(FieldError{Error::not_permitted, "/sub_mchid", request.sub_mchid,
                                          "is no sub-merchant of the caller", Location::body});
    const auto funds = funds_of(request);
    if (!funds) return plainly(funds.error());
    acquiring::CreateRefund command{
        .terms = {.merchant = merchant.id(),
                  .out_refund_no = request.out_refund_no,
                  .minor = request.refund,
                  .currency = cny,
                  .reason = request.reason,
                  .notify_url = request.notify_url,
                  .funds = *funds,
                  .content_digest = digest_of(wire::wechatpay::content_of(request))},
        .order = {.merchant = merchant.id(), .out_trade_no = request.out_trade_no},
        .total_minor = request.total
    };
    if (!request.transaction_id.empty()) {
        const auto order = door::order_of_transaction_id(request.transaction_id);
        if (!order) return plainly(Error::refund_order_not_found);
        command.order.id = *order;
    }
    return command;
}

}  // namespace huitong::gateway::merchant
