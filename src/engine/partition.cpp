#include "engine/partition.hpp"

#include <algorithm>
#include <random>

#include "base/ensure.hpp"
#include "crypto/random.hpp"
#include "engine/codec.hpp"

namespace huitong::engine {
namespace {

// Records may be looked at this often per eviction: bounds its time on the heart's thread.
constexpr std::size_t eviction_steps = 4'096;

Hash128 fresh_secret() {
    const std::string bytes = crypto::random_bytes(sizeof(Hash128));
    Hash128 secret;
    std::memcpy(&secret, bytes.data(), sizeof secret);
    return secret;
}

template <class T, class... Options>
constexpr bool is_one_of = (std::same_as<T, Options> || ...);

// Calls `use(shelf)` with the shelf of a kind.
template <class Use>
void with_shelf(State& state, RecordKind kind, Use&& use) {
    switch (kind) {
        case RecordKind::user:
            return use(state.wallet.users);
        case RecordKind::funding_source:
            return use(state.wallet.sources);
        case RecordKind::top_up:
            return use(state.wallet.top_ups);
        case RecordKind::order:
            return use(state.acquiring.orders);
        case RecordKind::refund:
            return use(state.acquiring.refunds);
        case RecordKind::payment:
            return use(state.switching.payments);
        case RecordKind::payer_code:
            return use(state.wallet.payer_codes);
    }
    std::unreachable();
}

std::string digest_bytes(Hash128 digest) {
    std::string bytes(sizeof digest, '\0');
    std::memcpy(bytes.data(), &digest, sizeof digest);
    return bytes;
}

}  // namespace

Partition::Partition(HeartOptions options)
    : options_(std::move(options)),
      secret_(fresh_secret()),
      state_(std::make_unique<State>(secret_)),
      timers_(options_.timer_horizon) {}

void Partition::open_batch(Instant clock) {
    now_ = std::max(now_, clock);
    forming_.batch.first = Sequence{last_.value + 1};
    forming_.batch.now = now_;
    forming_.before = {digest_bytes(state_->digest()), encode_totals(state_->book.totals())};
}

bool Partition::memory_full_for(const Command& command) const {
    return std::visit(
        [this](const auto& what) {
            using T = std::remove_cvref_t<decltype(what)>;
            // Only new orders, payments and their like wait for the reader; queries and timers
            // never do.
            if constexpr (is_one_of<T, acquiring::CreateOrder, switching::PayOrder,
                                    acquiring::CreateRefund, wallet::DrawTopUp, wallet::OpenUser,
                                    wallet::IssuePayerCode, switching::PayCode,
                                    switching::ChargeCode, switching::RequestPayment>) {
                return state_->acquiring.orders.size() > 2 * options_.orders_in_memory ||
                       state_->switching.payments.size() > 2 * options_.payments_in_memory ||
                       state_->wallet.users.size() > 2 * options_.others_in_memory ||
                       state_->wallet.top_ups.size() > 2 * options_.others_in_memory ||
                       state_->wallet.payer_codes.size() > 2 * options_.others_in_memory ||
                       state_->acquiring.refunds.size() > 2 * options_.others_in_memory;
            } else {
                return false;
            }
        },
        command);
}

Partition::Outcome Partition::decide(Request& request, Instant clock, bool admitted) {
    if (!admitted && memory_full_for(request.command)) return Outcome::deferred;
    if (!has_entries()) open_batch(clock);
    allot(request.command, ids_, now_);
    auto decision = engine::decide(*state_, request.command, options_.rules, now_);
    if (!decision && decision.error().is_miss()) {
        miss_ = std::move(decision.error().miss);
        return Outcome::missed;
    }
    if (!decision) {
        request.answer = refuse(decision.error().error);
    } else {
        if (!decision->entry.empty()) {
            decision->entry.by = request.by;
            if (bug_) bug_(decision->entry);
            record(decision->entry, Sequence{last_.value + 1});
            forming_.batch.entries.push_back(encode(decision->entry));
        }
        if (auto* state = std::get_if<StateAnswer>(&decision->answer)) state->last = last_;
        request.answer = std::move(decision->answer);
    }
    request.sequence = last_;
    return Outcome::answered;
}

void Partition::record(const Entry& entry, Sequence sequence) {
    apply(*state_, entry, sequence);
    last_ = sequence;
    forming_.directory_changed =
        forming_.directory_changed || !entry.acquiring.merchants.empty() ||
        !entry.acquiring.merchant_keys.empty() || !entry.acquiring.platform_keys.empty() ||
        !entry.switching.participants.empty() || !entry.switching.participant_keys.empty() ||
        !entry.switching.positions.empty() || !entry.switching.code_rules.empty() ||
        !entry.switching.openings.empty() || !entry.switching.operators.empty();
    for (const auto& image : entry.acquiring.orders) {
        if (image.terms) timers_.note(sequence, now_, image.terms->expires_at, image.id);
    }
    for (const auto& image : entry.switching.payments) note_payment(image.id);
}

// A payment with a linked side: its timer, and what a courier is to hear of it.
void Partition::note_payment(PaymentId id) {
    const switching::Payment* payment = state_->switching.payments.in_memory(id);
    ENSURE(payment != nullptr);
    if (const auto due = switching::expiry_of(*payment, options_.rules.switching))
        timers_.note(*due, id);
    const auto& terms = payment->terms;
    if (terms.payer_link.named() || terms.payee_link.named()) forming_.moved.push_back(*payment);
}

// Recovery knows of the ids allotted by the time of the last batch alone. So that time covers them,
// also when the clock stood still or went back and the ids ran ahead of it.
PendingBatch Partition::take_batch() {
    now_ = std::max(now_, ids_.reached());
    forming_.batch.now = now_;
    PendingBatch taken = std::move(forming_);
    forming_ = {};
    return taken;
}

void Partition::install(const Miss& miss, AnyRecord record) {
    with_shelf(*state_, miss.kind, [&](auto& shelf) {
        using Record = typename std::remove_cvref_t<decltype(shelf)>::RecordType;
        if (auto* found = std::get_if<Record>(&record)) {
            shelf.install(std::move(*found));
        } else {
            ENSURE(std::holds_alternative<std::monostate>(record));
            shelf.install_absent(miss);
        }
        shelf.pin(miss, 1);
    });
}

void Partition::release(const std::vector<Miss>& misses) {
    for (const Miss& miss : misses) {
        with_shelf(*state_, miss.kind, [&](auto& shelf) {
            shelf.pin(miss, -1);
            shelf.forget_absent(miss);
        });
    }
}

void Partition::evict(Sequence stored) {
    const auto gone = [](const auto&) {};  // An order's timer stays, or the tables tell it again.
    timers_.stored(stored);
    state_->acquiring.orders.evict(stored, options_.orders_in_memory, eviction_steps, gone);
    state_->switching.payments.evict(stored, options_.payments_in_memory, eviction_steps, gone);
    state_->wallet.users.evict(stored, options_.others_in_memory, eviction_steps, gone);
    state_->wallet.sources.evict(stored, options_.others_in_memory, eviction_steps, gone);
    state_->wallet.top_ups.evict(stored, options_.others_in_memory, eviction_steps, gone);
    state_->wallet.payer_codes.evict(stored, options_.others_in_memory, eviction_steps, gone);
    state_->acquiring.refunds.evict(stored, options_.others_in_memory, eviction_steps, gone);
}

// Due is what the decision will see as due: its time is that of the batch that forms, which may
// have been waiting for the disk. A timer told before its time would find nothing to do, and be
// lost.
std::vector<Command> Partition::due(Instant clock, std::size_t limit, Tables& tables) {
    timers_.sweep(clock, tables);
    if (!has_entries()) now_ = std::max(now_, clock);
    std::vector<Command> commands;
    for (const OrderId order : timers_.due(now_, limit))
        commands.emplace_back(acquiring::ExpireOrder{order});
    for (const PaymentId payment : timers_.due_payments(now_, limit - commands.size()))
        commands.emplace_back(switching::ExpirePayment{payment});
    return commands;
}

std::vector<switching::Payment> Partition::unfinished() const {
    std::vector<switching::Payment> found;
    state_->switching.payments.each([&](const switching::Payment& payment) {
        if (payment.unfinished()) found.push_back(payment);
    });
    std::ranges::sort(found, {}, &switching::Payment::id);
    return found;
}

void Partition::try_again(Instant clock, const Command& command) {
    if (const auto* timer = std::get_if<acquiring::ExpireOrder>(&command))
        timers_.again(clock, timer->order);
    if (const auto* timer = std::get_if<switching::ExpirePayment>(&command))
        timers_.note(clock + seconds(1), timer->payment);
}

}  // namespace huitong::engine
