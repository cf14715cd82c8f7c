#include "engine/testing/naive_model.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace huitong::engine::testing {
namespace {

std::string no(const std::string& why) {
    return "no: " + why;
}
bool is_decline(const std::string& why) {
    return why == "payment_password_wrong" || why == "funds_insufficient" ||
           why == "funding_source_declined" || why == "balance_limit_exceeded";
}
std::string said(const NaiveModel::Secret& secret) {
    return fmt::format("{}/{}/{}", secret.record, secret.failures, secret.locked_until);
}

}  // namespace

std::string NaiveModel::line(Id id, const Order& order) const {
    return fmt::format(
        "order {} of {} no {} minor {} status {} expires {} code {} payment {} payer {} ended {} "
        "refunded {} in {}",
        id, order.merchant, order.number, order.minor, static_cast<int>(order.status),
        order.expires, order.code_expires, order.payment, order.payer, order.ended, order.refunded,
        order.refunds);
}

std::string NaiveModel::line(Id id, const Payment& payment) const {
    return fmt::format("payment {} of {} by {} minor {} decline '{}' refunded {}", id,
                       payment.order, payment.payer, payment.minor, payment.decline,
                       payment.refunded);
}

std::string NaiveModel::line(Id id, const Refund& refund) const {
    return fmt::format("refund {} of {} minor {} decline '{}' ended {}", id, refund.order,
                       refund.minor, refund.decline, refund.ended);
}

std::string NaiveModel::user_line(Id id) const {
    const User& user = users.at(id);
    return fmt::format("user {} frozen {} epoch {} password {} pin {} balance {}", id, user.frozen,
                       user.epoch, said(user.password), said(user.pin), balances.at(user.account));
}

std::string NaiveModel::login_line(Id id, bool matches) const {
    const User& user = users.at(id);
    return fmt::format("login {} matches {} frozen {} epoch {} password {} pin {}", id, matches,
                       user.frozen, user.epoch, said(user.password), said(user.pin));
}

std::string NaiveModel::payment_line(Id id) const {
    const Payment& payment = payments.at(id);
    const Order& order = orders.at(payment.order);
    return fmt::format("{} left {} shop {} no {}", line(id, payment),
                       balances.at(users.at(payment.payer).account),
                       merchants.at(order.merchant).name, order.number);
}

std::string NaiveModel::refund_line(Id id) const {
    const Refund& refund = refunds.at(id);
    return line(id, refund) + "; " + line(refund.order, orders.at(refund.order));
}

bool NaiveModel::signed_in(Session session) const {
    const auto user = users.find(session.user);
    return user != users.end() && user->second.epoch == session.epoch;
}

std::string NaiveModel::check(Secret& secret, const Check& given, const std::string& locked,
                              Time now) const {
    if (now < secret.locked_until) return locked;
    if (given.compared != secret.record) return "outcome_unknown";
    if (given.matches) {
        secret.failures = 0;
        secret.locked_until = 0;
        return "";
    }
    if (++secret.failures == rules.failures_max) {
        secret.failures = 0;
        secret.locked_until = now + rules.lock;
    }
    return "";
}

std::string NaiveModel::authorise(User& user, Money minor, const Check& pin, Time now) const {
    if (user.frozen) return "user_frozen";
    if (!pin.given) return minor > rules.password_free ? "payment_password_wrong" : "";
    const std::string why = check(user.pin, pin, "payment_password_locked", now);
    if (!why.empty()) return why;
    return pin.matches ? "" : "payment_password_wrong";
}

std::string NaiveModel::open_user(Id id, Id account, const std::string& login,
                                  const std::string& password, const std::string& pin) {
    if (logins.contains(login)) return no("login_name_taken");
    logins[login] = id;
    balances[account] = 0;
    users[id] = {account, {password}, {pin}};
    return user_line(id);
}

std::string NaiveModel::log_in(const std::string& login, const Check& password, Time now) {
    if (!logins.contains(login)) return no("credentials_wrong");
    const Id id = logins[login];
    const std::string why = check(users[id].password, password, "credentials_locked", now);
    return why.empty() ? login_line(id, password.matches) : no(why);
}

std::string NaiveModel::end_sessions(Session session) {
    if (!signed_in(session)) return no("session_invalid");
    ++users[session.user].epoch;
    return login_line(session.user, true);
}

