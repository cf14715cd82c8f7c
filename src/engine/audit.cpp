#include "engine/audit.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

#include "engine/codec.hpp"

namespace huitong::engine {
namespace {

using acquiring::OrderStatus;

bool may_follow(OrderStatus before, OrderStatus after) {
    switch (before) {
        case OrderStatus::open:
            return true;
        case OrderStatus::locked:
            return after != OrderStatus::closed;
        case OrderStatus::paid:
            return after == OrderStatus::paid;
        case OrderStatus::closed:
            return after == OrderStatus::closed;
    }
    return false;
}

bool is_end(switching::PaymentStatus status) {
    using enum switching::PaymentStatus;
    return status == completed || status == declined || status == reversed;
}

template <class Shelf, class Images>
bool all_known(const Shelf& shelf, const Images& images) {
    return std::ranges::all_of(images, [&](const auto& image) {
        return image.terms || shelf.in_memory(image.id) != nullptr;
    });
}

}  // namespace

std::string_view name_of(Invariant invariant) {
    switch (invariant) {
        case Invariant::balanced:
            return "balanced";
        case Invariant::limits:
            return "limits";
        case Invariant::paid_once:
            return "paid_once";
        case Invariant::one_end:
            return "one_end";
        case Invariant::chained:
            return "chained";
        case Invariant::one_state:
            return "one_state";
        case Invariant::count_:
            break;
    }
    return "";
}

Auditor::Auditor(const Rules& rules) : rules_(rules), state_(Hash128{1, 2}) {}

void Auditor::expect(bool good, Invariant invariant, Sequence sequence, const char* what,
                     std::uint64_t id) {
    ++checks_[invariant];
    if (good || findings_.size() >= findings_max) return;
    findings_.push_back({invariant, sequence, fmt::format("{} (id {})", what, id)});
}

bool Auditor::read(std::string_view stored_bytes) {
    const auto framed = unframe(stored_bytes);
    const Sequence next{last_.value + 1};
    expect(framed.has_value(), Invariant::chained, next, "the batch is not readable", 0);
    if (!framed) return false;
    expect(framed->previous == hash_, Invariant::chained, next,
           "the hash of the batch before differs", 0);
    expect(framed->batch.first == next, Invariant::chained, next, "a sequence is missing",
           framed->batch.first.value);
    expect(framed->batch.now >= now_, Invariant::chained, next, "time goes back", 0);
    if (framed->batch.first != next) return false;
    hash_ = chain_hash(stored_bytes);
    now_ = framed->batch.now;
    for (const std::string& bytes : framed->batch.entries) {
        const Sequence sequence{last_.value + 1};
        const auto entry = decode(bytes);
        expect(entry.has_value(), Invariant::chained, sequence, "the entry is not readable", 0);
        if (!entry || !check_references(*entry, sequence)) return false;
        check_entry(*entry, sequence);
        last_ = sequence;
    }
    return true;
}

bool Auditor::check_references(const Entry& entry, Sequence sequence) {
    const bool known = all_known(state_.wallet.users, entry.wallet.users) &&
                       all_known(state_.wallet.sources, entry.wallet.sources) &&
                       all_known(state_.wallet.top_ups, entry.wallet.top_ups) &&
                       all_known(state_.acquiring.orders, entry.acquiring.orders) &&
                       all_known(state_.acquiring.refunds, entry.acquiring.refunds) &&
                       all_known(state_.acquiring.merchants, entry.acquiring.merchants) &&
                       all_known(state_.acquiring.merchant_keys, entry.acquiring.merchant_keys) &&
                       all_known(state_.acquiring.platform_keys, entry.acquiring.platform_keys) &&
                       all_known(state_.switching.payments, entry.switching.payments) &&
                       all_known(state_.switching.participants, entry.switching.participants) &&
                       all_known(state_.switching.operators, entry.switching.operators);
    expect(known, Invariant::chained, sequence, "a record is changed that was never made", 0);
    return known;
}

void Auditor::check_entry(const Entry& entry, Sequence sequence) {
    check_orders(entry, sequence);
    check_ends(entry, sequence);
    check_postings(entry, sequence);
    apply(state_, entry, sequence);
    check_touched_accounts(entry, sequence);
}

void Auditor::check_postings(const Entry& entry, Sequence sequence) {
    for (const ledger::Posting& posting : entry.ledger.postings) {
        const ledger::Account* debit = state_.book.find(posting.debit);
        const ledger::Account* credit = state_.book.find(posting.credit);
        const bool good = posting.minor > 0 && posting.debit != posting.credit &&
                          debit != nullptr && credit != nullptr &&
                          debit->currency == posting.currency &&
                          credit->currency == posting.currency;
        expect(good, Invariant::balanced, sequence,
               "a posting is not between two accounts of its currency", posting.debit.value);
    }
}

void Auditor::check_touched_accounts(const Entry& entry, Sequence sequence) {
    const auto check = [&](AccountId id) {
        const ledger::Account* account = state_.book.find(id);
        const bool good = account != nullptr && account->held >= 0 &&
                          account->available() >= rules_.ledger.floor(account->kind) &&
                          account->balance <= rules_.ledger.ceiling(account->kind);
        expect(good, Invariant::limits, sequence, "an account is outside its limits", id.value);
    };
    for (const ledger::Posting& posting : entry.ledger.postings) {
        check(posting.debit);
        check(posting.credit);
    }
    for (const ledger::HoldChange& hold : entry.ledger.holds) check(hold.account);
}

void Auditor::check_orders(const Entry& entry, Sequence sequence) {
    for (const auto& image : entry.acquiring.orders) {
        const acquiring::Order* before = state_.acquiring.orders.in_memory(image.id);
        const acquiring::OrderTerms& terms = image.terms ? *image.terms : before->terms;
        const acquiring::OrderState& after = image.state;
        expect(after.refunded_minor >= 0 && after.refunded_minor <= terms.minor,
               Invariant::paid_once, sequence, "an order's refunds exceed what was paid",
               image.id.value);
        if (before == nullptr) continue;
        expect(may_follow(before->state.status, after.status), Invariant::one_end, sequence,
               "an order's state follows no rule", image.id.value);
        const bool was_paid = before->state.status == OrderStatus::paid;
        expect(!was_paid || after.payment == before->state.payment, Invariant::paid_once, sequence,
               "an order is paid twice", image.id.value);
        std::int64_t refunded = 0;
        for (const auto& refund : entry.acquiring.refunds) {
            const bool ours = refund.terms && refund.terms->order == image.id &&
                              refund.state.status == acquiring::RefundStatus::success;
            refunded += ours ? refund.terms->minor : 0;
        }
        expect(after.refunded_minor - before->state.refunded_minor == refunded,
               Invariant::paid_once, sequence, "an order's refunded amount is not its refunds'",
               image.id.value);
    }
}

void Auditor::check_ends(const Entry& entry, Sequence sequence) {
    for (const auto& image : entry.switching.payments) {
        const switching::Payment* before = state_.switching.payments.in_memory(image.id);
        if (before != nullptr) {
            const bool fixed =
                !is_end(before->state.status) || (before->state.status == image.state.status &&
                                                  before->state.decline == image.state.decline);
            expect(fixed, Invariant::one_end, sequence, "a payment's end changed", image.id.value);
            continue;
        }
        if (!image.terms || image.state.status != switching::PaymentStatus::completed) continue;
        const bool moved =
            std::ranges::any_of(entry.ledger.postings, [&](const ledger::Posting& posting) {
                return posting.debit == image.terms->payer_account &&
                       posting.credit == image.terms->payee_account &&
                       posting.minor == image.terms->minor;
            });
        const bool paid = std::ranges::any_of(entry.acquiring.orders, [&](const auto& order) {
            return order.id == image.terms->order && order.state.payment == image.id &&
                   order.state.status == OrderStatus::paid;
        });
        expect(moved && paid, Invariant::paid_once, sequence,
               "a payment completed without its money or its order", image.id.value);
    }
    for (const auto& image : entry.acquiring.refunds) {
        const acquiring::Refund* before = state_.acquiring.refunds.in_memory(image.id);
        const bool fixed = before == nullptr ||
                           before->state.status == acquiring::RefundStatus::processing ||
                           before->state == image.state;
        expect(fixed, Invariant::one_end, sequence, "a refund's end changed", image.id.value);
    }
}

void Auditor::check_all() {
    std::map<std::uint16_t, std::int64_t> sums;
    state_.book.each(
        [&](const ledger::Account& account) { sums[account.currency.numeric] += account.balance; });
    for (const auto& [currency, sum] : sums)
        expect(sum == 0, Invariant::balanced, last_,
               "the balances of a currency do not sum to zero", currency);
    for (const auto& [currency, total] : state_.book.totals())
        expect(total.debits == total.credits, Invariant::balanced, last_,
               "debits differ from credits", currency);
}

void Auditor::check_head(Sequence first, const ChainHash& previous, const Checkpoint& before) {
    expect(first.value == last_.value + 1, Invariant::chained, last_, "a segment begins elsewhere",
           first.value);
    expect(previous == hash_, Invariant::chained, last_, "a segment's previous hash differs",
           first.value);
    Hash128 digest;
    const bool sized = before.state_digest.size() == sizeof digest;
    if (sized) std::memcpy(&digest, before.state_digest.data(), sizeof digest);
    expect(sized && digest == state_.digest(), Invariant::one_state, last_,
           "a segment's state digest differs", first.value);
    const auto totals = decode_totals(before.totals);
    expect(totals && *totals == state_.book.totals(), Invariant::one_state, last_,
           "a segment's totals differ", first.value);
}

void Auditor::check_tables(Hash128 digest) {
    expect(digest == state_.digest(), Invariant::one_state, last_, "the tables' digest differs", 0);
}

void Auditor::finish() {
    check_all();
}

}  // namespace huitong::engine
