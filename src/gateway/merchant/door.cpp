#include "gateway/merchant/door.hpp"

#include <chrono>
#include <utility>

#include "base/ensure.hpp"
#include "crypto/random.hpp"
#include "wire/wechatpay/error_body.hpp"

namespace huitong::gateway::merchant {
namespace {

using wire::wechatpay::Route;

// How long something took, added to its Effort when this dies.
class Stopwatch {
public:
    explicit Stopwatch(Effort& effort) : effort_(effort) {}
    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;
    ~Stopwatch() {
        const auto took = std::chrono::steady_clock::now() - start_;
        effort_.add(static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
    }

private:
    Effort& effort_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// What the client signed of a target that a proxy got from it: path and query, without the host.
std::string origin_form(const http::Request& request) {
    std::string target(request.path());
    if (request.target.contains('?')) target.append("?").append(request.query());
    return target;
}

// The methods that a path takes, for the answer to one it does not take (RFC 9110, 15.5.6).
std::string_view allowed_methods(std::string_view path) {
    const auto takes = [path](std::string_view method) {
        const auto route = wire::wechatpay::match_route(method, path);
        return route || route.error().error != Error::method_unknown;
    };
    if (takes("GET")) return takes("POST") ? "GET, POST" : "GET";
    return "POST";
}

std::string request_id(std::optional<Error> error) {
    wire::wechatpay::RequestEntropy entropy{};
    crypto::fill_random(entropy);
    return error ? wire::wechatpay::request_id(entropy, *error)
                 : wire::wechatpay::request_id(entropy);
}

}  // namespace

// One request on its way through the door. Its directory keeps merchant and key alive.
struct MerchantDoor::Exchange {
    Exchange(http::Request&& what, http::Responder whom, Metrics& counted)
        : request(std::move(what)), responder(std::move(whom)), metrics(counted) {
        metrics.in_flight.fetch_add(1, std::memory_order_relaxed);
    }
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange() { metrics.in_flight.fetch_sub(1, std::memory_order_relaxed); }

    [[nodiscard]] Ask ask() const {
        return {.route = *route,
                .query = wire::wechatpay::split_target(request.target).query,
                .body = request.body,
                .platform_serial = request.header("Wechatpay-Serial"),
                .merchant = *caller.merchant};
    }

