// The wallet door: what a wallet app or page needs of its user's side (api/wallet.yaml), from a
// whole HTTP request to its answer.
//
//     I/O thread   route, session, body, command ------------------> heart (decides, commits)
//     heart's      the answer in JSON, one wake-up a batch  <------- its mailbox
//     passwords    scrypt, then the command; only when a password was given
//     lists        tables, personal data: whatever may block; whose a stranger's code is
//
// What always holds: nothing but a log-in is done without a session whose MAC is right; whether it
// has ended is decided with the command, by the state. No password or personal text leaves in a
// log, an error or an answer to somebody else.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "engine/heart.hpp"
#include "gateway/door/heart_port.hpp"
#include "gateway/door/key_ring.hpp"
#include "gateway/door/secrets.hpp"
#include "gateway/door/work_pool.hpp"
#include "gateway/http/server.hpp"
#include "gateway/institution/door.hpp"
#include "gateway/json_door/passwords.hpp"
#include "gateway/json_door/people.hpp"
#include "gateway/wallet/issue_limit.hpp"

namespace huitong::gateway::wallet_door {

inline constexpr std::string_view path_prefix = "/wallet/v1";
// What a session's token of this door is good for (json_door/session_tokens.hpp).
inline constexpr std::string_view session_purpose = "wallet-session";
inline constexpr std::size_t body_bytes_max = 16 * 1024;

// business-rules 1.3: of the whole payer code, the prefix among them.
inline constexpr std::uint32_t payer_code_digits = 18;

struct Options {
    Duration session_life = hours(12);
    json_door::PasswordOptions passwords;
    std::size_t lists_waiting_max = 256;       // beyond: overloaded
    std::chrono::milliseconds list_wait{200};  // how long a list waits for the tables
    // With which payer codes begin, so that other institutions know them as ours: at most 17
    // digits. The rest of the 18 is random.
    std::string payer_code_prefix = "13";
    IssueLimitOptions payer_codes;  // beyond: payer_codes_too_many
    // As the heart's rule: so long may a payer think (switching::Rules).
    Duration payer_confirmation = switching::Rules{}.payer_confirmation;
    // How long POST /payments waits for the institution of the payee; then the payment is told as
    // it is, and the page asks again. Pages give up after 15 s.
    Duration payment_wait = seconds(10);
};

// How payees at other institutions are found and paid. All empty: only our own orders are.
struct OtherInstitutions {
    institution::ResolvePort resolve;  // such as a Resolver's
    // What a token of it stands for, also when it has expired: resolve_token_unknown.
    std::function<Result<institution::TokenContent>(std::string_view token)> open;
    institution::WaitPort wait;  // such as Waiters'
};

// What the door stands on; all of it must outlive the door.
struct Parts {
    door::HeartPort heart;
    engine::Clock& clock;
    engine::Tables& tables;
    // As Heart::wait_stored.
    std::function<bool(Sequence, std::chrono::milliseconds)> wait_stored;
    const crypto::MasterKey& master;
    const door::DoorSecrets& secrets;
    json_door::VaultPort vault;
    door::KeyRing& keys;        // for merchants' signatures of invocation fields
    door::WorkPool& passwords;  // scrypt: low urgency
    door::WorkPool& lists;      // tables and vault: may block
    OtherInstitutions others = {};
};

class WalletDoor {
public:
    WalletDoor(Parts parts, Options options);
    // Only after the HTTP server, the heart and the pools have stopped, in this order.
    ~WalletDoor();
    WalletDoor(const WalletDoor&) = delete;
    WalletDoor& operator=(const WalletDoor&) = delete;

    // Takes paths below path_prefix.
    void handle(http::Request&& request, http::Responder responder);
    [[nodiscard]] http::Handler handler();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huitong::gateway::wallet_door
