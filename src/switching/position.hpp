// Positions: what an institution owes and is owed in one currency, and how far it may go.
//
// A position is a ledger account. Payments the institution's payers make debit it, payments its
// payees take credit it; what is reserved is held on it. The net debit cap bounds it in O(1):
// position + reserved + amount <= cap (business-rules 5.3).
#pragma once

#include <string>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/record.hpp"

namespace huitong::switching {

struct PositionTerms {
    AccountId id;  // the account, of kind position
    ParticipantId participant;
    Currency currency;
    AccountId refunds_in_transit;  // of this institution's refunds that have no answer yet
    Instant created_at;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "account_id", self.id);
        v(2, "participant_id", self.participant);
        v(3, "currency", self.currency);
        v(4, "refunds_in_transit_account_id", self.refunds_in_transit);
        v(5, "created_at", self.created_at);
    }
    friend bool operator==(const PositionTerms&, const PositionTerms&) = default;
};

struct PositionState {
    std::int64_t cap_minor = 0;  // the net debit cap, 0 or more

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "cap_minor", self.cap_minor);
    }
    friend bool operator==(const PositionState&, const PositionState&) = default;
};

struct Position {
    using IdType = AccountId;
    using Terms = PositionTerms;
    using State = PositionState;

    PositionTerms terms;
    PositionState state;

    static NaturalKey key_of(ParticipantId participant, Currency currency) {
        return {participant.value, std::to_string(currency.numeric)};
    }
    [[nodiscard]] AccountId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const { return key_of(terms.participant, terms.currency); }
    friend bool operator==(const Position&, const Position&) = default;
};

}  // namespace huitong::switching
