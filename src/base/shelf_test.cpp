// The shelf: what is in memory, what may leave it, and what is known about the rest.
#include "base/shelf.hpp"

#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

namespace huitong {
namespace {

using BookId = Id<struct BookTag>;

struct Book {
    using IdType = BookId;
    struct Terms {
        BookId id;
        std::string title;
    };
    struct State {
        int loans = 0;
    };
    static constexpr RecordKind kind = RecordKind::order;

    Terms terms;
    State state;

    [[nodiscard]] BookId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const { return {7, terms.title}; }
};

Book book(std::uint64_t id, std::string title = "") {
    if (title.empty()) title = "title " + std::to_string(id);
    return {
        {BookId{id}, std::move(title)},
        {}
    };
}
NaturalKey key(std::string title) {
    return {7, std::move(title)};
}
Miss by_id(std::uint64_t id) {
    return {RecordKind::order, id, {}};
}
Miss by_key(std::string title) {
    return {RecordKind::order, 0, key(std::move(title))};
}

class Shelves : public ::testing::Test {
protected:
    std::vector<std::uint64_t> evict(std::uint64_t stored, std::size_t keep,
                                     std::size_t steps = 1'000) {
        std::vector<std::uint64_t> gone;
        shelf.evict(Sequence{stored}, keep, steps,
                    [&](const Book& one) { gone.push_back(one.id().value); });
        return gone;
    }
    [[nodiscard]] bool here(std::uint64_t id) const {
        return shelf.in_memory(BookId{id}) != nullptr;
    }

    Shelf<Book> shelf{
        Hash128{3, 5}
    };
};
using Ids = std::vector<std::uint64_t>;

TEST_F(Shelves, FindByIdAndByKey) {
    shelf.put(book(1, "one"), Sequence{1});
    EXPECT_EQ((*shelf.find(BookId{1}, Error::order_not_found))->terms.title, "one");
    EXPECT_EQ((*shelf.find(key("one")))->id(), BookId{1});
    EXPECT_EQ(*shelf.find(NaturalKey{8, "one"}), nullptr);  // Another caller's number.
}

TEST_F(Shelves, TellAbsenceFromAMiss) {
    // No id is certainly absent but the one that names nothing; a key no one used certainly is.
    EXPECT_EQ(shelf.find(BookId{}, Error::order_not_found).error(), Stop{Error::order_not_found});
    EXPECT_EQ(shelf.find(BookId{1}, Error::order_not_found).error(), Stop{by_id(1)});
    EXPECT_EQ(*shelf.find(key("new")), nullptr);
    shelf.remember(key("old"));
    EXPECT_EQ(shelf.find(key("old")).error(), Stop{by_key("old")});
}

TEST_F(Shelves, BelieveAFetchUntilEveryCommandThatAskedIsDecided) {
    shelf.remember(key("old"));
    shelf.install_absent(by_key("old"));
    shelf.install_absent(by_key("old"));
    shelf.install_absent(by_id(1));
    EXPECT_EQ(*shelf.find(key("old")), nullptr);
    EXPECT_EQ(shelf.find(BookId{1}, Error::order_not_found).error(), Stop{Error::order_not_found});
    shelf.forget_absent(by_key("old"));
    EXPECT_EQ(*shelf.find(key("old")), nullptr);
    shelf.forget_absent(by_key("old"));
    shelf.forget_absent(by_id(1));
    EXPECT_TRUE(shelf.find(key("old")).error().is_miss());
    EXPECT_TRUE(shelf.find(BookId{1}, Error::order_not_found).error().is_miss());
}

TEST_F(Shelves, NeverInstallOverWhatIsInMemory) {
    shelf.put(book(1), Sequence{1});
    shelf.apply(Image<Book>{BookId{1}, std::nullopt, {4}}, Sequence{2});
    shelf.install(book(1));  // as the tables had it before
    EXPECT_EQ(shelf.in_memory(BookId{1})->state.loans, 4);
}

TEST_F(Shelves, EvictTheLongestUnchangedThatTheTablesHold) {
    for (std::uint64_t id = 1; id <= 6; ++id) shelf.put(book(id), Sequence{id});
    shelf.apply(Image<Book>{BookId{2}, std::nullopt, {1}}, Sequence{7});
    EXPECT_EQ(evict(4, 0, 1), Ids({1}));
    EXPECT_EQ(evict(4, 0), Ids({3, 4}));  // 5 is not stored; 2 has changed since.
    EXPECT_EQ(evict(7, 2), Ids({5}));
    EXPECT_EQ(evict(7, 2), Ids());
    EXPECT_EQ(evict(7, 0), Ids({6, 2}));
    EXPECT_EQ(shelf.size(), 0U);
}

TEST_F(Shelves, EvictWhatWasFetchedBeforeAnythingElse) {
    shelf.put(book(1), Sequence{1});
    shelf.install(book(2));
    EXPECT_EQ(evict(1, 1), Ids({2}));
}

TEST_F(Shelves, RememberTheKeyOfWhatWasEvicted) {
    shelf.put(book(1, "one"), Sequence{1});
    EXPECT_EQ(evict(1, 0), Ids({1}));
    EXPECT_EQ(shelf.find(key("one")).error(), Stop{by_key("one")});
    EXPECT_EQ(shelf.find(BookId{1}, Error::order_not_found).error(), Stop{by_id(1)});
    shelf.install(book(1, "one"));
    EXPECT_EQ((*shelf.find(key("one")))->id(), BookId{1});
}

TEST_F(Shelves, KeepWhatAWaitingCommandHasPinned) {
    shelf.put(book(1, "one"), Sequence{1});
    shelf.put(book(2), Sequence{2});
    shelf.pin(by_id(1), 1);
    shelf.pin(by_key("one"), 1);
    EXPECT_EQ(evict(9, 0), Ids({2}));
    shelf.pin(by_id(1), -1);
    EXPECT_EQ(evict(9, 0), Ids());
    EXPECT_TRUE(here(1));
    shelf.pin(by_key("one"), -1);
    EXPECT_EQ(evict(9, 0), Ids({1}));
}

// A command is told "absent", waits for something else, and meanwhile another makes the record: it
// must stay, or the first would make it a second time.
TEST_F(Shelves, PinWhatIsMadeWhileACommandHoldsItAbsent) {
    shelf.remember(key("one"));
    shelf.install_absent(by_key("one"));
    shelf.pin(by_key("one"), 1);  // nothing there yet
    shelf.put(book(1, "one"), Sequence{1});
    EXPECT_EQ(evict(9, 0), Ids());
    EXPECT_EQ((*shelf.find(key("one")))->id(), BookId{1});
    shelf.pin(by_key("one"), -1);
    shelf.forget_absent(by_key("one"));
    // Nothing is owed: a pin holds again.
    shelf.pin(by_id(1), 1);
    EXPECT_EQ(evict(9, 0), Ids());
    shelf.pin(by_id(1), -1);
    EXPECT_EQ(evict(9, 0), Ids({1}));
}

TEST_F(Shelves, GiveAReusedKeyToItsLastOwner) {
    shelf.put(book(1, "same"), Sequence{1});
    shelf.put(book(2, "same"), Sequence{2});
    EXPECT_EQ((*shelf.find(key("same")))->id(), BookId{2});
    EXPECT_EQ(evict(1, 0), Ids({1}));
    EXPECT_EQ((*shelf.find(key("same")))->id(), BookId{2});
}

}  // namespace
}  // namespace huitong
