// An exact amount in the currency's minor unit (ISO 4217); never floating point.
#pragma once

#include <cstdint>

#include "base/currency.hpp"
#include "base/ensure.hpp"
#include "base/result.hpp"

namespace huitong {

struct Money {
    std::int64_t minor = 0;
    Currency currency;

    friend constexpr bool operator==(Money, Money) = default;
};

// The largest amount of one movement: far from overflow when millions are added up.
inline constexpr std::int64_t amount_minor_max = 1'000'000'000'000'000;

constexpr Result<Money> add(Money a, Money b) {
    ENSURE(a.currency == b.currency);  // Mixing currencies is our bug, not the caller's mistake.
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a.minor, b.minor, &sum)) return refuse(Error::amount_overflow);
    return Money{sum, a.currency};
}

constexpr Result<Money> subtract(Money a, Money b) {
    ENSURE(a.currency == b.currency);
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(a.minor, b.minor, &difference))
        return refuse(Error::amount_overflow);
    return Money{difference, a.currency};
}

}  // namespace huitong
