// Random commands for the platform and its naive model alike: few users and merchants, numbers and
// keys used again, so that commands often meet.
#pragma once

#include <algorithm>
#include <deque>
#include <fmt/format.h>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include "engine/command.hpp"
#include "engine/testing/naive_model.hpp"

namespace huitong::engine::testing {

using Id = NaiveModel::Id;
using Expected = std::function<std::string(NaiveModel&, const Command&, std::int64_t)>;

inline constexpr std::size_t user_count = 40;
inline constexpr std::size_t merchant_count = 6;
inline constexpr Id nobody = 12'345;

// A command, and what the model says to it once the program has allotted the ids.
struct Step {
    Command command;
    Expected expected;
};

class CommandGenerator {
public:
    CommandGenerator(std::uint64_t seed, const NaiveModel& model) : random_(seed), model_(model) {}

    std::uint64_t below(std::uint64_t n) { return random_() % n; }
    bool one_in(std::uint64_t n) { return below(n) == 0; }

    Step next(Instant clock) {
        if (model_.users.size() < 3 || model_.merchants.size() < 2)
            return one_in(2) ? open_user() : register_merchant();
        const std::uint64_t dice = below(1000);
        if (dice < 15) return open_user();
        if (dice < 20) return register_merchant();
        if (dice < 40) return freeze();
        if (dice < 60) return log_in();
        if (dice < 80) return change_user();
        if (dice < 90) return keys();
        if (dice < 110) return bind_source();
        if (dice < 210) return top_up();
        if (dice < 400) return create_order(clock);
        if (dice < 430) return close_order();
        if (dice < 500) return query();
        if (dice < 800) return pay();
        return refund();
    }
    Step expire(OrderId order) {
        return {acquiring::ExpireOrder{order},
                [id = order.value](NaiveModel& model, const Command&, std::int64_t now) {
                    return model.expire_order(id, now);
                }};
    }
    // The same request again, in the user's present session and with the password as it is now.
    [[nodiscard]] Step pay_again(const switching::PayOrder& first) const {
        return pay({.id = 0,
                    .session = present(first.session.user),
                    .order = first.order.value,
                    .openid = first.openid,
                    .request = first.request_id,
                    .pin = present(first.session.user, first.check)});
    }
    [[nodiscard]] Step top_up_again(const wallet::DrawTopUp& first) const {
        return top_up({.id = 0,
                       .session = present(first.session.user),
                       .source = first.source.value,
                       .minor = first.amount.minor,
                       .request = first.request_id,
                       .pin = present(first.session.user, first.check)});
    }
    // Any two accounts of one merchant: what settlement and disputes will do.
    template <class Use>
    void settle(Use&& use) {
        const NaiveModel::Merchant& merchant = model_.merchants.at(any_merchant());
        const Id from = one_in(3) ? merchant.available : merchant.unsettled;
        const Id to = one_in(2) ? merchant.disputed : merchant.available;
        const std::int64_t minor = model_.balances.at(from);
        if (from != to && minor > 0) use(from, to, minor);
    }

private:
    template <class Map>
    Id any_of(const Map& map) {
        if (map.empty() || one_in(100)) return nobody;
        // The newest are asked for most. Ids ascend with time, so any id leads to a record near it.
        if (!one_in(4)) return picked(map, below(std::min<std::size_t>(map.size(), 30)));
        const Id first = map.begin()->first, last = map.rbegin()->first;
        return map.lower_bound(first + below(last - first + 1))->first;
    }
    template <class Map>
    static Id picked(const Map& map, std::uint64_t back) {
        auto at = map.rbegin();
        std::advance(at, static_cast<std::ptrdiff_t>(back));
        return at->first;
    }
    Id any_user() {
        return one_in(200) ? nobody : picked(model_.users, below(model_.users.size()));
    }
    Id any_merchant() { return picked(model_.merchants, below(model_.merchants.size())); }
    NaiveModel::Session session() {
        const Id user = any_user();
        const auto known = model_.users.find(user);
        const unsigned epoch = known == model_.users.end() ? 0 : known->second.epoch;
        return {user, one_in(50) ? epoch + 1 : epoch};
    }
    NaiveModel::Check check(const NaiveModel::Secret* secret) {
        const std::string kept = secret == nullptr ? "" : secret->record;
        return {true, one_in(20) ? "an older record" : kept, !one_in(5)};
    }
    NaiveModel::Check pin(Id user) {
        if (one_in(2)) return {};
        const auto known = model_.users.find(user);
        return check(known == model_.users.end() ? nullptr : &known->second.pin);
    }
    [[nodiscard]] NaiveModel::Session present(UserId user) const {
        const auto known = model_.users.find(user.value);
        return {user.value, known == model_.users.end() ? 0 : known->second.epoch};
    }
    [[nodiscard]] NaiveModel::Check present(
        UserId user, const std::optional<wallet::PasswordCheck>& first) const {
        if (!first) return {};
        const auto known = model_.users.find(user.value);
        return {true, known == model_.users.end() ? "" : known->second.pin.record, first->matches};
    }
    static wallet::PasswordCheck given(const NaiveModel::Check& check) {
        return {{check.compared}, check.matches};
    }
    static std::optional<wallet::PasswordCheck> maybe(const NaiveModel::Check& check) {
        if (!check.given) return std::nullopt;
        return given(check);
    }
    static wallet::Session told(NaiveModel::Session session) {
        return {UserId{session.user}, session.epoch};
    }
    NaiveModel::OrderRef order_ref() {
        const Id id = any_of(model_.orders);
        const auto known = model_.orders.find(id);
        if (known == model_.orders.end()) return {any_merchant(), one_in(2) ? id : 0, "no such"};
        const Id merchant = one_in(50) ? any_merchant() : known->second.merchant;
        return {merchant, one_in(2) ? id : 0, known->second.number};
    }
    static acquiring::OrderRef told(const NaiveModel::OrderRef& ref) {
        return {MerchantId{ref.merchant}, OrderId{ref.id}, ref.number};
    }

