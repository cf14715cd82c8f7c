// What the operator door asks of the rest of the house beside the heart and the tables. Each port
// may be left empty: then the door leaves out what it would have told.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/tables.hpp"
#include "gateway/links/status.hpp"

namespace huitong::gateway::operator_door {

struct NoticeAttempt {
    Instant at;
    int http_status = 0;           // 0: there was no answer
    std::optional<Duration> took;  // nothing: it was not sent, or that was not written down
    std::string error;             // the name of an Error when there was no answer
};

enum class NoticeStatus : std::uint8_t { waiting, delivered, given_up };

struct Notice {
    std::string notice_id;
    std::string event_type;  // TRANSACTION.SUCCESS, ..
    std::string url;
    NoticeStatus status = NoticeStatus::waiting;
    Instant next_attempt_at;              // while waiting
    std::vector<NoticeAttempt> attempts;  // oldest first
};

struct JournalReader {
    std::string name;
    std::uint64_t sequence = 0;
};
struct JournalStatus {
    std::uint32_t partition = 0;
    std::uint64_t last_sequence = 0;
    std::string last_batch_hash;  // hexadecimal; may be empty
    std::uint64_t bytes = 0;
    std::uint64_t epoch = 0;
    std::string state;  // RECOVERING, SERVING, STOPPED
    std::vector<JournalReader> readers;
};

// What other institutions are given of us, so that they can reach and verify us.
struct OwnInstitution {
    std::string code;  // by which they know us
    std::string url;   // of the door between institutions
    std::string serial;
    std::string public_key_pem;
};

// All may be called from any thread and may block.
struct Ports {
    // Notices of an order and its refunds, newest first.
    std::function<Result<std::vector<Notice>>(OrderId)> notices;
    // Sends a notice again now, also one that was delivered; notice_not_found.
    std::function<Result<Notice>(const std::string& notice_id)> resend;
    std::function<std::vector<JournalStatus>()> journal;
    // The balance of an account; nothing when there is no such account.
    std::function<Result<std::optional<ledger::Account>>(AccountId)> account;
    std::function<OwnInstitution()> own_institution;
    // How the link to an institution fares; nothing: it has not been used since the start.
    std::function<std::optional<links::LinkStatus>(ParticipantId)> link;
};

}  // namespace huitong::gateway::operator_door
