#include "gateway/json_door/passwords.hpp"

#include <fmt/format.h>
#include <utility>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/random.hpp"

namespace huitong::gateway::json_door {

std::string user_password_context(std::string_view login_key) {
    return fmt::format("user/{}/password", crypto::to_hex(login_key));
}

std::string payment_password_context(std::string_view login_key) {
    return fmt::format("user/{}/payment-password", crypto::to_hex(login_key));
}

std::string operator_password_context(std::string_view name) {
    return fmt::format("operator/{}/password", name);
}

Result<Sealed> seal_password(const crypto::Secret& password, std::string_view context,
                             const crypto::MasterKey& master, crypto::ScryptCost cost) {
    TRY(record, crypto::record_password(password, cost));
    return Sealed{master.seal(context, record)};
}

Passwords::Passwords(const crypto::MasterKey& master, door::WorkPool& pool, PasswordOptions options)
    : master_(master), cost_(options.cost), desk_(pool, options.waiting_max) {
    auto decoy = crypto::record_password(crypto::random_secret(32), cost_);
    ENSURE(decoy.has_value());  // The cost is ours and within the limits.
    decoy_ = *std::move(decoy);
}

Result<bool> Passwords::matches(const crypto::Secret& password, std::string_view context,
                                const Sealed& record) const {
    TRY(opened, master_.open(context, record.bytes));
    return crypto::password_matches(password, opened.expose());
}

Result<Sealed> Passwords::record(const crypto::Secret& password, std::string_view context) const {
    return seal_password(password, context, master_, cost_);
}

bool Passwords::matches_nobody(const crypto::Secret& password) const {
    return crypto::password_matches(password, decoy_).value_or(false);
}

}  // namespace huitong::gateway::json_door
