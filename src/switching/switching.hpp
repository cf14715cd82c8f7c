// Between the two sides: participants, operators, and a payment's life from the payer's wish to its
// end.
//
// Every decide function reads the state, takes the time as an argument and changes nothing; what it
// decides goes into the effects and the ledger draft. Checks run in the order in which each
// function lists its errors.
#pragma once

#include <optional>
#include <string>

#include "acquiring/acquiring.hpp"
#include "switching/code.hpp"
#include "switching/participant.hpp"
#include "switching/payment.hpp"
#include "switching/position.hpp"
#include "wallet/wallet.hpp"

namespace huitong::switching {

// Versioned configuration of what lies between the sides, with its defaults (business-rules 1.6).
struct Rules {
    Duration transfer_expiry =
        seconds(30);                      // a responder that has not answered by then is given up
    Duration reversal_grace = hours(24);  // past the end of the business day
    Duration payer_confirmation = seconds(30);  // so long may a payer think
};

struct Switching;  // state.hpp, as are the effects
struct Effects;

// id_taken.
struct RegisterParticipant {
    ParticipantId id;  // allotted
    std::string code;
    ParticipantState state;
};
Result<Participant> register_participant(const Switching& switching,
                                         const RegisterParticipant& command, Instant now,
                                         Effects& effects);

// login_name_taken.
struct OpenOperator {
    OperatorId id;  // allotted
    std::string name;
    Sealed password;
    bool must_change = false;
};
Result<Operator> open_operator(const Switching& switching, const OpenOperator& command, Instant now,
                               Effects& effects);

// An operator's log-in, or (with a fresh password) the change of the password, which ends older
// sessions: credentials_wrong (unknown name), credentials_locked; a wrong password is recorded.
struct OperatorLogIn {
    std::string name;
    wallet::PasswordCheck check;
    std::optional<Sealed> fresh;
};
struct OperatorLogInAnswer {
    Operator who;
    bool matches = false;
};
Result<OperatorLogInAnswer> operator_log_in(const Switching& switching,
                                            const OperatorLogIn& command,
                                            const wallet::Rules& rules, Instant now,
                                            Effects& effects);

// The four parts of the state a payment touches, and where its effects go.
struct Sides {
    const wallet::Wallet& wallet;
    const acquiring::Acquiring& acquiring;
    const Switching& switching;
    const Rules& rules;
    const wallet::Rules& wallet_rules;
    const acquiring::Rules& acquiring_rules;
};
struct SidesEffects {
    ledger::Draft& draft;
    wallet::Effects& wallet;
    acquiring::Effects& acquiring;
    Effects& switching;
};

// A payer pays an order (MPM). Refuses with session_invalid, payment_key_reused, order_not_found,
// what acquiring::payable lists, user_frozen, payment_password_locked, outcome_unknown and
// currency_mismatch; declines, as a recorded payment, with payment_password_wrong,
// funds_insufficient, balance_limit_exceeded. A repeat of request_id gets the first answer.
struct PayOrder {
    PaymentId id;  // allotted
    wallet::Session session;
    OrderId order;
    std::string openid;  // the payer's, under the order's appid, when the order names one
    std::string request_id;
    std::optional<wallet::PasswordCheck> check;
};
struct PaymentAnswer {
    Payment payment;
    std::int64_t available_minor = 0;  // the payer's, after it
    std::string merchant_name;
    std::string description;
    std::string out_trade_no;
};
Decided<PaymentAnswer> pay_order(const Sides& sides, const PayOrder& command, Instant now,
                                 SidesEffects effects);

// A payment of this user: payment_not_found, also for another user's and for a refund. Of a payee
// at another institution the merchant's name or the description is empty (Payment::payee_name).
struct QueryPayment {
    wallet::Session session;
    PaymentId id;
};
Decided<PaymentAnswer> query_payment(const Sides& sides, const ledger::Draft& draft,
                                     const QueryPayment& command);

// A refund: a payment in the other direction that references the first and never exceeds it.
// Refuses with what acquiring::repeated_refund and refundable list and with
// merchant_funds_insufficient (a retry with the same number is judged anew); closed, as a recorded
// refund, when the payer's account can't take the money.
Decided<acquiring::Refund> refund_order(const Sides& sides, const acquiring::CreateRefund& command,
                                        Instant now, SidesEffects effects);

}  // namespace huitong::switching
