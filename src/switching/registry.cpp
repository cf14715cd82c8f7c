#include "switching/registry.hpp"

#include <algorithm>

#include "ledger/draft.hpp"
#include "switching/state.hpp"

namespace huitong::switching {
namespace {

template <class T>
void set(T& field, const std::optional<T>& wanted) {
    if (wanted) field = *wanted;
}

Result<const Participant*> known(const Switching& switching, ParticipantId id) {
    const Participant* participant = switching.participants.find(id);
    if (participant == nullptr) return refuse(Error::participant_not_found);
    return participant;
}

// Records the state when it is new; a record that does not exist yet is created.
template <class Record>
Record put(const Record* before, const Record& wanted, std::vector<Image<Record>>& images) {
    if (before == nullptr) {
        images.push_back(created(wanted));
        return wanted;
    }
    Record after = *before;
    after.state = wanted.state;
    if (after.state != before->state) images.push_back(changed<Record>(after.id(), after.state));
    return after;
}

bool matches(const CodeRule& rule, const CodeMarks& code) {
    if (rule.state.withdrawn || rule.terms.form != code.form) return false;
    return std::ranges::any_of(code.marks, [&](const std::string& mark) {
        if (code.form != CodeForm::digits) return mark == rule.terms.pattern;
        return mark.size() == rule.terms.length && mark.starts_with(rule.terms.pattern);
    });
}

}  // namespace

Result<Participant> change_participant(const Switching& switching, const ChangeParticipant& command,
                                       Effects& effects) {
    TRY(before, known(switching, command.participant));
    Participant after = *before;
    set(after.state.name, command.name);
    set(after.state.status, command.status);
    set(after.state.protocol, command.protocol);
    set(after.state.is_switch, command.is_switch);
    set(after.state.institution_code, command.institution_code);
    set(after.state.channels, command.channels);
    set(after.state.dialect, command.dialect);
    set(after.state.master_key, command.master_key);
    return put(before, after, effects.participants);
}

Result<ParticipantKey> add_participant_key(const Switching& switching,
                                           const AddParticipantKey& command, Instant now,
                                           Effects& effects) {
    CHECK(known(switching, command.terms.participant));
    if (now < command.terms.not_before || now > command.terms.not_after)
        return refuse(Error::certificate_invalid);
    const ParticipantKey fresh{command.terms, {}};
    const ParticipantKey* before = switching.participant_keys.find(fresh.key());
    if (before == nullptr) return put(before, fresh, effects.participant_keys);
    const bool same = before->terms.participant == command.terms.participant &&
                      before->terms.public_key_pem == command.terms.public_key_pem;
    if (!same || before->state.revoked) return refuse(Error::serial_taken);
    return *before;
}

Result<ParticipantKey> revoke_participant_key(const Switching& switching,
                                              const RevokeParticipantKey& command,
                                              Effects& effects) {
    const ParticipantKey* before = switching.participant_keys.find(NaturalKey{0, command.serial});
    if (before == nullptr || before->terms.participant != command.participant)
        return refuse(Error::serial_unknown);
    ParticipantKey after = *before;
    after.state.revoked = true;
    return put(before, after, effects.participant_keys);
}

Result<Position> set_position(const Switching& switching, const SetPosition& command, Instant now,
                              ledger::Draft& draft, Effects& effects) {
    TRY(participant, known(switching, command.participant));
    if (participant->state.protocol == Protocol::hosted)
        return refuse(Error::participant_not_linked);
    if (command.cap_minor < 0 || command.cap_minor > amount_minor_max)
        return refuse(Error::field_range);
    const Position wanted{
        {.id = command.account,
         .participant = command.participant,
         .currency = command.currency,
         .refunds_in_transit = command.refunds_in_transit,
         .created_at = now},
        {.cap_minor = command.cap_minor}
    };
    const Position* before = switching.positions.find(wanted.key());
    if (before == nullptr) {
        const std::uint64_t owner = command.participant.value;
        draft.open({command.account, owner, ledger::AccountKind::position, command.currency});
        draft.open({command.refunds_in_transit, owner, ledger::AccountKind::refunds_in_transit,
                    command.currency});
    }
    return put(before, wanted, effects.positions);
}

Result<CodeRule> set_code_rule(const Switching& switching, const SetCodeRule& command,
                               Effects& effects) {
    CHECK(known(switching, command.terms.participant));
    const CodeRule wanted{command.terms, command.state};
    const CodeRule* before = switching.code_rules.find(wanted.key());
    if (before != nullptr && before->terms.participant != command.terms.participant)
        return refuse(Error::id_taken);
    return put(before, wanted, effects.code_rules);
}

Result<Opening> set_opening(const Switching& switching, const SetOpening& command,
                            Effects& effects) {
    CHECK(known(switching, command.terms.participant));
    const Opening wanted{command.terms, command.state};
    return put(switching.openings.find(wanted.key()), wanted, effects.openings);
}

Result<ParticipantId> owner_of(const Registry<CodeRule>& rules,
                               const Registry<Participant>& participants, const CodeMarks& code) {
    const CodeRule* first = nullptr;
    for (const auto& [id, rule] : rules) {
        if (!matches(rule, code)) continue;
        if (first == nullptr || rule.state.priority < first->state.priority) first = &rule;
    }
    if (first != nullptr) return first->terms.participant;
    for (const auto& [id, participant] : participants) {
        if (participant.state.is_switch) return id;
    }
    return refuse(Error::code_unowned);
}

Result<void> check_opening(const Registry<Opening>& openings, ParticipantId participant,
                           CodeKind kind, Instant now) {
    const Opening* opening = openings.find(Opening::key_of(participant, kind));
    if (opening == nullptr || now < opening->state.opens_at)
        return refuse(Error::code_kind_not_open);
    const Instant closes = opening->state.closes_at;
    if (closes.ms != 0 && now >= closes) return refuse(Error::code_kind_not_open);
    return {};
}

}  // namespace huitong::switching
