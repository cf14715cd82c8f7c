// The journal's bytes: round trips, what is refused, and the contract of journal.proto, held
// against the code that protoc makes of it.
#include "engine/codec.hpp"

#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <map>

#include "engine/audit.hpp"
#include "engine/fields.hpp"
#include "engine/journal.pb.h"
#include "engine/record_digest.hpp"
#include "engine/testing/golden.hpp"

namespace huitong::engine {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Sets every field that describe() lists to a value of its own that is not zero.
class Filler {
public:
    template <class T>
    void operator()(int, const char* name, T& value) {
        ++next_;
        if constexpr (fields::IsDescribed<T>) {
            T::describe(*this, value);
        } else if constexpr (fields::IsText<T>) {
            value = std::string(name) + " 汇 " + std::to_string(next_);
        } else if constexpr (std::same_as<T, Sealed>) {
            value.bytes = "secret " + std::to_string(next_) + std::string("\0\xff", 2);
        } else if constexpr (std::same_as<T, std::vector<std::string>>) {
            value = {"one", "", "three"};
        } else if constexpr (std::same_as<T, Currency>) {
            value = Currency{840};
        } else if constexpr (std::same_as<T, Instant>) {
            value = Instant{1'790'000'000'000 + next_};
        } else if constexpr (fields::IsId<T>) {
            value.value = static_cast<std::uint64_t>(next_) << 40 | 5;
        } else if constexpr (std::same_as<T, ledger::AccountKind>) {
            value = ledger::AccountKind::merchant_frozen;
        } else if constexpr (std::same_as<T, std::int64_t>) {
            value = next_ % 2 == 0 ? next_ * 1'000'000'007 : -next_;
        } else {
            value = static_cast<T>(1);
        }
    }

private:
    std::int64_t next_ = 0;
};

template <class T>
T filled(Filler& filler) {
    T value;
    T::describe(filler, value);
    return value;
}
template <class Record>
void add_images(Filler& filler, auto& images) {
    Record record{filled<typename Record::Terms>(filler), filled<typename Record::State>(filler)};
    images.push_back(created(record));
    images.push_back(changed<Record>(record.id(), filled<typename Record::State>(filler)));
}

// An entry of everything that an entry can say.
Entry full_entry() {
    Filler filler;
    Entry entry;
    entry.by = OperatorId{77};
    entry.ledger.opened.push_back(filled<ledger::AccountTerms>(filler));
    entry.ledger.holds.push_back({AccountId{5}, -300});
    entry.ledger.holds.push_back({AccountId{6}, INT64_MAX});
    entry.ledger.postings.push_back(filled<ledger::Posting>(filler));
    entry.ledger.postings.push_back({AccountId{1}, AccountId{2}, INT64_MIN, cny});
    add_images<wallet::User>(filler, entry.wallet.users);
    add_images<wallet::FundingSource>(filler, entry.wallet.sources);
    add_images<wallet::TopUp>(filler, entry.wallet.top_ups);
    add_images<wallet::PayerCode>(filler, entry.wallet.payer_codes);
    add_images<acquiring::Merchant>(filler, entry.acquiring.merchants);
    add_images<acquiring::MerchantKey>(filler, entry.acquiring.merchant_keys);
    add_images<acquiring::PlatformKey>(filler, entry.acquiring.platform_keys);
    add_images<acquiring::Order>(filler, entry.acquiring.orders);
    add_images<acquiring::Refund>(filler, entry.acquiring.refunds);
    add_images<switching::Participant>(filler, entry.switching.participants);
    add_images<switching::ParticipantKey>(filler, entry.switching.participant_keys);
    add_images<switching::Position>(filler, entry.switching.positions);
    add_images<switching::CodeRule>(filler, entry.switching.code_rules);
    add_images<switching::Opening>(filler, entry.switching.openings);
    add_images<switching::Operator>(filler, entry.switching.operators);
    add_images<switching::Payment>(filler, entry.switching.payments);
    return entry;
}

// Every list of an entry with its number and name in the contract: written a second time here, so
// that a change of codec.cpp alone is noticed.
template <class Use>
void each_list(const Entry& entry, Use&& use) {
    use(1, "accounts_opened", entry.ledger.opened);
    use(2, "holds", entry.ledger.holds);
    use(3, "postings", entry.ledger.postings);
    use(4, "users", entry.wallet.users);
    use(5, "funding_sources", entry.wallet.sources);
    use(6, "top_ups", entry.wallet.top_ups);
    use(7, "merchants", entry.acquiring.merchants);
    use(8, "merchant_keys", entry.acquiring.merchant_keys);
    use(9, "platform_keys", entry.acquiring.platform_keys);
    use(10, "orders", entry.acquiring.orders);
    use(11, "refunds", entry.acquiring.refunds);
    use(12, "participants", entry.switching.participants);
    use(13, "operators", entry.switching.operators);
    use(14, "payments", entry.switching.payments);
    use(16, "payer_codes", entry.wallet.payer_codes);
    use(17, "participant_keys", entry.switching.participant_keys);
    use(18, "positions", entry.switching.positions);
    use(19, "code_rules", entry.switching.code_rules);
    use(20, "openings", entry.switching.openings);
}

// Holds a record against the message that protoc's code read from our bytes.
class Comparer {
public:
    explicit Comparer(const Message& message) : message_(message) {}