    Step open_user() {
        const std::string login = fmt::format("user-{}", below(user_count));
        wallet::OpenUser command{.login_key = login,
                                 .personal = {"personal"},
                                 .password = {"password of " + login},
                                 .payment_password = {"pin of " + login},
                                 .institution = ParticipantId{one_in(20) ? nobody : institution},
                                 .currency = cny};
        return {command, [=](NaiveModel& model, const Command& allotted, std::int64_t) {
                    const auto& made = std::get<wallet::OpenUser>(allotted);
                    if (made.institution.value == nobody)
                        return std::string("no: participant_not_found");
                    return model.open_user(made.id.value, made.account.value, login,
                                           "password of " + login, "pin of " + login);
                }};
    }
    Step register_merchant() {
        const std::string mchid = fmt::format("19000000{}", 10 + below(merchant_count));
        acquiring::RegisterMerchant command{
            .terms = {.mchid = mchid,          .institution = ParticipantId{institution}},
            .state = {.name = "shop " + mchid, .appids = {"wx-other", "wx-app"}         },
            .currency = cny
        };
        return {command, [=](NaiveModel& model, const Command& allotted, std::int64_t) {
                    const auto& made = std::get<acquiring::RegisterMerchant>(allotted).terms;
                    return model.register_merchant(made.id.value,
                                                   {"shop " + mchid, false, made.unsettled.value,
                                                    made.available.value, made.frozen.value},
                                                   mchid);
                }};
    }
    Step freeze() {
        const bool frozen = one_in(3);
        if (one_in(2)) {
            const Id user = any_user();
            const auto status = frozen ? wallet::UserStatus::frozen : wallet::UserStatus::active;
            return {
                wallet::SetUserStatus{UserId{user}, status},
                [=](NaiveModel& model, const Command&, std::int64_t) {
                    return model.freeze_user(user, frozen);
                                      }
            };
        }
        const Id merchant = one_in(50) ? nobody : any_merchant();
        const auto status =
            frozen ? acquiring::MerchantStatus::frozen : acquiring::MerchantStatus::active;
        return {
            acquiring::ChangeMerchant{.merchant = MerchantId{merchant}, .status = status},
            [=](NaiveModel& model, const Command&, std::int64_t) {
                return model.freeze_merchant(merchant, frozen);
                                      }
        };
    }
    Step log_in() {
        // Somebody tries to guess the passwords of a few.
        const bool guesses = one_in(2);
        const std::string login = fmt::format("user-{}", below(guesses ? 4 : user_count));
        const auto known = model_.logins.find(login);
        const auto* secret =
            known == model_.logins.end() ? nullptr : &model_.users.at(known->second).password;
        NaiveModel::Check password = check(secret);
        if (guesses) password.matches = false;
        return {
            wallet::LogIn{login, given(password)},
            [=](NaiveModel& model, const Command&, std::int64_t now) {
                return model.log_in(login, password, now);
                          }
        };
    }
    Step change_user() {
        const NaiveModel::Session who = session();
        if (one_in(4)) {
            return {wallet::ChangeUser{.session = told(who)},
                    [=](NaiveModel& model, const Command&, std::int64_t) {
                        return model.end_sessions(who);
                    }};
        }
        NaiveModel::Check old = pin(who.user);
        old.given = true;
        const std::string fresh = fmt::format("pin {}", below(1'000'000));
        const wallet::ChangeUser command{.session = told(who),
                                         .what = wallet::UserChange::payment_password,
                                         .old = given(old),
                                         .fresh = {fresh}};
        return {command, [=](NaiveModel& model, const Command&, std::int64_t now) {
                    return model.change_pin(who, old, fresh, now);
                }};
    }
    Step bind_source() {
        const NaiveModel::Session who = session();
        const std::string number = fmt::format("card {}", below(200));
        wallet::BindFundingSource command{.session = told(who),
                                          .bank_name = "bank",
                                          .number_key = number,
                                          .masked_number = "0000",
                                          .number = {"sealed"},
                                          .currency = cny};
        return {command, [=](NaiveModel& model, const Command& allotted, std::int64_t) {
                    const auto& made = std::get<wallet::BindFundingSource>(allotted);
                    return model.bind_source(made.id.value, made.account.value, who, number);
                }};
    }
    Step top_up() {
        const Id source = any_of(model_.sources);
        NaiveModel::Session who = session();
        if (const auto known = model_.sources.find(source);
            known != model_.sources.end() && !one_in(20))
            who = {known->second.user, model_.users.at(known->second.user).epoch};
        const std::int64_t minor =
            one_in(40) ? -1 + static_cast<std::int64_t>(below(2))
                       : static_cast<std::int64_t>(below(one_in(4) ? 9'000'00 : 200'00)) + 1;
        const std::string request = fmt::format("top-up {}", below(one_in(3) ? 100 : 100'000'000));
        return top_up({0, who, source, minor, request, pin(who.user)});
    }
    static Step top_up(const NaiveModel::AskTopUp& ask) {
        return {
            wallet::DrawTopUp{.session = told(ask.session),
                              .source = FundingSourceId{ask.source},
                              .amount = {ask.minor, cny},
                              .request_id = ask.request,
                              .check = maybe(ask.pin)},
            [ask](NaiveModel& model, const Command& allotted, std::int64_t now) {
                NaiveModel::AskTopUp with_id = ask;
                with_id.id = std::get<wallet::DrawTopUp>(allotted).id.value;
                return model.top_up(with_id, now);
                              }
        };
    }
    Step create_order(Instant clock) {
        NaiveModel::AskOrder ask{
            .id = 0,
            .merchant = one_in(100) ? nobody : any_merchant(),
            .number = fmt::format("no-{}", ++numbers_),
            .content = "",
            .appid = one_in(100) ? "wx-else" : "wx-app",
            .openid = one_in(10) ? "o-someone" : "",
            .h5 = one_in(4),
            .minor = static_cast<std::int64_t>(below(one_in(5) ? 900'00 : 90'00)),
            .expires = 0};
        if (one_in(500)) ask.minor = NaiveModel::minor_max + 1;
        if (one_in(2)) {
            const std::int64_t choices[] = {-NaiveModel::hour, 5 * NaiveModel::minute,
                                            3 * NaiveModel::hour, 30 * NaiveModel::day};
            ask.expires = clock.ms + choices[below(4)];
        }
        ask.content = fmt::format("{} {}", ask.minor, ask.expires);
        if (one_in(3)) repeat_order(ask);
        acquiring::CreateOrder command;
        command.terms = {
            .merchant = MerchantId{ask.merchant},
            .out_trade_no = ask.number,
            .trade_type = ask.h5 ? acquiring::TradeType::h5 : acquiring::TradeType::native,
            .appid = ask.appid,
            .description = "goods",
            .payer_openid = ask.openid,
            .minor = ask.minor,
            .currency = cny,
            .content_digest = ask.content,
            .expires_at = {ask.expires}};
        return {command, [ask](NaiveModel& model, const Command& allotted, std::int64_t now) {
                    NaiveModel::AskOrder with_id = ask;
                    with_id.id = std::get<acquiring::CreateOrder>(allotted).terms.id.value;
                    return model.create_order(with_id, now);
                }};
    }
    void repeat_order(NaiveModel::AskOrder& ask) {
        const auto known = model_.orders.find(any_of(model_.orders));
        if (known == model_.orders.end()) return;
        ask.merchant = known->second.merchant;
        ask.number = known->second.number;
        if (one_in(10)) return;
        ask.content = known->second.content;
        ask.minor = known->second.minor;
        ask.h5 = known->second.h5;
    }
    Step close_order() {
        const NaiveModel::OrderRef ref = order_ref();
        return {acquiring::CloseOrder{told(ref)},
                [=](NaiveModel& model, const Command&, std::int64_t now) {
                    return model.close_order(ref, now);
                }};
    }
    // Merchants' and platform's keys: few serials, so that they clash.
    Step keys() {
        const std::string serial = fmt::format("5E{}", below(30));
        const NaiveModel::Key key{.merchant = one_in(20) ? nobody : any_merchant(),
                                  .pem = fmt::format("key {}", below(3))};
        if (one_in(4))
            return {
                acquiring::RevokeMerchantKey{MerchantId{key.merchant}, serial},
                [=](NaiveModel& model, const Command&, std::int64_t) {
                    return model.revoke_key(serial, key.merchant);
                                             }
            };
        if (one_in(4)) {
            acquiring::AddPlatformKey command;
            command.terms.serial = serial;
            return {command, [=](NaiveModel& model, const Command&, std::int64_t now) {
                        return model.add_key(serial, {}, now, now);
                    }};
        }
        const Instant until{one_in(10) ? 1 : 4'000'000'000'000};
        acquiring::AddMerchantKey command;
        command.terms = {.merchant = MerchantId{key.merchant},
                         .serial = serial,
                         .public_key_pem = key.pem,
                         .not_after = until};
        return {command, [=](NaiveModel& model, const Command&, std::int64_t now) {
                    return model.add_key(serial, key, until.ms, now);
                }};
    }
    // What doors ask less often.
    Step rare_query(const NaiveModel::Session& who) {
        const std::string login = fmt::format("user-{}", below(user_count + 1));
        const Id user = one_in(10) ? nobody : any_user();
        const Id order = any_of(model_.orders);
        const auto known = model_.users.find(user);
        const Id account = known == model_.users.end() ? nobody : known->second.account;
        switch (below(4)) {
            case 0:
                return {QueryAccount{AccountId{account}},
                        [=](NaiveModel& model, const Command&, std::int64_t) {
                            return model.query_account(account);
                        }};
            case 1:
                return {InspectUser{UserId{user}},
                        [=](NaiveModel& model, const Command&, std::int64_t) {
                            return model.inspect_user(user);
                        }};
            case 2:
                return {QueryLogin{login}, [=](NaiveModel& model, const Command&, std::int64_t) {
                            return model.query_login(login);
                        }};
            default:
                return {
                    ResolveOrder{told(who), OrderId{order}},
                    [=](NaiveModel& model, const Command&, std::int64_t) {
                        return model.resolve_order(who, order);
                                 }
                };
        }
    }
    Step query() {
        const NaiveModel::Session who = session();
        if (one_in(4)) return rare_query(who);
        switch (below(4)) {
            case 0: {
                const NaiveModel::OrderRef ref = order_ref();
                return {QueryOrder{told(ref)},
                        [=](NaiveModel& model, const Command&, std::int64_t) {
                            return model.query_order(ref);
                        }};
            }
            case 1:
                return {QueryUser{told(who)}, [=](NaiveModel& model, const Command&, std::int64_t) {
                            return model.query_user(who);
                        }};
            case 2: {
                const Id payment = any_of(model_.payments);
                NaiveModel::Session payer = who;
                if (const auto known = model_.payments.find(payment);
                    known != model_.payments.end() && !one_in(5))
                    payer = {known->second.payer, model_.users.at(known->second.payer).epoch};
                return {
                    switching::QueryPayment{told(payer), PaymentId{payment}},
                    [=](NaiveModel& model, const Command&, std::int64_t) {
                        return model.query_payment(payer, payment);
                                            }
                };
            }
            default: {
                const Id merchant = any_merchant();
                const std::string number = refund_number();
                return {
                    QueryRefund{MerchantId{merchant}, number},
                    [=](NaiveModel& model, const Command&, std::int64_t) {
                        return model.query_refund(merchant, number);
                                }
                };
            }
        }
    }
    Step pay() {
        NaiveModel::AskPayment ask{.id = 0,
                                   .session = session(),
                                   .order = any_of(model_.orders),
                                   .openid = one_in(2) ? "o-someone" : "o-else",
                                   .request = fmt::format("pay {}", ++numbers_),
                                   .pin = {}};
        if (one_in(6)) repeat_payment(ask);
        ask.pin = pin(ask.session.user);
        return pay(ask);
    }
    static Step pay(const NaiveModel::AskPayment& ask) {
        return {
            switching::PayOrder{.session = told(ask.session),
                                .order = OrderId{ask.order},
                                .openid = ask.openid,
                                .request_id = ask.request,
                                .check = maybe(ask.pin)},
            [ask](NaiveModel& model, const Command& allotted, std::int64_t now) {
                NaiveModel::AskPayment with_id = ask;
                with_id.id = std::get<switching::PayOrder>(allotted).id.value;
                return model.pay(with_id, now);
                                }
        };
    }
    void repeat_payment(NaiveModel::AskPayment& ask) {
        if (model_.payment_keys.empty()) return;
        auto known = model_.payment_keys.lower_bound(
            {ask.session.user, fmt::format("pay {}", below(numbers_ + 1))});
        if (known == model_.payment_keys.end()) known = model_.payment_keys.begin();
        const auto& [user, request] = known->first;
        ask.session = {user, model_.users.at(user).epoch};
        ask.request = request;
        if (!one_in(10)) ask.order = model_.payments.at(known->second).order;
    }
    std::string refund_number() { return fmt::format("refund {}", below(one_in(2) ? 50 : 5'000)); }
    Step refund() {
        // A repeat, or another try after the merchant had too little.
        if (!asked_.empty() && one_in(5)) return refund(asked_[below(asked_.size())]);
        NaiveModel::AskRefund ask{.id = 0,
                                  .order = order_ref(),
                                  .number = refund_number(),
                                  .content = "",
                                  .minor = 0,
                                  .total = 0,
                                  .only_available = one_in(8),
                                  .only_unsettled = one_in(8),
                                  .dollars = one_in(100)};
        // Paid orders are found through payments.
        if (const auto payment = model_.payments.find(any_of(model_.payments));
            payment != model_.payments.end() && !one_in(10)) {
            const NaiveModel::Order& order = model_.orders.at(payment->second.order);
            ask.order = {order.merchant, one_in(2) ? payment->second.order : 0, order.number};
            const auto total = static_cast<std::uint64_t>(order.minor);
            ask.total = order.minor + (one_in(30) ? 1 : 0);
            ask.minor = static_cast<std::int64_t>(one_in(3) ? total : below(total + 2));
        }
        if (ask.only_available) ask.only_unsettled = false;
        ask.content = fmt::format("{} {} {}", ask.order.number, ask.minor, ask.total);
        asked_.push_back(ask);
        if (asked_.size() > 100) asked_.pop_front();
        return refund(ask);
    }
    Step refund(const NaiveModel::AskRefund& ask) {
        acquiring::CreateRefund command{
            .terms = {.merchant = MerchantId{ask.order.merchant},
                      .out_refund_no = ask.number,
                      .minor = ask.minor,
                      .currency = ask.dollars ? Currency{840} : cny,
                      .reason = "returned",
                      .content_digest = ask.content},
            .order = told(ask.order),
            .total_minor = ask.total
        };
        using enum acquiring::RefundFunds;
        command.terms.funds = ask.only_available   ? available
                              : ask.only_unsettled ? unsettled
                                                   : unsettled_first;
        return {command, [ask](NaiveModel& model, const Command& allotted, std::int64_t now) {
                    NaiveModel::AskRefund with_id = ask;
                    with_id.id = std::get<acquiring::CreateRefund>(allotted).terms.id.value;
                    return model.refund(with_id, now);
                }};
    }

public:
    Id institution = 0;

private:
    std::mt19937_64 random_;
    const NaiveModel& model_;
    std::uint64_t numbers_ = 0;
    std::deque<NaiveModel::AskRefund> asked_;
};

}  // namespace huitong::engine::testing
