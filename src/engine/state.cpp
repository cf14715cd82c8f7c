#include "engine/state.hpp"

#include "base/ensure.hpp"
#include "engine/record_digest.hpp"

namespace huitong::engine {
namespace {

// Moves the digest from a record's old image to its new one.
template <class Shelf, class Images>
void digest_changes(Hash128& digest, const Shelf& shelf, const Images& images) {
    using Record = typename Shelf::RecordType;
    for (const auto& image : images) {
        if (image.terms) {
            digest = digest + digest_of(Record{*image.terms, image.state});
            continue;
        }
        const Record* old = shelf.in_memory(image.id);
        ENSURE(old != nullptr);  // decide, or recovery, has fetched what an entry changes.
        digest = digest - digest_of_state<Record>(image.id, old->state) +
                 digest_of_state<Record>(image.id, image.state);
    }
}

}  // namespace

State::State(Hash128 secret) : wallet(secret), acquiring(secret), switching(secret) {}
State::State(State&&) noexcept = default;
State::~State() = default;

bool Entry::empty() const {
    return ledger.opened.empty() && ledger.holds.empty() && ledger.postings.empty() &&
           wallet.users.empty() && wallet.sources.empty() && wallet.top_ups.empty() &&
           wallet.payer_codes.empty() && switching.participant_keys.empty() &&
           switching.positions.empty() && switching.code_rules.empty() &&
           switching.openings.empty() && acquiring.merchants.empty() &&
           acquiring.merchant_keys.empty() && acquiring.platform_keys.empty() &&
           acquiring.orders.empty() && acquiring.refunds.empty() &&
           switching.participants.empty() && switching.operators.empty() &&
           switching.payments.empty();
}

void apply(State& state, const Entry& entry, Sequence sequence) {
    Hash128& digest = state.records_digest;
    digest_changes(digest, state.wallet.users, entry.wallet.users);
    digest_changes(digest, state.wallet.sources, entry.wallet.sources);
    digest_changes(digest, state.wallet.top_ups, entry.wallet.top_ups);
    digest_changes(digest, state.wallet.payer_codes, entry.wallet.payer_codes);
    digest_changes(digest, state.acquiring.merchants, entry.acquiring.merchants);
    digest_changes(digest, state.acquiring.merchant_keys, entry.acquiring.merchant_keys);
    digest_changes(digest, state.acquiring.platform_keys, entry.acquiring.platform_keys);
    digest_changes(digest, state.acquiring.orders, entry.acquiring.orders);
    digest_changes(digest, state.acquiring.refunds, entry.acquiring.refunds);
    digest_changes(digest, state.switching.participants, entry.switching.participants);
    digest_changes(digest, state.switching.participant_keys, entry.switching.participant_keys);
    digest_changes(digest, state.switching.positions, entry.switching.positions);
    digest_changes(digest, state.switching.code_rules, entry.switching.code_rules);
    digest_changes(digest, state.switching.openings, entry.switching.openings);
    digest_changes(digest, state.switching.operators, entry.switching.operators);
    digest_changes(digest, state.switching.payments, entry.switching.payments);

    state.book.apply(entry.ledger);
    wallet::apply(state.wallet, entry.wallet, sequence);
    acquiring::apply(state.acquiring, entry.acquiring, sequence);
    switching::apply(state.switching, entry.switching, sequence);
}

}  // namespace huitong::engine
