// The messages of payments as commands of the core, and the core's payments as answers. Pure.
#pragma once

#include "engine/command.hpp"
#include "gateway/institution/tokens.hpp"
#include "gateway/json_door/reply.hpp"
#include "wire/institution/payment.hpp"

namespace huitong::gateway::institution {

using json_door::Language;

// Each digests the message's content, by which the heart tells a repeat from a reuse.
switching::RequestPayment command_of(const wire::institution::Pay& pay, ParticipantId from);
switching::RequestPayment command_of(const wire::institution::Authorise& authorise,
                                     ParticipantId from);
// Refuses with field_format a key of "receiver" that is none of ours.
Result<switching::RequestPayment> command_of(const wire::institution::Refund& refund,
                                             ParticipantId from);
// Adds where the payee is found.
void set_payee(switching::RequestPayment& command, const TokenContent& payee);

// Where a payment stands for its requester.
wire::institution::PaymentState state_of(const switching::Payment& payment);
wire::institution::PaymentView view_of(const switching::Payment& payment, Language language);

// What we, as requester, ask of a payment's responder; the same for the same payment, always.
wire::institution::Pay pay_of(const switching::Payment& payment);
wire::institution::Authorise authorise_of(const switching::Payment& payment);
wire::institution::Refund refund_of(const switching::Payment& payment);

}  // namespace huitong::gateway::institution