    template <class T>
    void operator()(int number, const char* name, const T& value) {
        SCOPED_TRACE(message_.GetDescriptor()->full_name() + "." + name);
        const FieldDescriptor* field = message_.GetDescriptor()->FindFieldByNumber(number);
        ASSERT_NE(field, nullptr);
        ++seen_;
        EXPECT_EQ(field->name(), name);
        if constexpr (fields::IsOptional<T>) {
            ASSERT_EQ(value.has_value(), reflection().HasField(message_, field));
            if (value) compare(reflection().GetMessage(message_, field), *value);
        } else if constexpr (fields::IsRepeated<T>) {
            list(field, value);
        } else if constexpr (fields::IsDescribed<const T>) {
            compare(reflection().GetMessage(message_, field), value);
        } else if constexpr (fields::IsText<T>) {
            EXPECT_EQ(reflection().GetString(message_, field), value);
        } else if constexpr (std::same_as<T, Sealed>) {
            EXPECT_EQ(field->type(), FieldDescriptor::TYPE_BYTES);
            EXPECT_EQ(reflection().GetString(message_, field), value.bytes);
        } else if constexpr (std::same_as<T, std::int64_t>) {
            EXPECT_EQ(field->type(), FieldDescriptor::TYPE_SINT64);
            EXPECT_EQ(reflection().GetInt64(message_, field), value);
        } else {
            EXPECT_EQ(number_in(field), fields::to_number(value));
        }
    }
    template <class T>
    static void compare(const Message& message, const T& value) {
        Comparer comparer(message);
        T::describe(comparer, value);
        EXPECT_EQ(comparer.seen_, message.GetDescriptor()->field_count())
            << message.GetDescriptor()->full_name() << " has a field that no record lists";
    }
    template <class T>
    void list(const FieldDescriptor* field, const T& values) {
        ASSERT_EQ(reflection().FieldSize(message_, field), static_cast<int>(values.size()));
        int at = 0;
        for (const auto& value : values) {
            if constexpr (fields::IsText<typename T::value_type>) {
                EXPECT_EQ(reflection().GetRepeatedString(message_, field, at++), value);
            } else {
                compare(reflection().GetRepeatedMessage(message_, field, at++), value);
            }
        }
    }

private:
    [[nodiscard]] const Reflection& reflection() const { return *message_.GetReflection(); }
    [[nodiscard]] std::uint64_t number_in(const FieldDescriptor* field) const {
        switch (field->cpp_type()) {
            case FieldDescriptor::CPPTYPE_UINT64:
                return reflection().GetUInt64(message_, field);
            case FieldDescriptor::CPPTYPE_UINT32:
                return reflection().GetUInt32(message_, field);
            case FieldDescriptor::CPPTYPE_BOOL:
                return reflection().GetBool(message_, field) ? 1 : 0;
            case FieldDescriptor::CPPTYPE_ENUM:
                EXPECT_NE(reflection().GetEnum(message_, field), nullptr);
                return static_cast<std::uint64_t>(reflection().GetEnumValue(message_, field));
            default:
                ADD_FAILURE() << "a type that no record has";
                return 0;
        }
    }

