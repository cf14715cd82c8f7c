// Records as columns: three visitors of describe() that name, bind and read the columns of a
// record's table, and the table each kind of record lies in.
//
// A field is a column of the same name; the fields of a nested record follow one another with its
// name as prefix (password_record, password_failures). Ids, times, money and enums are integers,
// lists of texts are JSON, sealed texts and digests are blobs.
#pragma once

#include <concepts>
#include <deque>
#include <fmt/format.h>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "acquiring/merchant.hpp"
#include "acquiring/order.hpp"
#include "acquiring/refund.hpp"
#include "engine/tables.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/tables/texts.hpp"
#include "switching/code.hpp"
#include "switching/participant.hpp"
#include "switching/payment.hpp"
#include "switching/position.hpp"
#include "wallet/funding.hpp"
#include "wallet/payer_code.hpp"
#include "wallet/user.hpp"

namespace huitong::store::sqlite {

struct AnyVisitor {
    template <class T>
    void operator()(int /*number*/, const char* /*name*/, T& /*value*/) {}
};
template <class T>
concept Nested = requires(AnyVisitor& visitor, T& value) { T::describe(visitor, value); };

// Digests are kept in strings but are no text.
constexpr bool holds_bytes(std::string_view column) {
    return column == "login_key" || column == "number_key" || column == "content_digest";
}

class ColumnNames {
public:
    template <class T>
    void operator()(int /*number*/, const char* name, T& value) {
        if constexpr (Nested<T>) {
            const std::string outer = std::exchange(prefix_, prefix_ + name + "_");
            T::describe(*this, value);
            prefix_ = outer;
        } else {
            names.push_back(prefix_ + name);
        }
    }
    std::vector<std::string> names;

private:
    std::string prefix_;
};

template <class Part>
std::vector<std::string> columns_of() {
    ColumnNames columns;
    Part part;
    Part::describe(columns, part);
    return columns.names;
}

// Binds the fields to parameters in order. Texts are not copied: the record and this binder must
// live until the statement has run.
class ColumnBinder {
public:
    explicit ColumnBinder(Statement& statement) : statement_(statement) {}

    // One more parameter.
    template <class T>
    void put(const T& value) {
        const int code = statement_.bind_at(next_++, value);
        if (code_ == SQLITE_OK) code_ = code;
    }
    template <class T>
    void operator()(int /*number*/, const char* name, const T& value) {
        if constexpr (Nested<const T>) {
            T::describe(*this, value);
        } else {
            bind(name, value);
        }
    }
    // Runs the statement and returns how many rows it changed.
    Result<std::int64_t> run() {
        if (code_ != SQLITE_OK) return fail(Error::store_failed, sqlite3_errstr(code_));
        return statement_.run();
    }

private:
    void bind(std::string_view name, const std::string& text) {
        if (holds_bytes(name)) {
            put(Blob{text});
        } else {
            put(std::string_view(text));
        }
    }
    void bind(std::string_view, const Sealed& sealed) { put(Blob{sealed.bytes}); }
    void bind(std::string_view, Instant at) { put(at.ms); }
    void bind(std::string_view, Currency currency) { put(currency.numeric); }
    template <class Tag>
    void bind(std::string_view, Id<Tag> id) {
        put(id.value);
    }
    void bind(std::string_view, const std::vector<std::string>& texts) {
        put(std::string_view(kept_.emplace_back(to_json(texts))));
    }
    template <class T>
        requires std::is_enum_v<T>
    void bind(std::string_view, T value) {
        put(std::to_underlying(value));
    }
    void bind(std::string_view, std::integral auto value) { put(value); }

    Statement& statement_;
    int next_ = 1;
    int code_ = SQLITE_OK;
    std::deque<std::string> kept_;  // never moves what is bound
};

// Reads the fields from a row's columns in order.
class ColumnReader {
public:
    explicit ColumnReader(const Rows& rows, int first = 0) : rows_(rows), next_(first) {}

    template <class T>
    void operator()(int /*number*/, const char* name, T& value) {
        if constexpr (Nested<T>) {
            T::describe(*this, value);
        } else {
            read(name, value);
        }
    }
    // False: a list of texts was not one.
    [[nodiscard]] bool good() const { return good_; }

private:
    void read(std::string_view name, std::string& text) {
        text = holds_bytes(name) ? rows_.blob(next_) : rows_.text(next_);
        ++next_;
    }
    void read(std::string_view, Sealed& sealed) { sealed.bytes = rows_.blob(next_++); }
    void read(std::string_view, Instant& at) { at.ms = rows_.integer(next_++); }
    void read(std::string_view, Currency& currency) {
        currency.numeric = static_cast<std::uint16_t>(rows_.integer(next_++));
    }
    template <class Tag>
    void read(std::string_view, Id<Tag>& id) {
        id.value = rows_.number(next_++);
    }
    void read(std::string_view, std::vector<std::string>& texts) {
        auto list = texts_from_json(rows_.text(next_++));
        good_ = good_ && list.has_value();
        if (list) texts = std::move(*list);
    }
    template <class T>
        requires std::is_enum_v<T> || std::integral<T>
    void read(std::string_view, T& value) {
        value = static_cast<T>(rows_.integer(next_++));
    }

