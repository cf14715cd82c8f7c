#include "engine/testing/memory_store.hpp"

#include <algorithm>
#include <map>

#include "base/ensure.hpp"
#include "engine/codec.hpp"
#include "engine/record_digest.hpp"

namespace huitong::engine::testing {
namespace {

// Any secret will do: nothing here is chosen by an attacker.
constexpr Hash128 hash_secret{17, 4};
constexpr std::int64_t minute_ms = 60'000;

template <class Shelf>
AnyRecord fetch_from(const Shelf& shelf, const Miss& miss) {
    using Record = typename Shelf::RecordType;
    const Record* record = nullptr;
    if (miss.id != 0) {
        record = shelf.in_memory(typename Shelf::RecordId{miss.id});
    } else if (const auto found = shelf.find(miss.key)) {
        record = *found;
    }
    return record == nullptr ? AnyRecord{} : AnyRecord{*record};
}

template <class Shelf>
void remember_all(Shelf& shelf, const Shelf& all) {
    all.each([&](const auto& record) { shelf.remember(record.key()); });
}

template <class Shelf>
Hash128 digest_of_shelf(const Shelf& shelf) {
    Hash128 sum;
    shelf.each([&](const auto& record) { sum = sum + digest_of(record); });
    return sum;
}
template <class Record>
Hash128 digest_of_registry(const Registry<Record>& registry) {
    Hash128 sum;
    for (const auto& [id, record] : registry) sum = sum + digest_of(record);
    return sum;
}

// The records of a shelf that a list wants, the newest first, cut to the page.
template <class Shelf, class Wanted>
auto newest(const Shelf& shelf, Page page, Wanted&& wanted) {
    std::vector<typename Shelf::RecordType> found;
    shelf.each([&](const auto& record) {
        const bool above = page.before != 0 && record.id().value >= page.before;
        if (!above && wanted(record)) found.push_back(record);
    });
    std::ranges::sort(found, [](const auto& a, const auto& b) { return a.id() > b.id(); });
    if (found.size() > page.limit) found.resize(page.limit);
    return found;
}

std::uint64_t id_of(const HistoryItem& item) {
    return std::visit([](const auto& record) { return record.id().value; }, item.what);
}

}  // namespace

void MemoryJournal::script(Fate fate) {
    const std::lock_guard lock(mutex_);
    script_.push_back(fate);
}

void MemoryJournal::block(bool blocked) {
    const std::lock_guard lock(mutex_);
    blocked_ = blocked;
    changed_.notify_all();
}

bool MemoryJournal::wait_blocked(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, at_most, [this] { return blocked_ && waiting_ > 0; });
}

void MemoryJournal::fail(bool failing) {
    const std::lock_guard lock(mutex_);
    failing_ = failing;
}

std::vector<MemoryJournal::Row> MemoryJournal::rows() const {
    const std::lock_guard lock(mutex_);
    return rows_;
}

Result<void> MemoryJournal::read(Sequence from, const std::function<bool(StoredBatch)>& visit) {
    std::size_t at = 0;
    {
        const std::lock_guard lock(mutex_);
        if (failing_) return refuse(Error::store_failed);
        const auto begin = std::ranges::lower_bound(rows_, from, {},
                                                    [](const Row& row) { return row.batch.last; });
        at = static_cast<std::size_t>(begin - rows_.begin());
    }
    for (;; ++at) {
        StoredBatch batch;
        {
            const std::lock_guard lock(mutex_);
            if (at == rows_.size()) return {};
            batch = rows_[at].batch;
        }
        if (!visit(std::move(batch))) return {};
    }
}

Result<StoredBatch> MemoryJournal::fence() {
    const std::lock_guard lock(mutex_);
    if (failing_) return refuse(Error::store_failed);
    return rows_.empty() ? StoredBatch{} : rows_.back().batch;
}

