#include "gateway/links/statistics.hpp"

#include <algorithm>
#include <bit>

namespace huitong::gateway::links {

// 0 to 3 have classes of their own; above, the two bits behind the first one choose.
std::size_t LinkStatistics::class_of(std::uint64_t took_us) {
    const std::uint64_t value = std::min<std::uint64_t>(took_us, (std::uint64_t{1} << 32) - 1);
    if (value < 4) return value;
    const auto width = static_cast<std::size_t>(std::bit_width(value));
    return 4 * (width - 2) + (value >> (width - 3) & 3);
}

std::uint64_t LinkStatistics::upper_bound(std::size_t latency_class) {
    if (latency_class < 4) return latency_class;
    const std::size_t shift = latency_class / 4 - 1;
    return ((4 + latency_class % 4 + 1) << shift) - 1;
}

LinkStatistics::Slot& LinkStatistics::slot_of(Instant now) {
    const std::int64_t number = now.ms / slot_ms;
    Slot& slot = slots_[static_cast<std::size_t>(number) % slots];
    if (slot.number != number) slot = Slot{.number = number};
    return slot;
}

void LinkStatistics::answered(Instant now, std::uint64_t took_us) {
    ++slot_of(now).latencies[class_of(took_us)];
}

void LinkStatistics::failed(Instant now) {
    ++slot_of(now).failures;
}

LinkFigures LinkStatistics::figures(Instant now) const {
    const std::int64_t last = now.ms / slot_ms;
    LinkFigures figures;
    std::array<std::uint64_t, classes> sums{};
    std::uint64_t answers = 0;
    for (const Slot& slot : slots_) {
        if (slot.number <= last - static_cast<std::int64_t>(slots) || slot.number > last) continue;
        figures.failures += slot.failures;
        for (std::size_t i = 0; i < classes; ++i) {
            sums[i] += slot.latencies[i];
            answers += slot.latencies[i];
        }
    }
    figures.calls = answers + figures.failures;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < classes; ++i) {
        const std::uint64_t until = seen + sums[i];
        const auto holds = [&](std::uint64_t percent) {  // the call of that rank is in this class
            const std::uint64_t rank = (answers * percent + 99) / 100;
            return rank > seen && rank <= until;
        };
        if (holds(50)) figures.p50_us = upper_bound(i);
        if (holds(99)) figures.p99_us = upper_bound(i);
        seen = until;
    }
    return figures;
}

}  // namespace huitong::gateway::links
