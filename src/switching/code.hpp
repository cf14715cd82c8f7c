// Codes: what they are, whose they are, and who may use them (business-rules 1.2, 1.3).
//
// Ownership is data: an ordered list of rules, first match wins. A code that no rule gives to
// anybody goes to the participant marked as a switch, if there is one; else it is refused at the
// till.
#pragma once

#include <string>

#include "base/id.hpp"
#include "base/record.hpp"

namespace huitong::switching {

// What a code looks like, and so by which of its parts it is given to its owner.
enum class CodeForm : std::uint8_t {
    emv_merchant = 0,  // a unique id of an account template, or the institution of tag 15
    emv_consumer = 1,  // an application id
    url = 2,           // the host, exactly
    digits = 3,        // a prefix and the whole length
};

// What a code is for (business-rules 1.2).
enum class CodeKind : std::uint8_t {
    personal_static = 0,
    personal_dynamic = 1,
    business = 2,
    merchant_static = 3,
    merchant_dynamic = 4,
    payer_code = 5,
};

struct CodeRuleTerms {
    CodeRuleId id;
    CodeForm form = CodeForm::digits;
    std::string pattern;       // upper case; for digits the prefix
    std::uint32_t length = 0;  // for digits: of the whole code
    ParticipantId participant;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "code_rule_id", self.id);
        v(2, "form", self.form);
        v(3, "pattern", self.pattern);
        v(4, "length", self.length);
        v(5, "participant_id", self.participant);
    }
    friend bool operator==(const CodeRuleTerms&, const CodeRuleTerms&) = default;
};

struct CodeRuleState {
    std::uint32_t priority = 0;  // the lowest is asked first
    bool withdrawn = false;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "priority", self.priority);
        v(2, "withdrawn", self.withdrawn);
    }
    friend bool operator==(const CodeRuleState&, const CodeRuleState&) = default;
};

struct CodeRule {
    using IdType = CodeRuleId;
    using Terms = CodeRuleTerms;
    using State = CodeRuleState;

    CodeRuleTerms terms;
    CodeRuleState state;

    [[nodiscard]] CodeRuleId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const {
        const auto form = static_cast<std::uint64_t>(terms.form);
        return {form, terms.pattern + "/" + std::to_string(terms.length)};
    }
    friend bool operator==(const CodeRule&, const CodeRule&) = default;
};

// From when to when a participant may use codes of a kind: one square of the opening matrix.
struct OpeningTerms {
    OpeningId id;
    ParticipantId participant;
    CodeKind code_kind = CodeKind::payer_code;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "opening_id", self.id);
        v(2, "participant_id", self.participant);
        v(3, "code_kind", self.code_kind);
    }
    friend bool operator==(const OpeningTerms&, const OpeningTerms&) = default;
};

struct OpeningState {
    Instant opens_at;
    Instant closes_at;  // not before this; 0: stays open

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "opens_at", self.opens_at);
        v(2, "closes_at", self.closes_at);
    }
    friend bool operator==(const OpeningState&, const OpeningState&) = default;
};

struct Opening {
    using IdType = OpeningId;
    using Terms = OpeningTerms;
    using State = OpeningState;

    OpeningTerms terms;
    OpeningState state;

    static NaturalKey key_of(ParticipantId participant, CodeKind kind) {
        return {participant.value, std::to_string(static_cast<int>(kind))};
    }
    [[nodiscard]] OpeningId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const { return key_of(terms.participant, terms.code_kind); }
    friend bool operator==(const Opening&, const Opening&) = default;
};

}  // namespace huitong::switching
