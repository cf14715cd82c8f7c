// A user of the wallet: who may log in, and who pays.
#pragma once

#include <string>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/record.hpp"

namespace huitong::wallet {

enum class UserStatus : std::uint8_t { active = 0, frozen = 1 };

struct UserTerms {
    UserId id;
    std::string login_key;  // a keyed digest of the login name: the name itself is personal and
                            // sealed below
    Sealed personal;        // login name, display name, phone: JSON under the user's own data key
    AccountId account;
    ParticipantId institution;
    Instant created_at;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "user_id", self.id);
        v(2, "login_key", self.login_key);
        v(3, "personal", self.personal);
        v(4, "account_id", self.account);
        v(5, "institution_id", self.institution);
        v(6, "created_at", self.created_at);
    }
    friend bool operator==(const UserTerms&, const UserTerms&) = default;
};

// A password as kept, and how often it was given wrongly since it was last right.
struct Credential {
    Sealed record;  // the scrypt record
    std::uint32_t failures = 0;
    Instant locked_until;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "record", self.record);
        v(2, "failures", self.failures);
        v(3, "locked_until", self.locked_until);
    }
    friend bool operator==(const Credential&, const Credential&) = default;
};

struct UserState {
    UserStatus status = UserStatus::active;
    Credential password;
    Credential payment_password;
    std::uint32_t session_epoch = 0;  // sessions of an older epoch have ended

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "status", self.status);
        v(2, "password", self.password);
        v(3, "payment_password", self.payment_password);
        v(4, "session_epoch", self.session_epoch);
    }
    friend bool operator==(const UserState&, const UserState&) = default;
};

struct User {
    using IdType = UserId;
    using Terms = UserTerms;
    using State = UserState;
    static constexpr RecordKind kind = RecordKind::user;

    UserTerms terms;
    UserState state;

    [[nodiscard]] UserId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const { return {0, terms.login_key}; }
    friend bool operator==(const User&, const User&) = default;
};

}  // namespace huitong::wallet
