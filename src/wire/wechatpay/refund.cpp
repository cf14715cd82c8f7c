#include "wire/wechatpay/refund.hpp"

#include <utility>

#include "wire/json/writer.hpp"
#include "wire/wechatpay/uri.hpp"

namespace huitong::wire::wechatpay {
namespace {

using json::ObjectReader;
using json::Report;
using json::Writer;

void read_order_numbers(ObjectReader& root, RefundRequest& request) {
    root.optional_string("transaction_id", transaction_id_rule, request.transaction_id);
    root.optional_string("out_trade_no", out_trade_no_rule, request.out_trade_no);
    if (!root.has("transaction_id") && !root.has("out_trade_no")) root.missing("transaction_id");
}

void read_sources(ObjectReader& amount, RefundRequest& request) {
    auto list = amount.optional_objects("from", {.min = 1, .max = 2});
    if (list.empty()) return;
    std::int64_t sum = 0;  // Two amounts within amount_rule cannot overflow.
    for (ObjectReader& reader : list) {
        RefundSource source;
        reader.required_string("account", {.max = 32}, source.account);
        if (source.account != "AVAILABLE" && source.account != "UNAVAILABLE")
            reader.refuse("account", Error::field_range, "is neither AVAILABLE nor UNAVAILABLE");
        reader.required_integer("amount", amount_rule, source.amount);
        reader.finish();
        sum += source.amount;
        request.sources.push_back(std::move(source));
    }
    if (list.size() == 2 && request.sources[0].account == request.sources[1].account)
        amount.refuse("from", Error::field_range, "names an account twice");
    if (sum != request.refund)
        amount.refuse("from", Error::field_range, "does not add up to amount.refund");
}

void read_amount(ObjectReader& root, RefundRequest& request) {
    auto amount = root.required_object("amount");
    if (!amount) return;
    amount->required_integer("refund", amount_rule, request.refund);
    amount->required_integer("total", amount_rule, request.total);
    std::string currency;
    amount->required_string("currency", {.max = 16}, currency);
    if (currency != currency_code)
        amount->refuse("currency", Error::field_range, "is not a currency of this contract");
    read_sources(*amount, request);
    amount->finish();
}

void copy_goods(ObjectReader& goods, Writer& out) {
    std::string id, wechatpay_id, name;
    std::int64_t unit_price = 0, refund_amount = 0, refund_quantity = 0;
    goods.required_string("merchant_goods_id", {.max = 32}, id);
    goods.optional_string("wechatpay_goods_id", {.min = 0, .max = 32}, wechatpay_id);
    goods.optional_string("goods_name", {.min = 0, .max = 256, .lines = true}, name);
    goods.required_integer("unit_price", price_rule, unit_price);
    goods.required_integer("refund_amount", price_rule, refund_amount);
    goods.required_integer("refund_quantity", quantity_rule, refund_quantity);
    goods.finish();
    out.begin_object();
    out.text("merchant_goods_id", id);
    out.text_if("wechatpay_goods_id", wechatpay_id);
    out.text_if("goods_name", name);
    out.integer("unit_price", unit_price);
    out.integer("refund_amount", refund_amount);
    out.integer("refund_quantity", refund_quantity);
    out.end_object();
}

void read_goods_detail(ObjectReader& root, RefundRequest& request) {
    auto goods = root.optional_objects("goods_detail", goods_count);
    if (goods.empty()) return;
    Writer out(request.goods_detail_json);
    out.begin_array();
    for (ObjectReader& line : goods) copy_goods(line, out);
    out.end_array();
}

void write_sources(const std::vector<RefundSource>& sources, Writer& out) {
    if (sources.empty()) return;
    out.begin_array("from");
    for (const RefundSource& source : sources) {
        out.begin_object();
        out.text("account", source.account);
        out.integer("amount", source.amount);
        out.end_object();
    }
    out.end_array();
}

void write_amount(const RefundView& view, Writer& out) {
    out.begin_object("amount");
    out.integer("total", view.total);
    out.integer("refund", view.refund);
    write_sources(view.sources, out);
    out.integer("payer_total", view.payer_total);
    out.integer("payer_refund", view.payer_refund);
    out.integer("settlement_refund", view.settlement_refund);
    out.integer("settlement_total", view.settlement_total);
    out.integer("discount_refund", view.discount_refund);
    out.text("currency", currency_code);
    out.integer("refund_fee", view.refund_fee);
    out.end_object();
}

}  // namespace

Parsed<RefundRequest> parse_refund(std::string_view body) {
    Report report;
    RefundRequest request;
    ObjectReader root = json::read_object(body, report);
    read_order_numbers(root, request);
    root.optional_string("sub_mchid", mchid_rule, request.sub_mchid);
    root.required_string("out_refund_no", out_refund_no_rule, request.out_refund_no);
    root.optional_string("reason", {.min = 0, .max = 80, .lines = true}, request.reason);
    root.optional_string("notify_url", {.max = 256}, request.notify_url);
    if (!request.notify_url.empty() && !is_notify_url(request.notify_url))
        root.refuse("notify_url", Error::field_format,
                    "is not an absolute http or https URL without query");
    root.optional_string("funds_account", {.max = 32}, request.funds_account);
    if (!request.funds_account.empty() && request.funds_account != "AVAILABLE" &&
        request.funds_account != "UNSETTLED")
        root.refuse("funds_account", Error::field_range, "is neither AVAILABLE nor UNSETTLED");
    read_amount(root, request);
    read_goods_detail(root, request);
    root.finish();
    return report.into(std::move(request));
}

std::string to_json(const RefundRequest& request) {
    std::string body;
    Writer out(body);
    out.begin_object();
    out.text_if("transaction_id", request.transaction_id);
    out.text_if("out_trade_no", request.out_trade_no);
    out.text_if("sub_mchid", request.sub_mchid);
    out.text("out_refund_no", request.out_refund_no);
    out.text_if("reason", request.reason);
    out.text_if("notify_url", request.notify_url);
    out.text_if("funds_account", request.funds_account);
    out.begin_object("amount");
    out.integer("refund", request.refund);
    out.integer("total", request.total);
    out.text("currency", currency_code);
    write_sources(request.sources, out);
    out.end_object();
    if (!request.goods_detail_json.empty()) out.raw("goods_detail", request.goods_detail_json);
    out.end_object();
    return body;
}

std::string content_of(const RefundRequest& request) {
    return "refund\n" + to_json(request);
}

std::string to_json(const RefundView& view) {
    std::string body;
    Writer out(body);
    out.begin_object();
    out.text("refund_id", view.refund_id);
    out.text("out_refund_no", view.out_refund_no);
    out.text("transaction_id", view.transaction_id);
    out.text("out_trade_no", view.out_trade_no);
    out.text("channel", view.channel);
    out.text("user_received_account", view.user_received_account);
    if (view.success_time) out.text("success_time", to_rfc3339(*view.success_time));
    out.text("create_time", to_rfc3339(view.create_time));
    out.text("status", view.status);
    out.text("funds_account", view.funds_account);
    write_amount(view, out);
    out.end_object();
    return body;
}

}  // namespace huitong::wire::wechatpay