std::string NaiveModel::change_pin(Session session, const Check& old, const std::string& fresh,
                                   Time now) {
    if (!signed_in(session)) return no("session_invalid");
    User& user = users[session.user];
    const std::string why = check(user.pin, old, "payment_password_locked", now);
    if (!why.empty()) return no(why);
    if (old.matches) user.pin.record = fresh;
    return login_line(session.user, old.matches);
}

std::string NaiveModel::freeze_user(Id user, bool frozen) {
    if (!users.contains(user)) return no("user_not_found");
    users[user].frozen = frozen;
    return user_line(user);
}

std::string NaiveModel::query_user(Session session) const {
    return signed_in(session) ? user_line(session.user) : no("session_invalid");
}

std::string NaiveModel::bind_source(Id id, Id account, Session session, const std::string& number) {
    if (!signed_in(session)) return no("session_invalid");
    if (users.at(session.user).frozen) return no("user_frozen");
    const auto [known, fresh] = source_numbers.try_emplace({session.user, number}, id);
    if (fresh) {
        sources[id] = {session.user, account};
        balances[account] = 0;
    }
    return fmt::format("source {} account {}", known->second, sources[known->second].account);
}

std::string NaiveModel::top_up(const AskTopUp& ask, Time now) {
    const auto said_of = [this](Id id, const User& user) {
        return fmt::format("top-up {} minor {} decline '{}' left {}", id, top_ups[id].minor,
                           top_ups[id].decline, balances[user.account]);
    };
    if (!signed_in(ask.session)) return no("session_invalid");
    User& user = users[ask.session.user];
    if (const auto known = top_up_keys.find({ask.session.user, ask.request});
        known != top_up_keys.end()) {
        const TopUp& first = top_ups[known->second];
        const bool same = first.source == ask.source && first.minor == ask.minor;
        return same ? said_of(known->second, user) : no("payment_key_reused");
    }
    if (!sources.contains(ask.source) || sources[ask.source].user != ask.session.user)
        return no("funding_source_not_found");
    if (ask.minor <= 0) return no("amount_not_positive");

    std::string why = authorise(user, ask.minor, ask.pin, now);
    if (!why.empty() && !is_decline(why)) return no(why);
    const Id source = sources[ask.source].account;
    if (why.empty() && balances[source] - ask.minor < rules.source_floor)
        why = "funding_source_declined";
    if (why.empty() && balances[user.account] + ask.minor > rules.wallet_ceiling)
        why = "balance_limit_exceeded";
    if (why.empty()) move(source, user.account, ask.minor);
    top_up_keys[{ask.session.user, ask.request}] = ask.id;
    top_ups[ask.id] = {ask.source, ask.minor, why};
    return said_of(ask.id, user);
}

std::string NaiveModel::register_merchant(Id id, Merchant merchant, const std::string& mchid) {
    if (mchids.contains(mchid)) return no("id_taken");
    mchids[mchid] = id;
    for (const Id account : {merchant.unsettled, merchant.available, merchant.disputed})
        balances[account] = 0;
    merchants[id] = merchant;
    return fmt::format("merchant {} name {} frozen {}", id, merchant.name, merchant.frozen);
}

std::string NaiveModel::freeze_merchant(Id id, bool frozen) {
    if (!merchants.contains(id)) return no("merchant_not_found");
    merchants[id].frozen = frozen;
    return fmt::format("merchant {} name {} frozen {}", id, merchants[id].name, frozen);
}

std::string NaiveModel::add_key(const std::string& serial, const Key& key, Time valid_until,
                                Time now) {
    if (key.merchant != 0 && !merchants.contains(key.merchant)) return no("merchant_not_found");
    if (key.merchant != 0 && now >= valid_until) return no("certificate_invalid");
    if (const auto known = keys.find(serial); known != keys.end()) {
        const Key& first = known->second;
        const bool same = key.merchant != 0 && first.merchant == key.merchant &&
                          first.pem == key.pem && !first.revoked;
        if (!same) return no("serial_taken");
    }
    keys[serial] = key;
    return fmt::format("key {} of {} revoked false", serial, key.merchant);
}

