#include "wallet/wallet.hpp"

#include "ledger/draft.hpp"
#include "wallet/state.hpp"

namespace huitong::wallet {

Wallet::Wallet(Hash128 secret)
    : users(secret), sources(secret), top_ups(secret), payer_codes(secret) {}
Wallet::Wallet(Wallet&&) noexcept = default;
Wallet::~Wallet() = default;

void apply(Wallet& wallet, const Effects& effects, Sequence sequence) {
    for (const auto& image : effects.users) wallet.users.apply(image, sequence);
    for (const auto& image : effects.sources) wallet.sources.apply(image, sequence);
    for (const auto& image : effects.top_ups) wallet.top_ups.apply(image, sequence);
    for (const auto& image : effects.payer_codes) wallet.payer_codes.apply(image, sequence);
}

Result<Credential> checked(const Credential& kept, const PasswordCheck& check, const Rules& rules,
                           Error locked, Instant now) {
    if (now < kept.locked_until) return refuse(locked);
    if (check.compared != kept.record) return refuse(Error::outcome_unknown);
    if (check.matches) return Credential{.record = kept.record, .failures = 0, .locked_until = {}};
    Credential after = kept;
    if (++after.failures >= rules.failures_max) {
        after.failures = 0;
        after.locked_until = now + rules.lock;
    }
    return after;
}

Decided<const User*> session_user(const Wallet& wallet, Session session) {
    TRY(user, wallet.users.find(session.user, Error::session_invalid));
    if (user->state.session_epoch != session.epoch) return refuse(Error::session_invalid);
    return user;
}

Decided<User> open_user(const Wallet& wallet, const OpenUser& command, Instant now,
                        ledger::Draft& draft, Effects& effects) {
    TRY(known, wallet.users.find(NaturalKey{0, command.login_key}));
    if (known != nullptr) return refuse(Error::login_name_taken);

    draft.open({command.account, command.id.value, ledger::AccountKind::wallet, command.currency});
    User user{
        .terms = {.id = command.id,
                  .login_key = command.login_key,
                  .personal = command.personal,
                  .account = command.account,
                  .institution = command.institution,
                  .created_at = now},
        .state = {.password = {.record = command.password},
                  .payment_password = {.record = command.payment_password}}
    };
    effects.users.push_back(created(user));
    return user;
}

Decided<LogInAnswer> log_in(const Wallet& wallet, const LogIn& command, const Rules& rules,
                            Instant now, Effects& effects) {
    TRY(user, wallet.users.find(NaturalKey{0, command.login_key}));
    if (user == nullptr) return refuse(Error::credentials_wrong);
    TRY(after, checked(user->state.password, command.check, rules, Error::credentials_locked, now));

    LogInAnswer answer{*user, command.check.matches};
    if (after != user->state.password) {
        answer.user.state.password = after;
        effects.users.push_back(changed<User>(user->id(), answer.user.state));
    }
    return answer;
}

Decided<LogInAnswer> change_user(const Wallet& wallet, const ChangeUser& command,
                                 const Rules& rules, Instant now, Effects& effects) {
    TRY(user, session_user(wallet, command.session));
    LogInAnswer answer{*user, true};
    UserState& state = answer.user.state;
    if (command.what != UserChange::end_sessions) {
        const bool login = command.what == UserChange::password;
        Credential& kept = login ? state.password : state.payment_password;
        const Error locked = login ? Error::credentials_locked : Error::payment_password_locked;
        TRY(after, checked(kept, command.old, rules, locked, now));
        kept = after;
        answer.matches = command.old.matches;
        if (answer.matches) kept.record = command.fresh;
    }
    if (answer.matches && command.what != UserChange::payment_password) ++state.session_epoch;
    effects.users.push_back(changed<User>(user->id(), state));
    return answer;
}

Decided<User> set_user_status(const Wallet& wallet, const SetUserStatus& command,
                              Effects& effects) {
    TRY(user, wallet.users.find(command.user, Error::user_not_found));
    User after = *user;
    after.state.status = command.status;
    if (after.state != user->state) effects.users.push_back(changed<User>(user->id(), after.state));
    return after;
}

Decided<FundingSource> bind_funding_source(const Wallet& wallet, const BindFundingSource& command,
                                           Instant now, ledger::Draft& draft, Effects& effects) {
    TRY(user, session_user(wallet, command.session));
    if (user->state.status != UserStatus::active) return refuse(Error::user_frozen);
    TRY(known, wallet.sources.find(NaturalKey{user->id().value, command.number_key}));
    if (known != nullptr) return *known;

    draft.open(
        {command.account, command.id.value, ledger::AccountKind::inbound_funds, command.currency});
    FundingSource source{
        .terms = {.id = command.id,
                  .user = user->id(),
                  .account = command.account,
                  .bank_name = command.bank_name,
                  .number_key = command.number_key,
                  .masked_number = command.masked_number,
                  .number = command.number,
                  .created_at = now},
        .state = {}
    };
    effects.sources.push_back(created(source));
    return source;
}

Result<void> authorise(const User& user, Money amount, const std::optional<PasswordCheck>& check,
                       const Rules& rules, Instant now, Effects& effects) {
    if (user.state.status != UserStatus::active) return refuse(Error::user_frozen);
    if (!check) {
        if (amount.minor > rules.password_free_minor) return refuse(Error::payment_password_wrong);
        return {};
    }
    TRY(after,
        checked(user.state.payment_password, *check, rules, Error::payment_password_locked, now));
    if (after != user.state.payment_password) {
        UserState state = user.state;
        state.payment_password = after;
        effects.users.push_back(changed<User>(user.id(), std::move(state)));
    }
    if (!check->matches) return refuse(Error::payment_password_wrong);
    return {};
}

Decided<TopUpAnswer> draw_top_up(const Wallet& wallet, const DrawTopUp& command, const Rules& rules,
                                 Instant now, ledger::Draft& draft, Effects& effects) {
    TRY(user, session_user(wallet, command.session));
    TRY(first, wallet.top_ups.find(NaturalKey{user->id().value, command.request_id}));
    if (first != nullptr) {
        const TopUpTerms& terms = first->terms;
        if (terms.source != command.source || Money{terms.minor, terms.currency} != command.amount)
            return refuse(Error::payment_key_reused);
        return TopUpAnswer{*first, draft.available(user->terms.account).minor};
    }
    TRY(source, wallet.sources.find(command.source, Error::funding_source_not_found));
    if (source->terms.user != user->id() || source->state.unbound)
        return refuse(Error::funding_source_not_found);
    if (command.amount.minor <= 0) return refuse(Error::amount_not_positive);

    auto moved = authorise(*user, command.amount, command.check, rules, now, effects);
    if (moved) moved = draft.post(source->terms.account, user->terms.account, command.amount);
    if (!moved && moved.error() == Error::funds_insufficient)
        moved = refuse(Error::funding_source_declined);
    if (!moved && describe(moved.error()).kind != ErrorKind::decline) return refuse(moved.error());

    TopUp top_up{
        .terms = {.id = command.id,
                  .user = user->id(),
                  .source = command.source,
                  .minor = command.amount.minor,
                  .currency = command.amount.currency,
                  .request_id = command.request_id,
                  .created_at = now},
        .state = {}
    };
    if (!moved) top_up.state = {TopUpStatus::declined, std::string(describe(moved.error()).name)};
    effects.top_ups.push_back(created(top_up));
    return TopUpAnswer{top_up, draft.available(user->terms.account).minor};
}

}  // namespace huitong::wallet
