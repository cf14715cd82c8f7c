// The journal over a disk that fails, against a naive model: what was committed stays, what is
// unknown is settled one way, nothing is ever half there.
#include <gtest/gtest.h>
#include <memory>
#include <random>

#include "store/sqlite/fault_vfs.hpp"
#include "store/sqlite/journal.hpp"
#include "store/sqlite/store_test_kit.hpp"

namespace huitong::store::sqlite {
namespace {

using engine::AppendOutcome;
using testing::append;
using testing::contents;
using testing::TempDir;

JournalOptions options_over(const FaultVfs& vfs, const TempDir& dir) {
    return {.directory = dir.path(),
            .store_id = std::string(32, 'a'),
            .segment_bytes_max = 48 << 10,
            .wal_bytes = 16 << 10,
            .busy_timeout_ms = 20,
            .autocheckpoint_pages = 6,
            .vfs = vfs.name()};
}

// One seed's life of a journal.
class Life {
public:
    explicit Life(std::uint64_t seed) : random_(seed), vfs_(seed) { start(); }

    void round() {
        switch (pick(8)) {
            case 0:
                power_loss();
                break;
            case 1:
                restart();
                break;
            case 2:
                check();
                break;
            default:
                if (pick(3) == 0) vfs_.inject(any_fault(), 1 + pick(pick(2) == 0 ? 4 : 40));
                append_some();
        }
    }

    void finish() {
        restart();
        check();
        power_loss();
        check();
    }

    [[nodiscard]] int settled_as_there() const { return settled_as_there_; }
    [[nodiscard]] int settled_as_absent() const { return settled_as_absent_; }

private:
    std::uint64_t pick(std::uint64_t below) { return random_() % below; }

    Fault any_fault() {
        constexpr Fault faults[] = {Fault::disk_full,  Fault::write_error,  Fault::read_error,
                                    Fault::sync_error, Fault::sync_unknown, Fault::power_loss};
        return faults[pick(std::size(faults))];
    }

    void check() {
        vfs_.clear();
        const auto found = contents(*journal_);
        EXPECT_TRUE(found == model_)
            << found.size() << " of " << model_.size() << ": " << last_failure();
    }

