// Shelf<Record>: the records of one kind that are in memory, found by id and by natural key, with a
// filter of all keys in force, so that a new key is known to be new without asking the disk.
//
// Record offers: `Id` type, `id()`, `key()` (NaturalKey), `static constexpr RecordKind kind` and,
// if some must stay in memory, `unfinished()`. Order of truth for a key: in memory; then found
// absent for a pinned command; then the filter. A record leaves only when the tables hold its last
// change (evict), and never while a command that asked for it is waiting (pins). Owned by the
// heart's thread; readers of the journal never see it.
#pragma once

#include <boost/intrusive/list.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <utility>

#include "base/ensure.hpp"
#include "base/id.hpp"
#include "base/key_filter.hpp"
#include "base/record.hpp"

namespace huitong {

template <class Record>
class Shelf {
public:
    using RecordType = Record;
    using RecordId = typename Record::IdType;

    // `secret` keys the hash of natural keys: merchants and users choose the texts.
    explicit Shelf(Hash128 secret) : secret_(secret) {}

    // The record, `absent` when there is none, or a miss.
    Decided<const Record*> find(RecordId id, Error absent) const {
        if (const auto slot = slots_.find(id); slot != slots_.end()) return &slot->second->record;
        if (!id.named() || absent_ids_.contains(id)) return refuse(absent);
        return std::unexpected(Stop{
            Miss{Record::kind, id.value, {}}
        });
    }
    // The record of a key, null when the key is new, or a miss.
    Decided<const Record*> find(const NaturalKey& key) const {
        const Hash128 hash = hash_of(key);
        if (const auto known = keys_.find(hash); known != keys_.end()) {
            const Record& record = slots_.at(known->second)->record;
            if (record.key() == key) return &record;
        }
        if (absent_keys_.contains(hash) || !filter_.may_contain(hash)) return nullptr;
        return std::unexpected(Stop{
            Miss{Record::kind, 0, key}
        });
    }

    // Memory only; null when it is not here.
    [[nodiscard]] const Record* in_memory(RecordId id) const {
        const auto slot = slots_.find(id);
        return slot == slots_.end() ? nullptr : &slot->second->record;
    }

    // A record created or changed by the entry at `sequence`. The pointer is good until the next
    // eviction.
    Record& put(Record record, Sequence sequence) {
        const RecordId id = record.id();
        auto& slot = slots_[id];
        if (slot == nullptr) {
            slot = std::make_unique<Slot>();
            const Hash128 hash = hash_of(record.key());
            keys_.insert_or_assign(hash, id);
            filter_.insert(hash);
            // Commands that were told there is none wait still, and will unpin what they find.
            slot->pins = told_absent(absent_ids_, id) + told_absent(absent_keys_, hash);
        }
        slot->record = std::move(record);
        changed(*slot, sequence);
        return slot->record;
    }
    // What an entry at `sequence` says of a record. A record that is not created here is in memory:
    // decide looked it up, and recovery fetches it first.
    void apply(const Image<Record>& image, Sequence sequence) {
        if (image.terms) {
            put(Record{*image.terms, image.state}, sequence);
            return;
        }
        const auto slot = slots_.find(image.id);
        ENSURE(slot != slots_.end());
        slot->second->record.state = image.state;
        changed(*slot->second, sequence);
    }

    // What a fetch brought: installed unless memory has it already. `changed_at`: the tables hold
    // it, so 0 will do.
    void install(Record record) {
        const RecordId id = record.id();
        auto& slot = slots_[id];
        if (slot != nullptr) return;
        slot = std::make_unique<Slot>();
        keys_.insert_or_assign(hash_of(record.key()), id);
        slot->record = std::move(record);
        changed(*slot, Sequence{});
    }
    void install_absent(const Miss& miss) {
        if (miss.id != 0) {
            ++absent_ids_[RecordId{miss.id}];
        } else {
            ++absent_keys_[hash_of(miss.key)];
        }
    }
    // The command is decided: what was found absent for it is no longer known to be.
    void forget_absent(const Miss& miss) {
        const auto drop = [](auto& map, auto key) {
            const auto found = map.find(key);
            if (found != map.end() && --found->second == 0) map.erase(found);
        };
        if (miss.id != 0) {
            drop(absent_ids_, RecordId{miss.id});
        } else {
            drop(absent_keys_, hash_of(miss.key));
        }
    }
    void pin(const Miss& miss, int by) {
        if (Slot* slot = slot_of(miss)) slot->pins += by;
    }
    // A key that the tables hold, told at start-up.
    void remember(const NaturalKey& key) { filter_.insert(hash_of(key)); }

