// A naive model of the platform, written from the rules alone (architecture, wechatpay-v3 4.1 and
// 5.1): plain maps, no ledger, no entries, no shelves, and no code of the program. It answers each
// command with a line of text; the property test asks for the program's answer as the same line.
//
// Ids and times come from outside, because the program allots them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace huitong::engine::testing {

class NaiveModel {
public:
    using Id = std::uint64_t;
    using Money = std::int64_t;
    using Time = std::int64_t;
    static constexpr Time minute = 60'000, hour = 60 * minute, day = 24 * hour;

    struct Rules {
        Money source_floor = -12'000'00;
        Money wallet_ceiling = 20'000'00;
        Money password_free = 200'00;
        unsigned failures_max = 3;
        Time lock = 15 * minute;
        Time order_life = 7 * day, order_life_min = minute, order_life_max = 15 * day;
        Time code_life = 2 * hour, h5_code_life = 5 * minute;
        Time refund_window = 20 * day;
        unsigned refunds_max = 3;
    };

    struct Secret {  // a password as kept
        std::string record;
        unsigned failures = 0;
        Time locked_until = 0;
    };
    struct Check {  // a password as given: which record it was compared with
        bool given = false;
        std::string compared;
        bool matches = false;
    };
    struct Session {
        Id user = 0;
        unsigned epoch = 0;
    };
    struct User {
        Id account = 0;
        Secret password, pin;
        bool frozen = false;
        unsigned epoch = 0;
    };
    struct Source {
        Id user = 0, account = 0;
    };
    struct TopUp {
        Id source = 0;
        Money minor = 0;
        std::string decline;
    };
    struct Merchant {
        std::string name;
        bool frozen = false;
        Id unsettled = 0, available = 0, disputed = 0;
    };
    struct Key {  // a merchant's or (without one) the platform's
        Id merchant = 0;
        std::string pem;
        bool revoked = false;
    };
    enum Status { open = 0, paid = 2, closed = 3 };
    struct Order {
        Id merchant = 0;
        std::string number, content, openid;
        bool h5 = false;
        Money minor = 0;
        Time expires = 0, code_expires = 0, ended = 0;
        Status status = open;
        Id payment = 0, payer = 0;
        Money refunded = 0;
        unsigned refunds = 0;
    };
    struct Payment {
        Id order = 0, payer = 0;
        Money minor = 0, refunded = 0;
        std::string decline;
    };
    struct Refund {
        Id order = 0;
        std::string content, decline;
        Money minor = 0;
        Time ended = 0;
    };

    // What is asked; `id` and the accounts are the allotted ones.
    struct AskOrder {
        Id id, merchant;
        std::string number, content, appid, openid;
        bool h5;
        Money minor;
        Time expires;
    };
    static constexpr Money minor_max = 10'000'000'000'000'00;
    struct OrderRef {
        Id merchant, id;
        std::string number;
    };
    struct AskPayment {
        Id id;
        Session session;
        Id order;
        std::string openid, request;
        Check pin;
    };
    struct AskRefund {
        Id id;
        OrderRef order;
        std::string number, content;
        Money minor, total;
        bool only_available, only_unsettled, dollars;
    };
    struct AskTopUp {
        Id id;
        Session session;
        Id source;
        Money minor;
        std::string request;
        Check pin;
    };

    std::string open_user(Id id, Id account, const std::string& login, const std::string& password,
                          const std::string& pin);
    std::string log_in(const std::string& login, const Check& password, Time now);
    std::string end_sessions(Session session);
    std::string change_pin(Session session, const Check& old, const std::string& fresh, Time now);
    std::string freeze_user(Id user, bool frozen);
    std::string query_user(Session session) const;
    std::string bind_source(Id id, Id account, Session session, const std::string& number);
    std::string top_up(const AskTopUp& ask, Time now);
    std::string register_merchant(Id id, Merchant merchant, const std::string& mchid);
    std::string freeze_merchant(Id merchant, bool frozen);
    std::string add_key(const std::string& serial, const Key& key, Time valid_until, Time now);
    std::string revoke_key(const std::string& serial, Id merchant);
    std::string query_account(Id account) const;
    std::string inspect_user(Id user) const;
    std::string query_login(const std::string& login) const;
    std::string resolve_order(Session session, Id order) const;
    std::string create_order(const AskOrder& ask, Time now);
    std::string close_order(const OrderRef& ref, Time now);
    std::string expire_order(Id order, Time now);
    std::string query_order(const OrderRef& ref) const;
    std::string pay(const AskPayment& ask, Time now);
    std::string query_payment(Session session, Id payment) const;
    std::string refund(const AskRefund& ask, Time now);
    std::string query_refund(Id merchant, const std::string& number) const;
    // A settlement or a dispute, as an entry of a later module would say it.
    void move(Id debit, Id credit, Money minor);

    Rules rules;
    std::map<Id, User> users;
    std::map<Id, Source> sources;
    std::map<Id, TopUp> top_ups;
    std::map<Id, Merchant> merchants;
    std::map<Id, Order> orders;
    std::map<Id, Payment> payments;
    std::map<Id, Refund> refunds;
    std::map<Id, Money> balances;  // of every account
    std::map<std::string, Id> logins, mchids;
    std::map<std::string, Key> keys;  // by serial
    std::map<std::pair<Id, std::string>, Id> order_numbers, refund_numbers, payment_keys,
        top_up_keys, source_numbers;

    // The lines, also for the final comparison of every record.
    std::string line(Id id, const Order& order) const;
    std::string line(Id id, const Payment& payment) const;
    std::string line(Id id, const Refund& refund) const;

private:
    [[nodiscard]] bool signed_in(Session session) const;
    // Empty, or the refusal or decline; counts a wrong password.
    std::string check(Secret& secret, const Check& given, const std::string& locked,
                      Time now) const;
    std::string authorise(User& user, Money minor, const Check& pin, Time now) const;
    [[nodiscard]] std::string unpayable(const Order& order, const std::string& openid,
                                        Time now) const;
    [[nodiscard]] Id find(const OrderRef& ref) const;
    [[nodiscard]] std::string unrefundable(const AskRefund& ask, Id order, Time now) const;
    // Takes the money from the merchant; false when it has too little.
    bool give_back(const AskRefund& ask, const Merchant& merchant, Id to);
    std::string login_line(Id user, bool matches) const;
    std::string user_line(Id user) const;
    std::string payment_line(Id payment) const;
    std::string refund_line(Id refund) const;
};

}  // namespace huitong::engine::testing
