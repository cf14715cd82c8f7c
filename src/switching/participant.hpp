// Participants (institutions) and the operators who run the platform.
#pragma once

#include <string>

#include "base/id.hpp"
#include "base/record.hpp"
#include "wallet/user.hpp"

namespace huitong::switching {

struct ParticipantTerms {
    ParticipantId id;
    std::string code;  // the operator's short name for it, unique
    Instant created_at;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "participant_id", self.id);
        v(2, "code", self.code);
        v(3, "created_at", self.created_at);
    }
    friend bool operator==(const ParticipantTerms&, const ParticipantTerms&) = default;
};

struct ParticipantState {
    std::string name;
    bool account_institution = false;
    bool acquiring_institution = false;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "name", self.name);
        v(2, "account_institution", self.account_institution);
        v(3, "acquiring_institution", self.acquiring_institution);
    }
    friend bool operator==(const ParticipantState&, const ParticipantState&) = default;
};

struct Participant {
    using IdType = ParticipantId;
    using Terms = ParticipantTerms;
    using State = ParticipantState;

    ParticipantTerms terms;
    ParticipantState state;

    [[nodiscard]] ParticipantId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const { return {0, terms.code}; }
    friend bool operator==(const Participant&, const Participant&) = default;
};

struct OperatorTerms {
    OperatorId id;
    std::string name;  // unique
    Instant created_at;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "operator_id", self.id);
        v(2, "name", self.name);
        v(3, "created_at", self.created_at);
    }
    friend bool operator==(const OperatorTerms&, const OperatorTerms&) = default;
};

struct OperatorState {
    wallet::Credential password;
    bool must_change = false;  // a one-time password: only a change of it is permitted
    std::uint32_t session_epoch = 0;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "password", self.password);
        v(2, "must_change", self.must_change);
        v(3, "session_epoch", self.session_epoch);
    }
    friend bool operator==(const OperatorState&, const OperatorState&) = default;
};

struct Operator {
    using IdType = OperatorId;
    using Terms = OperatorTerms;
    using State = OperatorState;

    OperatorTerms terms;
    OperatorState state;

    [[nodiscard]] OperatorId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const { return {0, terms.name}; }
    friend bool operator==(const Operator&, const Operator&) = default;
};

}  // namespace huitong::switching
