#include "base/instant.hpp"

#include <chrono>
#include <fmt/format.h>

namespace huitong {
namespace {

constexpr Duration beijing = hours(8);

struct Civil {
    int year;
    unsigned month, day;
    std::int64_t hour, minute, second;
};

Civil civil(Instant t) {
    const std::chrono::sys_seconds at{
        std::chrono::seconds{t.ms >= 0 ? t.ms / 1000 : (t.ms - 999) / 1000}};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{at - day};
    return {int{date.year()},     unsigned{date.month()}, unsigned{date.day()},
            time.hours().count(), time.minutes().count(), time.seconds().count()};
}

// A cursor over text that takes fixed-width numbers and single characters; the first mismatch
// sticks.
struct Scanner {
    std::string_view rest;
    bool good = true;

    int digits(std::size_t count) {
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (rest.empty() || rest[0] < '0' || rest[0] > '9') return good = false, 0;
            value = value * 10 + (rest[0] - '0');
            rest.remove_prefix(1);
        }
        return value;
    }
    char one_of(std::string_view allowed) {
        if (rest.empty() || !allowed.contains(rest[0])) return good = false, '\0';
        const char taken = rest[0];
        rest.remove_prefix(1);
        return taken;
    }
};

// The milliseconds of a fraction such as ".5" or ".123456"; digits past the third are dropped.
std::int64_t fraction_ms(Scanner& in) {
    if (in.rest.empty() || in.rest[0] != '.') return 0;
    in.rest.remove_prefix(1);
    std::int64_t ms = 0;
    std::int64_t weight = 100;
    do {
        ms += in.digits(1) * weight;
        weight /= 10;
    } while (in.good && !in.rest.empty() && in.rest[0] >= '0' && in.rest[0] <= '9');
    return ms;
}

Duration offset(Scanner& in) {
    const char sign = in.one_of("Zz+-");
    if (!in.good || sign == 'Z' || sign == 'z') return {};
    const int hour = in.digits(2);
    in.one_of(":");
    const int minute = in.digits(2);
    if (hour > 23 || minute > 59) in.good = false;
    const Duration size = minutes(hour * 60 + minute);
    return sign == '+' ? size : Duration{-size.ms};
}

}  // namespace

std::string to_rfc3339(Instant t) {
    const Civil c = civil(t + beijing);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+08:00", c.year, c.month, c.day, c.hour,
                       c.minute, c.second);
}

std::string to_compact(Instant t) {
    const Civil c = civil(t + beijing);
    return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", c.year, c.month, c.day, c.hour, c.minute,
                       c.second);
}

std::uint32_t business_day(Instant t) {
    const Civil day = civil(t + beijing);
    return static_cast<std::uint32_t>(day.year) * 10'000 + day.month * 100 + day.day;
}

Result<Instant> parse_rfc3339(std::string_view text) {
    Scanner in{text};
    const int year = in.digits(4);
    in.one_of("-");
    const int month = in.digits(2);
    in.one_of("-");
    const int day = in.digits(2);
    in.one_of("Tt");
    const int hour = in.digits(2);
    in.one_of(":");
    const int minute = in.digits(2);
    in.one_of(":");
    const int second = in.digits(2);
    const std::int64_t ms = in.good ? fraction_ms(in) : 0;
    const Duration zone = offset(in);
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!in.good || !in.rest.empty() || !date.ok() || hour > 23 || minute > 59 || second > 59)
        return refuse(Error::field_format);
    const std::int64_t day_count = std::chrono::sys_days{date}.time_since_epoch().count();
    return Instant{days(day_count).ms + hours(hour).ms + minutes(minute).ms + seconds(second).ms +
                   ms} -
           zone;
}

}  // namespace huitong
