// What the merchant door counts. Read them at any time.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "wire/wechatpay/routes.hpp"

namespace huitong::gateway::merchant {

using wire::wechatpay::Operation;

// As metrics and logs spell it: prepay_native, order_close, ..
std::string_view to_text(Operation operation);

// Work done many times: how often, and how long it took in all.
struct Effort {
    std::atomic<std::uint64_t> count{0};
    std::atomic<std::uint64_t> microseconds{0};

    void add(std::uint64_t took) {
        count.fetch_add(1, std::memory_order_relaxed);
        microseconds.fetch_add(took, std::memory_order_relaxed);
    }
};

class Metrics {
public:
    // No operation: the request did not get so far. No error: the answer was yes.
    void count(std::optional<Operation> operation, std::optional<Error> error);

    struct Row {
        std::string_view operation;  // "none" when there was none
        std::string_view wire_code;  // "OK" for a yes
        std::uint64_t requests;
    };
    // Only what is above zero; rows of one operation stand together.
    [[nodiscard]] std::vector<Row> rows() const;

    Effort verified;
    Effort signed_answers;
    std::atomic<std::uint64_t> unsigned_answers{0};  // no key of the platform was in force
    std::atomic<std::uint64_t> repeats{0};           // byte-identical ones
    std::atomic<std::uint64_t> in_flight{0};

private:
    static constexpr std::size_t operations = std::to_underlying(Operation::certificates) + 1U;
    static constexpr std::size_t errors = std::to_underlying(Error::count_);
    using Counts = std::array<std::atomic<std::uint64_t>, errors + 1>;

    std::array<Counts, operations + 1> counts_{};
};

}  // namespace huitong::gateway::merchant
