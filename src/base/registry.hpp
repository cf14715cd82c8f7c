// Registry<Record>: records that are always in memory because they are few (merchants, keys,
// participants, operators). Ordered, so that walking it is deterministic. Owned by the heart's
// thread.
#pragma once

#include <map>
#include <utility>

#include "base/ensure.hpp"
#include "base/id.hpp"
#include "base/record.hpp"

namespace huitong {

template <class Record>
class Registry {
public:
    using RecordType = Record;
    using RecordId = typename Record::IdType;

    // Null when there is none.
    [[nodiscard]] const Record* find(RecordId id) const {
        const auto found = records_.find(id);
        return found == records_.end() ? nullptr : &found->second;
    }
    [[nodiscard]] const Record* find(const NaturalKey& key) const {
        const auto found = keys_.find({key.scope, key.text});
        return found == keys_.end() ? nullptr : find(found->second);
    }
    [[nodiscard]] const Record* in_memory(RecordId id) const { return find(id); }
    void apply(const Image<Record>& image) {
        if (image.terms) {
            load(Record{*image.terms, image.state});
            return;
        }
        const auto found = records_.find(image.id);
        ENSURE(found != records_.end());
        found->second.state = image.state;
    }
    void load(Record record) {
        const RecordId id = record.id();
        const NaturalKey key = record.key();
        keys_.insert_or_assign({key.scope, key.text}, id);
        records_.insert_or_assign(id, std::move(record));
    }

    [[nodiscard]] std::size_t size() const { return records_.size(); }
    [[nodiscard]] auto begin() const { return records_.begin(); }
    [[nodiscard]] auto end() const { return records_.end(); }

private:
    std::map<RecordId, Record> records_;
    std::map<std::pair<std::uint64_t, std::string>, RecordId> keys_;
};

}  // namespace huitong
