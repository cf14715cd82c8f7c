#include "gateway/operator/door.hpp"

#include <utility>

#include "gateway/json_door/routes.hpp"
#include "gateway/operator/impl.hpp"

namespace huitong::gateway::operator_door {

struct OperatorDoor::Impl::Route {
    std::string_view method;
    std::string_view path;  // a step "*" takes anything
    Operation operation;
    Needs needs = Needs::permission;
    bool takes_query = false;
};

const OperatorDoor::Impl::Route OperatorDoor::Impl::routes[] = {
    {"POST", "/sessions", &Impl::log_in, Needs::nothing},
    {"DELETE", "/sessions", &Impl::log_out},
    {"PUT", "/password", &Impl::change_password, Needs::session},
    {"POST", "/operators", &Impl::create_operator},
    {"GET", "/institution", &Impl::get_own_institution},
    {"POST", "/participants", &Impl::create_participant},
    {"GET", "/participants", &Impl::list_participants, Needs::permission, true},
    {"GET", "/participants/*", &Impl::get_participant},
    {"PATCH", "/participants/*", &Impl::change_participant},
    {"GET", "/participants/*/link", &Impl::get_participant_link},
    {"POST", "/participants/*/keys", &Impl::add_participant_key},
    {"GET", "/participants/*/keys", &Impl::list_participant_keys},
    {"DELETE", "/participants/*/keys/*", &Impl::delete_participant_key},
    {"PUT", "/participants/*/positions/*", &Impl::set_position},
    {"GET", "/positions", &Impl::list_positions, Needs::permission, true},
    {"POST", "/code-rules", &Impl::set_code_rule},
    {"GET", "/code-rules", &Impl::list_code_rules, Needs::permission, true},
    {"DELETE", "/code-rules/*", &Impl::delete_code_rule},
    {"PUT", "/participants/*/openings/*", &Impl::set_opening},
    {"GET", "/openings", &Impl::list_openings, Needs::permission, true},
    {"POST", "/merchants", &Impl::create_merchant},
    {"GET", "/merchants", &Impl::list_merchants, Needs::permission, true},
    {"GET", "/merchants/*", &Impl::get_merchant},
    {"POST", "/merchants/*/freeze", &Impl::freeze_merchant},
    {"POST", "/merchants/*/unfreeze", &Impl::unfreeze_merchant},
    {"GET", "/merchants/*/plate", &Impl::get_plate},
    {"POST", "/merchants/*/keys", &Impl::add_merchant_key},
    {"GET", "/merchants/*/keys", &Impl::list_merchant_keys},
    {"DELETE", "/merchants/*/keys/*", &Impl::delete_merchant_key},
    {"GET", "/platform-keys", &Impl::get_platform_keys},
    {"POST", "/users", &Impl::create_user},
    {"GET", "/users", &Impl::list_users, Needs::permission, true},
    {"GET", "/users/*", &Impl::get_user},
    {"POST", "/users/*/freeze", &Impl::freeze_user},
    {"POST", "/users/*/unfreeze", &Impl::unfreeze_user},
    {"GET", "/orders", &Impl::list_orders, Needs::permission, true},
    {"GET", "/orders/*", &Impl::get_order},
    {"GET", "/payments", &Impl::list_payments, Needs::permission, true},
    {"GET", "/payments/*", &Impl::get_payment},
    {"GET", "/notices", &Impl::list_notices, Needs::permission, true},
    {"POST", "/notices/*/resend", &Impl::resend_notice},
    {"GET", "/journal/status", &Impl::get_journal_status},
    {"GET", "/statistics", &Impl::get_statistics, Needs::permission, true},
};

OperatorDoor::Impl::Impl(Parts parts, Options options)
    : parts_(std::move(parts)),
      options_(options),
      tokens_(parts_.secrets.session_key, "operator-session"),
      passwords_(parts_.master, parts_.passwords, options_.passwords),
      person_keys_(parts_.secrets.openid_key),
      people_(parts_.master, parts_.vault),
      openids_(parts_.secrets.openid_key),
      plates_(parts_.secrets.code_key),
      mailbox_(parts_.lists),
      lists_(parts_.lists, options_.lists_waiting_max) {}

void OperatorDoor::Impl::handle(http::Request&& request, http::Responder responder) {
    auto found = json_door::find_route(routes, request, path_prefix);
    if (!found) return responder.send(std::move(found.error()));
    const auto exchange = std::make_shared<Exchange>();
    exchange->request = std::move(request);
    exchange->responder = std::move(responder);
    exchange->language = json_door::language_of(exchange->request);
    exchange->parameters = std::move(found->parameters);
    serve(*found->route, exchange);
}

void OperatorDoor::Impl::serve(const Route& route, const ExchangePtr& exchange) {
    exchange->now = parts_.clock.now();
    exchange->directory = parts_.heart.directory();
    if (const auto known = identify(*exchange, route.needs); !known)
        return exchange->no(known.error());
    const http::Request& request = exchange->request;
    if (request.body.size() > body_bytes_max) return exchange->no(Error::body_too_large);
    const bool creates =
        route.method == "POST" && (exchange->parameters.empty() || route.path.ends_with("/keys"));
    const bool changes = route.method == "PUT" || route.method == "PATCH";
    const json_door::Takes takes{.query = route.takes_query, .body = creates || changes};
    if (const auto defect = json_door::unasked(request, takes)) return exchange->no(*defect);
    (this->*route.operation)(exchange);
}

Result<void> OperatorDoor::Impl::identify(Exchange& exchange, Needs needs) const {
    if (needs == Needs::nothing) return {};
    TRY(claim, tokens_.of(exchange.request, exchange.now));
    exchange.who = exchange.directory->operators.find(OperatorId{claim.id});
    if (exchange.who == nullptr || exchange.who->state.session_epoch != claim.epoch)
        return refuse(Error::session_invalid);
    exchange.session_ends = claim.expires_at;
    if (needs == Needs::permission && exchange.who->state.must_change)
        return refuse(Error::not_permitted);
    return {};
}

void OperatorDoor::Impl::ask(const ExchangePtr& exchange, engine::Command command, Then then) {
    auto request = std::make_unique<engine::Request>(
        std::move(command), mailbox_, [exchange, then = std::move(then)](engine::Request& back) {
            if (!back.answer) return exchange->no(back.answer.error());
            then(back);
        });
    if (exchange->who != nullptr) request->by = exchange->who->id();
    parts_.heart.submit(std::move(request));
}

void OperatorDoor::Impl::on_lists(const ExchangePtr& exchange,
                                  std::move_only_function<void()> work) {
    if (const auto taken = lists_.post(std::move(work)); !taken) exchange->no(taken.error());
}

void OperatorDoor::Impl::on_passwords(const ExchangePtr& exchange,
                                      std::move_only_function<void()> work) {
    if (const auto taken = passwords_.post(std::move(work)); !taken) exchange->no(taken.error());
}

OperatorDoor::OperatorDoor(Parts parts, Options options)
    : impl_(std::make_unique<Impl>(std::move(parts), options)) {}

OperatorDoor::~OperatorDoor() = default;

void OperatorDoor::handle(http::Request&& request, http::Responder responder) {
    impl_->handle(std::move(request), std::move(responder));
}

http::Handler OperatorDoor::handler() {
    return [this](http::Request&& request, http::Responder responder) {
        handle(std::move(request), std::move(responder));
    };
}

}  // namespace huitong::gateway::operator_door
