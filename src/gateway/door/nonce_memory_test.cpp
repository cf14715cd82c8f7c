#include "gateway/door/nonce_memory.hpp"

#include <gtest/gtest.h>
#include <string>

namespace huitong::gateway::door {
namespace {

using enum NonceMemory::Verdict;
constexpr Instant start{1'700'000'000'000};

TEST(NonceMemory, TellsARepeatFromAReuse) {
    NonceMemory memory;
    EXPECT_EQ(memory.remember("1", "n", "text", start), fresh);
    EXPECT_EQ(memory.remember("1", "n", "text", start), repeat);
    EXPECT_EQ(memory.remember("1", "n", "other", start), reused);
    EXPECT_EQ(memory.remember("2", "n", "other", start), fresh);
    EXPECT_EQ(memory.remember("1", "m", "other", start), fresh);
    EXPECT_EQ(memory.remember("1n", "", "other", start), fresh);
}

TEST(NonceMemory, RemembersForTenMinutesWhateverTheSecond) {
    for (const Duration offset : {seconds(0), seconds(59), milliseconds(59'999)}) {
        NonceMemory memory;
        EXPECT_EQ(memory.remember("1", "n", "text", start + offset), fresh);
        EXPECT_EQ(memory.remember("1", "n", "other", start + offset + minutes(10)), reused);
        EXPECT_EQ(memory.remember("1", "n", "other", start + offset + minutes(12)), fresh);
    }
}

TEST(NonceMemory, ForgetsTheOldestMinuteWhenItIsFull) {
    NonceMemory memory(16 * 10);
    for (int i = 0; i < 2000; ++i)
        memory.remember("1", std::to_string(i), "text", start + seconds(i / 10));
    EXPECT_LE(memory.size(), 160U);
    EXPECT_GT(memory.size(), 0U);
    EXPECT_EQ(memory.remember("1", "1999", "other", start + seconds(200)), reused);
    EXPECT_EQ(memory.remember("1", "0", "other", start + seconds(200)), fresh);
}

TEST(NonceMemory, StandsAClockThatGoesBack) {
    NonceMemory memory;
    EXPECT_EQ(memory.remember("1", "a", "text", start), fresh);
    EXPECT_EQ(memory.remember("1", "b", "text", start - minutes(30)), fresh);
    EXPECT_EQ(memory.remember("1", "b", "other", start - minutes(29)), reused);
    EXPECT_EQ(memory.remember("1", "a", "other", start + minutes(1)), reused);
}

}  // namespace
}  // namespace huitong::gateway::door
