// The rows of one kind of record, written in bulk: of all images of a record that came since the
// last flush only the newest state counts.
#pragma once

#include <algorithm>
#include <fmt/format.h>
#include <tuple>
#include <vector>

#include "base/hash.hpp"
#include "engine/record_digest.hpp"
#include "store/sqlite/tables/columns.hpp"

namespace huitong::store::sqlite {

template <class Record>
class RecordWriter {
public:
    using RecordId = typename Record::IdType;
    using Terms = typename Record::Terms;
    using State = typename Record::State;

    // What became of a record: created when it has terms. Points into the entries.
    struct Change {
        RecordId id;
        const Terms* terms;
        const State* state;
    };

    Result<void> prepare(Database& db) {
        const RecordSql<Record> sql;
        TRY(insert, db.prepare(sql.insert()));
        TRY(update, db.prepare(sql.update()));
        TRY(before, db.prepare(sql.select_state()));
        insert_ = std::move(insert);
        update_ = std::move(update);
        before_ = std::move(before);
        return {};
    }

    // Images come in the order of the journal, and live until the flush.
    void note(const Image<Record>& image) {
        changes_.push_back({image.id, image.terms ? &*image.terms : nullptr, &image.state});
    }

    // Writes what was noted, in the order of the primary key, and moves the digest. Calls
    // `written(change, before)` for each record; `before` is null when it was created.
    template <class Written>
    Result<void> flush(Hash128& digest, Written&& written) {
        coalesce();
        for (const Change& change : changes_) {
            if (change.terms != nullptr) {
                CHECK(insert(change, digest));
                CHECK(written(change, static_cast<const State*>(nullptr)));
                continue;
            }
            TRY(before, update(change, digest));
            CHECK(written(change, static_cast<const State*>(&before)));
        }
        changes_.clear();
        return {};
    }
    Result<void> flush(Hash128& digest) {
        return flush(digest, [](const Change&, const State*) { return Result<void>{}; });
    }

private:
    void coalesce() {
        std::ranges::stable_sort(changes_, {}, [](const Change& change) {
            return std::pair(change.id.shard(), change.id);
        });
        std::size_t kept = 0;
        for (const Change& change : changes_) {
            if (kept > 0 && changes_[kept - 1].id == change.id) {
                changes_[kept - 1].state = change.state;
            } else {
                changes_[kept++] = change;
            }
        }
        changes_.resize(kept);
    }

    Result<void> insert(const Change& change, Hash128& digest) {
        ColumnBinder binder(insert_);
        binder.put(change.id.shard().value);
        Terms::describe(binder, *change.terms);
        State::describe(binder, *change.state);
        CHECK(binder.run());
        digest = digest + engine::digest_of_terms<Record>(*change.terms) +
                 engine::digest_of_state<Record>(change.id, *change.state);
        return {};
    }

    // Returns the state before: the digest needs it, and so do the statistics.
    Result<State> update(const Change& change, Hash128& digest) {
        State before;
        {
            Rows rows = before_.query(change.id.shard().value, change.id.value);
            TRY(found, rows.next());
            if (!found) {
                return fail(Error::store_failed,
                            fmt::format("table {} lacks the changed record {}",
                                        table_of<Record>.name, change.id.value));
            }
            ColumnReader reader(rows);
            State::describe(reader, before);
        }
        if (before == *change.state) return before;
        ColumnBinder binder(update_);
        State::describe(binder, *change.state);
        binder.put(change.id.shard().value);
        binder.put(change.id.value);
        CHECK(binder.run());
        digest = digest - engine::digest_of_state<Record>(change.id, before) +
                 engine::digest_of_state<Record>(change.id, *change.state);
        return before;
    }

    std::vector<Change> changes_;
    Statement insert_;
    Statement update_;
    Statement before_;
};

}  // namespace huitong::store::sqlite
