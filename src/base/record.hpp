// Records and how a decision looks them up.
//
// A record is its *terms*, written once, and a small *state*, imaged at each change. Every terms
// and state struct lists its fields once, in a static member template `describe(visitor, self)`,
// with the field number and name of journal.proto; the journal codec, the digests, the tables and
// the JSON printer are visitors of that list:
//
//     template <class Visitor, class Self>
//     static void describe(Visitor& v, Self& self) { v(1, "minor", self.minor); v(2, "currency",
//     self.currency); }
//
// A field number is never reused and its meaning never changes (design section 1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace huitong {

// The kinds that may be out of memory and are then fetched from the tables. Part of the tables'
// contract.
enum class RecordKind : std::uint8_t {
    user,
    funding_source,
    top_up,
    order,
    refund,
    payment,
    payer_code
};

// A secret or personal text as stored: sealed under a key that lies outside the journal. Opaque to
// the core.
struct Sealed {
    std::string bytes;

    friend bool operator==(const Sealed&, const Sealed&) = default;
};

// The number by which a caller knows a record: unique within its scope (a merchant's out_trade_no,
// a user's request id).
struct NaturalKey {
    std::uint64_t scope = 0;  // the id of the merchant or user
    std::string text;

    friend bool operator==(const NaturalKey&, const NaturalKey&) = default;
};

// A record that a decision needs and memory does not hold: named by id, or by key when id is 0.
struct Miss {
    RecordKind kind{};
    std::uint64_t id = 0;
    NaturalKey key;

    friend bool operator==(const Miss&, const Miss&) = default;
};

// Why a decision stopped: the answer is an error, or a record must be fetched and the command
// decided anew.
struct Stop {
    Error error = Error::count_;
    Miss miss;

    Stop(Error why) : error(why) {}  // NOLINT(google-explicit-constructor): a refusal is a Stop.
    explicit Stop(Miss what) : miss(std::move(what)) {}
    [[nodiscard]] bool is_miss() const { return error == Error::count_; }

    friend bool operator==(const Stop&, const Stop&) = default;
};

// What an entry says of one record: its terms when it is created, and its state after the entry.
template <class Record>
struct Image {
    typename Record::IdType id;
    std::optional<typename Record::Terms> terms;
    typename Record::State state;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "id", self.id);
        v(2, "terms", self.terms);
        v(3, "state", self.state);
    }
    friend bool operator==(const Image&, const Image&) = default;
};

template <class Record>
Image<Record> created(const Record& record) {
    return {record.id(), record.terms, record.state};
}
template <class Record>
Image<Record> changed(typename Record::IdType id, typename Record::State state) {
    return {id, std::nullopt, std::move(state)};
}

// Adds an image to an entry's, in which each record has one: the last.
template <class Images, class Record>
void put_image(Images& images, Image<Record> image) {
    for (auto& known : images) {
        if (known.id != image.id) continue;
        known.state = std::move(image.state);
        return;
    }
    images.push_back(std::move(image));
}

template <class T>
using Decided = std::expected<T, Stop>;

}  // namespace huitong
