// Participants (institutions), the keys they sign with, and the operators who run the platform.
#pragma once

#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/record.hpp"
#include "wallet/user.hpp"

namespace huitong::switching {

// How an institution is reached. Hosted: its users and merchants live in this ledger.
enum class Protocol : std::uint8_t { hosted = 0, json = 1, iso8583 = 2 };
enum class ParticipantStatus : std::uint8_t { active = 0, suspended = 1 };

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
    ParticipantStatus status = ParticipantStatus::active;
    Protocol protocol = Protocol::hosted;
    bool is_switch = false;        // takes the codes that no rule gives to anybody
    std::string institution_code;  // ISO 8583 F32, F33, F100 and the EMV tag 15: 8 to 11 digits
    std::vector<std::string> channels;  // addresses of its link, tried in this order
    std::string dialect;                // of ISO 8583, by name
    Sealed master_key;                  // ISO 8583: protects its working keys

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "name", self.name);
        v(2, "account_institution", self.account_institution);
        v(3, "acquiring_institution", self.acquiring_institution);
        v(4, "status", self.status);
        v(5, "protocol", self.protocol);
        v(6, "is_switch", self.is_switch);
        v(7, "institution_code", self.institution_code);
        v(8, "channels", self.channels);
        v(9, "dialect", self.dialect);
        v(10, "master_key", self.master_key);
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

// A key by which a participant's messages are verified.
struct ParticipantKeyTerms {
    KeyId id;
    ParticipantId participant;
    std::string serial;  // upper hex, unique among all participants
    std::string public_key_pem;
    Instant not_before;
    Instant not_after;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "key_id", self.id);
        v(2, "participant_id", self.participant);
        v(3, "serial", self.serial);
        v(4, "public_key_pem", self.public_key_pem);
        v(5, "not_before", self.not_before);
        v(6, "not_after", self.not_after);
    }
    friend bool operator==(const ParticipantKeyTerms&, const ParticipantKeyTerms&) = default;
};

struct ParticipantKeyState {
    bool revoked = false;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "revoked", self.revoked);
    }
    friend bool operator==(const ParticipantKeyState&, const ParticipantKeyState&) = default;
};

struct ParticipantKey {
    using IdType = KeyId;
    using Terms = ParticipantKeyTerms;
    using State = ParticipantKeyState;

    ParticipantKeyTerms terms;
    ParticipantKeyState state;

    [[nodiscard]] KeyId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const { return {0, terms.serial}; }
    friend bool operator==(const ParticipantKey&, const ParticipantKey&) = default;
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