AppendOutcome MemoryJournal::store(Sequence first, Sequence last, std::string_view bytes,
                                   const Checkpoint& before) {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !blocked_; });
    --waiting_;
    Fate fate = Fate::committed;
    if (!script_.empty()) {
        fate = script_.front();
        script_.pop_front();
    }
    if (fate == Fate::aborted) return AppendOutcome::aborted;
    if (fate == Fate::unknown_lost) return AppendOutcome::unknown;
    ENSURE(first.value == (rows_.empty() ? 1 : rows_.back().batch.last.value + 1));
    rows_.push_back({
        {first, last, std::string(bytes)},
        before
    });
    return fate == Fate::committed ? AppendOutcome::committed : AppendOutcome::unknown;
}

MemoryTables::MemoryTables() : state_(hash_secret) {}

void MemoryTables::fail(bool failing) {
    const std::lock_guard lock(mutex_);
    failing_ = failing;
}

Result<Cursor> MemoryTables::cursor() {
    const std::lock_guard lock(mutex_);
    return cursor_;
}

Result<void> MemoryTables::store(std::span<const ReadEntry> entries) {
    const std::lock_guard lock(mutex_);
    if (failing_) return refuse(Error::store_failed);
    for (const ReadEntry& read : entries) {
        ENSURE(read.sequence.value == cursor_.last.value + 1);
        apply(state_, read.entry, read.sequence);
        for (const ledger::Posting& posting : read.entry.ledger.postings)
            postings_.push_back({read.sequence, read.now, posting});
        cursor_ = {read.sequence, read.now};
    }
    return {};
}

Result<AnyRecord> MemoryTables::fetch(const Miss& miss) {
    const std::lock_guard lock(mutex_);
    if (failing_) return refuse(Error::store_failed);
    switch (miss.kind) {
        case RecordKind::user:
            return fetch_from(state_.wallet.users, miss);
        case RecordKind::funding_source:
            return fetch_from(state_.wallet.sources, miss);
        case RecordKind::top_up:
            return fetch_from(state_.wallet.top_ups, miss);
        case RecordKind::order:
            return fetch_from(state_.acquiring.orders, miss);
        case RecordKind::refund:
            return fetch_from(state_.acquiring.refunds, miss);
        case RecordKind::payment:
            return fetch_from(state_.switching.payments, miss);
        case RecordKind::payer_code:
            return fetch_from(state_.wallet.payer_codes, miss);
    }
    std::unreachable();
}

Result<void> MemoryTables::load(State& state) {
    const std::lock_guard lock(mutex_);
    state_.book.each([&](const ledger::Account& account) { state.book.load(account); });
    for (const auto& [currency, total] : state_.book.totals())
        state.book.load_total({currency}, total);
    state.acquiring.merchants = state_.acquiring.merchants;
    state.acquiring.merchant_keys = state_.acquiring.merchant_keys;
    state.acquiring.platform_keys = state_.acquiring.platform_keys;
    state.switching.participants = state_.switching.participants;
    state.switching.participant_keys = state_.switching.participant_keys;
    state.switching.positions = state_.switching.positions;
    state.switching.code_rules = state_.switching.code_rules;
    state.switching.openings = state_.switching.openings;
    state.switching.operators = state_.switching.operators;
    remember_all(state.wallet.users, state_.wallet.users);
    remember_all(state.wallet.sources, state_.wallet.sources);
    remember_all(state.wallet.top_ups, state_.wallet.top_ups);
    remember_all(state.wallet.payer_codes, state_.wallet.payer_codes);
    remember_all(state.acquiring.orders, state_.acquiring.orders);
    remember_all(state.acquiring.refunds, state_.acquiring.refunds);
    remember_all(state.switching.payments, state_.switching.payments);
    state_.switching.payments.each([&](const switching::Payment& payment) {
        if (payment.unfinished()) state.switching.payments.install(payment);
    });
    state.records_digest = state_.records_digest;
    return {};
}

Result<std::vector<std::pair<Instant, OrderId>>> MemoryTables::due_orders(Instant due,
                                                                          std::uint32_t limit) {
    const std::lock_guard lock(mutex_);
    if (failing_) return refuse(Error::store_failed);
    std::vector<std::pair<Instant, OrderId>> found;
    state_.acquiring.orders.each([&](const acquiring::Order& order) {
        if (order.state.status == acquiring::OrderStatus::open && order.terms.expires_at < due)
            found.emplace_back(order.terms.expires_at, order.id());
    });
    std::ranges::sort(found);
    if (found.size() > limit) found.resize(limit);
    return found;
}

