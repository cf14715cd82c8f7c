#include "gateway/institution/door.hpp"

#include <utility>

#include "gateway/institution/impl.hpp"
#include "gateway/json_door/routes.hpp"

namespace huitong::gateway::institution {
namespace {

// The challenge names our schemes, not those of the doors with log-ins (RFC 9110, 11.6.1).
void challenge(http::Response& response) {
    for (auto& [name, value] : response.headers) {
        if (name == "WWW-Authenticate") value = "HUITONG-SM2-SM3, HUITONG-RSA-SHA256";
    }
}

}  // namespace

struct InstitutionDoor::Impl::Route {
    std::string_view method;
    std::string_view path;  // a step "*" takes anything
    Operation operation;
    bool signed_only = false;  // a MAC is not enough
};

// The payments come first: they are by far the most frequent.
const InstitutionDoor::Impl::Route InstitutionDoor::Impl::routes[] = {
    {"POST", "/payments", &Impl::pay},
    {"POST", "/commits", &Impl::commit},
    {"POST", "/authorisations", &Impl::authorise},
    {"POST", "/resolve", &Impl::resolve},
    {"GET", "/payments/*", &Impl::query},
    {"POST", "/refunds", &Impl::refund},
    {"POST", "/reversals", &Impl::reverse},
    {"GET", "/positions", &Impl::get_positions},
    {"POST", "/sign-on", &Impl::sign_on, true},
    {"POST", "/sign-off", &Impl::sign_off},
    {"POST", "/keys", &Impl::change_key, true},
};

InstitutionDoor::Impl::Impl(Parts parts, Options options)
    : parts_(std::move(parts)),
      options_(options),
      sessions_(options_.sessions_per_participant_max),
      nonces_(options_.nonces_max) {}

void InstitutionDoor::Impl::handle(http::Request&& request, http::Responder responder) {
    auto found = json_door::find_route(routes, request, path_prefix);
    if (!found) return responder.send(std::move(found.error()));
    const auto exchange =
        std::make_shared<Exchange>(std::move(request), std::move(responder), metrics_);
    exchange->language = json_door::language_of(exchange->request);
    exchange->now = parts_.clock.now();
    exchange->directory = parts_.heart.directory();
    exchange->parameters = std::move(found->parameters);
    if (metrics_.in_flight.load(std::memory_order_relaxed) > options_.in_flight_max)
        return no(exchange, Error::overloaded);
    authenticate(*found->route, exchange);
}

void InstitutionDoor::Impl::authenticate(const Route& route, const ExchangePtr& exchange) {
    auto caller = identify(exchange->request, *exchange->directory, sessions_, exchange->now);
    if (!caller) return no(exchange, caller.error());
    exchange->caller = *std::move(caller);
    const Authorization& said = exchange->caller.authorization;
    exchange->text = proven_text(exchange->request, said);
    if (exchange->caller.session != nullptr) {
        if (!exchange->caller.session->holds(exchange->text, said.proof.bytes))
            return no(exchange, Error::mac_mismatch);
        metrics_.maced.fetch_add(1, std::memory_order_relaxed);
        return admit(route, exchange);
    }
    parts_.pool.post([this, &route, exchange] {
        if (!signature_holds(*exchange)) return no(exchange, Error::signature_mismatch);
        metrics_.signed_by.fetch_add(1, std::memory_order_relaxed);
        admit(route, exchange);
    });
}

bool InstitutionDoor::Impl::signature_holds(const Exchange& exchange) {
    const auto key = peer_keys_.parsed(*exchange.caller.key);
    const Authorization& said = exchange.caller.authorization;
    return key && scheme_of(key->algorithm()) == said.scheme &&
           key->verify(exchange.text, said.proof.bytes);
}

void InstitutionDoor::Impl::admit(const Route& route, const ExchangePtr& exchange) {
    const Authorization& said = exchange->caller.authorization;
    const auto verdict =
        nonces_.remember(said.participant, said.proof.nonce, exchange->text, exchange->now);
    if (verdict == door::NonceMemory::Verdict::reused) return no(exchange, Error::nonce_reused);
    if (verdict == door::NonceMemory::Verdict::repeat) metrics_.repeats.fetch_add(1);
    if (route.signed_only && exchange->caller.session != nullptr)
        return no(exchange, {Error::authorization_scheme, "Authorization", "", "is no signature",
                             wire::json::Location::header});
    exchange->proven = true;
    if (exchange->caller.participant->state.protocol != switching::Protocol::json)
        return no(exchange, Error::participant_not_linked);
    if (exchange->request.body.size() > body_bytes_max) return no(exchange, Error::body_too_large);
    if (const auto defect = json_door::unasked(exchange->request, {.body = route.method == "POST"}))
        return no(exchange, *defect);
    (this->*route.operation)(exchange);
}

void InstitutionDoor::Impl::finish(const ExchangePtr& exchange, http::Response response) {
    if (!exchange->proven) {
        challenge(response);
        return exchange->responder.send(std::move(response));
    }
    const std::string& nonce = exchange->caller.authorization.proof.nonce;
    if (const LinkSession* session = exchange->caller.session.get()) {
        prove(response, {.session = session}, nonce, parts_.clock.now());
        return exchange->responder.send(std::move(response));
    }
    parts_.pool.post([this, exchange, response = std::move(response)]() mutable {
        const OwnKeyPtr key = parts_.keys.current();
        prove(response, {.key = key.get()}, exchange->caller.authorization.proof.nonce,
              parts_.clock.now());
        exchange->responder.send(std::move(response));
    });
}

void InstitutionDoor::Impl::yes(const ExchangePtr& exchange, std::string body) {
    finish(exchange, json_door::json_answer(200, std::move(body)));
}

void InstitutionDoor::Impl::no(const ExchangePtr& exchange, Error error) {
    if (describe(error).http_status == 401) metrics_.unproven.fetch_add(1);
    finish(exchange, json_door::refusal(error, exchange->language));
}

void InstitutionDoor::Impl::no(const ExchangePtr& exchange, const wire::json::FieldError& defect) {
    if (describe(defect.error).http_status == 401) metrics_.unproven.fetch_add(1);
    finish(exchange, json_door::refusal(defect, exchange->language));
}

void InstitutionDoor::Impl::ask(const ExchangePtr& exchange, engine::Command command, Then then) {
    parts_.heart.submit(std::make_unique<engine::Request>(
        std::move(command), mailbox_,
        [this, exchange, then = std::move(then)](engine::Request& back) {
            if (!back.answer) return no(exchange, back.answer.error());
            then(back);
        }));
}

InstitutionDoor::InstitutionDoor(Parts parts, Options options)
    : impl_(std::make_unique<Impl>(std::move(parts), options)) {}

InstitutionDoor::~InstitutionDoor() = default;

void InstitutionDoor::handle(http::Request&& request, http::Responder responder) {
    impl_->handle(std::move(request), std::move(responder));
}

http::Handler InstitutionDoor::handler() {
    return [this](http::Request&& request, http::Responder responder) {
        handle(std::move(request), std::move(responder));
    };
}

void InstitutionDoor::serve(http::ServerOptions& options) {
    options.handler = handler();
    options.error_writer = json_door::refuse_broken;
    options.limits.body_bytes_max = body_bytes_max;
}

const Metrics& InstitutionDoor::metrics() const {
    return impl_->metrics();
}

}  // namespace huitong::gateway::institution
