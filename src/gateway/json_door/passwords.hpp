// The desk where passwords are checked and recorded: scrypt is slow on purpose, so it happens on a
// pool, and no more of it waits than the pool does in a few seconds.
//
// Records are sealed under the master key, bound to their owner. What is compared is handed to the
// heart together with the outcome, which decides about locks (wallet::PasswordCheck).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "crypto/password.hpp"
#include "crypto/seal.hpp"
#include "gateway/json_door/desk.hpp"
#include "wallet/wallet.hpp"

namespace huitong::gateway::json_door {

// Under which context a password record is sealed. A user is named by the key of the login name,
// because the id is not known before the user is.
std::string user_password_context(std::string_view login_key);
std::string payment_password_context(std::string_view login_key);
std::string operator_password_context(std::string_view name);

// A new record under a fresh salt, sealed. As slow as the cost says. Refuses with field_range a
// cost past the limits.
Result<Sealed> seal_password(const crypto::Secret& password, std::string_view context,
                             const crypto::MasterKey& master, crypto::ScryptCost cost);

struct PasswordOptions {
    crypto::ScryptCost cost;
    std::size_t waiting_max = 64;  // checks and records that wait; beyond: overloaded
};

class Passwords {
public:
    // The key and the pool must outlive this, and the pool must stop before this dies.
    Passwords(const crypto::MasterKey& master, door::WorkPool& pool, PasswordOptions options = {});
    Passwords(const Passwords&) = delete;
    Passwords& operator=(const Passwords&) = delete;

    // Blocking, for the pool's own tasks and for start-up.
    [[nodiscard]] Result<bool> matches(const crypto::Secret& password, std::string_view context,
                                       const Sealed& record) const;
    [[nodiscard]] Result<Sealed> record(const crypto::Secret& password,
                                        std::string_view context) const;
    // Takes as long as matches() and is always false: for names that nobody has, so that time does
    // not tell them from those that somebody has.
    bool matches_nobody(const crypto::Secret& password) const;

    // Runs the work on the pool. Refuses with overloaded when too much waits.
    Result<void> post(std::move_only_function<void()> work) { return desk_.post(std::move(work)); }

private:
    const crypto::MasterKey& master_;
    crypto::ScryptCost cost_;
    std::string decoy_;  // a record of a password that nobody knows
    Desk desk_;
};

}  // namespace huitong::gateway::json_door
