// ENSURE: a broken assumption of ours ends the process, in every build, with the place and the
// condition. Never for anything that an outsider can cause: that is a refusal (result.hpp).
#pragma once

namespace huitong {

[[noreturn]] void ensure_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace huitong

#define ENSURE(condition)                                             \
    do {                                                              \
        if (!(condition)) [[unlikely]]                                \
            ::huitong::ensure_failed(#condition, __FILE__, __LINE__); \
    } while (false)
