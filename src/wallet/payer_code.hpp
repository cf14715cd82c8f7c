// A payer code: digits that a user shows to a till (CPM). One use, and only for a short while.
#pragma once

#include <string>

#include "base/id.hpp"
#include "base/record.hpp"

namespace huitong::wallet {

struct PayerCodeTerms {
    PayerCodeId id;
    UserId user;
    std::string digits;  // 18, unique for ever (business-rules 1.3)
    Instant created_at;
    Instant expires_at;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "payer_code_id", self.id);
        v(2, "user_id", self.user);
        v(3, "digits", self.digits);
        v(4, "created_at", self.created_at);
        v(5, "expires_at", self.expires_at);
    }
    friend bool operator==(const PayerCodeTerms&, const PayerCodeTerms&) = default;
};

struct PayerCodeState {
    PaymentId spent_by;  // also when that payment failed

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "spent_by_payment_id", self.spent_by);
    }
    friend bool operator==(const PayerCodeState&, const PayerCodeState&) = default;
};

struct PayerCode {
    using IdType = PayerCodeId;
    using Terms = PayerCodeTerms;
    using State = PayerCodeState;
    static constexpr RecordKind kind = RecordKind::payer_code;

    PayerCodeTerms terms;
    PayerCodeState state;

    [[nodiscard]] PayerCodeId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const { return {0, terms.digits}; }
    friend bool operator==(const PayerCode&, const PayerCode&) = default;
};

}  // namespace huitong::wallet