    http::Request request;
    http::Responder responder;
    Metrics& metrics;
    std::shared_ptr<const engine::Directory> directory;
    Instant now;
    wire::json::Parsed<Route> route = Route{};
    Caller caller;
};

MerchantDoor::MerchantDoor(Parts parts, Options options)
    : parts_(std::move(parts)),
      options_(std::move(options)),
      operations_(parts_.secrets, parts_.keys, parts_.owner_of_code, options_.operations),
      rate_limit_(options_.rate_limit),
      nonces_(options_.nonces_max),
      probe_(options_.signature_probe_every),
      mailbox_(parts_.pool) {}

void MerchantDoor::serve(http::ServerOptions& options) {
    options.limits.body_bytes_max = body_bytes_max;
    options.handler = [this](http::Request&& request, http::Responder responder) {
        handle(std::move(request), std::move(responder));
    };
    options.error_writer = [this](Error error, const http::Request& request) {
        return refuse_broken(error, request);
    };
}

void MerchantDoor::handle(http::Request&& request, http::Responder responder) {
    auto exchange = std::make_shared<Exchange>(std::move(request), std::move(responder), metrics_);
    exchange->directory = parts_.heart.directory();
    exchange->now = parts_.clock.now();
    exchange->request.target = origin_form(exchange->request);
    const auto path = wire::wechatpay::split_target(exchange->request.target).path;
    exchange->route = wire::wechatpay::match_route(door::method_of(exchange->request), path);
    if (metrics_.in_flight.load(std::memory_order_relaxed) > options_.in_flight_max)
        return finish_soon(exchange, refusal(Error::overloaded));
    auto caller = identify(exchange->request, *exchange->directory, exchange->now);
    if (!caller) return finish_soon(exchange, authentication_refusal(caller.error()));
    exchange->caller = *std::move(caller);
    parts_.pool.post([this, exchange] { authenticate(exchange); });
}

void MerchantDoor::authenticate(const ExchangePtr& exchange) {
    const auto& authorization = exchange->caller.authorization;
    const std::string text = signed_text(exchange->request, authorization);
    if (!signature_holds(*exchange, text))
        return finish(*exchange, signature_refusal(door::method_of(exchange->request),
                                                   exchange->request.target, text));
    const auto verdict =
        nonces_.remember(authorization.mchid, authorization.nonce, text, exchange->now);
    if (verdict == door::NonceMemory::Verdict::reused)
        return finish(
            *exchange,
            authentication_refusal({Error::nonce_reused, "nonce_str", authorization.nonce,
                                    "was used for another request", wire::json::Location::header}));
    if (verdict == door::NonceMemory::Verdict::repeat) metrics_.repeats.fetch_add(1);
    if (!rate_limit_.admit(exchange->caller.merchant->id(), exchange->now))
        return finish(*exchange, refusal(Error::overloaded));
    judge(exchange);
}

bool MerchantDoor::signature_holds(const Exchange& exchange, std::string_view text) {
    const auto key = parts_.keys.merchant_key(*exchange.caller.key);
    const auto& authorization = exchange.caller.authorization;
    if (!key || key->algorithm() != authorization.algorithm) return false;
    const Stopwatch watch(metrics_.verified);
    return key->verify(text, authorization.signature);
}

void MerchantDoor::judge(const ExchangePtr& exchange) {
    if (!exchange->route) {
        Reply reply = refusal(exchange->route.error());
        if (reply.error == Error::method_unknown)
            reply.allow =
                allowed_methods(wire::wechatpay::split_target(exchange->request.target).path);
        return finish(*exchange, reply);
    }
    auto next = operations_.ask(exchange->ask(), *exchange->directory, exchange->now);
    if (const auto* reply = std::get_if<Reply>(&next)) return finish(*exchange, *reply);
    submit(std::get<engine::Command>(std::move(next)),
           [this, exchange](engine::Request& answered) { answer(exchange, answered); });
}

void MerchantDoor::submit(engine::Command command, std::function<void(engine::Request&)> then) {
    parts_.heart.submit(
        std::make_unique<engine::Request>(std::move(command), mailbox_, std::move(then)));
}

void MerchantDoor::answer(const ExchangePtr& exchange, engine::Request& answered) {
    if (const auto payment = Operations::awaited(exchange->ask(), answered.answer))
        return hold(exchange, *payment);
    finish(*exchange, operations_.reply(exchange->ask(), std::move(answered.answer)));
}

// When the other institution has answered, or the till must not be kept longer, the order is looked
// at once more and told as it is.
void MerchantDoor::hold(const ExchangePtr& exchange, PaymentId payment) {
    parts_.wait(payment, options_.hold, [this, exchange] {
        submit(Operations::look_again(exchange->ask()), [this, exchange](engine::Request& seen) {
            finish(*exchange, operations_.reply(exchange->ask(), std::move(seen.answer)));
        });
    });
}

void MerchantDoor::finish_soon(const ExchangePtr& exchange, Reply reply) {
    parts_.pool.post([this, exchange, reply = std::move(reply)] { finish(*exchange, reply); });
}

void MerchantDoor::finish(Exchange& exchange, const Reply& reply) {
    const auto operation = exchange.route ? std::optional{exchange.route->operation} : std::nullopt;
    metrics_.count(operation, reply.error);
    exchange.responder.send(
        to_response(reply, exchange.request, exchange.caller.merchant, *exchange.directory));
}

http::Response MerchantDoor::refuse_broken(Error error, const http::Request& request) {
    metrics_.count(std::nullopt, error);
    return to_response(refusal(error), request, nullptr, *parts_.heart.directory());
}

http::Response MerchantDoor::to_response(const Reply& reply, const http::Request& request,
                                         const acquiring::Merchant* merchant,
                                         const engine::Directory& directory) {
    http::Response response{.status = reply.status, .headers = {}, .body = reply.body};
    response.headers.reserve(8);
    if (!reply.body.empty())
        response.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    if (!reply.allow.empty()) response.headers.emplace_back("Allow", reply.allow);
    response.headers.emplace_back("Request-ID", request_id(reply.error));
    if (merchant == nullptr) merchant = claimed_merchant(request, directory);
    sign(response,
         {.requested = request.header("Wechatpay-Serial"),
          .mode = merchant != nullptr ? merchant->state.key_mode : options_.default_key_mode,
          .family = claimed_family(request),
          .now = parts_.clock.now()},
         directory);
    return response;
}

void MerchantDoor::sign(http::Response& response, const door::SigningWish& wish,
                        const engine::Directory& directory) {
    const auto choice = door::choose_platform_key(directory.platform_keys, wish);
    if (!choice) {
        metrics_.unsigned_answers.fetch_add(1);
        return;
    }
    const auto key = parts_.keys.platform_key(*choice->key);
    if (!key) {
        metrics_.unsigned_answers.fetch_add(1);
        return;
    }
    const Stopwatch watch(metrics_.signed_answers);
    auto headers = door::signature_headers(response.body, *key, choice->name, wish.now);
    probe_.pass(headers);
    for (auto& header : headers) response.headers.push_back(std::move(header));
}

}  // namespace huitong::gateway::merchant
