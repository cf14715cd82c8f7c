// The golden journal: a journal of format 1 with one of everything, kept for ever. Each release
// replays it to the digest recorded here, so a change that would read old journals differently
// cannot go unseen. It was made once, by make_golden; a later format adds a file of its own.
//
// The file holds batches as stored, each after its length in four bytes, the lowest first.
#pragma once

#include <string>
#include <vector>

#include "base/hash.hpp"

namespace huitong::engine::testing {

inline constexpr std::uint64_t golden_last = 23;
inline constexpr Hash128 golden_digest{9927855256974965883U, 14322348943054344987U};

// Empty when the file cannot be read or is not such a file.
std::vector<std::string> read_golden(const std::string& path);
// Plays the fixed scenario and writes its journal.
bool make_golden(const std::string& path);

}  // namespace huitong::engine::testing
