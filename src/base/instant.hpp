// A moment in time as the heart hands it out: milliseconds since the Unix epoch, UTC. The core
// never reads a clock.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace huitong {

// A span of time in milliseconds.
struct Duration {
    std::int64_t ms = 0;

    friend constexpr auto operator<=>(Duration, Duration) = default;
};

constexpr Duration milliseconds(std::int64_t n) {
    return {n};
}
constexpr Duration seconds(std::int64_t n) {
    return {n * 1000};
}
constexpr Duration minutes(std::int64_t n) {
    return seconds(n * 60);
}
constexpr Duration hours(std::int64_t n) {
    return minutes(n * 60);
}
constexpr Duration days(std::int64_t n) {
    return hours(n * 24);
}

struct Instant {
    std::int64_t ms = 0;  // 0 stands for "never" in optional places of records.

    friend constexpr auto operator<=>(Instant, Instant) = default;
    friend constexpr Instant operator+(Instant t, Duration d) { return {t.ms + d.ms}; }
    friend constexpr Instant operator-(Instant t, Duration d) { return {t.ms - d.ms}; }
    friend constexpr Duration operator-(Instant a, Instant b) { return {a.ms - b.ms}; }
    [[nodiscard]] constexpr std::int64_t unix_seconds() const { return ms / 1000; }
};

// RFC 3339 in Beijing time, whole seconds: 2018-06-08T10:34:56+08:00 (wechatpay-v3, legend `ts`).
std::string to_rfc3339(Instant t);
// yyyymmddHHMMSS in Beijing time, as in a prepay_id.
std::string to_compact(Instant t);
// The business day in Beijing time, as YYYYMMDD.
std::uint32_t business_day(Instant t);
// Any RFC 3339 offset; fractions of a second are accepted and truncated to ms. Refuses with
// field_format.
Result<Instant> parse_rfc3339(std::string_view text);

}  // namespace huitong