    const Rows& rows_;
    int next_;
    bool good_ = true;
};

// The table of a kind of record, and the two columns of its natural key; `scope` is empty when the
// text alone is the key.
struct RecordTable {
    const char* name;
    const char* scope;
    const char* text;
};
template <class Record>
constexpr RecordTable table_of{};
template <>
inline constexpr RecordTable table_of<wallet::User>{"wallet_user", "", "login_key"};
template <>
inline constexpr RecordTable table_of<wallet::FundingSource>{"funding_source", "user_id",
                                                             "number_key"};
template <>
inline constexpr RecordTable table_of<wallet::TopUp>{"top_up", "user_id", "request_id"};
template <>
inline constexpr RecordTable table_of<acquiring::Order>{"customer_order", "merchant_id",
                                                        "out_trade_no"};
template <>
inline constexpr RecordTable table_of<acquiring::Refund>{"refund", "merchant_id", "out_refund_no"};
template <>
inline constexpr RecordTable table_of<switching::Payment>{"payment", "requester_id", "request_id"};
template <>
inline constexpr RecordTable table_of<wallet::PayerCode>{"payer_code", "", "digits"};
template <>
inline constexpr RecordTable table_of<acquiring::Merchant>{"merchant", "", "mchid"};
template <>
inline constexpr RecordTable table_of<acquiring::MerchantKey>{"merchant_key", "", "serial"};
template <>
inline constexpr RecordTable table_of<acquiring::PlatformKey>{"platform_key", "", "serial"};
template <>
inline constexpr RecordTable table_of<switching::Participant>{"participant", "", "code"};
template <>
inline constexpr RecordTable table_of<switching::Operator>{"operator", "", "name"};
template <>
inline constexpr RecordTable table_of<switching::ParticipantKey>{"participant_key", "", "serial"};
template <>
inline constexpr RecordTable table_of<switching::Position>{"position", "participant_id",
                                                           "currency"};
template <>
inline constexpr RecordTable table_of<switching::CodeRule>{"code_rule", "form", "pattern"};
template <>
inline constexpr RecordTable table_of<switching::Opening>{"opening", "participant_id", "code_kind"};

// SQL of a record's table, from its field lists. Parameters are numbered in the order of the
// columns; a WHERE over the primary key takes shard and id as the next two.
template <class Record>
struct RecordSql {
    std::vector<std::string> terms = columns_of<typename Record::Terms>();
    std::vector<std::string> state = columns_of<typename Record::State>();

    [[nodiscard]] const std::string& id() const { return terms.front(); }
    [[nodiscard]] std::string insert() const {
        std::string places = "?";
        for (std::size_t i = 0; i < terms.size() + state.size(); ++i) places += ", ?";
        return fmt::format("INSERT INTO {} (shard, {}, {}) VALUES ({})", table_of<Record>.name,
                           fmt::join(terms, ", "), fmt::join(state, ", "), places);
    }
    [[nodiscard]] std::string update() const {
        return fmt::format("UPDATE {} SET {} = ? WHERE shard = ? AND {} = ?", table_of<Record>.name,
                           fmt::join(state, " = ?, "), id());
    }
    [[nodiscard]] std::string select_state() const {
        return fmt::format("SELECT {} FROM {} WHERE shard = ?1 AND {} = ?2", fmt::join(state, ", "),
                           table_of<Record>.name, id());
    }
    // All columns of the rows that `where` (a clause, or an order) names.
    [[nodiscard]] std::string select(std::string_view where) const {
        return fmt::format("SELECT {}, {} FROM {} {}", fmt::join(terms, ", "),
                           fmt::join(state, ", "), table_of<Record>.name, where);
    }
};

// The record of the current row of a RecordSql::select.
template <class Record>
Result<Record> read_record(const Rows& rows) {
    Record record;
    ColumnReader reader(rows);
    Record::Terms::describe(reader, record.terms);
    Record::State::describe(reader, record.state);
    if (!reader.good()) {
        return fail(
            Error::store_failed,
            fmt::format("a list in table {} is no JSON array of strings", table_of<Record>.name));
    }
    return record;
}

}  // namespace huitong::store::sqlite
