#include "base/id.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ensure.hpp"

namespace huitong {

static_assert(shard_count == 1U << 10);

namespace {
constexpr int id_digits = 19;  // 2^63 - 1 has 19 decimal digits.
constexpr std::size_t printed_digits = 28;
}  // namespace

std::uint64_t IdSource::next(Instant now, Shard shard) {
    ENSURE(shard.value < shard_count);
    const auto clock = static_cast<std::uint64_t>(std::max<std::int64_t>(now.ms - id_epoch_ms, 0));
    if (clock > tick_ || counter_ >= ids_per_ms) {
        tick_ = std::max(clock, tick_ + 1);  // A used-up millisecond borrows the next one.
        counter_ = 0;
    }
    ENSURE(tick_ >> 41 == 0);
    return (tick_ << 22) | (std::uint64_t{shard.value} << 12) | counter_++;
}

void IdSource::seen(std::uint64_t id) {
    if (id >> 22 < tick_) return;
    tick_ = id >> 22;
    counter_ = ids_per_ms;  // The next id opens a new millisecond.
}

std::uint32_t trace_number(std::uint64_t id) {
    const std::uint64_t ms = id >> 22;
    return static_cast<std::uint32_t>(ms % 1000 * ids_per_ms + (id & id_counter_max));
}

std::string to_digits28(std::string_view prefix, std::uint64_t id) {
    ENSURE(prefix.size() + id_digits <= printed_digits);
    const std::string digits = std::to_string(id);
    std::string text(prefix);
    text.append(printed_digits - prefix.size() - digits.size(), '0');
    return text + digits;
}

Result<std::uint64_t> parse_digits28(std::string_view prefix, std::string_view digits) {
    if (digits.size() != printed_digits || !digits.starts_with(prefix))
        return refuse(Error::field_format);
    std::uint64_t id = 0;
    const std::string_view tail = digits.substr(prefix.size());
    const auto [end, status] = std::from_chars(tail.data(), tail.data() + tail.size(), id);
    if (status != std::errc{} || end != tail.data() + tail.size())
        return refuse(Error::field_format);
    if (id == 0 || id >> 63 != 0) return refuse(Error::field_format);
    return id;
}

}  // namespace huitong