std::string NaiveModel::revoke_key(const std::string& serial, Id merchant) {
    const auto known = keys.find(serial);
    if (known == keys.end() || known->second.merchant != merchant) return no("serial_unknown");
    known->second.revoked = true;
    return fmt::format("key {} of {} revoked true", serial, merchant);
}

std::string NaiveModel::query_account(Id account) const {
    const auto known = balances.find(account);
    return known == balances.end() ? no("account_not_found")
                                   : fmt::format("account {} balance {}", account, known->second);
}

std::string NaiveModel::inspect_user(Id user) const {
    return users.contains(user) ? user_line(user) : no("user_not_found");
}

std::string NaiveModel::query_login(const std::string& login) const {
    return logins.contains(login) ? user_line(logins.at(login)) : no("user_not_found");
}

std::string NaiveModel::resolve_order(Session session, Id order) const {
    if (!signed_in(session)) return no("session_invalid");
    if (!orders.contains(order)) return no("order_code_unknown");
    return query_order({orders.at(order).merchant, order, ""});
}

std::string NaiveModel::create_order(const AskOrder& ask, Time now) {
    if (!merchants.contains(ask.merchant)) return no("merchant_not_found");
    const Merchant& merchant = merchants[ask.merchant];
    if (merchant.frozen) return no("merchant_frozen");
    if (ask.appid != "wx-app") return no("appid_not_bound");
    if (ask.minor <= 0) return no("amount_not_positive");
    if (ask.minor > minor_max) return no("amount_overflow");
    const std::string shop = " shop " + merchant.name;
    const auto code = [&](const Order& order) {
        return std::min(now + (order.h5 ? rules.h5_code_life : rules.code_life), order.expires);
    };
    if (const auto known = order_numbers.find({ask.merchant, ask.number});
        known != order_numbers.end()) {
        Order& first = orders[known->second];
        if (first.content != ask.content) return no("order_number_reused");
        if (first.status == paid) return no("order_number_paid");
        if (first.status == closed) return no("order_closed");
        if (now >= first.expires) return no("order_expired");
        if (now >= first.code_expires) first.code_expires = code(first);
        return line(known->second, first) + shop;
    }
    Order order{.merchant = ask.merchant,
                .number = ask.number,
                .content = ask.content,
                .openid = ask.openid,
                .h5 = ask.h5,
                .minor = ask.minor};
    order.expires = now + rules.order_life;
    if (ask.expires != 0) {
        order.expires = std::max(ask.expires, now + rules.order_life_min);
        order.expires = std::min(order.expires, now + rules.order_life_max);
    }
    order.code_expires = code(order);
    order_numbers[{ask.merchant, ask.number}] = ask.id;
    orders[ask.id] = order;
    return line(ask.id, order) + shop;
}

NaiveModel::Id NaiveModel::find(const OrderRef& ref) const {
    if (ref.id != 0) {
        const auto order = orders.find(ref.id);
        return order != orders.end() && order->second.merchant == ref.merchant ? ref.id : 0;
    }
    const auto known = order_numbers.find({ref.merchant, ref.number});
    return known == order_numbers.end() ? 0 : known->second;
}

std::string NaiveModel::close_order(const OrderRef& ref, Time now) {
    const Id id = find(ref);
    if (id == 0) return no("order_not_found");
    Order& order = orders[id];
    if (order.status == paid) return no("order_paid");
    if (order.status == open) {
        order.status = closed;
        order.ended = now;
    }
    return query_order(ref);
}

std::string NaiveModel::expire_order(Id id, Time now) {
    if (!orders.contains(id)) return no("order_not_found");
    Order& order = orders[id];
    if (order.status == open && now >= order.expires) {
        order.status = closed;
        order.ended = now;
    }
    return query_order({order.merchant, id, ""});
}

std::string NaiveModel::query_order(const OrderRef& ref) const {
    const Id id = find(ref);
    if (id == 0) return no("order_not_found");
    const Order& order = orders.at(id);
    return line(id, order) + " shop " + merchants.at(order.merchant).name;
}

std::string NaiveModel::unpayable(const Order& order, const std::string& openid, Time now) const {
    if (order.status == paid) return "order_paid";
    if (order.status == closed) return "order_closed";
    if (now >= order.expires) return "order_expired";
    if (now >= order.code_expires) return "order_code_expired";
    if (!order.openid.empty() && order.openid != openid) return "order_payer_differs";
    return merchants.at(order.merchant).frozen ? "merchant_frozen" : "";
}

