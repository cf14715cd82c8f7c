// Resolve tokens: what a code was resolved to, sealed, so that nothing of it is stored and nobody
// but us can make one or read what it names.
//
// A token is base64url of
//   12 bytes  IV, random
//   ..        AES-256-GCM of: 1 byte version, 8 expiry (ms), 8 for whom (participant, 0: a user
//             hosted here), 1 code kind, 8 owner (participant, 0: hosted here), 8 order,
//             8 amount (0: the payer enters it), 2 its currency, 2 length of the payee's name,
//             the name, then the owner's own token
//   16 bytes  tag
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/money.hpp"
#include "crypto/secret.hpp"
#include "gateway/door/secrets.hpp"
#include "switching/code.hpp"

namespace huitong::gateway::institution {

inline constexpr Duration resolve_token_life = seconds(120);  // business-rules 1.6
// Of an owner's own token; ours is a third longer, and what comes back must fit again.
inline constexpr std::size_t inner_token_bytes_max = 1'300;

struct TokenContent {
    ParticipantId asked_by;  // who may pay with it; not named: users hosted here
    switching::CodeKind code_kind = switching::CodeKind::merchant_dynamic;
    ParticipantId owner;          // whose payee it is; not named: hosted here
    OrderId order;                // of a payee hosted here; not named: a plate's
    std::optional<Money> amount;  // nothing: the payer enters it
    std::string payee_name;       // as a user hosted here was shown it; else empty
    std::string inner;            // the owner's own token; of a plate hosted here its code
    Instant expires_at;

    // The payee is hosted here, and its plate was scanned.
    [[nodiscard]] bool is_plate() const { return !owner.named() && !order.named(); }
    friend bool operator==(const TokenContent&, const TokenContent&) = default;
};

// Const functions may be called from many threads at once.
class ResolveTokens {
public:
    explicit ResolveTokens(const door::DoorSecrets& secrets);

    // Refuses with field_range an inner token or a name that is too long.
    [[nodiscard]] Result<std::string> seal(const TokenContent& content) const;
    // Refuses with resolve_token_unknown what we did not make for this asker, or has expired.
    [[nodiscard]] Result<TokenContent> open(std::string_view token, ParticipantId asked_by,
                                            Instant now) const;
    // Also when it has expired: for those whose repeat must be known as one.
    [[nodiscard]] Result<TokenContent> read(std::string_view token, ParticipantId asked_by) const;

private:
    crypto::Secret key_;
};

}  // namespace huitong::gateway::institution