    // Drops the longest-unchanged records that the tables hold up to `stored`, while more than
    // `keep` remain; looks at `steps` records at most. Calls `gone(record)` before each.
    template <class Gone>
    void evict(Sequence stored, std::size_t keep, std::size_t steps, Gone&& gone) {
        for (; steps > 0 && slots_.size() > keep && !ages_.empty(); --steps) {
            Slot& oldest = ages_.front();
            if (oldest.changed > stored) return;  // Ages ascend: nothing behind it may go either.
            ages_.pop_front();
            if (oldest.pins > 0 || stays(oldest.record)) {
                ages_.push_back(oldest);
                continue;
            }
            gone(std::as_const(oldest.record));
            const RecordId id = oldest.record.id();
            const auto key = keys_.find(hash_of(oldest.record.key()));
            if (key != keys_.end() && key->second == id) keys_.erase(key);
            slots_.erase(id);
        }
    }

    // Room for so many records without a rehash on the heart's thread.
    void reserve(std::size_t count) {
        slots_.reserve(count);
        keys_.reserve(count);
    }
    [[nodiscard]] std::size_t size() const { return slots_.size(); }
    [[nodiscard]] std::size_t filter_bytes() const { return filter_.bytes(); }

    // Every record in memory, in no order: for digests and audits only, never for decisions.
    template <class Visit>
    void each(Visit&& visit) const {
        for (const auto& [id, slot] : slots_) visit(slot->record);
    }

private:
    struct Slot : boost::intrusive::list_base_hook<
                      boost::intrusive::link_mode<boost::intrusive::normal_link>> {
        Record record;
        Sequence changed;
        int pins = 0;
        bool listed = false;
    };

    // What is unfinished is needed again, and timers and couriers count on finding it here.
    static bool stays(const Record& record) {
        if constexpr (requires { record.unfinished(); }) return record.unfinished();
        return false;
    }
    Hash128 hash_of(const NaturalKey& key) const {
        Hasher hasher(secret_);
        hasher.add(key.scope);
        hasher.add(key.text);
        return hasher.finish();
    }
    template <class Map, class Key>
    static int told_absent(const Map& map, const Key& key) {
        const auto found = map.find(key);
        return found == map.end() ? 0 : found->second;
    }
    Slot* slot_of(const Miss& miss) {
        RecordId id{miss.id};
        if (!id.named()) {
            const auto known = keys_.find(hash_of(miss.key));
            if (known == keys_.end()) return nullptr;
            id = known->second;
        }
        const auto slot = slots_.find(id);
        return slot == slots_.end() ? nullptr : slot->second.get();
    }
    void changed(Slot& slot, Sequence sequence) {
        if (slot.listed) ages_.erase(ages_.iterator_to(slot));
        slot.listed = true;
        slot.changed = sequence;
        if (sequence.value == 0) {
            ages_.push_front(slot);  // The tables hold it: it may go before any other.
        } else {
            ages_.push_back(slot);
        }
    }

    Hash128 secret_;
    boost::unordered_flat_map<RecordId, std::unique_ptr<Slot>, IdHash> slots_;
    boost::unordered_flat_map<Hash128, RecordId, KeyHash> keys_;
    boost::unordered_flat_map<RecordId, int, IdHash> absent_ids_;
    boost::unordered_flat_map<Hash128, int, KeyHash> absent_keys_;
    KeyFilter filter_;
    boost::intrusive::list<Slot>
        ages_;  // by ascending sequence of the last change; before slots_ in destruction
};

}  // namespace huitong