    const Message& message_;
    int seen_ = 0;
};

bool same(const Entry& a, const Entry& b) {
    bool equal = a.by == b.by;
    const auto compare = [&](const auto& x, const auto& y) {
        equal = equal && std::ranges::equal(x, y);
    };
    compare(a.ledger.opened, b.ledger.opened);
    compare(a.ledger.holds, b.ledger.holds);
    compare(a.ledger.postings, b.ledger.postings);
    compare(a.wallet.users, b.wallet.users);
    compare(a.wallet.sources, b.wallet.sources);
    compare(a.wallet.top_ups, b.wallet.top_ups);
    compare(a.acquiring.merchants, b.acquiring.merchants);
    compare(a.acquiring.merchant_keys, b.acquiring.merchant_keys);
    compare(a.acquiring.platform_keys, b.acquiring.platform_keys);
    compare(a.acquiring.orders, b.acquiring.orders);
    compare(a.acquiring.refunds, b.acquiring.refunds);
    compare(a.switching.participants, b.switching.participants);
    compare(a.switching.participant_keys, b.switching.participant_keys);
    compare(a.switching.positions, b.switching.positions);
    compare(a.switching.code_rules, b.switching.code_rules);
    compare(a.switching.openings, b.switching.openings);
    compare(a.wallet.payer_codes, b.wallet.payer_codes);
    compare(a.switching.operators, b.switching.operators);
    compare(a.switching.payments, b.switching.payments);
    return equal;
}

TEST(Codec, ReadsWhatItWrote) {
    const Entry entry = full_entry();
    const std::string bytes = encode(entry);
    const auto read = decode(bytes);
    ASSERT_TRUE(read);
    EXPECT_TRUE(same(*read, entry));
    EXPECT_EQ(encode(*read), bytes);
    EXPECT_TRUE(decode("")->empty());
}

TEST(Codec, KeepsTheContractOfTheProtoFile) {
    const Entry entry = full_entry();
    journal::Entry message;
    ASSERT_TRUE(message.ParseFromString(encode(entry)));
    EXPECT_EQ(message.operator_id(), 77U);
    int lists = 0;
    each_list(entry, [&](int number, const char* name, const auto& list) {
        SCOPED_TRACE(name);
        const FieldDescriptor* field = message.GetDescriptor()->FindFieldByNumber(number);
        ASSERT_NE(field, nullptr);
        EXPECT_EQ(field->name(), name);
        Comparer(message).list(field, list);
        ++lists;
    });
    EXPECT_EQ(lists + 1, message.GetDescriptor()->field_count());
    // protoc's own bytes of the same message are ours again: nothing was lost on its side.
    EXPECT_EQ(message.SerializeAsString(), encode(entry));
}

TEST(Codec, KeepsTheContractOfBatchesAndTotals) {
    ChainHash previous{};
    previous.fill(7);
    const Batch batch{
        .first = Sequence{41},
        .now = {1'790'000'000'000},
        .entries = {"one", std::string(300, 'x')}
    };
    journal::Batch message;
    ASSERT_TRUE(message.ParseFromString(frame(batch, previous)));
    EXPECT_EQ(message.previous_hash(), std::string(32, 7));
    EXPECT_EQ(message.format(), journal_format);
    EXPECT_EQ(message.first_sequence(), 41U);
    EXPECT_EQ(message.now_ms(), 1'790'000'000'000U);
    ASSERT_EQ(message.entries_size(), 2);
    EXPECT_EQ(message.entries(1), batch.entries[1]);

    const std::map<std::uint16_t, ledger::Total> totals{
        {156, {5, 5}},
        {840, {7, 9}}
    };
    journal::Totals lines;
    ASSERT_TRUE(lines.ParseFromString(encode_totals(totals)));
    ASSERT_EQ(lines.lines_size(), 2);
    EXPECT_EQ(lines.lines(1).currency(), 840U);
    EXPECT_EQ(lines.lines(1).debits(), 7);
    EXPECT_EQ(lines.lines(1).credits(), 9);
    EXPECT_EQ(decode_totals(encode_totals(totals)), totals);
    EXPECT_FALSE(decode_totals("\x0a"));
}

// docs/formats/journal.md shows these bytes.
TEST(Codec, ReadsTheWorkedExample) {
    Entry entry;
    entry.ledger.postings.push_back({AccountId{5}, AccountId{6}, 100, cny});
    EXPECT_EQ(encode(entry), "\x1a\x0a\x08\x05\x10\x06\x18\xc8\x01\x20\x9c\x01");
    EXPECT_TRUE(same(*decode(encode(entry)), entry));
}

TEST(Codec, RefusesWhatIsNoEntry) {
    using namespace std::string_literals;
    const struct {
        const char* name;
        std::string bytes;
    } cases[] = {
        {"an unknown field",            "\x80\x01\x01"s                                    },
        {"an unknown field of a list",  "\x12\x02\x18\x01"s                                },
        {"field number zero",           "\x00\x01"s                                        },
        {"a fixed64",                   "\x79\x01\x02\x03\x04\x05\x06\x07\x08"s            },
        {"a fixed32",                   "\x7d\x01\x02\x03\x04"s                            },
        {"a group",                     "\x7b\x7c"s                                        },
        {"a number where a list is",    "\x08\x01"s                                        },
        {"a list where a number is",    "\x7a\x01\x01"s                                    },
        {"a tag without a value",       "\x78"s                                            },
        {"half a number",               "\x78\x80"s                                        },
        {"a number of eleven bytes",    "\x78\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"s},
        {"a number past 64 bits",       "\x78\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"s    },
        {"a list longer than the rest", "\x12\x05\x08\x01"s                                },
        {"a list of 2^63 bytes",        "\x12\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"s    },
        {"a currency that is none",     "\x1a\x02\x20\x01"s                                },
        {"a truth of two",              "\x2a\x04\x1a\x02\x08\x02"s                        },
        {"a time past the year 9999",
         "\x22\x0d\x12\x0b\x30\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"s                   },
        {"a status of 256",             "\x52\x05\x1a\x03\x08\x80\x02"s                    },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto read = decode(c.bytes);
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error(), Error::store_failed);
    }
}

