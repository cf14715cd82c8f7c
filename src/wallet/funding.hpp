// Where a wallet's money comes from: a bound bank account, and the top-ups drawn from it. A hosted
// funding source has a ledger account of its own, which goes negative by what the bank owes us
// until it is cleared.
#pragma once

#include <string>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/record.hpp"

namespace huitong::wallet {

struct FundingSourceTerms {
    FundingSourceId id;
    UserId user;
    AccountId account;
    std::string bank_name;
    std::string number_key;  // a keyed digest of the account number: binding twice finds the first
    std::string masked_number;  // the last four digits only
    Sealed number;
    Instant created_at;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "funding_source_id", self.id);
        v(2, "user_id", self.user);
        v(3, "account_id", self.account);
        v(4, "bank_name", self.bank_name);
        v(5, "number_key", self.number_key);
        v(6, "masked_number", self.masked_number);
        v(7, "number", self.number);
        v(8, "created_at", self.created_at);
    }
    friend bool operator==(const FundingSourceTerms&, const FundingSourceTerms&) = default;
};

struct FundingSourceState {
    bool unbound = false;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "unbound", self.unbound);
    }
    friend bool operator==(const FundingSourceState&, const FundingSourceState&) = default;
};

struct FundingSource {
    using IdType = FundingSourceId;
    using Terms = FundingSourceTerms;
    using State = FundingSourceState;
    static constexpr RecordKind kind = RecordKind::funding_source;

    FundingSourceTerms terms;
    FundingSourceState state;

    [[nodiscard]] FundingSourceId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const { return {terms.user.value, terms.number_key}; }
    friend bool operator==(const FundingSource&, const FundingSource&) = default;
};

enum class TopUpStatus : std::uint8_t { completed = 0, declined = 1 };

struct TopUpTerms {
    TopUpId id;
    UserId user;
    FundingSourceId source;
    std::int64_t minor = 0;
    Currency currency;
    std::string request_id;  // the caller's idempotency key
    Instant created_at;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "top_up_id", self.id);
        v(2, "user_id", self.user);
        v(3, "funding_source_id", self.source);
        v(4, "minor", self.minor);
        v(5, "currency", self.currency);
        v(6, "request_id", self.request_id);
        v(7, "created_at", self.created_at);
    }
    friend bool operator==(const TopUpTerms&, const TopUpTerms&) = default;
};

struct TopUpState {
    TopUpStatus status = TopUpStatus::completed;
    std::string decline;  // the name of the Error, when declined

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "status", self.status);
        v(2, "decline", self.decline);
    }
    friend bool operator==(const TopUpState&, const TopUpState&) = default;
};

struct TopUp {
    using IdType = TopUpId;
    using Terms = TopUpTerms;
    using State = TopUpState;
    static constexpr RecordKind kind = RecordKind::top_up;

    TopUpTerms terms;
    TopUpState state;

    [[nodiscard]] TopUpId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const { return {terms.user.value, terms.request_id}; }
    friend bool operator==(const TopUp&, const TopUp&) = default;
};

}  // namespace huitong::wallet
