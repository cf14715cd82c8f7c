#include "wire/wechatpay/routes.hpp"

#include <optional>

#include "wire/wechatpay/uri.hpp"

namespace huitong::wire::wechatpay {
namespace {

// A parameter stands between `before` and `after`; without a rule, `before` is the whole path.
struct Pattern {
    Operation operation;
    std::string_view method;
    std::string_view before;
    std::string_view after;
    std::string_view name;
    const TextRule* rule;
};

constexpr std::string_view by_id = "/v3/pay/transactions/id/";
constexpr std::string_view by_number = "/v3/pay/transactions/out-trade-no/";
constexpr std::string_view refunds = "/v3/refund/domestic/refunds";
constexpr std::string_view by_refund_number = "/v3/refund/domestic/refunds/";
constexpr const TextRule* id_rule = &transaction_id_rule;
constexpr const TextRule* number_rule = &out_trade_no_rule;
constexpr const TextRule* refund_rule = &out_refund_no_rule;

// clang-format off
using enum Operation;
constexpr Pattern patterns[] = {
    {prepay_native, "POST", "/v3/pay/transactions/native", "", "", nullptr},
    {prepay_jsapi,  "POST", "/v3/pay/transactions/jsapi",  "", "", nullptr},
    {prepay_h5,     "POST", "/v3/pay/transactions/h5",     "", "", nullptr},
    {prepay_app,    "POST", "/v3/pay/transactions/app",    "", "", nullptr},
    {codepay,       "POST", "/v3/pay/transactions/codepay", "", "", nullptr},
    {order_by_transaction_id, "GET",  by_id,            "",       "transaction_id", id_rule},
    {order_by_out_trade_no,   "GET",  by_number,        "",       "out_trade_no",   number_rule},
    {order_close,             "POST", by_number,        "/close", "out_trade_no",   number_rule},
    {order_reverse,           "POST", by_number,        "/reverse", "out_trade_no", number_rule},
    {refund_create,           "POST", refunds,          "",       "",               nullptr},
    {refund_by_out_refund_no, "GET",  by_refund_number, "",       "out_refund_no",  refund_rule},
    {certificates,            "GET",  "/v3/certificates", "",     "",               nullptr},
};
// clang-format on

// The text between before and after, which is one segment; nothing when the path is another one.
std::optional<std::string_view> capture(const Pattern& pattern, std::string_view path) {
    if (pattern.rule == nullptr)
        return path == pattern.before ? std::optional{std::string_view{}} : std::nullopt;
    if (!path.starts_with(pattern.before)) return std::nullopt;
    path.remove_prefix(pattern.before.size());
    if (!path.ends_with(pattern.after)) return std::nullopt;
    path.remove_suffix(pattern.after.size());
    if (path.empty() || path == "." || path == ".." || path.contains('/')) return std::nullopt;
    return path;
}

std::unexpected<FieldError> unroutable(Error error, std::string_view issue) {
    return std::unexpected(FieldError{error, "", "", std::string(issue), Location::path});
}

std::unexpected<FieldError> bad_parameter(const Pattern& pattern, std::string_view value,
                                          Error error, std::string_view issue) {
    return std::unexpected(FieldError{error, json::pointer_step(pattern.name),
                                      json::printable(value), std::string(issue), Location::path});
}

Parsed<Route> with_parameter(const Pattern& pattern, std::string_view captured) {
    if (pattern.rule == nullptr) return Route{pattern.operation, ""};
    const auto value = percent_decode(captured);
    if (!value)
        return bad_parameter(pattern, captured, value.error(), "has a malformed percent escape");
    if (value->contains('/') || *value == "." || *value == "..")
        return unroutable(Error::path_unknown, "has an escaped path trick");
    if (const auto defect = json::judge(*value, *pattern.rule))
        return bad_parameter(pattern, *value, defect->error, defect->issue);
    return Route{pattern.operation, *value};
}

}  // namespace

Target split_target(std::string_view target) {
    const std::size_t mark = target.find('?');
    if (mark == std::string_view::npos) return {target, ""};
    return {target.substr(0, mark), target.substr(mark + 1)};
}

Parsed<Route> match_route(std::string_view method, std::string_view path) {
    bool path_known = false;
    for (const Pattern& pattern : patterns) {
        const auto captured = capture(pattern, path);
        if (!captured) continue;
        if (pattern.method == method) return with_parameter(pattern, *captured);
        path_known = true;
    }
    if (path_known) return unroutable(Error::method_unknown, "takes another method");
    return unroutable(Error::path_unknown, "is no path of this API");
}

}  // namespace huitong::wire::wechatpay
