#include "gateway/wallet/door.hpp"

#include <utility>

#include "gateway/json_door/router.hpp"
#include "gateway/wallet/impl.hpp"

namespace huitong::gateway::wallet_door {

http::Response wallet_refusal(Error error, Language language) {
    if (error == Error::order_not_found) error = Error::order_code_unknown;
    return json_door::refusal(error, language);
}

struct WalletDoor::Impl::Route {
    std::string_view method;
    std::string_view path;  // ends with a slash where an id follows
    Operation operation;
    bool open = false;  // needs no session
};

// The payment comes first: it is by far the most frequent.
const WalletDoor::Impl::Route WalletDoor::Impl::routes[] = {
    {"POST", "/payments", &Impl::pay},
    {"POST", "/codes/resolve", &Impl::resolve_code},
    {"GET", "/me", &Impl::get_me},
    {"GET", "/payments", &Impl::list_history},
    {"GET", "/payments/", &Impl::get_payment},
    {"POST", "/sessions", &Impl::log_in, true},
    {"DELETE", "/sessions", &Impl::log_out},
    {"POST", "/top-ups", &Impl::top_up},
    {"POST", "/funding-sources", &Impl::bind_funding_source},
    {"PUT", "/payment-password", &Impl::change_payment_password},
    {"PUT", "/password", &Impl::change_password},
};

namespace {

bool leads_to(std::string_view route, std::string_view path) {
    if (!route.ends_with('/')) return route == path;
    return path.size() > route.size() && path.starts_with(route) &&
           path.find('/', route.size()) == std::string_view::npos;
}

}  // namespace

WalletDoor::Impl::Impl(Parts parts, Options options)
    : parts_(std::move(parts)),
      options_(options),
      tokens_(parts_.secrets.session_key, session_purpose),
      passwords_(parts_.master, parts_.passwords, options_.passwords),
      person_keys_(parts_.secrets.openid_key),
      people_(parts_.master, parts_.vault),
      codes_(parts_.secrets.code_key, parts_.secrets.openid_key, parts_.keys) {}

void WalletDoor::Impl::handle(http::Request&& request, http::Responder responder) {
    const auto path = json_door::path_below(request.path(), path_prefix);
    std::string allowed;
    for (const Route& route : routes) {
        if (!path || !leads_to(route.path, *path)) continue;
        // A HEAD is no method of this contract, whatever the HTTP layer makes of it.
        if (!request.head && route.method == request.method)
            return serve(route, std::move(request), std::move(responder));
        allowed.append(allowed.empty() ? "" : ", ").append(route.method);
    }
    const Error error = allowed.empty() ? Error::path_unknown : Error::method_unknown;
    http::Response response = json_door::refuse_broken(error, request);
    if (!allowed.empty()) response.headers.emplace_back("Allow", std::move(allowed));
    responder.send(std::move(response));
}

void WalletDoor::Impl::serve(const Route& route, http::Request&& request,
                             http::Responder responder) {
    const auto exchange = std::make_shared<Exchange>();
    exchange->request = std::move(request);
    exchange->responder = std::move(responder);
    exchange->language = json_door::language_of(exchange->request);
    exchange->now = parts_.clock.now();
    if (!route.open) {
        const auto claim = tokens_.of(exchange->request, exchange->now);
        if (!claim) return exchange->no(claim.error());
        exchange->session = {.user = {claim->id}, .epoch = claim->epoch};
        exchange->session_ends = claim->expires_at;
    }
    const bool has_body = route.method == "POST" || route.method == "PUT";
    if (exchange->request.body.size() > body_bytes_max) return exchange->no(Error::body_too_large);
    if (!has_body && !exchange->request.body.empty())
        return exchange->no({Error::field_unknown, "", "", "is not taken by this method",
                             wire::json::Location::body});
    if (route.operation != &Impl::list_history && !exchange->request.query().empty())
        return exchange->no({Error::field_unknown, "", "", "is not taken by this operation",
                             wire::json::Location::query});
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
    if (lists_waiting_.fetch_add(1) >= options_.lists_waiting_max) {
        lists_waiting_.fetch_sub(1);
        return exchange->no(Error::overloaded);
    }
    parts_.lists.post([this, work = std::move(work)]() mutable {
        work();
        lists_waiting_.fetch_sub(1);
    });
}

void WalletDoor::Impl::on_passwords(const ExchangePtr& exchange,
                                    std::move_only_function<void()> work) {
    if (const auto taken = passwords_.post(std::move(work)); !taken) exchange->no(taken.error());
}

WalletDoor::WalletDoor(Parts parts, Options options)
    : impl_(std::make_unique<Impl>(std::move(parts), options)) {}

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