// From the records themselves, not from the running sum that apply keeps.
Result<Hash128> MemoryTables::digest() {
    const std::lock_guard lock(mutex_);
    Hash128 sum;
    state_.book.each(
        [&](const ledger::Account& account) { sum = sum + ledger::Book::digest(account); });
    sum = sum + digest_of_shelf(state_.wallet.users) + digest_of_shelf(state_.wallet.sources) +
          digest_of_shelf(state_.wallet.top_ups) + digest_of_shelf(state_.wallet.payer_codes);
    sum = sum + digest_of_registry(state_.acquiring.merchants) +
          digest_of_registry(state_.acquiring.merchant_keys) +
          digest_of_registry(state_.acquiring.platform_keys) +
          digest_of_shelf(state_.acquiring.orders) + digest_of_shelf(state_.acquiring.refunds);
    return sum + digest_of_registry(state_.switching.participants) +
           digest_of_registry(state_.switching.participant_keys) +
           digest_of_registry(state_.switching.positions) +
           digest_of_registry(state_.switching.code_rules) +
           digest_of_registry(state_.switching.openings) +
           digest_of_registry(state_.switching.operators) +
           digest_of_shelf(state_.switching.payments);
}

Result<std::vector<wallet::User>> MemoryTables::users(Page page) {
    const std::lock_guard lock(mutex_);
    return newest(state_.wallet.users, page, [](const wallet::User&) { return true; });
}

Result<std::vector<HistoryItem>> MemoryTables::history(UserId user, Page page) {
    const std::lock_guard lock(mutex_);
    std::vector<HistoryItem> items;
    const auto about_order = [&](auto record, OrderId id) {
        const acquiring::Order* order = state_.acquiring.orders.in_memory(id);
        const acquiring::Merchant* merchant =
            state_.acquiring.merchants.find(order->terms.merchant);
        items.push_back({std::move(record), merchant->state.name, order->terms.description});
    };
    const auto& payments = state_.switching.payments;
    for (auto& payment : newest(payments, page, [&](const switching::Payment& record) {
             return record.terms.payer == user;
         })) {
        if (payment.terms.order.named())
            about_order(payment, payment.terms.order);
        else if (const auto* original = payments.in_memory(payment.terms.original))
            items.push_back({payment, original->payee_name(), payment.description()});
        else
            items.push_back({payment, payment.payee_name(), payment.description()});
    }
    for (auto& refund :
         newest(state_.acquiring.refunds, page, [&](const acquiring::Refund& record) {
             const switching::Payment* payment = payments.in_memory(record.terms.payment);
             return payment != nullptr && payment->terms.payer == user;
         }))
        about_order(refund, refund.terms.order);
    for (auto& top_up : newest(state_.wallet.top_ups, page, [&](const wallet::TopUp& record) {
             return record.terms.user == user;
         })) {
        const auto* source = state_.wallet.sources.in_memory(top_up.terms.source);
        items.push_back({top_up, "", source->terms.bank_name});
    }
    std::ranges::sort(items, std::ranges::greater{}, id_of);
    if (items.size() > page.limit) items.resize(page.limit);
    return items;
}

Result<std::vector<wallet::FundingSource>> MemoryTables::funding_sources(UserId user) {
    const std::lock_guard lock(mutex_);
    auto found = newest(state_.wallet.sources, {.limit = UINT32_MAX},
                        [&](const wallet::FundingSource& one) { return one.terms.user == user; });
    std::ranges::reverse(found);
    return found;
}

Result<std::vector<acquiring::Order>> MemoryTables::orders(MerchantId merchant,
                                                           const std::string& out_trade_no,
                                                           Page page) {
    const std::lock_guard lock(mutex_);
    return newest(state_.acquiring.orders, page, [&](const acquiring::Order& order) {
        return (!merchant.named() || order.terms.merchant == merchant) &&
               (out_trade_no.empty() || order.terms.out_trade_no == out_trade_no);
    });
}

