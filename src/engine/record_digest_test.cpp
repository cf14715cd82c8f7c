// A record's share of the state digest: every field counts, and a change of state moves it exactly.
#include "engine/record_digest.hpp"

#include <gtest/gtest.h>
#include <set>

#include "engine/fields.hpp"

namespace huitong::engine {
namespace {

// Changes the field at one position of a described struct, counting through nested ones.
class Toucher {
public:
    explicit Toucher(int at) : at_(at) {}

    template <class T>
    void operator()(int, const char*, T& value) {
        if constexpr (fields::IsDescribed<T>) {
            T::describe(*this, value);
        } else if (at_-- == 0) {
            touched_ = true;
            touch(value);
        }
    }
    [[nodiscard]] bool touched() const { return touched_; }

private:
    static void touch(std::string& value) { value += '\0'; }
    static void touch(Sealed& value) { value.bytes += '\0'; }
    static void touch(std::vector<std::string>& value) { value.emplace_back(); }
    static void touch(Instant& value) { ++value.ms; }
    static void touch(Currency& value) { value = Currency{840}; }
    static void touch(bool& value) { value = !value; }
    template <class T>
    static void touch(T& value) {
        if constexpr (fields::IsId<T>) {
            ++value.value;
        } else {
            value = static_cast<T>(static_cast<std::int64_t>(value) + 1);
        }
    }

    int at_;
    bool touched_ = false;
};

template <class Record>
class RecordDigest : public ::testing::Test {};
using Records = ::testing::Types<wallet::User, wallet::FundingSource, wallet::TopUp,
                                 acquiring::Merchant, acquiring::MerchantKey,
                                 acquiring::PlatformKey, acquiring::Order, acquiring::Refund,
                                 switching::Participant, switching::Operator, switching::Payment>;
TYPED_TEST_SUITE(RecordDigest, Records);

TYPED_TEST(RecordDigest, CountsEveryField) {
    std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
    const auto add = [&](const TypeParam& record) {
        const Hash128 digest = digest_of(record);
        return seen.emplace(digest.high, digest.low).second;
    };
    EXPECT_TRUE(add(TypeParam{}));
    int at = 0;
    for (;; ++at) {
        TypeParam record;
        Toucher toucher(at);
        TypeParam::Terms::describe(toucher, record.terms);
        TypeParam::State::describe(toucher, record.state);
        if (!toucher.touched()) break;
        EXPECT_TRUE(add(record)) << "field " << at;
    }
    EXPECT_GT(at, 3);
}

TYPED_TEST(RecordDigest, MovesWithTheStateAlone) {
    TypeParam before, after;
    Toucher toucher(0);
    TypeParam::State::describe(toucher, after.state);
    EXPECT_EQ(digest_of(before) - digest_of_state<TypeParam>(before.id(), before.state) +
                  digest_of_state<TypeParam>(after.id(), after.state),
              digest_of(after));
}

TEST(RecordDigests, TellTheKindsApart) {
    EXPECT_FALSE(digest_of_state<acquiring::MerchantKey>({}, {}) ==
                 digest_of_state<acquiring::PlatformKey>({}, {}));
}

}  // namespace
}  // namespace huitong::engine
