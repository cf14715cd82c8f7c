#include "ledger/draft.hpp"
#include "wallet/state.hpp"
#include "wallet/wallet.hpp"

namespace huitong::wallet {

Decided<PayerCode> issue_payer_code(const Wallet& wallet, const IssuePayerCode& command,
                                    const Rules& rules, Instant now, Effects& effects) {
    TRY(user, session_user(wallet, command.session));
    if (user->state.status != UserStatus::active) return refuse(Error::user_frozen);
    TRY(known, wallet.payer_codes.find(NaturalKey{0, command.digits}));
    if (known != nullptr) return refuse(Error::id_taken);

    PayerCode code{
        .terms = {.id = command.id,
                  .user = user->id(),
                  .digits = command.digits,
                  .created_at = now,
                  .expires_at = now + rules.payer_code_life},
        .state = {}
    };
    effects.payer_codes.push_back(created(code));
    return code;
}

Decided<const User*> spend_payer_code(const Wallet& wallet, const std::string& digits,
                                      PaymentId payment, Instant now, Effects& effects) {
    TRY(code, wallet.payer_codes.find(NaturalKey{0, digits}));
    if (code == nullptr) return refuse(Error::payer_code_unknown);
    if (code->state.spent_by.named()) return refuse(Error::payer_code_spent);
    TRY(user, wallet.users.find(code->terms.user, Error::user_not_found));
    effects.payer_codes.push_back(changed<PayerCode>(code->id(), {.spent_by = payment}));
    if (now >= code->terms.expires_at) return refuse(Error::payer_code_expired);
    if (user->state.status != UserStatus::active) return refuse(Error::user_frozen);
    return user;
}

}  // namespace huitong::wallet