Result<std::vector<switching::Payment>> MemoryTables::payments(UserId payer, OrderId order,
                                                               Page page) {
    const std::lock_guard lock(mutex_);
    return newest(state_.switching.payments, page, [&](const switching::Payment& payment) {
        return (!payer.named() || payment.terms.payer == payer) &&
               (!order.named() || payment.terms.order == order);
    });
}

Result<std::vector<acquiring::Refund>> MemoryTables::refunds(OrderId order) {
    const std::lock_guard lock(mutex_);
    return newest(state_.acquiring.refunds, {.limit = UINT32_MAX},
                  [&](const acquiring::Refund& refund) { return refund.terms.order == order; });
}

Result<std::vector<switching::Payment>> MemoryTables::returns(UserId payer, PaymentId original) {
    const std::lock_guard lock(mutex_);
    return newest(state_.switching.payments, {.limit = UINT32_MAX},
                  [&](const switching::Payment& payment) {
                      return payment.terms.payer == payer && payment.terms.original == original;
                  });
}

Result<std::vector<PostingRow>> MemoryTables::postings(AccountId account, Page page) {
    const std::lock_guard lock(mutex_);
    std::vector<PostingRow> found;
    for (auto row = postings_.rbegin(); row != postings_.rend() && found.size() < page.limit;
         ++row) {
        const bool ours = row->posting.debit == account || row->posting.credit == account;
        const bool above = page.before != 0 && row->sequence.value >= page.before;
        if (ours && !above) found.push_back(*row);
    }
    return found;
}

Result<std::vector<MinuteStatistics>> MemoryTables::statistics(Instant from, Instant to) {
    const std::lock_guard lock(mutex_);
    std::map<std::int64_t, MinuteStatistics> minutes;
    const auto at = [&](Instant when) -> MinuteStatistics* {
        if (when < from || when >= to) return nullptr;
        const Instant start{when.ms - when.ms % minute_ms};
        MinuteStatistics& minute = minutes[start.ms];
        minute.minute = start;
        return &minute;
    };
    state_.switching.payments.each([&](const switching::Payment& payment) {
        MinuteStatistics* minute = at(payment.terms.created_at);
        if (minute == nullptr) return;
        const bool completed = payment.state.status == switching::PaymentStatus::completed;
        ++(completed ? minute->payments : minute->declined);
        minute->paid_minor += completed ? payment.terms.minor : 0;
    });
    state_.acquiring.refunds.each([&](const acquiring::Refund& refund) {
        if (MinuteStatistics* minute = at(refund.terms.created_at)) ++minute->refunds;
    });
    std::vector<MinuteStatistics> found;
    for (const auto& [start, minute] : minutes) found.push_back(minute);
    return found;
}

Result<RecordCounts> MemoryTables::counts() {
    const std::lock_guard lock(mutex_);
    RecordCounts counts;
    state_.wallet.users.each([&](const wallet::User&) { ++counts.users; });
    state_.acquiring.orders.each([&](const acquiring::Order&) { ++counts.orders; });
    return counts;
}

Result<std::size_t> feed(Tables& tables, Journal& journal, std::size_t entries_max) {
    TRY(cursor, tables.cursor());
    std::vector<ReadEntry> entries;
    Result<void> good;
    CHECK(journal.read(Sequence{cursor.last.value + 1}, [&](const StoredBatch& stored) {
        const auto framed = unframe(stored.bytes);
        if (!framed) return good = refuse(framed.error()), false;
        Sequence sequence = framed->batch.first;
        for (const std::string& bytes : framed->batch.entries) {
            if (sequence > cursor.last && entries.size() < entries_max) {
                auto entry = decode(bytes);
                if (!entry) return good = refuse(entry.error()), false;
                entries.push_back({sequence, framed->batch.now, *std::move(entry)});
            }
            ++sequence.value;
        }
        return entries.size() < entries_max;
    }));
    CHECK(good);
    CHECK(tables.store(entries));
    return entries.size();
}

}  // namespace huitong::engine::testing
