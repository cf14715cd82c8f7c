// What fills the tables behind the journal, one step at a time and without a thread: the reader's
// thread drives it, and tests and simulation drive it too.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/journal.hpp"
#include "engine/state.hpp"
#include "engine/tables.hpp"

namespace huitong::engine {

class TablesFeed {
public:
    // The journal and the tables must outlive it.
    TablesFeed(Journal& journal, Tables& tables, std::size_t entries_max)
        : journal_(journal), tables_(tables), entries_max_(entries_max) {}

    // Stands at the tables' cursor. After a step that failed, the next one does this by itself:
    // what failed may have been stored all the same.
    Result<void> find_cursor();
    // Stores up to entries_max entries after the cursor, but none after `committed`: what the
    // journal shows beyond it may be taken away again by a power loss. Returns what it stored.
    Result<std::vector<ReadEntry>> step(Sequence committed);
    // The entries after a sequence, up to `committed`, at least one batch of them if there is one.
    Result<std::vector<ReadEntry>> read(Sequence after, Sequence committed) const;

    // Everything up to this is in the tables.
    [[nodiscard]] Sequence stored() const { return stored_; }

private:
    Journal& journal_;
    Tables& tables_;
    std::size_t entries_max_;
    Sequence stored_;
    bool lost_ = true;  // the cursor must be asked for
};

}  // namespace huitong::engine
