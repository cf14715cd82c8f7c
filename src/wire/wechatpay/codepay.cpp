#include "wire/wechatpay/codepay.hpp"

#include "wire/json/writer.hpp"
#include "wire/wechatpay/order_members.hpp"
#include "wire/wechatpay/uri.hpp"

namespace huitong::wire::wechatpay {
namespace {

using json::ObjectReader;
using json::Report;
using json::Writer;

constexpr TextRule auth_code_rule{.max = 32, .alphabet = &json::decimal_digits};

void read_payer(ObjectReader& root, CodepayRequest& request) {
    auto payer = root.required_object("payer");
    if (!payer) return;
    payer->required_string("auth_code", auth_code_rule, request.auth_code);
    payer->finish();
}

void copy_till_store_info(ObjectReader& scene, Writer& out) {
    auto store = scene.optional_object("store_info");
    if (!store) return;
    std::string id, out_id;
    store->optional_string("id", {.min = 0, .max = 32}, id);
    store->optional_string("out_id", {.min = 0, .max = 256}, out_id);
    store->finish();
    out.begin_object("store_info");
    out.text_if("id", id);
    out.text_if("out_id", out_id);
    out.end_object();
}

void read_scene_info(ObjectReader& root, CodepayRequest& request) {
    auto scene = root.required_object("scene_info");
    if (!scene) return;
    scene->optional_string("device_id", {.min = 0, .max = 32}, request.device_id);
    scene->required_string("device_ip", {.max = 45}, request.device_ip);
    if (!is_ip_address(request.device_ip))
        scene->refuse("device_ip", Error::field_format, "is not an IP address");
    Writer out(request.scene_info_json);
    out.begin_object();
    out.text_if("device_id", request.device_id);
    out.text("device_ip", request.device_ip);
    copy_till_store_info(*scene, out);
    out.end_object();
    scene->finish();
}

void write_identity(const ReverseRequest& request, Writer& out) {
    out.text("appid", request.appid);
    out.text("mchid", request.mchid);
}

}  // namespace

Parsed<CodepayRequest> parse_codepay(std::string_view body) {
    Report report;
    CodepayRequest request;
    ObjectReader root = json::read_object(body, report);
    root.required_string("appid", appid_rule, request.appid);
    root.required_string("mchid", mchid_rule, request.mchid);
    root.required_string("description", {.max = 127, .lines = true}, request.description);
    root.required_string("out_trade_no", out_trade_no_rule, request.out_trade_no);
    root.optional_string("attach", free_text(128), request.attach);
    root.optional_string("goods_tag", {.min = 0, .max = 32}, request.goods_tag);
    root.optional_boolean("support_fapiao", request.support_fapiao);
    read_payer(root, request);
    read_amount(root, request.total);
    read_scene_info(root, request);
    read_detail(root, "wxpay_goods_id", request.detail_json);
    read_settle_info(root, request.profit_sharing);
    root.finish();
    return report.into(std::move(request));
}

std::string to_json(const CodepayRequest& request) {
    std::string body;
    body.reserve(512);
    Writer out(body);
    out.begin_object();
    write_identity({request.appid, request.mchid}, out);
    out.text("description", request.description);
    out.text("out_trade_no", request.out_trade_no);
    out.text_if("attach", request.attach);
    out.text_if("goods_tag", request.goods_tag);
    if (request.support_fapiao) out.boolean("support_fapiao", *request.support_fapiao);
    out.begin_object("payer");
    out.text("auth_code", request.auth_code);
    out.end_object();
    write_amount(request.total, out);
    out.raw("scene_info", request.scene_info_json);
    if (!request.detail_json.empty()) out.raw("detail", request.detail_json);
    write_settle_info(request.profit_sharing, out);
    out.end_object();
    return body;
}

std::string content_of(const CodepayRequest& request) {
    return "codepay\n" + to_json(request);
}

Parsed<ReverseRequest> parse_reverse(std::string_view body) {
    Report report;
    ReverseRequest request;
    ObjectReader root = json::read_object(body, report);
    root.required_string("appid", appid_rule, request.appid);
    root.required_string("mchid", mchid_rule, request.mchid);
    root.finish();
    return report.into(std::move(request));
}

std::string to_json(const ReverseRequest& request) {
    std::string body;
    Writer out(body);
    out.begin_object();
    write_identity(request, out);
    out.end_object();
    return body;
}

std::string reverse_result(const ReverseRequest& request, std::string_view out_trade_no) {
    std::string body;
    Writer out(body);
    out.begin_object();
    write_identity(request, out);
    out.text("out_trade_no", out_trade_no);
    out.end_object();
    return body;
}

}  // namespace huitong::wire::wechatpay
