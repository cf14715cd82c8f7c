// What a member asks for, and what it is told.
#include "base/ensure.hpp"
#include "gateway/iso8583/door_impl.hpp"
#include "gateway/iso8583/response_code.hpp"

namespace huitong::gateway::iso8583 {

using switching::Payment;
using switching::PaymentKind;

Asking Iso8583Door::Impl::asking(const Asked& asked) const {
    return {.from = asked.member->id(),
            .own_code = options_.own_code,
            .dialect = dialect_,
            .now = parts_.clock.now()};
}

void Iso8583Door::Impl::business(AskedPtr asked, const wire::iso8583::Message& message) {
    Member& member = *asked->member;
    if (const auto right = member.check_mac(message); !right)
        return finish(asked, right.error() == Error::key_invalid ? key_failure : mac_wrong);
    if (is_request(asked->kind)) {
        const std::string key = match_key(asked->mti, asked->fields);
        const auto seen = member.see(key, content_digest(asked->mti, asked->fields));
        if (seen.is != Given::Is::fresh) ++counters_->repeats;
        if (seen.is == Given::Is::under_way) return;
        if (seen.is == Given::Is::answered) return member.send(asked->line, seen.answer);
        if (seen.is == Given::Is::other) return finish(asked, duplicate);
        asked->key = key;
    }
    if (const std::string_view code = forbids(*asked); !code.empty()) return finish(asked, code);
    switch (asked->kind) {
        case MessageKind::purchase:
        case MessageKind::authorisation:
            return pay(asked);
        case MessageKind::completion:
            return complete(asked);
        case MessageKind::refund:
            return refund(asked);
        case MessageKind::reversal:
            return reverse(asked);
        case MessageKind::other:
            return finish(asked, "40");
    }
}

// What ends a payment is taken also from one who is not signed on.
std::string_view Iso8583Door::Impl::forbids(const Asked& asked) {
    if (counters_->asking > options_.asking_max) return system_failure;
    if (missing_field(asked.kind, asked.fields) != 0) {
        ++counters_->malformed;
        return format_error;
    }
    const bool ends = asked.kind == MessageKind::reversal || asked.kind == MessageKind::completion;
    if (ends) return {};
    if (!asked.member->signed_on()) return code_of(Error::not_permitted);
    if (!is_request(asked.kind)) return {};
    const Instant now = parts_.clock.now();
    const auto sent = moment_near(text_of(asked.fields, 7), now);
    if (!sent) return format_error;
    if (now - *sent <= options_.request_age_max) return {};
    ++counters_->late;
    return code_of(Error::peer_timeout);
}

void Iso8583Door::Impl::pay(const AskedPtr& asked) {
    auto command = request_of(asked->mti, asked->fields, asking(*asked));
    if (!command) return finish(asked, code_of(command.error()));
    if (command->kind == PaymentKind::cpm) {
        const auto owner = parts_.find_payer(command->from, command->code);
        if (!owner) return finish(asked, code_of(owner.error()));
        command->to = *owner;
        return request(asked, *std::move(command));
    }
    const ParticipantId from = command->from;
    std::string code = std::exchange(command->code, {});
    parts_.find_payee(from, std::move(code),
                      [this, asked, command = *std::move(command)](Result<Payee> payee) mutable {
                          if (!payee) return finish(asked, code_of_unresolved(payee.error()));
                          command.code_kind = payee->code_kind;
                          command.to = payee->owner;
                          command.order = payee->order;
                          command.code = std::move(payee->code);
                          request(asked, std::move(command));
                      });
}

void Iso8583Door::Impl::refund(const AskedPtr& asked) {
    auto command = refund_of(asked->mti, asked->fields, asking(*asked));
    if (!command) return finish(asked, code_of(command.error()));
    request(asked, *std::move(command));
}

void Iso8583Door::Impl::reverse(const AskedPtr& asked) {
    auto command = reversal_of(asked->fields, asking(*asked));
    if (!command) return finish(asked, code_of(command.error()));
    submit(*std::move(command), [this, asked](const Result<Payment>& payment) {
        if (!payment) return finish(asked, code_of(payment.error()));
        finish(asked, code_of_reversal(*payment));
    });
}

void Iso8583Door::Impl::complete(const AskedPtr& asked) {
    auto command = completion_of(asked->fields, asking(*asked));
    if (!command) return finish(asked, code_of(command.error()));
    submit(*std::move(command), [this, asked](const Result<Payment>& payment) {
        finish(asked, payment ? approved : code_of(payment.error()));
    });
}

void Iso8583Door::Impl::request(const AskedPtr& asked, switching::RequestPayment command) {
    submit(std::move(command),
           [this, asked](const Result<Payment>& payment) { wait(asked, payment); });
}

void Iso8583Door::Impl::submit(engine::Command command, Then then) {
    parts_.heart.submit(std::make_unique<engine::Request>(
        std::move(command), mailbox_, [then = std::move(then)](engine::Request& answered) {
            if (!answered.answer) return then(refuse(answered.answer.error()));
            const auto* payment = std::get_if<Payment>(&*answered.answer);
            ENSURE(payment != nullptr);
            then(*payment);
        }));
}

void Iso8583Door::Impl::wait(const AskedPtr& asked, const Result<Payment>& payment) {
    if (!payment) return finish(asked, code_of(payment.error()));
    if (links::is_decided(*payment)) return finish(asked, code_of_payment(*payment), &*payment);
    const auto decided = [this, asked](std::optional<Payment> end) {
        if (!end) return finish(asked, no_answer);
        finish(asked, code_of_payment(*end), &*end);
    };
    parts_.waiters.wait(payment->id(), parts_.clock.now(), options_.hold, decided);
}

// From any thread. What is not for good is forgotten, so that a repeat is judged anew.
void Iso8583Door::Impl::finish(const AskedPtr& asked, std::string_view code,
                               const Payment* payment) {
    Member& member = *asked->member;
    Fields answer = answer_to(asked->kind, asked->fields, code);
    if (payment != nullptr) add_payment(answer, *payment, options_.own_code);
    const auto header = asked->header.answer();
    const auto built = member.frame(asked->mti.answer(), answer, &header);
    if (!built) return member.forget(asked->key);
    const bool for_good = code != system_failure && code != code_of(Error::not_permitted);
    if (for_good) member.given(asked->key, *built);
    if (!for_good) member.forget(asked->key);
    member.send(asked->line, *built);
}

}  // namespace huitong::gateway::iso8583
