// What is asked of a payment with a linked side, and what a link tells us of it (design section 2).
//
// A refusal leaves no trace. What an institution asked and is told no is recorded as a declined
// payment: a copy of its message that comes late must get the same no.
#pragma once

#include "switching/switching.hpp"

namespace huitong::switching {

// An institution asks: to credit a payee (mpm), to debit the owner of a payer code (cpm), or to
// give back (refund). Refuses with participant_not_found, participant_not_linked,
// participant_suspended, amount_not_positive, amount_overflow, currency_not_open and
// payment_key_reused; everything else is a declined payment. The same key and content gets the
// payment as it is now.
struct RequestPayment {
    PaymentId id;  // allotted
    ParticipantId from;
    std::string request_id;
    PaymentKind kind = PaymentKind::mpm;
    CodeKind code_kind = CodeKind::merchant_dynamic;
    Money amount;
    ParticipantId to;  // whom the door's directory finds for the code; not named: hosted here
    OrderId order;     // mpm, payee hosted: what the code resolves to
    std::string code;  // what `to` knows its side by
    std::string subject;
    // Of a refund: the payment it gives back on, by our number or by the requester's key.
    PaymentId original;
    std::string original_request_id;
    std::string content_digest;
};
Decided<Payment> request_payment(const Sides& sides, const RequestPayment& command, Instant now,
                                 SidesEffects effects);

// A user hosted here pays a code of a linked institution. Refuses as pay_order does for the payer,
// and with resolve_token_unknown (expired; a repeat is answered all the same),
// participant_not_linked, participant_suspended, currency_not_open.
struct PayCode {
    PaymentId id;  // allotted
    wallet::Session session;
    ParticipantId to;
    Money amount;
    std::string code;     // the resolve token
    Instant expires_at;   // of the token; 0: it has no end
    std::string subject;  // the payee's name, as resolved
    std::string request_id;
    std::optional<wallet::PasswordCheck> check;
};
Decided<Payment> pay_code(const Sides& sides, const PayCode& command, Instant now,
                          SidesEffects effects);

// A till of a merchant hosted here charges the payer code of anybody, for an order that is made by
// this: order and payment are one wish (business-rules 1.4 C). The same number and content gets the
// payment as it is now. Refuses with order_paid and order_number_reused (the number stands for
// something else), what acquiring::create_order lists, participant_not_found,
// participant_not_linked, participant_suspended, currency_not_open, payer_code_unknown and
// user_frozen; everything else is a declined payment, whose order can never be paid.
struct ChargeCode {
    PaymentId id;                 // allotted
    acquiring::OrderTerms order;  // as of acquiring::CreateOrder
    std::string code;
    ParticipantId to;  // not named: the code is of a user hosted here
};
Decided<Payment> charge_code(const Sides& sides, const ChargeCode& command, Instant now,
                             SidesEffects effects);

// The payer of a payment that is confirming says yes, with the payment password: session_invalid,
// payment_not_found, payment_password_locked; a wrong password is recorded and may be tried again.
struct ConfirmPayment {
    wallet::Session session;
    PaymentId payment;
    wallet::PasswordCheck check;
};
Decided<Payment> confirm_payment(const Sides& sides, const ConfirmPayment& command, Instant now,
                                 SidesEffects effects);

// The responder's definite answer, brought by the courier. The first one wins: the same again, or
// any after the payment was given up, changes nothing; a contradiction is state_conflict.
struct AnswerPayment {
    PaymentId payment;
    bool yes = false;
    std::string decline;  // the name of an Error; empty: peer_declined
    std::string peer_reference;
};
Decided<Payment> answer_payment(const Sides& sides, const AnswerPayment& command, Instant now,
                                SidesEffects effects);

// The requester commits what we accepted: payment_not_found, payment_undecided (we never said yes),
// state_conflict (it ended otherwise).
struct CommitPayment {
    ParticipantId from;
    std::string request_id;
};
Decided<Payment> commit_payment(const Sides& sides, const CommitPayment& command, Instant now,
                                SidesEffects effects);

// The requester takes it back. Unknown: remembered, and the payment that comes later is declined.
// Completed: only if a till asked for it (cpm), on the same business day (or within
// Rules::reversal_grace), and nothing has been refunded. Else payment_completed.
struct ReversePayment {
    PaymentId id;  // allotted, for one that is unknown
    ParticipantId from;
    std::string request_id;
};
Decided<Payment> reverse_payment(const Sides& sides, const ReversePayment& command, Instant now,
                                 SidesEffects effects);

// The till takes its charge back, however far it has come (business-rules 1.4 E): what is paid is
// paid back in the same entry, what is not is given up, and the order can never be paid. Repeating
// it changes nothing. order_not_found, order_not_reversible (no till's), payment_completed (of an
// earlier day, or refunded), merchant_funds_insufficient.
struct ReverseOrder {
    acquiring::OrderRef order;
};
Decided<Payment> reverse_order(const Sides& sides, const ReverseOrder& command, Instant now,
                               SidesEffects effects);

// The timer: gives up a payment whose responder, or payer, has not answered in time; else nothing.
struct ExpirePayment {
    PaymentId payment;
};
Decided<Payment> expire_payment(const Sides& sides, const ExpirePayment& command, Instant now,
                                SidesEffects effects);

// The responder has acknowledged our commit, or our reversal. A late word about the one says
// nothing of the other: a till may have taken back meanwhile what was committed.
struct AcknowledgePayment {
    PaymentId payment;
    bool reversal = false;
};
Decided<Payment> acknowledge_payment(const Sides& sides, const AcknowledgePayment& command,
                                     Instant now, SidesEffects effects);

// A payment by its requester's key: payment_not_found.
struct QueryRequest {
    ParticipantId from;
    std::string request_id;
};
Decided<Payment> query_request(const Sides& sides, const QueryRequest& command);

// The key under which we ask for a payment over a link: 28 digits, from its id; and back
// (field_format).
std::string request_key(PaymentId id);
Result<PaymentId> payment_of_key(std::string_view key);

// When the timer of an unfinished payment is due; nothing: it waits for no time.
std::optional<Instant> expiry_of(const Payment& payment, const Rules& rules);

}  // namespace huitong::switching
