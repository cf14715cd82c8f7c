// Logging in and out, and the two passwords.
#include <algorithm>
#include <utility>

#include "gateway/wallet/impl.hpp"
#include "gateway/wallet/texts.hpp"

namespace huitong::gateway::wallet_door {
namespace {

using wallet::UserChange;

struct PasswordChange {
    UserChange what = UserChange::password;
    std::string context;
    Sealed kept;
    PasswordBody body;
};

// What a change of a password leads to, or why it does not: compares the old one and records the
// new one. A user without a payment password sets the first one without an old.
Result<wallet::ChangeUser> change_command(const json_door::Passwords& passwords,
                                          const PasswordChange& change, wallet::Session session) {
    bool matches = change.kept.bytes.empty();
    if (!matches) {
        TRY(compared, passwords.matches(*change.body.old, change.context, change.kept));
        matches = compared;
    }
    wallet::ChangeUser command{
        .session = session,
        .what = change.what,
        .old = {.compared = change.kept, .matches = matches},
        .fresh = {}
    };
    if (matches) {
        TRY(fresh, passwords.record(change.body.fresh, change.context));
        command.fresh = fresh;
    }
    return command;
}

}  // namespace

void WalletDoor::Impl::log_in(const ExchangePtr& exchange) {
    auto body = parse_credentials(exchange->request.body);
    crypto::wipe(exchange->request.body);
    if (!body) return exchange->no(body.error());
    const auto credentials = std::make_shared<Credentials>(*std::move(body));
    const std::string key = person_keys_.login_key(credentials->login_name);
    const auto check = [this, exchange, credentials, key](engine::Request& known) {
        Sealed record;
        if (known.answer) record = as<engine::UserAnswer>(known).user.state.password.record;
        on_passwords(exchange, [this, exchange, credentials, key, record = std::move(record)] {
            // The same work and the same way for a name that nobody has.
            const Result<bool> matches =
                record.bytes.empty()
                    ? passwords_.matches_nobody(credentials->password)
                    : passwords_.matches(credentials->password,
                                         json_door::user_password_context(key), record);
            if (!matches) return exchange->no(Error::store_failed);
            ask(exchange,
                wallet::LogIn{
                    .login_key = key, .check = {.compared = record, .matches = *matches}
            },
                [this, exchange](engine::Request& back) {
                    finish_log_in(exchange, as<wallet::LogInAnswer>(back));
                });
        });
    };
    parts_.heart.submit(std::make_unique<engine::Request>(
        engine::QueryLogin{key}, mailbox_, [exchange, check](engine::Request& known) {
            if (!known.answer && known.answer.error() != Error::user_not_found)
                return exchange->no(known.answer.error());
            check(known);
        }));
}

void WalletDoor::Impl::finish_log_in(const ExchangePtr& exchange,
                                     const wallet::LogInAnswer& answer) {
    if (!answer.matches) return exchange->no(Error::credentials_wrong);
    if (answer.user.state.status != wallet::UserStatus::active)
        return exchange->no(Error::user_frozen);
    answer_session(exchange, answer.user, exchange->now + options_.session_life);
}

void WalletDoor::Impl::answer_session(const ExchangePtr& exchange, const wallet::User& user,
                                      Instant expires_at) {
    on_lists(exchange, [this, exchange, user, expires_at] {
        const auto person = people_.open(user.terms.personal);
        if (!person) return exchange->no(person.error());
        const std::string token = tokens_.issue(
            {.id = user.id().value, .epoch = user.state.session_epoch, .expires_at = expires_at});
        exchange->yes(session_json(
            {.token = token, .expires_at = expires_at, .user = user, .person = *person}));
    });
}

void WalletDoor::Impl::log_out(const ExchangePtr& exchange) {
    ask(exchange, wallet::ChangeUser{.session = exchange->session},
        [exchange](engine::Request&) { exchange->done(); });
}

void WalletDoor::Impl::change_password(const ExchangePtr& exchange) {
    auto body = parse_password(exchange->request.body);
    crypto::wipe(exchange->request.body);
    if (!body) return exchange->no(body.error());
    const auto change = std::make_shared<PasswordChange>();
    change->body = *std::move(body);
    ask(exchange, engine::QueryUser{exchange->session},
        [this, exchange, change](engine::Request& back) {
            const wallet::User& user = as<engine::UserAnswer>(back).user;
            change->kept = user.state.password.record;
            change->context = json_door::user_password_context(user.terms.login_key);
            on_passwords(exchange, [this, exchange, change] {
                auto command = change_command(passwords_, *change, exchange->session);
                if (!command) return exchange->no(Error::store_failed);
                ask(exchange, *std::move(command), [this, exchange](engine::Request& changed) {
                    const auto& answer = as<wallet::LogInAnswer>(changed);
                    if (!answer.matches) return exchange->no(Error::credentials_wrong);
                    // All sessions have ended, so the one that asked gets a new token.
                    answer_session(exchange, answer.user, exchange->session_ends);
                });
            });
        });
}

void WalletDoor::Impl::compare_payment_password(const ExchangePtr& exchange,
                                                crypto::Secret password, Compared then) {
    const auto given = std::make_shared<const crypto::Secret>(std::move(password));
    ask(exchange, engine::QueryUser{exchange->session},
        [this, exchange, given, then = std::move(then)](engine::Request& back) {
            const wallet::User& user = as<engine::UserAnswer>(back).user;
            const Sealed& kept = user.state.payment_password.record;
            if (kept.bytes.empty()) return exchange->no(Error::payment_password_wrong);
            on_passwords(exchange,
                         [this, exchange, given, then, kept, login_key = user.terms.login_key] {
                             const auto matches = passwords_.matches(
                                 *given, json_door::payment_password_context(login_key), kept);
                             if (!matches) return exchange->no(Error::store_failed);
                             then({.compared = kept, .matches = *matches});
                         });
        });
}

void WalletDoor::Impl::change_payment_password(const ExchangePtr& exchange) {
    auto body = parse_payment_password(exchange->request.body);
    crypto::wipe(exchange->request.body);
    if (!body) return exchange->no(body.error());
    const auto change = std::make_shared<PasswordChange>();
    change->what = UserChange::payment_password;
    change->body = *std::move(body);
    ask(exchange, engine::QueryUser{exchange->session},
        [this, exchange, change](engine::Request& back) {
            const wallet::User& user = as<engine::UserAnswer>(back).user;
            change->kept = user.state.payment_password.record;
            change->context = json_door::payment_password_context(user.terms.login_key);
            if (!change->kept.bytes.empty() && !change->body.old)
                return exchange->no(
                    {Error::field_missing, "/old", "", "is required", wire::json::Location::body});
            on_passwords(exchange, [this, exchange, change] {
                auto command = change_command(passwords_, *change, exchange->session);
                if (!command) return exchange->no(Error::store_failed);
                ask(exchange, *std::move(command), [exchange](engine::Request& changed) {
                    if (!as<wallet::LogInAnswer>(changed).matches)
                        return exchange->no(Error::payment_password_wrong);
                    exchange->done();
                });
            });
        });
}

}  // namespace huitong::gateway::wallet_door
