// Wallet users.
#include <utility>

#include "gateway/operator/impl.hpp"

namespace huitong::gateway::operator_door {
namespace {

// The app of the oldest merchant that has one.
std::string_view first_appid(const engine::Directory& directory) {
    for (const auto& [id, merchant] : directory.merchants) {
        if (!merchant.state.appids.empty()) return merchant.state.appids.front();
    }
    return {};
}

constexpr std::string_view erased = "-";

}  // namespace

Result<std::string> OperatorDoor::Impl::told(const wallet::User& user,
                                             const ledger::Account* account,
                                             const engine::Directory& directory) const {
    auto person = people_.open(user.terms.personal);
    // A person who was erased is still a user with an account.
    if (!person && person.error() == Error::subject_key_erased)
        person = json_door::Person{
            .login_name = std::string(erased), .display_name = std::string(erased), .phone = {}};
    if (!person) return refuse(person.error());
    const std::string_view appid = first_appid(directory);
    const std::string openid = appid.empty() ? std::string{} : openids_.of(appid, user.id());
    return user_json({.user = user, .person = *person, .openid = openid, .account = account});
}

void OperatorDoor::Impl::create_user(const ExchangePtr& exchange) {
    auto parsed = parse_user(exchange->request.body);
    crypto::wipe(exchange->request.body);
    if (!parsed) return exchange->no(parsed.error());
    const auto body = std::make_shared<UserBody>(*std::move(parsed));
    const std::string key = person_keys_.login_key(body->person.login_name);
    const auto open = [this, exchange, body, key] {
        const auto password =
            passwords_.record(body->password, json_door::user_password_context(key));
        const auto payment_password =
            passwords_.record(body->payment_password, json_door::payment_password_context(key));
        const auto personal = people_.seal_new(body->person);
        if (!password || !payment_password || !personal) return exchange->no(Error::store_failed);
        answer_user(
            exchange,
            wallet::OpenUser{.login_key = key,
                             .personal = *personal,
                             .password = *password,
                             .payment_password = *payment_password,
                             .institution = institution(
                                 *exchange, &switching::ParticipantState::account_institution),
                             .currency = cny},
            201);
    };
    // Looked up first: a name that is taken should cost no scrypt and leave no key in the vault.
    parts_.heart.submit(std::make_unique<engine::Request>(
        engine::QueryLogin{key}, mailbox_, [this, exchange, open](engine::Request& known) {
            if (known.answer) return exchange->no(Error::login_name_taken);
            if (known.answer.error() != Error::user_not_found)
                return exchange->no(known.answer.error());
            on_passwords(exchange, open);
        }));
}

void OperatorDoor::Impl::answer_user(const ExchangePtr& exchange, engine::Command command,
                                     int status) {
    ask(exchange, std::move(command), [this, exchange, status](engine::Request& back) {
        const auto& answer = as<engine::UserAnswer>(back);
        auto body = told(answer.user, &answer.account, *exchange->directory);
        if (!body) return exchange->no(body.error());
        exchange->yes(*std::move(body), status);
    });
}

void OperatorDoor::Impl::list_users(const ExchangePtr& exchange) {
    wire::json::Report report;
    json_door::Parameters parameters(exchange->request.query(), report);
    std::string login_name;
    parameters.text("login_name", {.max = 64}, login_name);
    const engine::Page page = parameters.page();
    parameters.finish();
    if (!report.clean()) return exchange->no(*report.first());
    if (!login_name.empty()) return find_user(exchange, login_name);
    on_lists(exchange, [this, exchange, page] {
        const auto as_of = caught_up();
        if (!as_of) return exchange->no(as_of.error());
        const auto users = parts_.tables.users(page);
        if (!users) return exchange->no(users.error());
        PageView view{.items = {}, .as_of = *as_of};
        for (const wallet::User& user : *users) {
            auto body = told(user, nullptr, *exchange->directory);
            if (!body) return exchange->no(body.error());
            view.items.push_back(*std::move(body));
        }
        if (users->size() >= page.limit) view.next = users->back().id().value;
        exchange->yes(page_json(view));
    });
}

void OperatorDoor::Impl::find_user(const ExchangePtr& exchange, const std::string& login_name) {
    const auto tell = [this, exchange](engine::Request& back) {
        PageView view;
        if (!back.answer && back.answer.error() != Error::user_not_found)
            return exchange->no(back.answer.error());
        if (back.answer) {
            const auto& answer = as<engine::UserAnswer>(back);
            auto body = told(answer.user, &answer.account, *exchange->directory);
            if (!body) return exchange->no(body.error());
            view.items.push_back(*std::move(body));
        }
        exchange->yes(page_json(view));
    };
    parts_.heart.submit(std::make_unique<engine::Request>(
        engine::QueryLogin{person_keys_.login_key(login_name)}, mailbox_, tell));
}

void OperatorDoor::Impl::get_user(const ExchangePtr& exchange) {
    const auto id = json_door::parse_id(exchange->parameters.front());
    if (!id) return exchange->no(Error::user_not_found);
    answer_user(exchange, engine::InspectUser{{*id}});
}

void OperatorDoor::Impl::freeze_user(const ExchangePtr& exchange) {
    const auto id = json_door::parse_id(exchange->parameters.front());
    if (!id) return exchange->no(Error::user_not_found);
    answer_user(exchange, wallet::SetUserStatus{{*id}, wallet::UserStatus::frozen});
}

void OperatorDoor::Impl::unfreeze_user(const ExchangePtr& exchange) {
    const auto id = json_door::parse_id(exchange->parameters.front());
    if (!id) return exchange->no(Error::user_not_found);
    answer_user(exchange, wallet::SetUserStatus{{*id}, wallet::UserStatus::active});
}

}  // namespace huitong::gateway::operator_door
