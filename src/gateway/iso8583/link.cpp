#include "gateway/iso8583/link.hpp"

#include "base/ensure.hpp"
#include "gateway/iso8583/response_code.hpp"

namespace huitong::gateway::iso8583 {
namespace {

using links::Duty;
using links::LegAnswer;
using switching::Payment;
using wire::iso8583::Mti;

Mti mti_of(std::string_view digits) {
    return *Mti::parse(digits);
}

LegAnswer no_for(Error reason) {
    return {.kind = LegAnswer::Kind::no, .decline = std::string(describe(reason).name)};
}

// No line, not signed on, too much waits, or it can't be written in this dialect.
bool never_left(Error error) {
    return error == Error::peer_unreachable || error == Error::overloaded ||
           error == Error::field_format;
}

}  // namespace

Result<LegAnswer> leg_answer(const Fields& request, const Result<Answer>& answer) {
    using Kind = LegAnswer::Kind;
    // It came back unread: nothing was done (section 4). Or it never left, and never will: a
    // request is sent once.
    if (!answer && answer.error() == Error::peer_refused) return no_for(Error::peer_declined);
    const bool request_once = !request.contains(90);
    if (!answer && request_once && never_left(answer.error())) return no_for(answer.error());
    if (!answer) return refuse(answer.error());
    const Fields& fields = answer->fields;
    const ResponseRow row = outcome_of(text_of(fields, 39));
    const bool whole = !fields.contains(4) || text_of(fields, 4) == text_of(request, 4);
    if (row.outcome == Outcome::unknown || (row.outcome == Outcome::yes && !whole))
        return refuse(Error::peer_timeout);
    if (row.outcome == Outcome::no) return no_for(row.heard);
    const unsigned reference = fields.contains(38) ? 38 : 37;
    return LegAnswer{.kind = Kind::yes, .reference = std::string(text_of(fields, reference))};
}

// Section 8, rule 5: 00, 25 or another approval ends it; any other code is a case for an operator.
Result<LegAnswer> advice_answer(const Result<Answer>& answer) {
    if (!answer) return refuse(answer.error());
    const std::string_view code = text_of(answer->fields, 39);
    if (code == "25" || outcome_of(code).outcome == Outcome::yes)
        return LegAnswer{.kind = LegAnswer::Kind::acknowledged};
    if (outcome_of(code).outcome == Outcome::unknown) return refuse(Error::peer_timeout);
    return LegAnswer{.kind = LegAnswer::Kind::refused};
}

bool Iso8583Link::repeats(const Payment& payment) const {
    return payment.terms.kind == switching::PaymentKind::refund;
}

Sender Iso8583Link::sender_of(const Payment& payment) const {
    Sender sender{.own_code = parts_.member->own_code(),
                  .merchant_category = options_.merchant_category,
                  .terminal = options_.terminal};
    const auto directory = parts_.heart.directory();
    const auto* merchant = directory->merchants.find(payment.terms.merchant);
    if (merchant != nullptr) sender.merchant = merchant->terms.mchid;
    return sender;
}

void Iso8583Link::send(Duty duty, const Payment& payment, links::LegCompletion done) {
    const bool signed_on = parts_.member->signed_on();
    if (!signed_on && duty == Duty::request && !repeats(payment))
        return done(no_for(Error::peer_unreachable));
    if (!signed_on) return done(refuse(Error::peer_unreachable));
    switch (duty) {
        case Duty::request:
            if (repeats(payment)) return give_back(payment, std::move(done));
            return request(payment, std::move(done));
        case Duty::reverse:
            return advise("0420", reversal(payment, sender_of(payment)), std::move(done));
        case Duty::commit:
            return advise("0220", completion(payment, sender_of(payment)), std::move(done));
        case Duty::none:
            break;
    }
    done(LegAnswer{.kind = LegAnswer::Kind::acknowledged});
}

void Iso8583Link::request(const Payment& payment, links::LegCompletion done) {
    const Fields fields = iso8583::request(payment, sender_of(payment));
    parts_.member->ask(mti_of(request_mti(payment)), fields, options_.request_wait,
                       [fields, done = std::move(done)](const Result<Answer>& answer) mutable {
                           done(leg_answer(fields, answer));
                       });
}

void Iso8583Link::advise(std::string_view mti, const Fields& fields, links::LegCompletion done) {
    parts_.member->ask(
        mti_of(mti), fields, options_.advice_wait,
        [member = parts_.member, done = std::move(done)](const Result<Answer>& answer) mutable {
            auto said = advice_answer(answer);
            if (!said) member->note_error(said.error());
            if (said && said->kind == LegAnswer::Kind::refused) member->note_refusal();
            done(std::move(said));
        });
}

// An original that the other side had asked for is named by its field 37 too.
void Iso8583Link::give_back(const Payment& payment, links::LegCompletion done) {
    const auto key = asked_original(payment);
    if (!key) return send_refund(payment, {}, std::move(done));
    auto completion = std::make_shared<links::LegCompletion>(std::move(done));
    auto then = [link = shared_from_this(), payment, completion](engine::Request& answered) {
        if (!answered.answer) return (*completion)(refuse(answered.answer.error()));
        const auto* original = std::get_if<Payment>(&*answered.answer);
        ENSURE(original != nullptr);
        link->send_refund(payment, original->terms.subject, std::move(*completion));
    };
    parts_.heart.submit(std::make_unique<engine::Request>(
        switching::QueryRequest{.from = parts_.member->id(), .request_id = *key}, parts_.mailbox,
        std::move(then)));
}

void Iso8583Link::send_refund(const Payment& payment, std::string_view reference,
                              links::LegCompletion done) {
    const auto fields = refund(payment, sender_of(payment), reference);
    if (!fields) return done(refuse(fields.error()));
    parts_.member->ask(
        mti_of("0220"), *fields, options_.advice_wait,
        [request = *fields, done = std::move(done)](const Result<Answer>& answer) mutable {
            done(leg_answer(request, answer));
        });
}

}  // namespace huitong::gateway::iso8583
