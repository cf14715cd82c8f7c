#include "apps/demo/shop.hpp"

#include <chrono>
#include <fmt/format.h>

#include "crypto/aead.hpp"
#include "crypto/bytes.hpp"
#include "crypto/random.hpp"
#include "engine/heart.hpp"
#include "gateway/http/server.hpp"
#include "wire/json/writer.hpp"
#include "wire/wechatpay/authorization.hpp"

namespace huitong::apps {

namespace http = gateway::http;
namespace wechatpay = wire::wechatpay;

namespace {

constexpr std::size_t notices_kept_max = 100'000;

// Holds under this key, over these bytes (wechatpay-v3 2.3).
bool signature_holds(const CallResult& message, const ShopIdentity& identity) {
    if (message.header("Wechatpay-Serial") != identity.platform_key_id) return false;
    const auto signature = crypto::from_base64(message.header("Wechatpay-Signature"));
    const std::string nonce = message.header("Wechatpay-Nonce");
    if (!signature) return false;
    const std::string text =
        message.header("Wechatpay-Timestamp") + "\n" + nonce + "\n" + message.body + "\n";
    return identity.platform_key.verify(text, *signature);
}

}  // namespace

class Shop::Listener {
public:
    http::IoThreads io{1};
    std::unique_ptr<http::Server> server;