TEST(Codec, RefusesEveryPieceThatIsNotWhole) {
    const std::string bytes = encode(full_entry());
    std::size_t whole = 0;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto read = decode(std::string_view(bytes).substr(0, size));
        if (!read) continue;
        ++whole;  // The piece ends where a field of the entry ends: it is an entry, but another.
        ASSERT_EQ(encode(*read), bytes.substr(0, size)) << size;
    }
    EXPECT_EQ(whole, 1U + 2 + 2 + 16 * 2 + 1);  // before each field of the entry
}

TEST(Codec, HidesSealedValuesAndEscapesInJson) {
    Entry entry = full_entry();
    entry.acquiring.merchants[0].state.name = "a \"b\" \\ c";
    const std::string json = to_json(entry);
    EXPECT_EQ(json.find("secret"), std::string::npos);
    EXPECT_NE(json.find("sealed, "), std::string::npos);
    EXPECT_NE(json.find(R"("name":"a \"b\" \\ c")"), std::string::npos);
    EXPECT_NE(json.find(R"("operator_id":"77")"), std::string::npos);
    EXPECT_NE(json.find(R"("currency":"USD")"), std::string::npos);
}

TEST(Batch, RefusesWhatIsNoBatch) {
    const Batch batch{.first = Sequence{1}, .now = {5}, .entries = {"entry"}};
    const std::string good = frame(batch, {});
    ASSERT_TRUE(unframe(good));
    const auto refused = [](const journal::Batch& message) {
        return !unframe(message.SerializeAsString());
    };
    journal::Batch message;
    ASSERT_TRUE(message.ParseFromString(good));
    EXPECT_FALSE(refused(message));
    journal::Batch newer = message;
    newer.set_format(journal_format + 1);
    EXPECT_TRUE(refused(newer));
    journal::Batch short_hash = message;
    short_hash.set_previous_hash(std::string(31, 0));
    EXPECT_TRUE(refused(short_hash));
    journal::Batch nowhere = message;
    nowhere.set_first_sequence(0);
    EXPECT_TRUE(refused(nowhere));
    journal::Batch empty = message;
    empty.clear_entries();
    EXPECT_TRUE(refused(empty));
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(unframe(std::string_view(good).substr(0, size))) << size;
}

// HUITONG_MAKE_GOLDEN=path plays the scenario anew: once for each format of the journal.
TEST(Golden, ReplaysToTheRecordedDigest) {
    if (const char* path = std::getenv("HUITONG_MAKE_GOLDEN")) {
        ASSERT_TRUE(testing::make_golden(path));
    }
    const auto batches =
        testing::read_golden(HUITONG_SOURCE_DIR "/src/engine/testdata/golden-journal-1.bin");
    ASSERT_FALSE(batches.empty());
    Auditor auditor{Rules{}};
    for (const std::string& bytes : batches) ASSERT_TRUE(auditor.read(bytes));
    auditor.finish();
    EXPECT_TRUE(auditor.clean());
    EXPECT_EQ(auditor.last().value, testing::golden_last);
    const Hash128 digest = auditor.state().digest();
    EXPECT_EQ(digest.high, testing::golden_digest.high);
    EXPECT_EQ(digest.low, testing::golden_digest.low);
}

}  // namespace
}  // namespace huitong::engine
