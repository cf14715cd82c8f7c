// The state between the two sides, and what a decision changes in it. Whoever only asks the heart
// needs neither, and does without these containers (switching.hpp).
#pragma once

#include <boost/container/small_vector.hpp>
#include <vector>

#include "base/registry.hpp"
#include "base/shelf.hpp"
#include "switching/code.hpp"
#include "switching/participant.hpp"
#include "switching/payment.hpp"
#include "switching/position.hpp"

namespace huitong::switching {

struct Switching {
    explicit Switching(Hash128 secret);
    Switching(Switching&& other) noexcept;
    ~Switching();

    Registry<Participant> participants;
    Registry<ParticipantKey> participant_keys;
    Registry<Position> positions;
    Registry<CodeRule> code_rules;
    Registry<Opening> openings;
    Registry<Operator> operators;
    Shelf<Payment> payments;
};

struct Effects {
    std::vector<Image<Participant>> participants;
    std::vector<Image<ParticipantKey>> participant_keys;
    std::vector<Image<Position>> positions;
    std::vector<Image<CodeRule>> code_rules;
    std::vector<Image<Opening>> openings;
    std::vector<Image<Operator>> operators;
    boost::container::small_vector<Image<Payment>, 1> payments;
};

void apply(Switching& switching, const Effects& effects, Sequence sequence);

}  // namespace huitong::switching
