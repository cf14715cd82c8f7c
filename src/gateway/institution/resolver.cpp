#include "gateway/institution/resolver.hpp"

#include <algorithm>
#include <utility>

namespace huitong::gateway::institution {
namespace {

using switching::Protocol;

// The words of the wire and of the core stand in one order.
static_assert(static_cast<int>(wire::institution::CodeKind::payer_code) ==
              static_cast<int>(switching::CodeKind::payer_code));

Result<void> check_active(const engine::Directory& directory, ParticipantId owner) {
    const auto* participant = directory.participants.find(owner);
    if (participant->state.status != switching::ParticipantStatus::active)
        return refuse(Error::participant_suspended);
    return {};
}

}  // namespace

Result<ParticipantId> owner_of_code(const Recognise& recognise, const engine::Directory& directory,
                                    std::string_view code, ParticipantId asked_by) {
    TRY(marks, recognise(code));
    TRY(owner, switching::owner_of(directory.code_rules, directory.participants, marks));
    if (owner == asked_by) return refuse(Error::code_unowned);
    const auto* participant = directory.participants.find(owner);
    if (participant == nullptr) return refuse(Error::code_unowned);
    return participant->state.protocol == Protocol::hosted ? ParticipantId{} : owner;
}

void Resolver::resolve(ResolveRequest request, Resolved done) const {
    const auto directory = ports_.directory();
    const auto owner = owner_of_code(ports_.recognise, *directory, request.code, request.from);
    if (!owner) return done(refuse(owner.error()));
    if (!owner->named()) return resolve_hosted(std::move(request), std::move(done));
    if (const auto active = check_active(*directory, *owner); !active)
        return done(refuse(active.error()));
    forward(*owner, std::move(request), std::move(done));
}

void Resolver::resolve_hosted(ResolveRequest request, Resolved done) const {
    ports_.hosted(std::move(request.code), [this, from = request.from, done = std::move(done)](
                                               Result<HostedPayee> found) mutable {
        if (!found) return done(refuse(found.error()));
        done(with_token(
            std::move(found->resolution),
            {.asked_by = from, .order = found->order, .inner = std::move(found->plate)}));
    });
}

void Resolver::forward(ParticipantId owner, ResolveRequest request, Resolved done) const {
    ports_.forward(owner, std::move(request.code),
                   [this, owner, from = request.from,
                    done = std::move(done)](Result<Resolution> found) mutable {
                       if (!found) return done(refuse(found.error()));
                       TokenContent content{.asked_by = from,
                                            .owner = owner,
                                            .inner = std::move(found->resolve_token),
                                            .expires_at = found->expires_at};
                       done(with_token(*std::move(found), std::move(content)));
                   });
}

Result<Resolution> Resolver::with_token(Resolution found, TokenContent content) const {
    const Instant now = clock_.now();
    const Instant end = now + resolve_token_life;
    content.code_kind = static_cast<switching::CodeKind>(found.code_kind);
    content.amount = found.amount;
    if (!content.asked_by.named()) content.payee_name = found.payee_name;
    // Never longer than the owner's own token lives.
    content.expires_at = content.owner.named() ? std::min(end, content.expires_at) : end;
    if (content.asked_by.named())
        CHECK(switching::check_opening(ports_.directory()->openings, content.asked_by,
                                       content.code_kind, now));
    const auto token = tokens_.seal(content);
    if (!token) return refuse(Error::peer_answer_malformed);
    found.resolve_token = *token;
    found.expires_at = content.expires_at;
    return found;
}

}  // namespace huitong::gateway::institution