    std::vector<std::string> some_entries() {
        std::vector<std::string> entries(1 + pick(4));
        for (std::string& entry : entries) {
            entry = std::to_string(count_++) + std::string(pick(3'000), 'x');
        }
        return entries;
    }

    void start() {
        journal_ = std::make_unique<SqliteJournal>(options_over(vfs_, dir_));
        take_over();
    }

    // Faults may strike here as well; without them it must succeed.
    void take_over() {
        auto end = journal_->take_over();
        for (int attempt = 0; !end && attempt < 3; ++attempt) {
            if (!vfs_.powered()) return come_back();
            if (attempt > 0) vfs_.clear();
            end = journal_->take_over();
        }
        ASSERT_TRUE(end) << last_failure();
        settle(end->last.value);
    }

    // An end after a batch whose outcome we do not know: all of it or nothing.
    void settle(std::uint64_t last) {
        if (!doubtful_.empty() && last == model_.size() + doubtful_.size()) {
            model_.insert(model_.end(), doubtful_.begin(), doubtful_.end());
            ++settled_as_there_;
        } else if (!doubtful_.empty()) {
            ++settled_as_absent_;
        }
        doubtful_.clear();
        ASSERT_EQ(last, model_.size());
    }

    void append_some() {
        auto entries = some_entries();
        const AppendOutcome outcome = append(*journal_, entries);
        if (!vfs_.powered()) {
            // The process died as well, so nobody was told any outcome but a commit.
            if (outcome == AppendOutcome::committed) {
                model_.insert(model_.end(), entries.begin(), entries.end());
            } else {
                doubtful_ = std::move(entries);
            }
            return come_back();
        }
        switch (outcome) {
            case AppendOutcome::committed:
                model_.insert(model_.end(), entries.begin(), entries.end());
                return;
            case AppendOutcome::aborted:
                break;
            case AppendOutcome::unknown:
                doubtful_ = std::move(entries);
                break;
        }
        if (pick(4) == 0) return power_loss();
        if (pick(4) == 0) return restart();
        take_over();
    }

    void restart() {
        journal_.reset();
        start();
    }

    void power_loss() {
        if (pick(2) == 0) vfs_.inject(Fault::power_loss, 1);
        come_back();
    }

    void come_back() {
        if (pick(2) == 0) journal_.reset();
        vfs_.crash();
        restart();
    }

    std::mt19937_64 random_;
    TempDir dir_;
    FaultVfs vfs_;
    std::unique_ptr<SqliteJournal> journal_;
    std::vector<std::string> model_;
    std::vector<std::string> doubtful_;
    int count_ = 0;
    int settled_as_there_ = 0;
    int settled_as_absent_ = 0;
};

TEST(JournalFaults, LoseNothingCommittedAndHalveNothing) {
    int there = 0;
    int absent = 0;
    const auto seeds = testing::fault_seeds(60);
    for (const std::uint64_t seed : seeds) {
        Life run(seed);
        for (int round = 0; round < 60 && !::testing::Test::HasFailure(); ++round) run.round();
        if (!::testing::Test::HasFailure()) run.finish();
        ASSERT_FALSE(::testing::Test::HasFailure())
            << "again: HUITONG_FAULT_SEED=" << seed
            << " store_faults_test --gtest_filter=JournalFaults.*";
        there += run.settled_as_there();
        absent += run.settled_as_absent();
    }
    if (seeds.size() == 1) return;
    // Both ends of "unknown" were met, or the test shows nothing.
    EXPECT_GT(there, 0);
    EXPECT_GT(absent, 0);
    std::printf("unknown batches: %d there, %d absent\n", there, absent);
}

struct Rig {
    TempDir dir;
    FaultVfs vfs{1};
    SqliteJournal journal{options_over(vfs, dir)};

    Rig() {
        EXPECT_TRUE(journal.take_over());
        EXPECT_EQ(append(journal, {"a"}), AppendOutcome::committed);
    }
};

TEST(JournalFaults, AFullDiskAbortsAndSpaceMakesItWorkAgain) {
    Rig rig;
    const std::string large(60'000, 'x');
    rig.vfs.inject(Fault::disk_full, 1);
    EXPECT_EQ(append(rig.journal, {large}), AppendOutcome::aborted);
    EXPECT_NE(last_failure().find("full"), std::string::npos) << last_failure();
    EXPECT_EQ(append(rig.journal, {"b"}), AppendOutcome::aborted);
    rig.vfs.clear();
    EXPECT_EQ(rig.journal.take_over()->last.value, 1u);
    EXPECT_EQ(append(rig.journal, {large}), AppendOutcome::committed);
    EXPECT_EQ(contents(rig.journal), (std::vector<std::string>{"a", large}));
}

TEST(JournalFaults, AFailedSyncOfACommitIsUnknownAndSettled) {
    for (const Fault fault : {Fault::sync_error, Fault::sync_unknown}) {
        Rig rig;
        rig.vfs.inject(fault, 1);
        ASSERT_EQ(append(rig.journal, {"b", "c"}), AppendOutcome::unknown);
        EXPECT_EQ(append(rig.journal, {"d"}), AppendOutcome::aborted);
        const auto end = rig.journal.take_over();
        ASSERT_TRUE(end);
        // What take_over() says holds, also through a power loss.
        rig.vfs.crash();
        EXPECT_EQ(SqliteJournal(options_over(rig.vfs, rig.dir)).take_over(), end);
    }
}

TEST(JournalFaults, TakesNothingWhileTheDiskKeepsFailing) {
    Rig rig;
    rig.vfs.inject(Fault::power_loss, 1);
    EXPECT_NE(append(rig.journal, {"b"}), AppendOutcome::committed);
    for (int attempt = 0; attempt < 3; ++attempt) {
        EXPECT_FALSE(rig.journal.take_over());
        EXPECT_EQ(append(rig.journal, {"b"}), AppendOutcome::aborted);
    }
    rig.vfs.crash();
    ASSERT_TRUE(rig.journal.take_over());
    EXPECT_EQ(rig.journal.end().last.value, 1u);
}

}  // namespace
}  // namespace huitong::store::sqlite
