// A record's share of the state digest: the same number for a record in memory, rebuilt from the
// journal, or read from the tables. One implementation for all of them.
//
// Layout of the hash: the kind's number, 1 for terms or 2 for state, the id, then for each field of
// describe() that is not empty or zero its number and its value: as in the journal, a field that
// came later is absent from the records made before. Terms and state are hashed apart and added, so
// that a change of state costs no pass over the terms:
//
//     state.records_digest = state.records_digest - digest_of_state<Order>(id, before)
//                                                 + digest_of_state<Order>(id, after);
#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "acquiring/merchant.hpp"
#include "acquiring/order.hpp"
#include "acquiring/refund.hpp"
#include "base/hash.hpp"
#include "switching/code.hpp"
#include "switching/participant.hpp"
#include "switching/payment.hpp"
#include "switching/position.hpp"
#include "wallet/funding.hpp"
#include "wallet/payer_code.hpp"
#include "wallet/user.hpp"

namespace huitong::engine {

// The number of each kind of record in digests: never changed, never used again.
template <class Record>
struct DigestTag;
template <>
struct DigestTag<wallet::User> : std::integral_constant<std::uint64_t, 1> {};
template <>
struct DigestTag<wallet::FundingSource> : std::integral_constant<std::uint64_t, 2> {};
template <>
struct DigestTag<wallet::TopUp> : std::integral_constant<std::uint64_t, 3> {};
template <>
struct DigestTag<acquiring::Order> : std::integral_constant<std::uint64_t, 4> {};
template <>
struct DigestTag<acquiring::Refund> : std::integral_constant<std::uint64_t, 5> {};
template <>
struct DigestTag<switching::Payment> : std::integral_constant<std::uint64_t, 6> {};
template <>
struct DigestTag<acquiring::Merchant> : std::integral_constant<std::uint64_t, 7> {};
template <>
struct DigestTag<acquiring::MerchantKey> : std::integral_constant<std::uint64_t, 8> {};
template <>
struct DigestTag<acquiring::PlatformKey> : std::integral_constant<std::uint64_t, 9> {};
template <>
struct DigestTag<switching::Participant> : std::integral_constant<std::uint64_t, 10> {};
template <>
struct DigestTag<switching::Operator> : std::integral_constant<std::uint64_t, 11> {};
template <>
struct DigestTag<switching::ParticipantKey> : std::integral_constant<std::uint64_t, 12> {};
template <>
struct DigestTag<switching::Position> : std::integral_constant<std::uint64_t, 13> {};
template <>
struct DigestTag<switching::CodeRule> : std::integral_constant<std::uint64_t, 14> {};
template <>
struct DigestTag<switching::Opening> : std::integral_constant<std::uint64_t, 15> {};
template <>
struct DigestTag<wallet::PayerCode> : std::integral_constant<std::uint64_t, 16> {};

// Folds the fields that describe() lists into a Hasher.
class DigestVisitor {
public:
    explicit DigestVisitor(Hasher& hasher) : hasher_(hasher) {}

    template <class T>
    void operator()(int number, const char* /*name*/, const T& value) {
        if (value == T{}) return;
        hasher_.add(static_cast<std::uint64_t>(number));
        add(value);
    }

private:
    void add(const std::string& text) { hasher_.add(std::string_view(text)); }
    void add(const Sealed& sealed) { hasher_.add(std::string_view(sealed.bytes)); }
    void add(Instant at) { hasher_.add(static_cast<std::uint64_t>(at.ms)); }
    void add(Currency currency) { hasher_.add(std::uint64_t{currency.numeric}); }
    template <class Tag>
    void add(Id<Tag> id) {
        hasher_.add(id.value);
    }
    void add(const std::vector<std::string>& texts) {
        hasher_.add(std::uint64_t{texts.size()});
        for (const std::string& text : texts) add(text);
    }
    template <class T>
    void add(const T& value) {
        if constexpr (std::is_enum_v<T>) {
            hasher_.add(static_cast<std::uint64_t>(std::to_underlying(value)));
        } else if constexpr (std::is_integral_v<T>) {
            hasher_.add(static_cast<std::uint64_t>(value));
        } else {
            T::describe(*this, value);
        }
    }

    Hasher& hasher_;
};

template <class Record, class Part>
Hash128 digest_of_part(std::uint64_t part, typename Record::IdType id, const Part& fields) {
    Hasher hasher;
    hasher.add(DigestTag<Record>::value);
    hasher.add(part);
    hasher.add(id.value);
    DigestVisitor visitor(hasher);
    Part::describe(visitor, fields);
    return hasher.finish();
}

template <class Record>
Hash128 digest_of_terms(const typename Record::Terms& terms) {
    return digest_of_part<Record>(1, terms.id, terms);
}
template <class Record>
Hash128 digest_of_state(typename Record::IdType id, const typename Record::State& state) {
    return digest_of_part<Record>(2, id, state);
}
template <class Record>
Hash128 digest_of(const Record& record) {
    return digest_of_terms<Record>(record.terms) +
           digest_of_state<Record>(record.id(), record.state);
}

}  // namespace huitong::engine
