#include "base/error.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "base/ensure.hpp"

namespace huitong {
namespace {

using enum Error;
using enum ErrorKind;

// clang-format off
constexpr ErrorRow rows[] = {
#define ROW(error, kind, status, code, number, retry, zh, en) {error, #error, kind, status, code, number, retry, zh, en}
    ROW(body_malformed,           refusal, 400, "PARAM_ERROR", 268435461, false, "请求体不是合法的JSON", "the body is not valid JSON"),
    ROW(body_too_large,           refusal, 413, "PARAM_ERROR", 268435461, false, "请求体过大", "the body is too large"),
    ROW(header_too_large,         refusal, 431, "PARAM_ERROR", 268435461, false, "请求头过大", "the request header is too large"),
    ROW(request_malformed,        refusal, 400, "PARAM_ERROR", 0, false, "请求不是合法的HTTP报文", "the request is not well-formed HTTP"),
    ROW(request_timeout,          refusal, 408, "INVALID_REQUEST", 0, true, "接收请求超时", "the request did not arrive in time"),
    ROW(http_version_unknown,     refusal, 505, "INVALID_REQUEST", 0, false, "仅支持HTTP/1.1", "only HTTP/1.1 is spoken here"),
    ROW(answer_missing,           failure, 500, "SYSTEM_ERROR", 0, true, "系统错误，请使用相同参数重试", "no answer was made: repeat with the same key"),
    ROW(field_missing,            refusal, 400, "PARAM_ERROR", 268435461, false, "缺少必填参数", "a required member is missing"),
    ROW(field_format,             refusal, 400, "PARAM_ERROR", 268435461, false, "参数格式错误", "a member has the wrong format"),
    ROW(field_range,              refusal, 400, "PARAM_ERROR", 268435464, false, "参数值超出范围", "a member is out of range"),
    ROW(field_unknown,            refusal, 400, "PARAM_ERROR", 270924358, false, "存在未定义的参数", "the body has a member that is not defined"),
    ROW(path_unknown,             refusal, 404, "RESOURCE_NOT_EXISTS", 0, false, "请求的资源不存在", "there is nothing at this path"),
    ROW(method_unknown,           refusal, 405, "INVALID_REQUEST", 0, false, "不支持的请求方法", "this path does not take this method"),
    ROW(authorization_malformed,  refusal, 401, "SIGN_ERROR", 270924332, false, "Authorization头格式错误", "the Authorization header is missing or malformed"),
    ROW(authorization_scheme,     refusal, 401, "SIGN_ERROR", 270924332, false, "不支持的签名认证类型", "the Authorization scheme is not supported"),
    ROW(timestamp_skewed,         refusal, 401, "SIGN_ERROR", 268443699, true,  "时间戳与服务器时间相差超过5分钟，请校准时钟", "the timestamp is more than 300 s from our clock: set your clock"),
    ROW(merchant_key_missing,     refusal, 401, "SIGN_ERROR", 268443699, false, "商户号不存在或未设置APIv3密钥", "the merchant is unknown or has no APIv3 key"),
    ROW(serial_unknown,           refusal, 401, "SIGN_ERROR", 268443699, false, "商户证书序列号有误，请检查serial_no", "the certificate serial is unknown, expired or of another merchant: check serial_no"),
    ROW(signature_mismatch,       refusal, 401, "SIGN_ERROR", 268443699, false, "签名错误，请检查后再试", "the signature does not match: check the key and the string to sign"),
    ROW(nonce_reused,             refusal, 401, "SIGN_ERROR", 268443699, false, "随机串已用于其他请求", "the nonce was used for another request"),
    ROW(session_invalid,          refusal, 401, "UNAUTHORIZED", 0, false, "登录已失效，请重新登录", "the session is not valid or has ended: log in again"),
    ROW(credentials_wrong,        decline, 401, "CREDENTIALS_WRONG", 0, true, "用户名或密码错误", "the name or the password is wrong"),
    ROW(credentials_locked,       refusal, 403, "CREDENTIALS_LOCKED", 0, true, "密码错误次数过多，请稍后再试", "too many wrong passwords: wait and try again"),
    ROW(not_permitted,            refusal, 403, "NO_AUTH", 268503786, false, "无权限", "the caller has no permission for this"),
    ROW(merchant_not_found,       refusal, 400, "MCH_NOT_EXISTS", 0, false, "商户号不存在", "the merchant does not exist"),
    ROW(merchant_frozen,          refusal, 403, "ACCOUNT_ERROR", 268443715, false, "商户状态异常", "the merchant may not trade at present"),
    ROW(mchid_mismatch,           refusal, 400, "PARAM_ERROR", 268447843, false, "mchid与签名商户号不一致", "mchid is not the merchant that signed"),
    ROW(appid_not_bound,          refusal, 400, "APPID_MCHID_NOT_MATCH", 268445527, false, "appid和mchid不匹配", "appid is not bound to mchid"),
    ROW(platform_certificates_unused, refusal, 404, "RESOURCE_NOT_EXISTS", 0, false, "商户使用微信支付公钥模式，无平台证书", "the merchant is in public-key mode and has no platform certificates"),
    ROW(order_not_found,          refusal, 404, "ORDER_NOT_EXIST", 268512771, false, "订单不存在", "the order does not exist"),
    ROW(order_number_reused,      refusal, 400, "INVALID_REQUEST", 268498688, false, "商户订单号重复，但请求参数与之前不一致", "this out_trade_no was used with other content"),
    ROW(order_number_paid,        refusal, 403, "OUT_TRADE_NO_USED", 268498689, false, "商户订单号重复：该订单已支付", "this out_trade_no is used: the order is paid already"),
    ROW(order_paid,               refusal, 400, "ORDER_PAID", 268498689, false, "订单已支付", "the order is paid already"),
    ROW(order_closed,             refusal, 400, "ORDER_CLOSED", 268447914, false, "订单已关闭", "the order is closed"),
    ROW(order_expired,            refusal, 400, "ORDER_CLOSED", 268447914, false, "订单已过期", "the order has expired"),
    ROW(order_locked,             refusal, 403, "TRADE_ERROR", 0, true, "订单正在支付中，请稍后再试", "another payment of this order is under way: try again"),
    ROW(order_payer_differs,      refusal, 403, "OPENID_MISMATCH", 0, false, "付款人与订单指定的用户不一致", "the order names another payer"),
    ROW(order_code_unknown,       refusal, 404, "CODE_UNSUPPORTED", 0, false, "无法识别的二维码", "the code is not one of ours"),
    ROW(order_code_expired,       refusal, 400, "CODE_EXPIRED", 0, false, "二维码已过期，请让商户重新生成", "the code has expired: ask the merchant for a new one"),
    ROW(refund_not_found,         refusal, 404, "RESOURCE_NOT_EXISTS", 0, false, "退款单不存在", "the refund does not exist"),
    ROW(refund_number_reused,     refusal, 400, "INVALID_REQUEST", 0, false, "商户退款单号重复，但请求参数与之前不一致", "this out_refund_no was used with other content"),
    ROW(refund_order_not_found,   refusal, 404, "RESOURCE_NOT_EXISTS", 268512771, false, "要退款的订单不存在", "the order to refund does not exist"),
    ROW(refund_order_unpaid,      refusal, 400, "INVALID_REQUEST", 0, false, "订单未支付，不能退款", "the order is not paid and cannot be refunded"),
    ROW(refund_total_differs,     refusal, 400, "PARAM_ERROR", 268435461, false, "订单金额与退款请求中的订单金额不一致", "amount.total is not the order's amount"),
    ROW(refund_exceeds_payment,   refusal, 400, "INVALID_REQUEST", 0, false, "累计退款金额超过订单金额", "the refunds would exceed what was paid"),
    ROW(refund_count_exceeded,    refusal, 400, "INVALID_REQUEST", 0, false, "一笔订单最多退款50次", "an order takes at most 50 refunds"),
    ROW(refund_window_closed,     refusal, 400, "INVALID_REQUEST", 0, false, "订单已超过一年，不能退款", "the payment is more than a year old and cannot be refunded"),
    ROW(merchant_funds_insufficient, refusal, 403, "NOT_ENOUGH", 0, true, "商户余额不足，请充值后使用原退款单号重试", "the merchant's balance does not cover the refund: top up and retry with the same out_refund_no"),
    ROW(user_not_found,           refusal, 404, "USER_NOT_EXIST", 0, false, "用户不存在", "the user does not exist"),
    ROW(user_frozen,              refusal, 403, "USER_ACCOUNT_ABNORMAL", 0, false, "用户账户状态异常", "the user's account is not active"),
    ROW(login_name_taken,         refusal, 409, "ALREADY_EXISTS", 0, false, "登录名已被使用", "this login name is in use"),
    ROW(payment_password_wrong,   decline, 403, "PAYMENT_PASSWORD_WRONG", 0, false, "支付密码错误", "the payment password is wrong"),
    ROW(payment_password_locked,  refusal, 403, "PAYMENT_PASSWORD_LOCKED", 0, true, "支付密码错误次数过多，请稍后再试", "too many wrong payment passwords: wait and try again"),
    ROW(payment_key_reused,       refusal, 400, "INVALID_REQUEST", 0, false, "请求编号重复，但请求参数与之前不一致", "this request key was used with other content"),
    ROW(payment_not_found,        refusal, 404, "PAYMENT_NOT_EXIST", 0, false, "支付单不存在", "the payment does not exist"),
    ROW(funds_insufficient,       decline, 403, "NOT_ENOUGH", 0, false, "余额不足", "the balance does not cover the amount"),
    ROW(balance_limit_exceeded,   decline, 403, "RULE_LIMIT", 0, false, "超过账户余额上限", "the account's balance limit would be exceeded"),
    ROW(funding_source_not_found, refusal, 404, "FUNDING_SOURCE_NOT_EXIST", 0, false, "未绑定该资金来源", "the funding source is not bound"),
    ROW(funding_source_declined,  decline, 403, "BANK_ERROR", 0, false, "银行拒绝扣款", "the bank declined the debit"),
    ROW(account_not_found,        refusal, 404, "ACCOUNT_NOT_EXIST", 0, false, "账户不存在", "the account does not exist"),
    ROW(participant_not_found,    refusal, 404, "PARTICIPANT_NOT_EXIST", 0, false, "机构不存在", "the participant does not exist"),
    ROW(id_taken,                 refusal, 409, "ALREADY_EXISTS", 0, false, "编号已被使用", "this number is in use"),
    ROW(serial_taken,             refusal, 409, "ALREADY_EXISTS", 0, false, "证书序列号已被使用", "this key serial is in use"),
    ROW(key_invalid,              refusal, 400, "PARAM_ERROR", 268435461, false, "密钥无效", "the key is not valid here"),
    ROW(certificate_invalid,      refusal, 400, "PARAM_ERROR", 268435461, false, "证书无效或已过期", "the certificate is not valid or has expired"),
    ROW(decryption_failed,        refusal, 400, "PARAM_ERROR", 268435461, false, "解密失败，请检查密钥", "the text does not decrypt: check the key and the text"),
    ROW(key_file_unreadable,      failure, 500, "SYSTEM_ERROR", 0, false, "密钥文件无法读写", "the key file cannot be read or written, or is not a key file"),
    ROW(key_file_exposed,         failure, 500, "SYSTEM_ERROR", 0, false, "密钥文件权限过宽或属主不符", "the key file must belong to this user with mode 0600"),
    ROW(key_file_exists,          failure, 409, "ALREADY_EXISTS", 0, false, "密钥文件已存在", "there is a key file already; it is never overwritten"),
    ROW(amount_overflow,          refusal, 400, "PARAM_ERROR", 268435464, false, "金额过大", "the amount is too large"),
    ROW(amount_not_positive,      refusal, 400, "PARAM_ERROR", 268435464, false, "金额必须大于零", "the amount must be greater than zero"),
    ROW(currency_mismatch,        refusal, 400, "PARAM_ERROR", 268435461, false, "币种不一致", "the currencies differ"),
    ROW(overloaded,               failure, 429, "FREQUENCY_LIMITED", 268447840, true, "系统繁忙，请使用相同参数稍后重试", "too busy: repeat the same request later"),
    ROW(outcome_unknown,          failure, 500, "SYSTEM_ERROR", 0, true, "结果未知，请使用相同参数重试", "the outcome is unknown: repeat with the same key"),
    ROW(store_stopped,            failure, 503, "SERVICE_UNAVAILABLE", 0, true, "存储暂不可用，请稍后重试", "the store has stopped taking writes: try again later"),
    ROW(store_failed,             failure, 500, "SYSTEM_ERROR", 0, true, "存储读取失败，请稍后重试", "reading the store failed: try again later"),
    ROW(store_format_unknown,     failure, 500, "SYSTEM_ERROR", 0, false, "存储格式由更新版本的程序写入", "a newer program wrote this store"),
    ROW(store_mismatch,           failure, 500, "SYSTEM_ERROR", 0, false, "存储文件不属于同一数据目录", "the files do not belong to one data directory"),
    ROW(data_directory_missing,   failure, 500, "SYSTEM_ERROR", 0, false, "数据目录不存在", "there is no data directory here"),
    ROW(data_directory_in_use,    failure, 500, "SYSTEM_ERROR", 0, true, "数据目录正被其他进程使用", "another process owns the data directory"),
    ROW(subject_key_missing,      failure, 500, "SYSTEM_ERROR", 0, false, "该主体没有数据密钥", "this person has no data key"),
    ROW(subject_key_erased,       refusal, 410, "RESOURCE_NOT_EXISTS", 0, false, "该主体的个人信息已被删除", "this person's data was erased"),
    ROW(shutting_down,            failure, 503, "SERVICE_UNAVAILABLE", 0, true, "服务正在停止，请稍后重试", "the server is stopping: try again later"),
    ROW(peer_unreachable,         failure, 502, "SERVICE_UNAVAILABLE", 0, true, "无法连接对方", "the peer cannot be reached"),
    ROW(peer_refused,             failure, 502, "SERVICE_UNAVAILABLE", 0, true, "对方拒绝", "the peer refused"),
    ROW(address_forbidden,        refusal, 400, "PARAM_ERROR", 268435461, false, "不允许访问该地址", "this address may not be called"),
    ROW(url_malformed,            refusal, 400, "PARAM_ERROR", 268435461, false, "URL格式错误", "the URL is not valid here"),
    ROW(peer_timeout,             failure, 504, "SERVICE_UNAVAILABLE", 0, true, "对方响应超时", "the peer did not answer in time"),
    ROW(peer_certificate_invalid, failure, 502, "SERVICE_UNAVAILABLE", 0, true, "对方证书不可信", "the peer's certificate is not trusted"),
    ROW(peer_answer_malformed,    failure, 502, "SERVICE_UNAVAILABLE", 0, true, "对方响应格式错误", "the peer's answer is not well-formed HTTP"),
    ROW(peer_answer_too_large,    failure, 502, "SERVICE_UNAVAILABLE", 0, false, "对方响应过大", "the peer's answer is too large"),
    ROW(plain_http_forbidden,     failure, 500, "SYSTEM_ERROR", 0, false, "非本机地址必须使用TLS", "plain HTTP is served on loopback addresses only"),
    ROW(listen_failed,            failure, 500, "SYSTEM_ERROR", 0, true, "无法监听该地址", "the address cannot be listened on"),
    ROW(tls_config_invalid,       failure, 500, "SYSTEM_ERROR", 0, false, "TLS证书或密钥无效", "the TLS certificate, key or CA file is missing or invalid"),
#undef ROW
};
// clang-format on

consteval bool in_order() {
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        if (std::to_underlying(rows[i].error) != i) return false;
    }
    return true;
}
static_assert(std::size(rows) == std::to_underlying(Error::count_) && in_order());

}  // namespace

const ErrorRow& describe(Error error) noexcept {
    ENSURE(error < Error::count_);
    return rows[std::to_underlying(error)];
}

Error error_named(std::string_view name) noexcept {
    const auto* row = std::ranges::find(rows, name, &ErrorRow::name);
    return row == std::end(rows) ? Error::count_ : row->error;
}

}  // namespace huitong
