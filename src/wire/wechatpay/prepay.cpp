#include "wire/wechatpay/prepay.hpp"

#include <utility>

#include "wire/json/writer.hpp"
#include "wire/wechatpay/order_members.hpp"
#include "wire/wechatpay/uri.hpp"

namespace huitong::wire::wechatpay {
namespace {

using json::ObjectReader;
using json::Report;
using json::Writer;

constexpr Instant time_expire_max{253'402'271'999'999};  // the year 9999 in Beijing
// Base64 of one RSA-2048 block takes 344 characters; larger platform keys make it longer.
constexpr TextRule ciphertext_rule{.max = 1024};

void read_time_expire(ObjectReader& root, PrepayRequest& request) {
    std::string text;
    root.optional_string("time_expire", {.max = 64}, text);
    if (text.empty()) return;
    const auto time = parse_rfc3339(text);
    if (!time) return root.refuse("time_expire", Error::field_format, "is not an RFC 3339 time");
    // An Instant of 0 means never, and a year of five digits cannot be printed again.
    if (time->ms < 1000 || *time > time_expire_max)
        return root.refuse("time_expire", Error::field_range, "is out of range");
    request.time_expire = Instant{time->ms - time->ms % 1000};
}

void read_identity(ObjectReader& payer, PrepayRequest& request) {
    auto identity = payer.optional_object("identity");
    if (!identity) return;
    PayerIdentity& out = request.payer_identity.emplace();
    identity->required_string("type", {.max = 32, .alphabet = &identifier_characters}, out.type);
    identity->optional_string("number", ciphertext_rule, out.number_ciphertext);
    identity->optional_string("name", ciphertext_rule, out.name_ciphertext);
    identity->finish();
}

void read_payer(ObjectReader& root, PrepayRequest& request) {
    const bool required = request.type == TradeType::jsapi;
    if (required && !root.has("payer")) root.refuse("payer", Error::openid_missing, "is required");
    auto payer = required ? root.required_object("payer") : root.optional_object("payer");
    if (!payer) return;
    if (required) {
        if (!payer->has("openid")) payer->refuse("openid", Error::openid_missing, "is required");
        payer->required_string("openid", openid_rule, request.payer_openid);
    } else {
        payer->optional_string("openid", openid_rule, request.payer_openid);
    }
    read_identity(*payer, request);
    payer->finish();
}

void copy_store_info(ObjectReader& scene, Writer& out) {
    auto store = scene.optional_object("store_info");
    if (!store) return;
    std::string id, name, area_code, address;
    store->required_string("id", {.max = 32}, id);
    store->optional_string("name", free_text(256), name);
    store->optional_string("area_code", {.min = 0, .max = 32}, area_code);
    store->optional_string("address", free_text(512), address);
    store->finish();
    out.begin_object("store_info");
    out.text("id", id);
    out.text_if("name", name);
    out.text_if("area_code", area_code);
    out.text_if("address", address);
    out.end_object();
}

void copy_h5_info(ObjectReader& scene, bool required, Writer& out) {
    auto h5 = required ? scene.required_object("h5_info") : scene.optional_object("h5_info");
    if (!h5) return;
    std::string type;
    h5->required_string("type", {.max = 32}, type);
    if (type != "iOS" && type != "Android" && type != "Wap")
        h5->refuse("type", Error::field_range, "is none of iOS, Android, Wap");
    out.begin_object("h5_info");
    out.text("type", type);
    const std::pair<std::string_view, std::size_t> texts[] = {
        {"app_name",     64 },
        {"app_url",      128},
        {"bundle_id",    128},
        {"package_name", 128}
    };
    for (const auto& [name, max] : texts) {
        std::string value;
        h5->optional_string(name, {.min = 0, .max = max}, value);
        out.text_if(name, value);
    }
    out.end_object();
    h5->finish();
}

void read_scene_info(ObjectReader& root, PrepayRequest& request) {
    const bool h5 = request.type == TradeType::h5;
    auto scene = h5 ? root.required_object("scene_info") : root.optional_object("scene_info");
    if (!scene) return;
    scene->required_string("payer_client_ip", {.max = 45}, request.payer_client_ip);
    if (!is_ip_address(request.payer_client_ip))
        scene->refuse("payer_client_ip", Error::field_format, "is not an IP address");
    scene->optional_string("device_id", {.min = 0, .max = 32}, request.device_id);
    Writer out(request.scene_info_json);
    out.begin_object();
    out.text("payer_client_ip", request.payer_client_ip);
    out.text_if("device_id", request.device_id);
    copy_store_info(*scene, out);
    copy_h5_info(*scene, h5, out);
    out.end_object();
    scene->finish();
}

void read_plain_members(ObjectReader& root, PrepayRequest& request) {
    root.required_string("appid", appid_rule, request.appid);
    root.required_string("mchid", mchid_rule, request.mchid);
    root.required_string("description", {.max = 127, .lines = true}, request.description);
    root.required_string("out_trade_no", out_trade_no_rule, request.out_trade_no);
    read_time_expire(root, request);
    root.optional_string("attach", free_text(128), request.attach);
    root.required_string("notify_url", {.max = 255}, request.notify_url);
    if (!is_notify_url(request.notify_url))
        root.refuse("notify_url", Error::field_format,
                    "is not an absolute http or https URL without query");
    root.optional_string("goods_tag", {.min = 0, .max = 32}, request.goods_tag);
    root.optional_boolean("support_fapiao", request.support_fapiao);
    root.optional_strings("limit_pay", {.min = 0, .max = 16},
                          {.max = 32, .alphabet = &identifier_characters}, request.limit_pay);
}

void write_identity(const PayerIdentity& identity, bool with_ciphertexts, Writer& out) {
    out.begin_object("identity");
    out.text("type", identity.type);
    if (with_ciphertexts) {
        out.text_if("number", identity.number_ciphertext);
        out.text_if("name", identity.name_ciphertext);
    }
    out.end_object();
}

void write_payer(const PrepayRequest& request, bool with_ciphertexts, Writer& out) {
    if (request.payer_openid.empty() && !request.payer_identity) return;
    out.begin_object("payer");
    out.text_if("openid", request.payer_openid);
    if (request.payer_identity) write_identity(*request.payer_identity, with_ciphertexts, out);
    out.end_object();
}

void write_plain_members(const PrepayRequest& request, Writer& out) {
    out.text("appid", request.appid);
    out.text("mchid", request.mchid);
    out.text("description", request.description);
    out.text("out_trade_no", request.out_trade_no);
    if (request.time_expire) out.text("time_expire", to_rfc3339(*request.time_expire));
    out.text_if("attach", request.attach);
    out.text("notify_url", request.notify_url);
    out.text_if("goods_tag", request.goods_tag);
    if (request.support_fapiao) out.boolean("support_fapiao", *request.support_fapiao);
    if (!request.limit_pay.empty()) {
        out.begin_array("limit_pay");
        for (const std::string& method : request.limit_pay) out.text(method);
        out.end_array();
    }
}

std::string write_request(const PrepayRequest& request, bool with_ciphertexts) {
    std::string body;
    body.reserve(512);
    Writer out(body);
    out.begin_object();
    write_plain_members(request, out);
    write_amount(request.total, out);
    write_payer(request, with_ciphertexts, out);
    if (!request.detail_json.empty()) out.raw("detail", request.detail_json);
    if (!request.scene_info_json.empty()) out.raw("scene_info", request.scene_info_json);
    write_settle_info(request.profit_sharing, out);
    out.end_object();
    return body;
}

}  // namespace

std::string_view to_text(TradeType type) {
    switch (type) {
        case TradeType::native:
            return "NATIVE";
        case TradeType::jsapi:
            return "JSAPI";
        case TradeType::h5:
            return "MWEB";
        case TradeType::app:
            return "APP";
        case TradeType::micropay:
            return "MICROPAY";
    }
    std::unreachable();
}

Parsed<PrepayRequest> parse_prepay(TradeType type, std::string_view body) {
    Report report;
    PrepayRequest request;
    request.type = type;
    ObjectReader root = json::read_object(body, report);
    read_plain_members(root, request);
    read_amount(root, request.total);
    read_payer(root, request);
    read_detail(root, "wechatpay_goods_id", request.detail_json);
    read_scene_info(root, request);
    read_settle_info(root, request.profit_sharing);
    root.finish();
    return report.into(std::move(request));
}

std::string to_json(const PrepayRequest& request) {
    return write_request(request, true);
}

std::string content_of(const PrepayRequest& request) {
    return "prepay " + std::string(to_text(request.type)) + "\n" + write_request(request, false);
}

}  // namespace huitong::wire::wechatpay
