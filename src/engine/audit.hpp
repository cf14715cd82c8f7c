// The auditor: replays a journal from its first entry and proves the named invariants of the
// platform after every one.
//
//     1 balanced   every entry's debits equal its credits, per currency; all balances sum to zero
//     2 limits     no account outside the limits of its kind; available + held = balance
//     3 paid once  an order is paid at most once, by the payment that moved the money; refunds
//                  never exceed it
//     4 one end    a payment's and a refund's end never changes, but that a completed payment may
//                  be taken back with its money
//     6 chained    each batch carries the hash of the one before; sequences have no gap; what is
//                  changed was made, once
//     7 one state  replayed state = segment heads' digests = tables, at one sequence
// (5 concerns clearing windows, 8 what is printed: other checks prove those.)
//
// A journal may be forged: whatever it says becomes a finding. What cannot be applied (an account
// that is not there, a balance past 64 bits) ends the reading, not the process.
//
// Single-threaded. Keeps all records ever made in memory, so it wants about 2 kB for each order.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/journal.hpp"
#include "engine/state.hpp"

namespace huitong::engine {

enum class Invariant : std::uint8_t {
    balanced,
    limits,
    paid_once,
    one_end,
    chained,
    one_state,
    count_
};
std::string_view name_of(Invariant invariant);

struct Finding {
    Invariant invariant;
    Sequence sequence;  // the entry after which it is broken
    std::string what;   // names ids, never personal data
};

class Auditor {
public:
    explicit Auditor(const Rules& rules);

    // The next batch as stored. False, with a finding: nothing more can be read.
    bool read(std::string_view stored_bytes);
    // Sums that are only worth checking now and then; called by finish() as well.
    void check_all();
    // What a segment says of the state before its first batch.
    void check_head(Sequence first, const ChainHash& previous, const Checkpoint& before);
    // What the tables say, when they have exactly what has been read.
    void check_tables(Hash128 digest);
    void finish();

    [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }
    [[nodiscard]] bool clean() const { return findings_.empty(); }
    [[nodiscard]] const State& state() const { return state_; }
    [[nodiscard]] Sequence last() const { return last_; }
    [[nodiscard]] const std::map<Invariant, std::uint64_t>& checks() const { return checks_; }

private:
    void check_entry(const Entry& entry, Sequence sequence);
    bool check_references(const Entry& entry, Sequence sequence);
    bool check_arithmetic(const Entry& entry, Sequence sequence);
    void check_keys(const Entry& entry, Sequence sequence);
    void check_postings(const Entry& entry, Sequence sequence);
    void check_orders(const Entry& entry, Sequence sequence);
    [[nodiscard]] std::uint64_t share_of_order(const Image<acquiring::Refund>& image,
                                               OrderId order) const;
    void check_payments(const Entry& entry, Sequence sequence);
    void check_refunds(const Entry& entry, Sequence sequence);
    void check_touched_accounts(const Entry& entry, Sequence sequence);
    void expect(bool good, Invariant invariant, Sequence sequence, const char* what,
                std::uint64_t id);

    static constexpr std::size_t findings_max = 1'000;

    Rules rules_;
    State state_;
    ChainHash hash_{};
    Sequence last_;
    Instant now_;
    std::vector<Finding> findings_;
    std::map<Invariant, std::uint64_t> checks_;
};

}  // namespace huitong::engine
