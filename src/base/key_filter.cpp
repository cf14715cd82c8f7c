#include "base/key_filter.hpp"

#include <cstdlib>

#include "base/ensure.hpp"

namespace huitong {
namespace {

constexpr std::uint64_t words_per_line = 8;
constexpr std::uint64_t keys_per_line = 32;  // 16 bits a key
constexpr std::uint64_t first_lines = 1 << 11;
constexpr int probes = 6;

// The bit a probe looks at within its line: nine fresh bits of the high half per probe.
std::uint64_t bit(Hash128 key, int probe) {
    return (key.high >> (probe * 9)) & 511;
}

}  // namespace

KeyFilter::Block KeyFilter::make_block(std::uint64_t lines) {
    // calloc: large blocks come as untouched zero pages, so opening one costs the heart nothing.
    void* memory = std::calloc(lines * words_per_line, sizeof(std::uint64_t));
    ENSURE(memory != nullptr);
    return {
        {static_cast<std::uint64_t*>(memory), std::free},
        lines, lines * keys_per_line
    };
}

void KeyFilter::insert(Hash128 key) {
    if (blocks_.empty()) blocks_.push_back(make_block(first_lines));
    if (blocks_.back().count == blocks_.back().capacity)
        blocks_.push_back(make_block(blocks_.back().lines * 2));
    Block& block = blocks_.back();
    std::uint64_t* line = &block.words[(key.low & (block.lines - 1)) * words_per_line];
    for (int i = 0; i < probes; ++i)
        line[bit(key, i) / 64] |= std::uint64_t{1} << (bit(key, i) % 64);
    ++block.count;
}

bool KeyFilter::may_contain(Hash128 key) const {
    for (const Block& block : blocks_) {
        const std::uint64_t* line = &block.words[(key.low & (block.lines - 1)) * words_per_line];
        bool all = true;
        for (int i = 0; i < probes && all; ++i)
            all = (line[bit(key, i) / 64] >> (bit(key, i) % 64) & 1) != 0;
        if (all) return true;
    }
    return false;
}

std::size_t KeyFilter::bytes() const {
    std::size_t sum = 0;
    for (const Block& block : blocks_) sum += block.lines * words_per_line * sizeof(std::uint64_t);
    return sum;
}

}  // namespace huitong
