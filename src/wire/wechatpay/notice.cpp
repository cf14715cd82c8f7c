#include "wire/wechatpay/notice.hpp"

#include <iterator>
#include <utility>

#include "base/ensure.hpp"
#include "wire/json/writer.hpp"
#include "wire/wechatpay/certificates.hpp"
#include "wire/wechatpay/field_rules.hpp"

namespace huitong::wire::wechatpay {
namespace {

using json::Writer;

// clang-format off
constexpr NoticeEventRow events[] = {
    {NoticeEvent::transaction_success, "TRANSACTION.SUCCESS", "transaction", "支付成功"},
    {NoticeEvent::refund_success,      "REFUND.SUCCESS",      "refund",      "退款成功"},
    {NoticeEvent::refund_abnormal,     "REFUND.ABNORMAL",     "refund",      "退款异常"},
    {NoticeEvent::refund_closed,       "REFUND.CLOSED",       "refund",      "退款关闭"},
};
// clang-format on

// Section 9.2, payment and refund.
constexpr Duration retry_delays[] = {
    seconds(15), seconds(15), seconds(30), minutes(3),  minutes(10),
    minutes(20), minutes(30), minutes(30), minutes(30), minutes(60),
    hours(3),    hours(3),    hours(3),    hours(6),    hours(6),
};

consteval Duration sum_of_delays() {
    Duration sum;
    for (const Duration delay : retry_delays) sum.ms += delay.ms;
    return sum;
}
static_assert(std::size(retry_delays) == 15);
static_assert(sum_of_delays() == Duration{hours(24).ms + minutes(4).ms});

}  // namespace

const NoticeEventRow& describe(NoticeEvent event) {
    const auto index = std::to_underlying(event);
    ENSURE(index < std::size(events));
    ENSURE(events[index].event == event);
    return events[index];
}

std::span<const Duration> notice_retry_delays() {
    return retry_delays;
}

std::string to_json(const NoticeEnvelope& envelope) {
    const NoticeEventRow& row = describe(envelope.event);
    std::string body;
    Writer out(body);
    out.begin_object();
    out.text("id", envelope.id);
    out.text("create_time", to_rfc3339(envelope.create_time));
    out.text("resource_type", "encrypt-resource");
    out.text("event_type", row.event_type);
    out.text("summary", row.summary);
    out.begin_object("resource");
    out.text("original_type", row.original_type);
    out.text("algorithm", aead_of(envelope.algorithm));
    out.text("ciphertext", envelope.ciphertext_base64);
    out.text("associated_data", row.original_type);
    out.text("nonce", envelope.nonce);
    out.end_object();
    out.end_object();
    return body;
}

std::string to_json(const RefundNotice& notice) {
    std::string body;
    Writer out(body);
    out.begin_object();
    out.text("mchid", notice.mchid);
    out.text("out_trade_no", notice.out_trade_no);
    out.text("transaction_id", notice.transaction_id);
    out.text("out_refund_no", notice.out_refund_no);
    out.text("refund_id", notice.refund_id);
    out.text("refund_status", notice.refund_status);
    if (notice.success_time) out.text("success_time", to_rfc3339(*notice.success_time));
    out.text("user_received_account", notice.user_received_account);
    out.begin_object("amount");
    out.integer("total", notice.total);
    out.integer("refund", notice.refund);
    out.integer("payer_total", notice.payer_total);
    out.integer("payer_refund", notice.payer_refund);
    out.end_object();
    out.end_object();
    return body;
}

}  // namespace huitong::wire::wechatpay
