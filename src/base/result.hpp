// Result<T>: a value or the exact Error that says why there is none. We throw nothing.
#pragma once

#include <expected>
#include <utility>

#include "base/error.hpp"

namespace huitong {

template <class T>
using Result = std::expected<T, Error>;

// The answer is no, or the world broke: the caller is told which enumerator.
[[nodiscard]] constexpr std::unexpected<Error> refuse(Error error) {
    return std::unexpected(error);
}

}  // namespace huitong

// TRY(name, expression): names the value of a Result, or returns its error from the enclosing
// function.
#define TRY(name, ...)                                                     \
    auto&& name##_or_error = (__VA_ARGS__);                                \
    if (!name##_or_error) return std::unexpected(name##_or_error.error()); \
    auto&& name = *std::forward<decltype(name##_or_error)>(name##_or_error)

// CHECK(expression): the same for a Result<void>.
#define CHECK(...)                                            \
    do {                                                      \
        if (auto check_result = (__VA_ARGS__); !check_result) \
            return std::unexpected(check_result.error());     \
    } while (false)
