#include "wire/wechatpay/order_members.hpp"

namespace huitong::wire::wechatpay {
namespace {

using json::ObjectReader;
using json::Writer;

constexpr std::size_t detail_bytes_max = 6144;  // 4.1

void copy_goods(ObjectReader& goods, std::string_view platform_id_name, Writer& out) {
    std::string id, platform_id, name;
    std::int64_t quantity = 0, unit_price = 0;
    goods.required_string("merchant_goods_id", {.max = 32}, id);
    goods.optional_string(platform_id_name, {.min = 0, .max = 32}, platform_id);
    goods.optional_string("goods_name", free_text(256), name);
    goods.required_integer("quantity", quantity_rule, quantity);
    goods.required_integer("unit_price", price_rule, unit_price);
    goods.finish();
    out.begin_object();
    out.text("merchant_goods_id", id);
    out.text_if(platform_id_name, platform_id);
    out.text_if("goods_name", name);
    out.integer("quantity", quantity);
    out.integer("unit_price", unit_price);
    out.end_object();
}

}  // namespace

void read_amount(ObjectReader& root, std::int64_t& total) {
    auto amount = root.required_object("amount");
    if (!amount) return;
    amount->required_integer("total", amount_rule, total);
    std::string currency(currency_code);
    amount->optional_string("currency", {.max = 16}, currency);
    if (currency != currency_code)
        amount->refuse("currency", Error::field_range, "is not a currency of this contract");
    amount->finish();
}

void read_detail(ObjectReader& root, std::string_view platform_id_name, std::string& json) {
    auto detail = root.optional_object("detail");
    if (!detail) return;
    std::optional<std::int64_t> cost_price;
    std::string invoice_id;
    detail->optional_integer("cost_price", price_rule, cost_price);
    detail->optional_string("invoice_id", {.min = 0, .max = 32}, invoice_id);
    Writer out(json);
    out.begin_object();
    if (cost_price) out.integer("cost_price", *cost_price);
    out.text_if("invoice_id", invoice_id);
    if (auto goods = detail->optional_objects("goods_detail", goods_count); !goods.empty()) {
        out.begin_array("goods_detail");
        for (ObjectReader& line : goods) copy_goods(line, platform_id_name, out);
        out.end_array();
    }
    out.end_object();
    detail->finish();
    if (json.size() > detail_bytes_max)
        root.refuse("detail", Error::field_range, "is longer than 6144 bytes");
}

void read_settle_info(ObjectReader& root, std::optional<bool>& profit_sharing) {
    auto settle = root.optional_object("settle_info");
    if (!settle) return;
    settle->optional_boolean("profit_sharing", profit_sharing);
    settle->finish();
}

void write_amount(std::int64_t total, Writer& out) {
    out.begin_object("amount");
    out.integer("total", total);
    out.text("currency", currency_code);
    out.end_object();
}

void write_settle_info(const std::optional<bool>& profit_sharing, Writer& out) {
    if (!profit_sharing) return;
    out.begin_object("settle_info");
    out.boolean("profit_sharing", *profit_sharing);
    out.end_object();
}

}  // namespace huitong::wire::wechatpay
