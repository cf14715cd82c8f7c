#include "sim/network.hpp"

#include "base/ensure.hpp"

namespace huitong::sim {
namespace {

using gateway::links::Duty;
using gateway::links::is_decided;
using switching::Payment;
using switching::PaymentKind;

constexpr Duration json_hold = seconds(4), json_timeout = seconds(5);
constexpr Duration iso_hold = seconds(25), iso_timeout = seconds(30);

// A payment as its responder tells it (design section 2).
LegAnswer told(const Payment& payment) {
    using enum switching::PaymentStatus;
    const auto status = payment.state.status;
    if (!is_decided(payment)) return {.kind = LegAnswer::Kind::pending};
    if (status == completed || status == reserved) return {.kind = LegAnswer::Kind::yes};
    return {.kind = LegAnswer::Kind::no, .decline = payment.state.decline};
}

Result<LegAnswer> acknowledgement(const Result<engine::Answer>& answer) {
    if (!answer) return refuse(answer.error());
    return LegAnswer{.kind = LegAnswer::Kind::acknowledged};
}

}  // namespace

Network::Network(std::uint64_t seed, Bug bug) : prng(seed), drawn_(Faults::drawn(prng)), bug_(bug) {
    for (bool& iso : iso_) iso = prng.chance(400);
    for (const Place place : places) {
        nodes_[static_cast<std::size_t>(place)] = std::make_unique<Node>(
            Node::Parts{events, prng, faults_, bug},
            [this, place](const Payment& payment) {
                const Place to = place != Place::middle ? Place::middle
                                 : payment.terms.responder_link() == neighbour(place, Place::wallet)
                                     ? Place::wallet
                                     : Place::acquirer;
                return payment.terms.kind == PaymentKind::refund || !speaks_iso(place, to);
            },
            [this, place](const gateway::links::Work::Task& task) { send(place, task); });
    }
    tick();
    meet();
    faults_ = drawn_;
}

bool Network::speaks_iso(Place a, Place b) const {
    return a == Place::wallet || b == Place::wallet ? iso_[0] : iso_[1];
}

engine::Answer Network::must(Place place, engine::Command command) {
    std::optional<Result<engine::Answer>> answer;
    at(place).ask(std::move(command), [&](Result<engine::Answer> one) { answer = std::move(one); });
    while (!answer && events.step()) {}
    ENSURE(answer && answer->has_value());
    return **std::move(answer);
}

void Network::run_for(Duration span) {
    const Instant end = events.now() + span;
    bool reached = false;
    events.after(span, [&] { reached = true; });
    while (!reached && events.step()) {}
    ENSURE(events.now() == end);
}

void Network::tick() {
    for (const Place place : places) at(place).tick();
    events.after(seconds(1), [this] { tick(); });
}

void Network::meet() {
    for (const Place place : places) {
        const auto house = must(place, switching::RegisterParticipant{.code = "HOUSE"});
        known_[{place, place}] = std::get<switching::Participant>(house).id();
    }
    link(Place::wallet, Place::middle);
    link(Place::middle, Place::wallet);
    link(Place::middle, Place::acquirer);
    link(Place::acquirer, Place::middle);
}

void Network::link(Place here, Place there) {
    using switching::CodeKind;
    const auto protocol =
        speaks_iso(here, there) ? switching::Protocol::iso8583 : switching::Protocol::json;
    const auto registered =
        must(here, switching::RegisterParticipant{
                       .code = there == Place::middle   ? "SWITCH"
                               : there == Place::wallet ? "WALLET"
                                                        : "ACQUIRER",
                       .state = {.protocol = protocol, .is_switch = there == Place::middle}
    });
    const ParticipantId id = std::get<switching::Participant>(registered).id();
    known_[{here, there}] = id;
    // Now and then too small for the day's traffic.
    const std::int64_t cap_minor = prng.chance(200) ? 5'000'00 : 5'000'000'00;
    must(here, switching::SetPosition{.participant = id, .currency = cny, .cap_minor = cap_minor});
    for (const CodeKind kind : {CodeKind::merchant_dynamic, CodeKind::payer_code})
        must(here, switching::SetOpening{
                       {.participant = id, .code_kind = kind},
                       {.opens_at = events.now()}
        });
}

// One way of a message, or of its answer.
void Network::carry(Place to, std::function<void()> what) {
    if (prng.chance(faults_.lost)) return;
    const auto arrive = [this, to, what = std::move(what)] {
        if (at(to).up()) what();
    };
    const auto delay = [this] {
        const auto ms = prng.chance(faults_.late) ? prng.below(60'000) : 1 + prng.below(20);
        return milliseconds(static_cast<std::int64_t>(ms));
    };
    if (prng.chance(faults_.duplicated)) events.after(delay(), arrive);
    events.after(delay(), arrive);
}

void Network::send(Place from, const gateway::links::Work::Task& task) {
    const ParticipantId responder = task.payment.terms.responder_link();
    const Place to = from != Place::middle                         ? Place::middle
                     : responder == neighbour(from, Place::wallet) ? Place::wallet
                                                                   : Place::acquirer;
    const Message message{.duty = task.duty,
                          .kind = task.payment.terms.kind,
                          .key = switching::request_key(task.payment.id()),
                          .amount = task.payment.amount(),
                          .code = task.payment.terms.code};
    // The first of answer and time-out counts.
    const auto open = std::make_shared<bool>(true);
    const auto settle = [this, from, task, open](const Result<LegAnswer>& answer) {
        if (std::exchange(*open, false)) at(from).answered(task, answer);
    };
    const Duration patience = speaks_iso(from, to) ? iso_timeout : json_timeout;
    events.after(patience, [settle] { settle(refuse(Error::peer_timeout)); });
    carry(to, [this, from, to, message, settle] {
        receive(to, from, message, [this, from, settle](const Result<LegAnswer>& answer) {
            carry(from, [settle, answer] { settle(answer); });
        });
    });
}

void Network::receive(Place here, Place from, const Message& message,
                      const std::function<void(Result<LegAnswer>)>& reply) {
    if (prng.chance(faults_.refused)) return reply(refuse(Error::peer_refused));
    const ParticipantId asker = neighbour(here, from);
    switch (message.duty) {
        case Duty::request:
            return on_request(here, from, message, reply);
        case Duty::commit:
            return at(here).ask(switching::CommitPayment{asker, message.key},
                                [this, here, reply](const Result<engine::Answer>& answer) {
                                    if (answer && prng.chance(200))
                                        at(here).pay_again(std::get<Payment>(*answer));
                                    reply(acknowledgement(answer));
                                });
        case Duty::reverse:
            return at(here).ask(
                switching::ReversePayment{.from = asker, .request_id = message.key},
                [reply](const Result<engine::Answer>& answer) { reply(acknowledgement(answer)); });
        case Duty::none:
            break;
    }
    ENSURE(false);
}

void Network::on_request(Place here, Place from, const Message& message,
                         const std::function<void(Result<LegAnswer>)>& reply) {
    switching::RequestPayment wish{.from = neighbour(here, from),
                                   .request_id = message.key,
                                   .kind = message.kind,
                                   .amount = message.amount,
                                   .code = message.code,
                                   .content_digest = message.code + "/" + message.key};
    if (message.kind == PaymentKind::cpm) wish.code_kind = switching::CodeKind::payer_code;
    if (message.kind == PaymentKind::refund) {
        const bool theirs = message.code.starts_with("sender:");
        const std::string key = message.code.substr(message.code.find(':') + 1);
        if (theirs) {
            wish.original_request_id = key;
        } else {
            wish.original = switching::payment_of_key(key).value_or(PaymentId{});
        }
    } else if (here == Place::middle) {
        wish.to = neighbour(here, from == Place::wallet ? Place::acquirer : Place::wallet);
    } else if (here == Place::acquirer) {
        wish.order = {std::stoull(message.code)};
    }
    const Duration hold = speaks_iso(here, from) ? iso_hold : json_hold;
    at(here).ask(std::move(wish), [this, here, hold, reply](const Result<engine::Answer>& answer) {
        if (!answer) return reply(refuse(answer.error()));
        const auto& payment = std::get<Payment>(*answer);
        if (is_decided(payment)) return reply(told(payment));
        at(here).waiters().wait(payment.id(), events.now(), hold,
                                [reply, payment](std::optional<Payment> later) {
                                    reply(told(later ? *later : payment));
                                });
    });
}

}  // namespace huitong::sim
