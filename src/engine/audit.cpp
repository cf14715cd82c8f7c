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
            return true;
        case OrderStatus::paid:  // Closed when its till takes the payment back.
            return after == OrderStatus::paid || after == OrderStatus::closed;
        case OrderStatus::closed:
            return after == OrderStatus::closed;
    }
    return false;
}

bool is_end(switching::PaymentStatus status) {
    using enum switching::PaymentStatus;
    return status == completed || status == declined || status == reversed;
}

bool is_reversal(switching::PaymentStatus status) {
    using enum switching::PaymentStatus;
    return status == reversing || status == reversed;
}

// The ends of a payment's life that may come after another state (payment.hpp).
bool may_follow(switching::PaymentStatus before, switching::PaymentStatus after) {
    using enum switching::PaymentStatus;
    if (before == after) return true;
    if (before == completed) return is_reversal(after);  // and its money comes back
    if (before == reversing) return after == reversed;
    return !is_end(before);
}

// Calls `visit(records, images)` for each kind of record.
template <class Visit>
void each_kind(const State& state, const Entry& entry, Visit&& visit) {
    visit(state.wallet.users, entry.wallet.users);
    visit(state.wallet.sources, entry.wallet.sources);
    visit(state.wallet.top_ups, entry.wallet.top_ups);
    visit(state.wallet.payer_codes, entry.wallet.payer_codes);
    visit(state.acquiring.merchants, entry.acquiring.merchants);
    visit(state.acquiring.merchant_keys, entry.acquiring.merchant_keys);
    visit(state.acquiring.platform_keys, entry.acquiring.platform_keys);
    visit(state.acquiring.orders, entry.acquiring.orders);
    visit(state.acquiring.refunds, entry.acquiring.refunds);
    visit(state.switching.participants, entry.switching.participants);
    visit(state.switching.participant_keys, entry.switching.participant_keys);
    visit(state.switching.positions, entry.switching.positions);
    visit(state.switching.code_rules, entry.switching.code_rules);
    visit(state.switching.openings, entry.switching.openings);
    visit(state.switching.operators, entry.switching.operators);
    visit(state.switching.payments, entry.switching.payments);
}

template <class Record>
bool is_taken(const Shelf<Record>& shelf, const NaturalKey& key) {
    const auto found = shelf.find(key);  // A miss is the filter's mistake: all records are here.
    return found && *found != nullptr;
}
template <class Record>
bool is_taken(const Registry<Record>& registry, const NaturalKey& key) {
    return registry.find(key) != nullptr;
}

// The image of a record in an entry, or null.
template <class Images, class Id>
auto image_of(const Images& images, Id id) {
    const auto found = std::ranges::find(images, id, [](const auto& image) { return image.id; });
    return found == images.end() ? nullptr : &*found;
}

// Sums that a forged journal may drive past 64 bits wrap around, and then differ.
std::uint64_t wrapping(std::int64_t value) {
    return static_cast<std::uint64_t>(value);
}

// An entry's changes of balances, on copies of the accounts they touch: what of them 64 bits cannot
// hold, or concerns no account, cannot be applied.
class LedgerTrial {
public:
    explicit LedgerTrial(const ledger::Book& book) : book_(book), totals_(book.totals()) {}

    bool open(const ledger::AccountTerms& terms) {
        const ledger::Account opened{
            .id = terms.id, .owner = terms.owner, .kind = terms.kind, .currency = terms.currency};
        return book_.find(terms.id) == nullptr && touched_.emplace(terms.id, opened).second;
    }
    [[nodiscard]] ledger::Account* find(AccountId id) {
        if (const auto known = touched_.find(id); known != touched_.end()) return &known->second;
        const ledger::Account* account = book_.find(id);
        return account == nullptr ? nullptr : &touched_.emplace(id, *account).first->second;
    }
    static bool hold(ledger::Account& account, std::int64_t minor) {
        std::int64_t available = 0;
        return !__builtin_add_overflow(account.held, minor, &account.held) && account.held >= 0 &&
               !__builtin_sub_overflow(account.balance, account.held, &available);
    }
    bool post(const ledger::Posting& posting) {
        ledger::Account& debit = *find(posting.debit);
        ledger::Account& credit = *find(posting.credit);
        ledger::Total& total = totals_[posting.currency.numeric];
        std::int64_t available = 0;
        return !__builtin_sub_overflow(debit.balance, posting.minor, &debit.balance) &&
               !__builtin_add_overflow(credit.balance, posting.minor, &credit.balance) &&
               !__builtin_add_overflow(total.debits, posting.minor, &total.debits) &&
               !__builtin_add_overflow(total.credits, posting.minor, &total.credits) &&
               !__builtin_sub_overflow(debit.balance, debit.held, &available) &&
               !__builtin_sub_overflow(credit.balance, credit.held, &available);
    }

private:
    const ledger::Book& book_;
    std::map<AccountId, ledger::Account> touched_;
    std::map<std::uint16_t, ledger::Total> totals_;
};

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
        const bool applicable =
            entry && check_references(*entry, sequence) && check_arithmetic(*entry, sequence);
        if (!applicable) return false;
        check_entry(*entry, sequence);
        last_ = sequence;
    }
    return true;
}

