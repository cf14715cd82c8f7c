// Who owns a code, and what is behind it: a payee hosted here, or one of an institution that is
// asked over its link (business-rules 1.3). The answer carries a token of ours, so that a payment
// needs nothing but that token.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/heart.hpp"
#include "gateway/institution/tokens.hpp"
#include "switching/registry.hpp"
#include "wire/institution/resolve.hpp"

namespace huitong::gateway::institution {

using wire::institution::Resolution;

struct ResolveRequest {
    ParticipantId from;  // not named: a user hosted here
    std::string code;
};
// Called once, on any thread.
using Resolved = std::move_only_function<void(Result<Resolution>)>;
using ResolvePort = std::function<void(ResolveRequest, Resolved)>;

// What a code offers its owner to be found by. Refuses with code_unowned what is no code at all.
using Recognise = std::function<Result<switching::CodeMarks>(std::string_view code)>;

// A payee hosted here; token and expiry of the resolution are not filled in.
struct HostedPayee {
    OrderId order;      // not named: the payee is a plate's
    std::string plate;  // the plate's code
    Resolution resolution;
};
using HostedResolved = std::move_only_function<void(Result<HostedPayee>)>;

struct ResolverPorts {
    Recognise recognise;
    std::function<std::shared_ptr<const engine::Directory>()> directory;
    // A code of ours: order_code_unknown, order_code_expired, order_paid, ..
    std::function<void(std::string code, HostedResolved)> hosted;
    // Asks the owner over its link; of one that has no such message, what stands in for its answer.
    std::function<void(ParticipantId owner, std::string code, Resolved)> forward;
};

// Whose code it is, for one who asks: not named when it is ours. Refuses with code_unowned, also
// when the code is the asker's own: it is never sent back.
Result<ParticipantId> owner_of_code(const Recognise& recognise, const engine::Directory& directory,
                                    std::string_view code, ParticipantId asked_by);

class Resolver {
public:
    // Clock and tokens must outlive it, and it whatever it was asked.
    Resolver(ResolverPorts ports, engine::Clock& clock, const ResolveTokens& tokens)
        : ports_(std::move(ports)), clock_(clock), tokens_(tokens) {}

    // Refuses with code_unowned, participant_not_linked, participant_suspended, code_kind_not_open
    // (the asker may not use codes of this kind), and with what the owner says.
    void resolve(ResolveRequest request, Resolved done) const;

private:
    void resolve_hosted(ResolveRequest request, Resolved done) const;
    void forward(ParticipantId owner, ResolveRequest request, Resolved done) const;
    [[nodiscard]] Result<Resolution> with_token(Resolution found, TokenContent content) const;

    ResolverPorts ports_;
    engine::Clock& clock_;
    const ResolveTokens& tokens_;
};

}  // namespace huitong::gateway::institution
