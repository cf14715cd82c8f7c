#include "gateway/institution/link/json_link.hpp"

#include <utility>

#include "gateway/institution/payments.hpp"
#include "wire/institution/session.hpp"
#include "wire/json/reader.hpp"

namespace huitong::gateway::institution {
namespace {

using links::Duty;
using links::LegAnswer;
using switching::PaymentKind;
using wire::institution::PaymentState;
using wire::institution::PaymentView;

// The code of an error body; empty when it is none.
std::string code_of(const PeerAnswer& answer) {
    wire::json::Report report;
    std::string code;
    auto root = wire::json::read_object(answer.body, report);
    root.required_string("code", {.max = 64}, code);
    return code;
}

// A no of the door itself, which it gives only to a request that it has no record of, or to a
// message that it could never take: no earlier copy of it can have been accepted. Anything else may
// pass, and the request is repeated.
std::optional<std::string> definite_no(const PeerAnswer& answer) {
    const std::string code = code_of(answer);
    for (const Error error :
         {Error::resolve_token_unknown, Error::code_unowned, Error::merchant_frozen}) {
        if (describe(error).wire_code == code) return std::string(describe(error).name);
    }
    if (answer.status == 400 && code == describe(Error::field_format).wire_code) return "";
    return std::nullopt;
}

LegAnswer leg_answer(const PaymentView& view) {
    LegAnswer answer{.reference = view.payment_id};
    switch (view.state) {
        case PaymentState::accepted:
        case PaymentState::completed:
            answer.kind = LegAnswer::Kind::yes;
            break;
        case PaymentState::declined:
        case PaymentState::reversed:
            answer.kind = LegAnswer::Kind::no;
            if (view.decline) answer.decline = view.decline->reason;
            break;
        case PaymentState::processing:
        case PaymentState::userpaying:
            answer.kind = LegAnswer::Kind::pending;
            break;
    }
    return answer;
}

Result<LegAnswer> answer_to_request(const Result<PeerAnswer>& answer, const std::string& key) {
    if (!answer) return refuse(answer.error());
    if (answer->status != 200) {
        auto no = definite_no(*answer);
        if (!no) return refuse(Error::peer_refused);
        return LegAnswer{.kind = LegAnswer::Kind::no, .decline = *std::move(no), .reference = {}};
    }
    const auto view = wire::institution::parse_payment_view(answer->body);
    if (!view || view->request_id != key) return refuse(Error::peer_answer_malformed);
    return leg_answer(*view);
}

Result<LegAnswer> answer_to_reversal(const Result<PeerAnswer>& answer, const std::string& key) {
    if (!answer) return refuse(answer.error());
    if (answer->status != 200) return no_to_ending(code_of(*answer));
    const auto said = wire::institution::parse_reversal(answer->body);
    if (!said || said->request_id != key) return refuse(Error::peer_answer_malformed);
    return LegAnswer{.kind = LegAnswer::Kind::acknowledged, .decline = {}, .reference = {}};
}

Result<Resolution> answer_to_resolve(const Result<PeerAnswer>& answer) {
    if (!answer) return refuse(answer.error());
    if (answer->status == 200) {
        auto parsed = wire::institution::parse_resolution(answer->body);
        if (!parsed) return refuse(Error::peer_answer_malformed);
        return *std::move(parsed);
    }
    const std::string code = code_of(*answer);
    for (const Error error :
         {Error::order_code_unknown, Error::order_code_expired, Error::order_paid,
          Error::order_closed, Error::order_locked, Error::code_kind_not_open,
          Error::participant_suspended, Error::merchant_frozen}) {
        if (json_door::code_of(error) == code) return refuse(error);
    }
    return refuse(Error::peer_declined);
}

// What the courier asks, by the kind of payment.
struct Message {
    std::string_view path;
    std::string body;
};
Message message_of(const switching::Payment& payment) {
    switch (payment.terms.kind) {
        case PaymentKind::mpm:
            return {"/payments", to_json(pay_of(payment))};
        case PaymentKind::cpm:
            return {"/authorisations", to_json(authorise_of(payment))};
        case PaymentKind::refund:
            return {"/refunds", to_json(refund_of(payment))};
    }
    std::unreachable();
}

PeerCall make_call(std::string_view path, std::string body, Duration timeout, PeerAnswered done) {
    PeerCall call;
    call.path = path;
    call.body = std::move(body);
    call.timeout = timeout;
    call.done = std::move(done);
    return call;
}

// The parsed body of a yes, or an error.
template <class Parse>
auto parsed_answer(const Result<PeerAnswer>& answer, Parse parse)
    -> Result<std::decay_t<decltype(*parse(""))>> {
    if (!answer) return refuse(answer.error());
    if (answer->status != 200) return refuse(error_of_code(code_of(*answer)));
    auto parsed = parse(answer->body);
    if (!parsed) return refuse(Error::peer_answer_malformed);
    return *std::move(parsed);
}

}  // namespace

Result<std::unique_ptr<JsonLink>> JsonLink::make(PeerParts parts, JsonLinkOptions options) {
    TRY(peer, PeerClient::make(std::move(parts), options.peer));
    return std::unique_ptr<JsonLink>(new JsonLink(std::move(peer), std::move(options)));
}

JsonLink::JsonLink(std::shared_ptr<PeerClient> peer, JsonLinkOptions options)
    : peer_(std::move(peer)),
      options_(std::move(options)),
      commits_(std::make_shared<CommitQueue>(
          peer_, CommitQueueOptions{.timeout = options_.commit_timeout,
                                    .waiting_max = options_.commits_waiting_max})) {}

bool JsonLink::repeats(const switching::Payment&) const {
    return true;
}

void JsonLink::send(Duty duty, const switching::Payment& payment, links::LegCompletion done) {
    switch (duty) {
        case Duty::request:
            return request(payment, std::move(done));
        case Duty::commit:
            return commits_->add(switching::request_key(payment.id()), noting(std::move(done)));
        case Duty::reverse:
            return reverse(payment, noting(std::move(done)));
        case Duty::none:
            break;
    }
    ENSURE(duty != Duty::none);
}

// What ends a payment and was refused shows in the link's status.
links::LegCompletion JsonLink::noting(links::LegCompletion done) const {
    return [peer = peer_, done = std::move(done)](Result<LegAnswer> answer) mutable {
        if (answer && answer->kind == LegAnswer::Kind::refused) peer->note_refusal();
        done(std::move(answer));
    };
}

void JsonLink::request(const switching::Payment& payment, links::LegCompletion done) {
    auto [path, body] = message_of(payment);
    peer_->call(make_call(
        path, std::move(body), options_.request_timeout,
        [key = switching::request_key(payment.id()), done = std::move(done)](
            Result<PeerAnswer> answer) mutable { done(answer_to_request(answer, key)); }));
}

void JsonLink::reverse(const switching::Payment& payment, links::LegCompletion done) {
    std::string key = switching::request_key(payment.id());
    std::string body = to_json(wire::institution::Reversal{key});
    peer_->call(make_call(
        "/reversals", std::move(body), options_.other_timeout,
        [key = std::move(key), done = std::move(done)](Result<PeerAnswer> answer) mutable {
            done(answer_to_reversal(answer, key));
        }));
}

void JsonLink::resolve(std::string code, Resolved done) {
    peer_->call(make_call("/resolve", to_json(wire::institution::Resolve{std::move(code)}),
                          options_.resolve_timeout,
                          [done = std::move(done)](Result<PeerAnswer> answer) mutable {
                              done(answer_to_resolve(answer));
                          }));
}

void JsonLink::query(PaymentId payment, Viewed done) {
    PeerCall call =
        make_call("/payments/" + switching::request_key(payment), "", options_.other_timeout,
                  [done = std::move(done)](Result<PeerAnswer> answer) mutable {
                      done(parsed_answer(answer, wire::institution::parse_payment_view));
                  });
    call.method = "GET";
    peer_->call(std::move(call));
}

void JsonLink::positions(Stated done) {
    PeerCall call =
        make_call("/positions", "", options_.other_timeout,
                  [done = std::move(done)](Result<PeerAnswer> answer) mutable {
                      done(parsed_answer(answer, wire::institution::parse_position_statement));
                  });
    call.method = "GET";
    peer_->call(std::move(call));
}

void JsonLink::announce_key(const OwnKey& next, Instant not_before, Instant not_after, Told done) {
    const wire::institution::NextKey said{.serial = next.serial,
                                          .public_key_pem = next.key.public_key().to_pem(),
                                          .not_before = not_before,
                                          .not_after = not_after};
    PeerCall call = make_call("/keys", to_json(said), options_.other_timeout,
                              [done = std::move(done)](Result<PeerAnswer> answer) mutable {
                                  const auto kept =
                                      parsed_answer(answer, wire::institution::parse_next_key);
                                  if (!kept) return done(refuse(kept.error()));
                                  done(Result<void>{});
                              });
    call.signed_only = true;
    peer_->call(std::move(call));
}

void JsonLink::sign_off(Told done) {
    peer_->call(make_call(
        "/sign-off", std::string(wire::institution::empty_json), options_.other_timeout,
        [done = std::move(done)](Result<PeerAnswer> answer) mutable {
            const auto ended = parsed_answer(answer, wire::institution::parse_sessions_ended);
            if (!ended) return done(refuse(ended.error()));
            done(Result<void>{});
        }));
}

}  // namespace huitong::gateway::institution
