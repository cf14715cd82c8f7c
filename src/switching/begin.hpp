// A payment's first steps, which every way of asking for one shares: its two sides are found, the
// money is held or the payer is asked, and what came of it is recorded. Private to this module.
#pragma once

#include "switching/life.hpp"

namespace huitong::switching {

RequesterId requester(auto id) {
    return {id.value};
}

// A payment of which nothing is known yet: declined until its first steps have been taken.
Payment fresh_payment(PaymentId id, Money amount, Instant now);

// Where the two sides of a payment are found: each adds its account and link to the terms.
class Sought {
public:
    Sought(const Sides& sides, Instant now, SidesEffects effects)
        : sides_(sides), now_(now), effects_(effects) {}

    // participant_not_found, participant_not_linked, participant_suspended, currency_not_open.
    Decided<void> payer_position(Payment& payment, ParticipantId id) const;
    Decided<void> payee_position(Payment& payment, ParticipantId id) const;
    // order_not_found, amount_mismatch and what acquiring::payable lists.
    Decided<void> payee_order(Payment& payment, OrderId id) const;
    // What wallet::spend_payer_code lists. The code is spent by this, whatever comes of it.
    Decided<void> payer_of_code(Payment& payment) const;
    // The original's payer takes what the payee gives back: refund_order_unpaid, currency_mismatch,
    // refund_exceeds_payment, refund_window_closed.
    Decided<void> payer_of_original(Payment& payment, const Payment& original) const;

private:
    [[nodiscard]] Result<AccountId> position(ParticipantId id, Currency currency) const;

    const Sides& sides_;
    Instant now_;
    SidesEffects effects_;
};

// The first steps: ask the payer, or reserve; and when the responder is hosted here, its answer.
Decided<void> begin(const Sides& sides, Life& life, Payment& payment);

// Whether a no is recorded: a miss, and what broke, is not an answer.
bool is_answer(const Stop& stop);
// Whether a no of the first steps leaves no trace.
bool is_refusal(const Decided<void>& done);
// What a payment's first steps lead to is recorded, a no as well.
Decided<Payment> recorded(Life& life, Payment payment, const Decided<void>& done);

}  // namespace huitong::switching