    ~Listener() {
        server.reset();
        io.stop();
    }
};

// Nobody listens there (RFC 863): notices for a shop that does not listen go nowhere.
constexpr std::uint16_t discard_port = 9;

Shop::Shop(Caller& caller, std::string url, ShopIdentity identity)
    : caller_(caller), url_(std::move(url)), identity_(std::move(identity)) {}
Shop::~Shop() = default;

Result<void> Shop::listen(std::uint16_t port) {
    listener_ = std::make_unique<Listener>();
    http::ServerOptions options;
    options.port = port;
    options.handler = [this](http::Request&& request, http::Responder responder) {
        CallResult notice{0, std::string(request.body), {}};
        for (std::size_t i = 0; i < request.headers.size(); ++i) {
            const auto [name, value] = request.headers.at(i);
            notice.headers.emplace_back(name, value);
        }
        http::Response response;
        response.status = take_notice(notice);
        responder.send(std::move(response));
    };
    auto server = http::Server::start(listener_->io, std::move(options));
    if (!server) return listener_.reset(), refuse(server.error());
    listener_->server = std::move(*server);
    return {};
}

std::uint16_t Shop::notify_port() const {
    return listener_ ? listener_->server->port() : 0;
}

std::string Shop::notify_url() const {
    return fmt::format("http://127.0.0.1:{}/notify", listener_ ? notify_port() : discard_port);
}

int Shop::take_notice(const CallResult& notice) {
    if (!signature_holds(notice, identity_)) return 401;
    const auto ciphertext = crypto::from_base64(json_at(notice.body, "/resource/ciphertext"));
    if (!ciphertext) return 400;
    const std::string nonce = json_at(notice.body, "/resource/nonce");
    const std::string purpose = json_at(notice.body, "/resource/associated_data");
    const crypto::GcmContext context{.iv = nonce, .associated_data = purpose};
    const auto opened =
        identity_.key.algorithm() == crypto::KeyAlgorithm::sm2
            ? crypto::sm4_gcm_open(crypto::sm4_key_of(identity_.apiv3_key), context, *ciphertext)
            : crypto::aes_gcm_open(identity_.apiv3_key, context, *ciphertext);
    if (!opened) return 400;
    const std::string plaintext(opened->expose());
    std::string number = json_at(plaintext, "/out_refund_no");
    if (number.empty()) number = json_at(plaintext, "/out_trade_no");
    const std::lock_guard lock(mutex_);
    if (notices_.size() > notices_kept_max) notices_.clear();
    OpenedNotice& kept = notices_[number];
    kept.event_type = json_at(notice.body, "/event_type");
    kept.plaintext = plaintext;
    ++kept.times;
    arrived_.notify_all();
    return 204;
}

Caller::Headers Shop::signed_headers(const std::string& method, const std::string& target,
                                     const std::string& body) const {
    wechatpay::Authorization authorization{.mchid = identity_.mchid,
                                           .nonce = crypto::random_alnum(32),
                                           .timestamp = engine::SystemClock().now().unix_seconds(),
                                           .serial = identity_.serial,
                                           .signature = {},
                                           .algorithm = identity_.key.algorithm()};
    authorization.signature =
        identity_.key.sign(wechatpay::string_to_sign({.method = method,
                                                      .target = target,
                                                      .timestamp = authorization.timestamp,
                                                      .nonce = authorization.nonce,
                                                      .body = body}));
    Caller::Headers headers{
        {"Authorization",    wechatpay::to_header(authorization)},
        {"Accept",           "application/json"                 },
        {"User-Agent",       "huitong-shop"                     },
        {"Wechatpay-Serial", identity_.platform_key_id          }
    };
    if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
    return headers;
}

Result<CallResult> Shop::request(const std::string& method, const std::string& target,
                                 const std::string& body) {
    TRY(answer, caller_.call(method, url_ + target, signed_headers(method, target, body), body));
    if (!signature_holds(answer, identity_)) return refuse(Error::signature_mismatch);
    return answer;
}

Result<std::string> Shop::order(const std::string& out_trade_no, const std::string& description,
                                std::int64_t total) {
    std::string body;
    wire::json::Writer json(body);
    json.begin_object();
    json.text("appid", identity_.appid);
    json.text("mchid", identity_.mchid);
    json.text("description", description);
    json.text("out_trade_no", out_trade_no);
    json.text("notify_url", notify_url());
    json.begin_object("amount");
    json.integer("total", total);
    json.text("currency", "CNY");
    json.end_object();
    json.end_object();
    TRY(answer, request("POST", "/v3/pay/transactions/native", body));
    if (answer.status != 200) return refuse(Error::peer_refused);
    return json_at(answer.body, "/code_url");
}

Result<CallResult> Shop::charge(const std::string& out_trade_no, const std::string& description,
                                std::int64_t total, const std::string& auth_code) {
    std::string body;
    wire::json::Writer json(body);
    json.begin_object();
    json.text("appid", identity_.appid);
    json.text("mchid", identity_.mchid);
    json.text("description", description);
    json.text("out_trade_no", out_trade_no);
    json.begin_object("payer");
    json.text("auth_code", auth_code);
    json.end_object();
    json.begin_object("amount");
    json.integer("total", total);
    json.text("currency", "CNY");
    json.end_object();
    json.begin_object("scene_info");
    json.text("device_id", "till-1");
    json.text("device_ip", "127.0.0.1");
    json.end_object();
    json.end_object();
    return request("POST", "/v3/pay/transactions/codepay", body);
}

Result<std::string> Shop::refund(const std::string& out_trade_no, const std::string& out_refund_no,
                                 std::int64_t refund, std::int64_t total,
                                 const std::string& reason) {
    std::string body;
    wire::json::Writer json(body);
    json.begin_object();
    json.text("out_trade_no", out_trade_no);
    json.text("out_refund_no", out_refund_no);
    json.text("reason", reason);
    json.text("notify_url", notify_url());
    json.begin_object("amount");
    json.integer("refund", refund);
    json.integer("total", total);
    json.text("currency", "CNY");
    json.end_object();
    json.end_object();
    TRY(answer, request("POST", "/v3/refund/domestic/refunds", body));
    if (answer.status != 200) return refuse(Error::peer_refused);
    return answer.body;
}

Result<std::string> Shop::query(const std::string& out_trade_no) {
    TRY(answer, request("GET", fmt::format("/v3/pay/transactions/out-trade-no/{}?mchid={}",
                                           out_trade_no, identity_.mchid)));
    if (answer.status != 200) return refuse(Error::peer_refused);
    return answer.body;
}

bool Shop::wait_notice(const std::string& number, std::chrono::milliseconds at_most,
                       OpenedNotice& notice) {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, at_most, [&] { return notices_.contains(number); })) return false;
    notice = notices_.at(number);
    return true;
}

std::uint64_t Shop::notices_received() {
    const std::lock_guard lock(mutex_);
    return notices_.size();
}

}  // namespace huitong::apps
