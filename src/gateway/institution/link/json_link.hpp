// The JSON link to one institution: carries out the courier's duties and resolves its codes
// (api/institution.yaml, from the requester's side).
//
// What always holds: the same payment gives the same message; an answer that is not proven, not
// well-formed or not of this contract leaves the outcome unknown; only what can't be the answer to
// a payment that the other side has on record is a definite no.
#pragma once

#include <memory>
#include <string>

#include "gateway/institution/link/commit_queue.hpp"
#include "gateway/institution/link/peer_client.hpp"
#include "gateway/institution/resolver.hpp"
#include "gateway/links/link.hpp"
#include "wire/institution/payment.hpp"
#include "wire/institution/positions.hpp"

namespace huitong::gateway::institution {

struct JsonLinkOptions {
    PeerOptions peer;
    Duration request_timeout = seconds(8);  // the peer may hold a request while it asks on
    Duration resolve_timeout = seconds(5);
    Duration commit_timeout = seconds(10);  // of up to 500 at once
    Duration other_timeout = seconds(5);
    std::size_t commits_waiting_max = 100'000;  // beyond: overloaded
};

class JsonLink final : public links::Link {
public:
    // Refuses with what PeerClient::make lists.
    static Result<std::unique_ptr<JsonLink>> make(PeerParts parts, JsonLinkOptions options);

    void send(links::Duty duty, const switching::Payment& payment,
              links::LegCompletion done) override;
    // A request may be repeated: the key tells that it is one.
    [[nodiscard]] bool repeats(const switching::Payment& payment) const override;

    // Refuses with what the institution says of its code (order_code_unknown, order_code_expired,
    // ..; peer_declined when it says something else), else as PeerAnswered.
    void resolve(std::string code, Resolved done);

    // How a payment of ours stands there: payment_not_found, or as PeerAnswered.
    using Viewed = std::move_only_function<void(Result<wire::institution::PaymentView>)>;
    void query(PaymentId payment, Viewed done);
    // Our positions as the institution has them.
    using Stated = std::move_only_function<void(Result<wire::institution::PositionStatement>)>;
    void positions(Stated done);

    // Announces our next key, signed by the current one; once it is kept there, it is for the
    // caller to let OwnKeys change. peer_refused, or as PeerAnswered.
    using Told = std::move_only_function<void(Result<void>)>;
    void announce_key(const OwnKey& next, Instant not_before, Instant not_after, Told done);
    // Ends our session on the first channel that is up.
    void sign_off(Told done);

    [[nodiscard]] links::LinkStatus status() const { return peer_->status(); }

private:
    JsonLink(std::shared_ptr<PeerClient> peer, JsonLinkOptions options);

    [[nodiscard]] links::LegCompletion noting(links::LegCompletion done) const;
    void request(const switching::Payment& payment, links::LegCompletion done);
    void reverse(const switching::Payment& payment, links::LegCompletion done);

    std::shared_ptr<PeerClient> peer_;
    JsonLinkOptions options_;
    std::shared_ptr<CommitQueue> commits_;
};

}  // namespace huitong::gateway::institution
