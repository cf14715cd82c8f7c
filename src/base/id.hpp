// Ids: 64 bits, time-ordered, carrying their shard (design section 1):
//   0 | 41 bits ms since 2020-01-01 UTC | 10 bits shard | 12 bits counter
// The heart allots them; nobody else makes one. An id of value 0 names nothing.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "base/result.hpp"

namespace huitong {

// The logical shard of a record: many and fixed for ever, 0 to 1023.
struct Shard {
    std::uint16_t value = 0;

    friend constexpr auto operator<=>(Shard, Shard) = default;
};

inline constexpr std::uint16_t shard_count = 1024;
inline constexpr std::uint64_t id_counter_max = 4095;
// So many are allotted in a millisecond, so that within a second an id is told by six digits: its
// millisecond and its counter (trace_number).
inline constexpr std::uint64_t ids_per_ms = 1000;
inline constexpr std::int64_t id_epoch_ms = 1'577'836'800'000;  // 2020-01-01T00:00:00Z

template <class Tag>
struct Id {
    std::uint64_t value = 0;

    friend constexpr auto operator<=>(Id, Id) = default;
    [[nodiscard]] constexpr bool named() const { return value != 0; }
    [[nodiscard]] constexpr Shard shard() const {
        return {static_cast<std::uint16_t>((value >> 12) & (shard_count - 1))};
    }
};

using AccountId = Id<struct AccountTag>;
using UserId = Id<struct UserTag>;
using MerchantId = Id<struct MerchantTag>;
using OrderId = Id<struct OrderTag>;
using PaymentId = Id<struct PaymentTag>;
using RefundId = Id<struct RefundTag>;
using TopUpId = Id<struct TopUpTag>;
using FundingSourceId = Id<struct FundingSourceTag>;
using ParticipantId = Id<struct ParticipantTag>;
using KeyId = Id<struct KeyTag>;
using OperatorId = Id<struct OperatorTag>;
using PayerCodeId = Id<struct PayerCodeTag>;
using CodeRuleId = Id<struct CodeRuleTag>;
using OpeningId = Id<struct OpeningTag>;
// Whose number a request's key is: the user, merchant or participant that asked.
using RequesterId = Id<struct RequesterTag>;

// The position of an entry in its partition's journal, from 1, without gaps.
struct Sequence {
    std::uint64_t value = 0;

    friend constexpr auto operator<=>(Sequence, Sequence) = default;
};

// Allots ids: unique for ever, ascending from millisecond to millisecond whatever the clock says
// (within one millisecond the shard bits decide the order). Owned by the heart's thread.
class IdSource {
public:
    // A new raw id of this shard.
    std::uint64_t next(Instant now, Shard shard);
    // An id found in the journal: ids allotted from now on lie above it.
    void seen(std::uint64_t id);
    // The time that the ids handed out so far carry, which may be ahead of the clock: who keeps ids
    // must keep this time with them, or a source made later would begin before it.
    [[nodiscard]] Instant reached() const {
        return {static_cast<std::int64_t>(tick_) + id_epoch_ms};
    }

private:
    std::uint64_t tick_ = 0;     // ms since the id epoch; may run ahead of the clock
    std::uint64_t counter_ = 0;  // ids handed out in this tick
};

// 0 to 999999, different for all ids of one second: the system trace audit number of a message
// about the record (ISO 8583, F11). The second is id_time's.
std::uint32_t trace_number(std::uint64_t id);
// The millisecond an id carries: that of its making, or a little later when ids ran ahead.
constexpr Instant id_time(std::uint64_t id) {
    return {static_cast<std::int64_t>(id >> 22) + id_epoch_ms};
}

// A 28-digit number as merchants see it: `prefix` (such as "4200" for transactions, "50" for
// refunds), zeros, then the id's 19 decimal digits (wechatpay-v3 4.1).
std::string to_digits28(std::string_view prefix, std::uint64_t id);
// The id of such a number. Refuses with field_format what to_digits28 cannot have printed.
Result<std::uint64_t> parse_digits28(std::string_view prefix, std::string_view digits);

}  // namespace huitong

template <class Tag>
struct std::hash<huitong::Id<Tag>> {
    std::size_t operator()(huitong::Id<Tag> id) const noexcept { return id.value; }
};
