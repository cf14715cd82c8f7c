#include "switching/switching.hpp"

#include "ledger/draft.hpp"
#include "switching/state.hpp"

namespace huitong::switching {

Switching::Switching(Hash128 secret) : payments(secret) {}
Switching::Switching(Switching&&) noexcept = default;
Switching::~Switching() = default;

void apply(Switching& switching, const Effects& effects, Sequence sequence) {
    for (const auto& image : effects.participants) switching.participants.apply(image);
    for (const auto& image : effects.participant_keys) switching.participant_keys.apply(image);
    for (const auto& image : effects.positions) switching.positions.apply(image);
    for (const auto& image : effects.code_rules) switching.code_rules.apply(image);
    for (const auto& image : effects.openings) switching.openings.apply(image);
    for (const auto& image : effects.operators) switching.operators.apply(image);
    for (const auto& image : effects.payments) switching.payments.apply(image, sequence);
}

Result<Participant> register_participant(const Switching& switching,
                                         const RegisterParticipant& command, Instant now,
                                         Effects& effects) {
    if (switching.participants.find(NaturalKey{0, command.code}) != nullptr)
        return refuse(Error::id_taken);
    const Participant participant{
        {.id = command.id, .code = command.code, .created_at = now},
        command.state
    };
    effects.participants.push_back(created(participant));
    return participant;
}

Result<Operator> open_operator(const Switching& switching, const OpenOperator& command, Instant now,
                               Effects& effects) {
    if (switching.operators.find(NaturalKey{0, command.name}) != nullptr)
        return refuse(Error::login_name_taken);
    const Operator fresh{
        {.id = command.id, .name = command.name, .created_at = now},
        {.password = {.record = command.password}, .must_change = command.must_change}
    };
    effects.operators.push_back(created(fresh));
    return fresh;
}

Result<OperatorLogInAnswer> operator_log_in(const Switching& switching,
                                            const OperatorLogIn& command,
                                            const wallet::Rules& rules, Instant now,
                                            Effects& effects) {
    const Operator* known = switching.operators.find(NaturalKey{0, command.name});
    if (known == nullptr) return refuse(Error::credentials_wrong);
    TRY(after, wallet::checked(known->state.password, command.check, rules,
                               Error::credentials_locked, now));
    OperatorLogInAnswer answer{*known, command.check.matches};
    OperatorState& state = answer.who.state;
    state.password = after;
    if (answer.matches && command.fresh) {
        state.password.record = *command.fresh;
        state.must_change = false;
        ++state.session_epoch;
    }
    if (state != known->state) effects.operators.push_back(changed<Operator>(known->id(), state));
    return answer;
}

}  // namespace huitong::switching
