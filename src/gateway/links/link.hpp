// What a link to another institution does for the courier, whatever protocol it speaks.
//
// A payment whose responder is linked leaves the courier a duty until the responder has answered,
// or has acknowledged what we told it. The duty follows from the payment alone, so that after a
// crash it is known again.
#pragma once

#include <functional>
#include <string>

#include "switching/linked.hpp"

namespace huitong::gateway::links {

enum class Duty : std::uint8_t {
    none,
    request,  // ask; over JSON the same again is a query
    commit,   // tell a JSON responder that its yes is taken (design section 2)
    reverse,  // until it is acknowledged
};
inline constexpr std::size_t duties = 4;

inline Duty duty_of(const switching::Payment& payment) {
    using enum switching::PaymentStatus;
    if (!payment.terms.responder_link().named()) return Duty::none;
    if (payment.state.status == reversing) return Duty::reverse;
    if (payment.state.commit_owed) return Duty::commit;
    const bool asked = payment.state.status == reserved && !payment.state.accepted;
    return asked ? Duty::request : Duty::none;
}

// What a responder said, as far as the payment goes.
struct LegAnswer {
    enum class Kind : std::uint8_t {
        yes,           // to a request
        no,            // to a request, definitely
        pending,       // to a request: it is still under way there (USERPAYING): ask again
        acknowledged,  // to a commit or reversal
        refused,       // to a commit or reversal, definitely: an operator must look at it
    };
    Kind kind = Kind::pending;
    std::string decline;    // the name of an Error, for a no; empty: peer_declined
    std::string reference;  // the responder's own number
};

// Called exactly once, on any thread. An error says that the outcome is unknown: peer_unreachable,
// peer_timeout, peer_refused (also: our signature or session did not please it), and so on.
using LegCompletion = std::move_only_function<void(Result<LegAnswer>)>;

// The link to one institution: its channels, session and keys. Any thread.
class Link {
public:
    virtual ~Link() = default;
    // Does the duty once, without blocking. The same payment gives the same message (key, F7, F11,
    // F32, F33), so that a repeat is known as one.
    virtual void send(Duty duty, const switching::Payment& payment, LegCompletion done) = 0;
    // May an unanswered request be sent again? Over ISO 8583 only an advice may, not a 0200.
    [[nodiscard]] virtual bool repeats(const switching::Payment& payment) const = 0;
};

}  // namespace huitong::gateway::links
