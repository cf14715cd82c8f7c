// The steps of a payment's life: each changes the payment and what hangs on it (money, order,
// refund) together, so that no caller can do half of one. Private to this module.
#pragma once

#include "switching/linked.hpp"
#include "switching/state.hpp"

namespace huitong::switching {

// The institution on the other end of a side: participant_not_found, participant_not_linked,
// participant_suspended.
Result<const Participant*> linked(const Switching& switching, ParticipantId id);
// currency_not_open.
Result<const Position*> position_of(const Switching& switching, ParticipantId id,
                                    Currency currency);

// An error as a record keeps it.
inline std::string name_of(Error error) {
    return std::string(describe(error).name);
}
// How the institution of the original's payer knows the original: "sender:" and the key when the
// sender of the refund asked for it, "receiver:" and the key when the receiver did.
std::string original_on_link(const Payment& original);

class Life {
public:
    Life(const Sides& sides, Instant now, SidesEffects effects)
        : sides_(sides), now_(now), effects_(effects) {}

    // A new payment is recorded when its first step has been taken.
    void record(const Payment& fresh) { effects_.switching.payments.push_back(created(fresh)); }
    // A later step.
    void note(const Payment& payment) {
        put_image(effects_.switching.payments, changed<Payment>(payment.id(), payment.state));
    }

    // The payer is asked first. An order that is being paid is locked.
    Decided<void> ask_payer(Payment& payment);
    // Holds the payer's money: funds_insufficient, position_limit_exceeded and the like. An order
    // that is being paid is locked.
    Decided<void> reserve(Payment& payment);
    // The responder said yes: completed, or accepted when the requester has still to commit.
    Decided<void> accept(Payment& payment);
    // Moves what is held.
    Decided<void> complete(Payment& payment);
    // Ends a payment with a no; frees what is held.
    Decided<void> decline(Payment& payment, std::string reason);
    // Gives a payment up: what is held is free; the responder, if linked, is told until it
    // acknowledges.
    Decided<void> give_up(Payment& payment, std::string reason);
    // Takes a completed payment back: merchant_funds_insufficient, payment_completed.
    Decided<void> undo(Payment& payment);

private:
    Result<void> check_cap(const Payment& payment);
    void free(const Payment& payment);
    // Each looks up the order, original and refund that hang on the payment.
    Decided<void> change_order(const Payment& payment, acquiring::OrderStatus to);
    void change_order(const Payment& payment, const acquiring::Order& order,
                      acquiring::OrderStatus to);
    Decided<void> reserve_original(const Payment& payment, std::int64_t minor);
    Decided<void> end_refund(const Payment& payment, bool given);

    const Sides& sides_;
    Instant now_;
    SidesEffects effects_;
};

// The requester takes a payment back, as far as it has come: payment_undecided (a refund),
// payment_completed, merchant_funds_insufficient. One that has ended without money moved stays.
Decided<Payment> take_back(const Sides& sides, const Payment& known, Instant now,
                           SidesEffects effects);

}  // namespace huitong::switching