// What apply relies on: what is changed is there, what is made is not, and neither happens twice in
// one entry.
bool Auditor::check_references(const Entry& entry, Sequence sequence) {
    bool good = true;
    const auto need = [&](bool holds, const char* what, std::uint64_t id) {
        expect(holds, Invariant::chained, sequence, what, id);
        good = good && holds;
    };
    each_kind(state_, entry, [&](const auto& records, const auto& images) {
        for (const auto& image : images) {
            const bool known = records.in_memory(image.id) != nullptr;
            need(image.terms || known, "a record is changed that was never made", image.id.value);
            need(!image.terms || !known, "a record is made twice", image.id.value);
            need(!image.terms || image.terms->id == image.id, "a record has two ids",
                 image.id.value);
            need(image_of(images, image.id) == &image, "an entry says two things of one record",
                 image.id.value);
        }
    });
    return good;
}

bool Auditor::check_arithmetic(const Entry& entry, Sequence sequence) {
    LedgerTrial trial(state_.book);
    bool good = true;
    const auto need = [&](bool holds, Invariant invariant, const char* what, AccountId id) {
        expect(holds, invariant, sequence, what, id.value);
        return good = good && holds;
    };
    for (const ledger::AccountTerms& terms : entry.ledger.opened)
        need(trial.open(terms), Invariant::chained, "an account is opened twice", terms.id);
    for (const ledger::HoldChange& hold : entry.ledger.holds) {
        ledger::Account* account = trial.find(hold.account);
        if (!need(account != nullptr, Invariant::limits, "a hold is on no account", hold.account))
            return false;
        need(trial.hold(*account, hold.minor), Invariant::limits,
             "a hold releases more than is held, or overflows", hold.account);
    }
    for (const ledger::Posting& posting : entry.ledger.postings) {
        const bool possible = posting.minor > 0 && posting.debit != posting.credit &&
                              trial.find(posting.debit) != nullptr &&
                              trial.find(posting.credit) != nullptr;
        if (!need(possible, Invariant::balanced,
                  "a posting moves no money from one account to another", posting.debit))
            return false;
        need(trial.post(posting), Invariant::limits, "a balance overflows", posting.debit);
    }
    return good;
}

// A caller's key leads to one record, so that a repeat gets the first answer.
void Auditor::check_keys(const Entry& entry, Sequence sequence) {
    each_kind(state_, entry, [&]<class Records>(const Records& records, const auto& images) {
        for (const auto& image : images) {
            if (!image.terms) continue;
            const typename Records::RecordType record{*image.terms, image.state};
            expect(!is_taken(records, record.key()), Invariant::one_end, sequence,
                   "a caller's key leads to two records", image.id.value);
        }
    });
}

void Auditor::check_entry(const Entry& entry, Sequence sequence) {
    check_keys(entry, sequence);
    check_orders(entry, sequence);
    check_payments(entry, sequence);
    check_refunds(entry, sequence);
    apply(state_, entry, sequence);
    check_postings(entry, sequence);
    check_touched_accounts(entry, sequence);
}

void Auditor::check_postings(const Entry& entry, Sequence sequence) {
    for (const ledger::Posting& posting : entry.ledger.postings) {
        const bool good = state_.book.find(posting.debit)->currency == posting.currency &&
                          state_.book.find(posting.credit)->currency == posting.currency;
        expect(good, Invariant::balanced, sequence,
               "a posting is not in the currency of its accounts", posting.debit.value);
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
        const bool was_paid = before != nullptr && before->state.status == OrderStatus::paid;
        if (after.status == OrderStatus::paid && !was_paid) {
            const auto* payment = image_of(entry.switching.payments, after.payment);
            expect(
                payment != nullptr && payment->state.status == switching::PaymentStatus::completed,
                Invariant::paid_once, sequence, "an order is paid by no payment", image.id.value);
        }
        if (before == nullptr) continue;
        expect(may_follow(before->state.status, after.status), Invariant::one_end, sequence,
               "an order's state follows no rule", image.id.value);
        const auto* paid_by = image_of(entry.switching.payments, before->state.payment);
        const bool taken_back = after.status == OrderStatus::closed && paid_by != nullptr &&
                                is_reversal(paid_by->state.status);
        expect(!was_paid || taken_back || after.payment == before->state.payment,
               Invariant::paid_once, sequence, "an order is paid twice", image.id.value);
        std::uint64_t refunded = wrapping(before->state.refunded_minor);
        for (const auto& refund : entry.acquiring.refunds)
            refunded += share_of_order(refund, image.id);
        expect(wrapping(after.refunded_minor) == refunded, Invariant::paid_once, sequence,
               "an order's refunded amount is not its refunds'", image.id.value);
    }
}

