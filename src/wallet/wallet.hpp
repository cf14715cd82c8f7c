// The account side: users, their passwords, their funding sources, and the payer's half of a
// payment.
//
// Every decide function reads the state, takes the time as an argument and changes nothing; what it
// decides goes into `Effects` and the ledger draft. Checks run in the order in which each function
// lists its errors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wallet/funding.hpp"
#include "wallet/payer_code.hpp"
#include "wallet/user.hpp"

namespace huitong::ledger {
class Draft;
}

namespace huitong::wallet {

// Versioned configuration of the account side, with its defaults.
struct Rules {
    std::uint32_t failures_max = 5;  // wrong passwords in a row before a lock
    Duration lock = minutes(15);
    std::int64_t password_free_minor =
        200'00;  // up to here a session pays without the payment password
    std::int64_t code_free_minor = 1'000'00;  // up to here a shown payer code suffices
    Duration payer_code_life = seconds(60);
};

struct Wallet;  // state.hpp, as are the effects
struct Effects;

// The outcome of a password check, made outside the heart because scrypt is slow on purpose: which
// record was compared, and whether it matched. A record changed since then makes the check void
// (outcome_unknown: try again).
struct PasswordCheck {
    Sealed compared;
    bool matches = false;
};

// Who acts: a user's session, ended by a newer epoch.
struct Session {
    UserId user;
    std::uint32_t epoch = 0;
};

// The credential after a check. Refuses with outcome_unknown for a void check and with `locked`
// while it is locked.
Result<Credential> checked(const Credential& now_kept, const PasswordCheck& check,
                           const Rules& rules, Error locked, Instant now);
// The session's user: session_invalid when it has ended or the user is unknown.
Decided<const User*> session_user(const Wallet& wallet, Session session);

// A new user with an empty account: login_name_taken.
struct OpenUser {
    UserId id;          // allotted
    AccountId account;  // allotted
    std::string login_key;
    Sealed personal;
    Sealed password;
    Sealed payment_password;
    ParticipantId institution;
    Currency currency;
};
Decided<User> open_user(const Wallet& wallet, const OpenUser& command, Instant now,
                        ledger::Draft& draft, Effects& effects);

// A log-in: credentials_wrong (unknown user), credentials_locked; a wrong password is recorded.
struct LogIn {
    std::string login_key;
    PasswordCheck check;
};
struct LogInAnswer {
    User user;
    bool matches = false;
};
Decided<LogInAnswer> log_in(const Wallet& wallet, const LogIn& command, const Rules& rules,
                            Instant now, Effects& effects);

// A change of a password or payment password by its owner, or the end of all sessions:
// session_invalid, credentials_locked or payment_password_locked; a wrong old password is recorded.
enum class UserChange : std::uint8_t { password, payment_password, end_sessions };
struct ChangeUser {
    Session session;
    UserChange what = UserChange::end_sessions;
    PasswordCheck old;
    Sealed fresh;
};
Decided<LogInAnswer> change_user(const Wallet& wallet, const ChangeUser& command,
                                 const Rules& rules, Instant now, Effects& effects);

// Freezes a user or makes one active again; repeating it changes nothing. user_not_found.
struct SetUserStatus {
    UserId user;
    UserStatus status = UserStatus::active;
};
Decided<User> set_user_status(const Wallet& wallet, const SetUserStatus& command, Effects& effects);

// Binds a bank account; binding it again answers with the first. session_invalid, user_frozen.
struct BindFundingSource {
    FundingSourceId id;  // allotted
    AccountId account;   // allotted
    Session session;
    std::string bank_name;
    std::string number_key;
    std::string masked_number;
    Sealed number;
    Currency currency;
};
Decided<FundingSource> bind_funding_source(const Wallet& wallet, const BindFundingSource& command,
                                           Instant now, ledger::Draft& draft, Effects& effects);

// Draws money from a funding source: session_invalid, payment_key_reused, funding_source_not_found,
// amount_not_positive, user_frozen, payment_password_locked, outcome_unknown, amount_overflow,
// currency_mismatch; declined for a wrong password, by the bank, or past the balance limit.
struct DrawTopUp {
    TopUpId id;  // allotted
    Session session;
    FundingSourceId source;
    Money amount;
    std::string request_id;
    std::optional<PasswordCheck> check;
};
struct TopUpAnswer {
    TopUp top_up;
    std::int64_t available_minor = 0;  // the user's, after it
};
Decided<TopUpAnswer> draw_top_up(const Wallet& wallet, const DrawTopUp& command, const Rules& rules,
                                 Instant now, ledger::Draft& draft, Effects& effects);

// A code for the session's user to show; the door draws its digits at random. session_invalid,
// user_frozen, id_taken (these digits were given out before: draw others).
struct IssuePayerCode {
    PayerCodeId id;  // allotted
    Session session;
    std::string digits;
};
Decided<PayerCode> issue_payer_code(const Wallet& wallet, const IssuePayerCode& command,
                                    const Rules& rules, Instant now, Effects& effects);

// The payer's half of a payment by payer code: the user whose code it is. Spends the code for
// `payment`, also when the answer is no: payer_code_unknown, payer_code_spent, payer_code_expired,
// user_frozen.
Decided<const User*> spend_payer_code(const Wallet& wallet, const std::string& digits,
                                      PaymentId payment, Instant now, Effects& effects);

// The payer's half of a payment: may this session's user pay, and with what? Refuses with
// session_invalid, user_frozen, payment_password_locked, outcome_unknown; declines with
// payment_password_wrong (recorded in effects).
Result<void> authorise(const User& user, Money amount, const std::optional<PasswordCheck>& check,
                       const Rules& rules, Instant now, Effects& effects);

}  // namespace huitong::wallet
