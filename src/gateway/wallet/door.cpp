#include "gateway/wallet/door.hpp"

#include <utility>

#include "gateway/json_door/routes.hpp"
#include "gateway/wallet/impl.hpp"

namespace huitong::gateway::wallet_door {

http::Response wallet_refusal(Error error, Language language) {
    if (error == Error::order_not_found) error = Error::order_code_unknown;
    return json_door::refusal(error, language);
}

struct WalletDoor::Impl::Route {
    std::string_view method;
    std::string_view path;  // a step "*" takes anything
    Operation operation;
    bool open = false;  // needs no session
};

// The payment comes first: it is by far the most frequent.
const WalletDoor::Impl::Route WalletDoor::Impl::routes[] = {
    {"POST", "/payments", &Impl::pay},
    {"POST", "/codes/resolve", &Impl::resolve_code},
    {"GET", "/me", &Impl::get_me},
    {"GET", "/payments", &Impl::list_history},
    {"GET", "/payments/confirming", &Impl::list_confirming},
    {"GET", "/payments/*", &Impl::get_payment},
    {"POST", "/payments/*/confirm", &Impl::confirm_payment},
    {"POST", "/payer-codes", &Impl::issue_payer_code},
    {"POST", "/sessions", &Impl::log_in, true},
    {"DELETE", "/sessions", &Impl::log_out},
    {"POST", "/top-ups", &Impl::top_up},
    {"POST", "/funding-sources", &Impl::bind_funding_source},
    {"PUT", "/payment-password", &Impl::change_payment_password},
    {"PUT", "/password", &Impl::change_password},
};

WalletDoor::Impl::Impl(Parts parts, Options options)
    : parts_(std::move(parts)),
      options_(std::move(options)),
      tokens_(parts_.secrets.session_key, session_purpose),
      passwords_(parts_.master, parts_.passwords, options_.passwords),
      person_keys_(parts_.secrets.openid_key),
      people_(parts_.master, parts_.vault),
      codes_(parts_.secrets.code_key, parts_.secrets.openid_key, parts_.keys),
      plates_(parts_.secrets.code_key),
      issue_limit_(options_.payer_codes),
      lists_(parts_.lists, options_.lists_waiting_max) {
    ENSURE(options_.payer_code_prefix.size() < payer_code_digits);
}

void WalletDoor::Impl::handle(http::Request&& request, http::Responder responder) {
    auto found = json_door::find_route(routes, request, path_prefix);
    if (!found) return responder.send(std::move(found.error()));
    const auto exchange = std::make_shared<Exchange>();
    exchange->request = std::move(request);
    exchange->responder = std::move(responder);
    exchange->language = json_door::language_of(exchange->request);
    exchange->parameters = std::move(found->parameters);
    serve(*found->route, exchange);
}

void WalletDoor::Impl::serve(const Route& route, const ExchangePtr& exchange) {
    exchange->now = parts_.clock.now();
    if (!route.open) {
        const auto claim = tokens_.of(exchange->request, exchange->now);
        if (!claim) return exchange->no(claim.error());
        exchange->session = {.user = {claim->id}, .epoch = claim->epoch};
        exchange->session_ends = claim->expires_at;
    }
    if (exchange->request.body.size() > body_bytes_max) return exchange->no(Error::body_too_large);
    const bool sends = route.method == "POST" || route.method == "PUT";
    const json_door::Takes takes{.query = route.operation == &Impl::list_history,
                                 .body = sends && route.operation != &Impl::issue_payer_code};
    if (const auto defect = json_door::unasked(exchange->request, takes))
        return exchange->no(*defect);
    (this->*route.operation)(exchange);
}

void WalletDoor::Impl::ask(const ExchangePtr& exchange, engine::Command command, Then then) {
    parts_.heart.submit(std::make_unique<engine::Request>(
        std::move(command), mailbox_, [exchange, then = std::move(then)](engine::Request& back) {
            if (!back.answer) return exchange->no(back.answer.error());
            then(back);
        }));
}

void WalletDoor::Impl::on_lists(const ExchangePtr& exchange, std::move_only_function<void()> work) {
    if (const auto taken = lists_.post(std::move(work)); !taken) exchange->no(taken.error());
}

void WalletDoor::Impl::on_passwords(const ExchangePtr& exchange,
                                    std::move_only_function<void()> work) {
    if (const auto taken = passwords_.post(std::move(work)); !taken) exchange->no(taken.error());
}

WalletDoor::WalletDoor(Parts parts, Options options)
    : impl_(std::make_unique<Impl>(std::move(parts), std::move(options))) {}

WalletDoor::~WalletDoor() = default;

void WalletDoor::handle(http::Request&& request, http::Responder responder) {
    impl_->handle(std::move(request), std::move(responder));
}

http::Handler WalletDoor::handler() {
    return [this](http::Request&& request, http::Responder responder) {
        handle(std::move(request), std::move(responder));
    };
}

}  // namespace huitong::gateway::wallet_door