void Auditor::check_payments(const Entry& entry, Sequence sequence) {
    for (const auto& image : entry.switching.payments) {
        const switching::Payment* before = state_.switching.payments.in_memory(image.id);
        const switching::PaymentTerms& terms = image.terms ? *image.terms : before->terms;
        expect(image.state.refunded_minor >= 0 && image.state.refunded_minor <= terms.minor,
               Invariant::paid_once, sequence, "a payment's refunds exceed it", image.id.value);
        const auto moved = [&](AccountId debit, AccountId credit) {
            return std::ranges::any_of(entry.ledger.postings, [&](const ledger::Posting& posting) {
                return posting.debit == debit && posting.credit == credit &&
                       posting.minor == terms.minor;
            });
        };
        using enum switching::PaymentStatus;
        const bool was_completed = before != nullptr && before->state.status == completed;
        if (before != nullptr) {
            const bool same_end = before->state.status != image.state.status ||
                                  !is_end(before->state.status) ||
                                  before->state.decline == image.state.decline;
            expect(same_end && may_follow(before->state.status, image.state.status),
                   Invariant::one_end, sequence, "a payment's end changed", image.id.value);
            expect(!was_completed || !is_reversal(image.state.status) ||
                       moved(terms.payee_account, terms.payer_account),
                   Invariant::paid_once, sequence, "a payment was taken back without its money",
                   image.id.value);
        }
        if (was_completed || image.state.status != completed) continue;
        const bool for_order = terms.order.named() && terms.kind != switching::PaymentKind::refund;
        const auto* order = image_of(entry.acquiring.orders, terms.order);
        const bool paid = order != nullptr && order->state.payment == image.id &&
                          order->state.status == OrderStatus::paid;
        expect(moved(terms.payer_account, terms.payee_account) && (paid || !for_order),
               Invariant::paid_once, sequence, "a payment completed without its money or its order",
               image.id.value);
    }
}

// What a refund adds to its order's refunded amount: reserved while it is processing, taken away
// again when it is closed.
std::uint64_t Auditor::share_of_order(const Image<acquiring::Refund>& image, OrderId order) const {
    using acquiring::RefundStatus;
    const bool closed = image.state.status == RefundStatus::closed;
    if (image.terms)
        return image.terms->order == order && !closed ? wrapping(image.terms->minor) : 0;
    const acquiring::Refund* before = state_.acquiring.refunds.in_memory(image.id);
    const bool freed = closed && before->state.status == RefundStatus::processing;
    return before->terms.order == order && freed ? 0 - wrapping(before->terms.minor) : 0;
}

void Auditor::check_refunds(const Entry& entry, Sequence sequence) {
    using acquiring::RefundStatus;
    for (const auto& image : entry.acquiring.refunds) {
        const acquiring::Refund* before = state_.acquiring.refunds.in_memory(image.id);
        const bool fixed = before == nullptr || before->state.status == RefundStatus::processing ||
                           before->state == image.state;
        expect(fixed, Invariant::one_end, sequence, "a refund's end changed", image.id.value);
        const bool was_done = before != nullptr && before->state.status == RefundStatus::success;
        if (was_done || image.state.status != RefundStatus::success) continue;
        const acquiring::RefundTerms& terms = image.terms ? *image.terms : before->terms;
        const switching::Payment* payment = state_.switching.payments.in_memory(terms.payment);
        std::uint64_t moved = 0;
        for (const ledger::Posting& posting : entry.ledger.postings) {
            const bool ours = payment != nullptr && posting.credit == payment->terms.payer_account;
            moved += ours ? wrapping(posting.minor) : 0;
        }
        // Its order took note when it was made.
        const bool noted = !image.terms || image_of(entry.acquiring.orders, terms.order) != nullptr;
        expect(moved == wrapping(terms.minor) && noted, Invariant::paid_once, sequence,
               "a refund succeeded without its money or its order", image.id.value);
    }
}

void Auditor::check_all() {
    std::map<std::uint16_t, std::uint64_t> sums;
    state_.book.each([&](const ledger::Account& account) {
        sums[account.currency.numeric] += wrapping(account.balance);
    });
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
