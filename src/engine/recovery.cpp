// Recovery: the state is the tables' at their cursor, plus the journal's tail. Rules are not run
// again; apply is the same code as when the entries were new.
#include "base/ensure.hpp"
#include "engine/codec.hpp"
#include "engine/partition.hpp"

namespace huitong::engine {
namespace {

// Fetches the records that an entry changes and memory lacks.
template <class Shelf, class Images>
Result<void> bring_changed(Shelf& shelf, const Images& images, Tables& tables) {
    using Record = typename Shelf::RecordType;
    for (const auto& image : images) {
        if (image.terms || shelf.in_memory(image.id) != nullptr) continue;
        TRY(found, tables.fetch(Miss{Record::kind, image.id.value, {}}));
        auto* record = std::get_if<Record>(&found);
        if (record == nullptr)
            return refuse(Error::store_failed);  // The journal changes what never was.
        shelf.install(std::move(*record));
    }
    return {};
}

// The id that lies above every id allotted up to `now`: ids carry their millisecond.
std::uint64_t last_id_of(Instant now) {
    const std::int64_t tick = std::max<std::int64_t>(now.ms - id_epoch_ms, 0);
    return static_cast<std::uint64_t>(tick) << 22 | 0x3fffff;
}

}  // namespace

Result<void> Partition::bring(const Entry& entry, Tables& tables) {
    CHECK(bring_changed(state_->wallet.users, entry.wallet.users, tables));
    CHECK(bring_changed(state_->wallet.sources, entry.wallet.sources, tables));
    CHECK(bring_changed(state_->wallet.top_ups, entry.wallet.top_ups, tables));
    CHECK(bring_changed(state_->wallet.payer_codes, entry.wallet.payer_codes, tables));
    CHECK(bring_changed(state_->acquiring.orders, entry.acquiring.orders, tables));
    CHECK(bring_changed(state_->acquiring.refunds, entry.acquiring.refunds, tables));
    return bring_changed(state_->switching.payments, entry.switching.payments, tables);
}

Result<void> Partition::replay(const Batch& batch, Sequence after, Tables& tables) {
    now_ = batch.now;
    Sequence sequence = batch.first;
    for (const std::string& bytes : batch.entries) {
        if (sequence > after) {
            TRY(entry, decode(bytes));
            CHECK(bring(entry, tables));
            record(entry, sequence);
        }
        ++sequence.value;
    }
    return {};
}

Result<void> Partition::rebuild(Journal& journal, Tables& tables) {
    state_ = std::make_unique<State>(secret_);
    state_->acquiring.orders.reserve(options_.orders_in_memory);
    state_->switching.payments.reserve(options_.payments_in_memory);
    forming_ = {};
    timers_.clear();
    TRY(cursor, tables.cursor());
    CHECK(tables.load(*state_));
    if (cursor.last > journal.end().last) return refuse(Error::store_failed);
    last_ = cursor.last;
    now_ = cursor.now;

    Result<void> replayed;
    CHECK(journal.read(Sequence{cursor.last.value + 1}, [&](const StoredBatch& stored) {
        auto framed = unframe(stored.bytes);
        replayed = framed ? replay(framed->batch, cursor.last, tables) : refuse(framed.error());
        return replayed.has_value();
    }));
    CHECK(replayed);
    if (last_ != journal.end().last) return refuse(Error::store_failed);
    forming_ = {};  // Replaying forms no batch.
    for (const switching::Payment& payment : unfinished()) {
        if (const auto due = switching::expiry_of(payment, options_.rules.switching))
            timers_.note(*due, payment.id());
    }
    ids_.seen(last_id_of(now_));
    return {};
}

}  // namespace huitong::engine
