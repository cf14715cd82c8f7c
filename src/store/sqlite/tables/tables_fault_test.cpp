// The tables over a disk that fails. Their commits do not sync, so a power loss may take the newest
// away; what is left is always the state at some sequence, whole.
#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <random>

#include "store/sqlite/fault_vfs.hpp"
#include "store/sqlite/store_test_kit.hpp"
#include "store/sqlite/tables/tables.hpp"
#include "store/sqlite/tables/tables_test_kit.hpp"

namespace huitong::store::sqlite {
namespace {

using testing::TempDir;
using testing::World;

// The digest of the state after each sequence.
std::vector<Hash128> digests_of(const World& world) {
    engine::State state({1, 2});
    std::vector<Hash128> digests{state.digest()};
    for (const engine::ReadEntry& read : world.entries) {
        apply(state, read.entry, read.sequence);
        digests.push_back(state.digest());
    }
    return digests;
}

// One life of the tables' file: it is filled while syncs fail, until the power does.
class Life {
public:
    Life(std::uint64_t seed, const World& world, const std::vector<Hash128>& digests)
        : world_(world), digests_(digests), random_(seed), vfs_(seed) {}

    void run() {
        open();
        if (!tables_) return;
        for (int round = 0; round < 60 && !::testing::Test::HasFailure(); ++round) {
            if (pick(5) == 0) vfs_.inject(pick(2) == 0 ? Fault::sync_error : Fault::write_error, 1);
            if (pick(12) == 0) vfs_.inject(Fault::power_loss, 1 + pick(40));
            store_some();
            if (!vfs_.powered()) come_back();
        }
        if (tables_) come_back();
    }

private:
    std::uint64_t pick(std::uint64_t below) { return random_() % below; }

    void store_some() {
        const auto cursor = tables_->cursor();
        if (!cursor) return;
        const auto rest = std::span(world_.entries).subspan(cursor->last.value);
        (void)tables_->store(rest.first(std::min<std::size_t>(rest.size(), 1 + pick(12))));
    }
    void come_back() {
        vfs_.crash();
        tables_.reset();
        open();
        if (!tables_) return;
        const auto cursor = tables_->cursor();
        const auto digest = tables_->digest();
        ASSERT_TRUE(cursor && digest) << last_failure();
        EXPECT_EQ(*digest, digests_[cursor->last.value]) << "at entry " << cursor->last.value;
    }
    // The opening may meet a fault itself, and then the power may fail.
    void open() {
        if (pick(3) == 0) vfs_.inject(Fault::sync_error, 1 + pick(3));
        auto opened = SqliteTables::open(options());
        if (!opened && pick(2) == 0) vfs_.crash();
        if (!opened) {
            vfs_.clear();
            opened = SqliteTables::open(options());
        }
        ASSERT_TRUE(opened) << last_failure();
        tables_ = std::move(*opened);
    }
    [[nodiscard]] TablesOptions options() const {
        return {.path = dir_.path() / "tables.db",
                .store_id = std::string(32, 'a'),
                .cache_kib = 64,
                .autocheckpoint_pages = 10,
                .vfs = vfs_.name()};
    }

    const World& world_;
    const std::vector<Hash128>& digests_;
    std::mt19937_64 random_;
    TempDir dir_;
    FaultVfs vfs_;
    std::unique_ptr<SqliteTables> tables_;
};

TEST(TablesFaults, LoseTransactionsWholeAndFromTheEnd) {
    World world(1);
    world.grow(500);
    const std::vector<Hash128> digests = digests_of(world);
    // Seed 28 found rows that a failed sync before the copying of the WAL had left half there.
    for (const std::uint64_t seed : testing::fault_seeds(60)) {
        Life(seed, world, digests).run();
        ASSERT_FALSE(HasFailure()) << "again: HUITONG_FAULT_SEED=" << seed
                                   << " store_faults_test --gtest_filter=TablesFaults.*";
    }
}

}  // namespace
}  // namespace huitong::store::sqlite
