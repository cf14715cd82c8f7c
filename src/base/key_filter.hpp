// A compact filter of keys: "never seen" is certain, "seen" is right but for about one in a
// thousand.
//
// Grows by adding blocks, each twice as large as the one before, so that no insert ever moves what
// is there. About 2 to 3 bytes a key. Owned by the heart's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/hash.hpp"

namespace huitong {

class KeyFilter {
public:
    void insert(Hash128 key);
    [[nodiscard]] bool may_contain(Hash128 key) const;
    [[nodiscard]] std::size_t bytes() const;

private:
    struct Block {
        std::unique_ptr<std::uint64_t[], void (*)(void*)> words;
        std::uint64_t lines;     // cache lines of 512 bits, a power of two
        std::uint64_t capacity;  // keys before the next block opens
        std::uint64_t count = 0;
    };
    static Block make_block(std::uint64_t lines);

    std::vector<Block> blocks_;
};

}  // namespace huitong
