#include <gtest/gtest.h>
#include <set>

#include "base/id.hpp"
#include "base/money.hpp"

namespace huitong {
namespace {

TEST(IdSource, NeverRepeatsWhateverTheClockSays) {
    IdSource source;
    std::set<std::uint64_t> ids;
    const Instant t0{1'700'000'000'000};
    for (int i = 0; i < 20'000; ++i)
        ids.insert(source.next(i % 3 == 0 ? t0 - seconds(5) : t0,
                               Shard{static_cast<std::uint16_t>(i % 1024)}));
    EXPECT_EQ(ids.size(), 20'000U);
}

TEST(IdSource, LiesAboveEveryIdOfTheJournal) {
    IdSource source;
    const Instant t0{1'700'000'000'000};
    const std::uint64_t old = source.next(t0 + days(1), Shard{1023});
    IdSource restarted;
    restarted.seen(old);
    EXPECT_GT(restarted.next(t0, Shard{0}), old);
}

TEST(Id, CarriesItsShardAndPrintsAs28Digits) {
    IdSource source;
    const OrderId id{source.next({1'700'000'000'000}, Shard{513})};
    EXPECT_EQ(id.shard(), Shard{513});
    const std::string digits = to_digits28("4200", id.value);
    EXPECT_EQ(digits.size(), 28U);
    EXPECT_EQ(parse_digits28("4200", digits), id.value);
    for (const std::string_view bad :
         {"", "4200", "4200000000000000000000000000", "420000000000000000000000000x",
          "4200099999999999999999999999", "5000000000000000000000000001"})
        EXPECT_EQ(parse_digits28("4200", bad), refuse(Error::field_format)) << bad;
}

TEST(Instant, ReadsAnyOffsetAndPrintsBeijingTime) {
    const auto t = parse_rfc3339("2018-06-08T10:34:56+08:00");
    ASSERT_TRUE(t);
    EXPECT_EQ(to_rfc3339(*t), "2018-06-08T10:34:56+08:00");
    EXPECT_EQ(to_compact(*t), "20180608103456");
    EXPECT_EQ(parse_rfc3339("2018-06-08T02:34:56Z"), *t);
    EXPECT_EQ(parse_rfc3339("2018-06-07T22:04:56.5-04:30"), *t + milliseconds(500));
    for (const std::string_view bad :
         {"", "2018-06-08", "2018-06-08T10:34:56", "2018-13-08T10:34:56Z", "2018-02-30T10:34:56Z",
          "2018-06-08T24:34:56Z", "2018-06-08T10:34:56+24:00", "2018-06-08T10:34:56Zx",
          "2018-06-08 10:34:56Z"})
        EXPECT_EQ(parse_rfc3339(bad), refuse(Error::field_format)) << bad;
}

TEST(Currency, KnowsEveryMinorUnitOfIso4217) {
    EXPECT_EQ(describe(*currency_of("CNY")).minor_digits, 2);
    EXPECT_EQ(describe(*currency_of("JPY")).minor_digits, 0);
    EXPECT_EQ(describe(*currency_of("KWD")).minor_digits, 3);
    EXPECT_EQ(describe(*currency_of("CLF")).minor_digits, 4);
    EXPECT_EQ(describe(*currency_of("XAU")).minor_digits, -1);
    EXPECT_EQ(currency_of("cny"), refuse(Error::field_format));
    EXPECT_EQ(currency_of(std::uint16_t{1}), refuse(Error::field_format));
    for (const CurrencyRow& row : currencies())
        EXPECT_EQ(currency_of(row.code)->numeric, row.numeric);
}

TEST(Money, RefusesToOverflow) {
    EXPECT_EQ(add({1, cny}, {2, cny}), (Money{3, cny}));
    EXPECT_EQ(add({INT64_MAX, cny}, {1, cny}), refuse(Error::amount_overflow));
    EXPECT_EQ(subtract({INT64_MIN, cny}, {1, cny}), refuse(Error::amount_overflow));
}

TEST(Error, EveryRowTellsTheCallerSomething) {
    for (unsigned i = 0; i < static_cast<unsigned>(Error::count_); ++i) {
        const ErrorRow& row = describe(static_cast<Error>(i));
        EXPECT_FALSE(row.name.empty() || row.wire_code.empty() || row.text_en.empty() ||
                     row.text_zh.empty());
        EXPECT_TRUE(row.http_status >= 400 && row.http_status < 600) << row.name;
    }
}

}  // namespace
}  // namespace huitong
