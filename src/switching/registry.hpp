// What the operator keeps of institutions: their links, keys, positions, codes and openings.
//
// Repeating a command changes nothing and answers with what there is.
#pragma once

#include "base/registry.hpp"
#include "switching/switching.hpp"

namespace huitong::switching {

// The participant's state as the operator wants it; what is not named stays. participant_not_found.
struct ChangeParticipant {
    ParticipantId participant;
    std::optional<std::string> name;
    std::optional<ParticipantStatus> status;
    std::optional<Protocol> protocol;
    std::optional<bool> is_switch;
    std::optional<std::string> institution_code;
    std::optional<std::vector<std::string>> channels;
    std::optional<std::string> dialect;
    std::optional<Sealed> master_key;
};
Result<Participant> change_participant(const Switching& switching, const ChangeParticipant& command,
                                       Effects& effects);

// A key by which a participant's messages are verified. participant_not_found, certificate_invalid
// (outside its dates), serial_taken.
struct AddParticipantKey {
    ParticipantKeyTerms terms;  // id allotted
};
Result<ParticipantKey> add_participant_key(const Switching& switching,
                                           const AddParticipantKey& command, Instant now,
                                           Effects& effects);
// serial_unknown when the participant has no such key.
struct RevokeParticipantKey {
    ParticipantId participant;
    std::string serial;
};
Result<ParticipantKey> revoke_participant_key(const Switching& switching,
                                              const RevokeParticipantKey& command,
                                              Effects& effects);

// Opens a position with its accounts, or sets its net debit cap. participant_not_found,
// participant_not_linked (a hosted institution's money is its users' and merchants'), field_range
// (a cap below zero or above amount_minor_max).
struct SetPosition {
    AccountId account;             // allotted
    AccountId refunds_in_transit;  // allotted
    ParticipantId participant;
    Currency currency;
    std::int64_t cap_minor = 0;
};
Result<Position> set_position(const Switching& switching, const SetPosition& command, Instant now,
                              ledger::Draft& draft, Effects& effects);

// Gives codes to a participant, or changes such a rule. participant_not_found, id_taken (the
// pattern is another participant's).
struct SetCodeRule {
    CodeRuleTerms terms;  // id allotted
    CodeRuleState state;
};
Result<CodeRule> set_code_rule(const Switching& switching, const SetCodeRule& command,
                               Effects& effects);

// Sets one square of the opening matrix. participant_not_found.
struct SetOpening {
    OpeningTerms terms;  // id allotted
    OpeningState state;
};
Result<Opening> set_opening(const Switching& switching, const SetOpening& command,
                            Effects& effects);

// What a code offers its owner to be found by, in the order of preference: of an EMV code all its
// account ids, of a URL its host, of digits the code itself.
struct CodeMarks {
    CodeForm form = CodeForm::digits;
    std::vector<std::string> marks;
};
// Whose code it is: the first rule that matches, else the switch. code_unowned.
Result<ParticipantId> owner_of(const Registry<CodeRule>& rules,
                               const Registry<Participant>& participants, const CodeMarks& code);
// code_kind_not_open unless the participant may use codes of this kind now.
Result<void> check_opening(const Registry<Opening>& openings, ParticipantId participant,
                           CodeKind kind, Instant now);

}  // namespace huitong::switching
