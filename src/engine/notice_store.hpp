// The notice port: which merchants are still to be told of what. Rows of the courier's own, beside
// journal and tables: how often a merchant was called is no business of an entry.
//
// A row holds ids only; what the notice says is fetched when it is sent. Everything here may be
// lost and made again from the journal, but for the count of attempts: then a merchant hears a
// thing twice, which the contract allows. Any thread; implementations lock. All fail with
// store_failed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/result.hpp"

namespace huitong::engine {

enum class NoticeKind : std::uint8_t {
    transaction_success = 0,
    refund_success = 1,
    refund_abnormal = 2,
    refund_closed = 3,
};
enum class NoticeStatus : std::uint8_t { waiting = 0, delivered = 1, given_up = 2 };

// One event is told of by one notice.
struct NoticeKey {
    NoticeKind kind{};
    std::uint64_t record = 0;  // the order's or the refund's id

    friend constexpr auto operator<=>(NoticeKey, NoticeKey) = default;
};

struct Notice {
    NoticeKey key;
    OrderId order;
    MerchantId merchant;
    Instant created_at;
    NoticeStatus status = NoticeStatus::waiting;
    std::uint32_t attempts = 0;  // made so far
    Instant due;                 // of the next one, while waiting

    friend bool operator==(const Notice&, const Notice&) = default;
};

// One attempt, and where the notice stands after it.
struct NoticeAttempt {
    NoticeKey key;
    std::uint32_t number = 0;       // from 1
    Instant at;                     // when it was sent
    std::optional<Duration> took;   // until it ended; nothing when nothing was sent
    std::uint16_t http_status = 0;  // 0: there was no answer
    std::string error;              // the name of an Error when there was no answer
    NoticeStatus status{};
    Instant due;

    friend bool operator==(const NoticeAttempt&, const NoticeAttempt&) = default;
};

struct MerchantDue {
    MerchantId merchant;
    Instant due;  // of its earliest waiting notice
    std::uint64_t waiting = 0;

    friend bool operator==(const MerchantDue&, const MerchantDue&) = default;
};

struct NoticeCounts {
    std::uint64_t waiting = 0;
    std::uint64_t delivered = 0;
    std::uint64_t given_up = 0;
};

class NoticeStore {
public:
    virtual ~NoticeStore() = default;

    // The last journal entry whose notices are here.
    virtual Result<Sequence> cursor() = 0;
    // Adds what is not there yet and moves the cursor, in one transaction; how many were new.
    virtual Result<std::uint64_t> insert(std::span<const Notice> notices, Sequence last) = 0;

    // All merchants with waiting notices.
    virtual Result<std::vector<MerchantDue>> merchants() = 0;
    // A merchant's waiting notices by (due, key), due or not, at most `limit`.
    virtual Result<std::vector<Notice>> earliest(MerchantId merchant, std::uint32_t limit) = 0;
    // All in one transaction.
    virtual Result<void> record(std::span<const NoticeAttempt> attempts) = 0;

    virtual Result<std::vector<Notice>> of_order(OrderId order) = 0;
    virtual Result<std::vector<NoticeAttempt>> attempts(NoticeKey key) = 0;
    // Makes a notice due now, delivered or not; the notice as it was, or nothing when there is
    // none.
    virtual Result<std::vector<Notice>> resend(NoticeKey key, Instant now) = 0;

    virtual Result<NoticeCounts> counts() = 0;
    // Forgets notices of events before this time that wait no more, at most `limit`; how many.
    virtual Result<std::uint64_t> prune(Instant before, std::uint32_t limit) = 0;
};

}  // namespace huitong::engine