std::string NaiveModel::pay(const AskPayment& ask, Time now) {
    if (!signed_in(ask.session)) return no("session_invalid");
    if (const auto known = payment_keys.find({ask.session.user, ask.request});
        known != payment_keys.end())
        return payments[known->second].order == ask.order ? payment_line(known->second)
                                                          : no("payment_key_reused");
    if (!orders.contains(ask.order)) return no("order_not_found");
    Order& order = orders[ask.order];
    std::string why = unpayable(order, ask.openid, now);
    if (!why.empty()) return no(why);

    User& user = users[ask.session.user];
    why = authorise(user, order.minor, ask.pin, now);
    if (!why.empty() && !is_decline(why)) return no(why);
    if (why.empty() && balances[user.account] < order.minor) why = "funds_insufficient";
    if (why.empty()) {
        move(user.account, merchants[order.merchant].unsettled, order.minor);
        order.status = paid;
        order.payment = ask.id;
        order.payer = ask.session.user;
        order.ended = now;
    }
    payment_keys[{ask.session.user, ask.request}] = ask.id;
    payments[ask.id] = {ask.order, ask.session.user, order.minor, 0, why};
    return payment_line(ask.id);
}

std::string NaiveModel::query_payment(Session session, Id payment) const {
    if (!signed_in(session)) return no("session_invalid");
    const auto known = payments.find(payment);
    const bool ours = known != payments.end() && known->second.payer == session.user;
    return ours ? payment_line(payment) : no("payment_not_found");
}

std::string NaiveModel::unrefundable(const AskRefund& ask, Id id, Time now) const {
    if (!merchants.contains(ask.order.merchant)) return "merchant_not_found";
    if (id == 0) return "refund_order_not_found";
    const Order& order = orders.at(id);
    if (order.status != paid) return "refund_order_unpaid";
    if (ask.dollars) return "currency_mismatch";
    if (ask.minor <= 0) return "amount_not_positive";
    if (order.minor != ask.total) return "refund_total_differs";
    if (now > order.ended + rules.refund_window) return "refund_window_closed";
    if (order.refunds >= rules.refunds_max) return "refund_count_exceeded";
    return order.refunded + ask.minor > order.minor ? "refund_exceeds_payment" : "";
}

bool NaiveModel::give_back(const AskRefund& ask, const Merchant& merchant, Id to) {
    const Money unsettled =
        ask.only_available ? 0 : std::min(ask.minor, balances[merchant.unsettled]);
    const Money rest = ask.minor - unsettled;
    if (rest > 0 && (ask.only_unsettled || balances[merchant.available] < rest)) return false;
    move(merchant.unsettled, to, unsettled);
    move(merchant.available, to, rest);
    return true;
}

std::string NaiveModel::refund(const AskRefund& ask, Time now) {
    if (const auto known = refund_numbers.find({ask.order.merchant, ask.number});
        known != refund_numbers.end())
        return refunds[known->second].content == ask.content ? refund_line(known->second)
                                                             : no("refund_number_reused");
    const Id id = find(ask.order);
    const std::string why = unrefundable(ask, id, now);
    if (!why.empty()) return no(why);

    Order& order = orders[id];
    const Id payer = users[order.payer].account;
    Refund refund{id, ask.content, "", ask.minor, now};
    if (balances[payer] + ask.minor > rules.wallet_ceiling) {
        refund.decline = "balance_limit_exceeded";
    } else if (!give_back(ask, merchants[order.merchant], payer)) {
        return no("merchant_funds_insufficient");
    } else {
        order.refunded += ask.minor;
        ++order.refunds;
        payments[order.payment].refunded += ask.minor;
    }
    refund_numbers[{ask.order.merchant, ask.number}] = ask.id;
    refunds[ask.id] = refund;
    return refund_line(ask.id);
}

std::string NaiveModel::query_refund(Id merchant, const std::string& number) const {
    const auto known = refund_numbers.find({merchant, number});
    return known == refund_numbers.end() ? no("refund_not_found") : refund_line(known->second);
}

void NaiveModel::move(Id debit, Id credit, Money minor) {
    balances[debit] -= minor;
    balances[credit] += minor;
}

}  // namespace huitong::engine::testing
