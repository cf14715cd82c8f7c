// A payment: the movement of money from a payer to a payee (design section 2).
//
//     received --yes--> reserved --responder's yes--> completed
//         |                |---responder's no---> declined (hold voided)
//         +--no--> declined +---undecided--------> reversing --acknowledged--> reversed
// A hosted responder answers inside decide, so a payment between hosted sides is completed or
// declined in one entry.
#pragma once

#include <string>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/record.hpp"

namespace huitong::switching {

enum class PaymentStatus : std::uint8_t {
    completed = 0,
    declined = 1,
    reserved = 2,
    reversing = 3,
    reversed = 4
};

struct PaymentTerms {
    PaymentId id;
    OrderId order;
    MerchantId merchant;
    UserId payer;
    AccountId payer_account;
    AccountId payee_account;
    std::int64_t minor = 0;
    Currency currency;
    std::string request_id;  // the payer's idempotency key
    Instant created_at;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "payment_id", self.id);
        v(2, "order_id", self.order);
        v(3, "merchant_id", self.merchant);
        v(4, "payer_id", self.payer);
        v(5, "payer_account_id", self.payer_account);
        v(6, "payee_account_id", self.payee_account);
        v(7, "minor", self.minor);
        v(8, "currency", self.currency);
        v(9, "request_id", self.request_id);
        v(10, "created_at", self.created_at);
    }
    friend bool operator==(const PaymentTerms&, const PaymentTerms&) = default;
};

struct PaymentState {
    PaymentStatus status = PaymentStatus::completed;
    Instant ended_at;
    std::string decline;  // the name of the Error, when declined
    std::int64_t refunded_minor = 0;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "status", self.status);
        v(2, "ended_at", self.ended_at);
        v(3, "decline", self.decline);
        v(4, "refunded_minor", self.refunded_minor);
    }
    friend bool operator==(const PaymentState&, const PaymentState&) = default;
};

struct Payment {
    using IdType = PaymentId;
    using Terms = PaymentTerms;
    using State = PaymentState;
    static constexpr RecordKind kind = RecordKind::payment;

    PaymentTerms terms;
    PaymentState state;

    [[nodiscard]] PaymentId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const { return {terms.payer.value, terms.request_id}; }
    [[nodiscard]] Money amount() const { return {terms.minor, terms.currency}; }
    friend bool operator==(const Payment&, const Payment&) = default;
};

}  // namespace huitong::switching
