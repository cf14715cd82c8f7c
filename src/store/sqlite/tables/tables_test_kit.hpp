// What the tests of the tables share: records with every field set, and a small world whose random
// entries are applied to a State as they are made, so that the State is the model of the tables.
#pragma once

#include <algorithm>
#include <fmt/format.h>
#include <random>
#include <vector>

#include "engine/state.hpp"
#include "engine/tables.hpp"
#include "store/sqlite/store_test_kit.hpp"
#include "store/sqlite/tables/columns.hpp"
#include "store/sqlite/tables/tables.hpp"

namespace huitong::store::sqlite::testing {

inline const std::string store_id(32, 'a');

inline TablesOptions options_in(const TempDir& directory) {
    return {.path = directory.path() / "tables.db", .store_id = store_id, .cache_kib = 4096};
}

// Sets every field that describe() lists to a value of its own that is not the default.
class Filler {
public:
    explicit Filler(std::uint64_t seed) : next_(seed) {}

    template <class T>
    void operator()(int /*number*/, const char* name, T& value) {
        ++next_;
        if constexpr (Nested<T>) {
            T::describe(*this, value);
        } else if constexpr (std::is_same_v<T, std::string>) {
            value = fmt::format("{} {} 汇", name, next_);
            if (holds_bytes(name)) value += std::string("\0\xff'", 3);
        } else if constexpr (std::is_same_v<T, Sealed>) {
            value.bytes = fmt::format("sealed {}", next_) + std::string("\0\x80", 2);
        } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
            value = {fmt::format("wx{}", next_), "", "a\"b\\c\n\x01汇"};
        } else if constexpr (std::is_same_v<T, Instant>) {
            value.ms = 1'790'000'000'000 + static_cast<std::int64_t>(next_);
        } else if constexpr (std::is_same_v<T, Currency>) {
            value.numeric = 840;
        } else if constexpr (requires { value.shard(); }) {
            value.value = next_ << 22 | (next_ % 1024) << 12 | 7;
        } else {
            value = static_cast<T>(std::is_enum_v<T> || sizeof(T) == 1 ? 1 : next_);
        }
    }

private:
    std::uint64_t next_;
};

template <class Record>
Record filled(std::uint64_t seed) {
    Filler filler(seed * 1000);
    Record record;
    Record::Terms::describe(filler, record.terms);
    Record::State::describe(filler, record.state);
    return record;
}

// Makes entries that could be real: ids lie in the shards the heart would choose, money balances.
class World {
public:
    explicit World(std::uint64_t seed) : random_(seed) {}

    engine::State state{
        Hash128{1, 2}
    };
    std::vector<engine::ReadEntry> entries;
    std::uint64_t skipped = 0;  // sequences that a test used otherwise
    std::vector<UserId> users;
    std::vector<MerchantId> merchants;
    std::vector<OrderId> orders;

    void grow(std::size_t count) {
        open_user();
        register_merchant();
        while (entries.size() < count) step();
    }
    void step() {
        const std::uint64_t dice = below(100);
        now_.ms += static_cast<std::int64_t>(below(9000));
        if (dice < 3) return open_user();
        if (dice < 5) return register_merchant();
        if (dice < 9) return registries();
        if (dice < 13) return change_user();
        if (dice < 22) return top_up();
        if (dice < 50) return create_order();
        if (dice < 58) return close_order();
        if (dice < 85) return pay();
        if (dice < 92) return end_reserved();
        refund();
    }

    void open_user() {
        const Shard shard{static_cast<std::uint16_t>(below(shard_count))};
        auto user = filled<wallet::User>(fresh());
        user.terms.id = {id(shard)};
        user.terms.account = {id(shard)};
        user.state = {.password = user.state.password};
        users.push_back(user.id());
        engine::Entry entry;
        open_account(entry, user.terms.account, user.id().value, ledger::AccountKind::wallet);
        entry.wallet.users.push_back(created(user));
        add(std::move(entry));
        bind_source(user);
    }
    void register_merchant() {
        const Shard shard{static_cast<std::uint16_t>(below(shard_count))};
        auto merchant = filled<acquiring::Merchant>(fresh());
        merchant.terms.id = {id(shard)};
        merchant.terms.unsettled = {id(shard)};
        merchant.terms.available = {id(shard)};
        merchant.terms.frozen = {id(shard)};
        merchants.push_back(merchant.id());
        engine::Entry entry;
        const std::uint64_t owner = merchant.id().value;
        using enum ledger::AccountKind;
        open_account(entry, merchant.terms.unsettled, owner, merchant_unsettled);
        open_account(entry, merchant.terms.available, owner, merchant_available);
        open_account(entry, merchant.terms.frozen, owner, merchant_frozen);
        entry.acquiring.merchants.push_back(created(merchant));
        add(std::move(entry));
    }
    // One of the registries: something new, and something old changed.
    void registries() {
        engine::Entry entry;
        entry.by = {5};
        entry.switching.participants.push_back(created(filled<switching::Participant>(fresh())));
        const auto who = filled<switching::Operator>(fresh());
        entry.switching.operators.push_back(created(who));
        auto key = filled<acquiring::MerchantKey>(fresh());
        key.state.revoked = false;
        entry.acquiring.merchant_keys.push_back(created(key));
        entry.acquiring.platform_keys.push_back(created(filled<acquiring::PlatformKey>(fresh())));
        add(std::move(entry));

        engine::Entry change;
        auto operator_state = who.state;
        ++operator_state.password.failures;
        change.switching.operators.push_back(
            changed<switching::Operator>(who.id(), operator_state));
        change.acquiring.merchant_keys.push_back(
            changed<acquiring::MerchantKey>(key.id(), {.revoked = true}));
        const auto* merchant = state.acquiring.merchants.find(any(merchants));
        auto merchant_state = merchant->state;
        merchant_state.appids.push_back(fmt::format("wx{}", fresh()));
        change.acquiring.merchants.push_back(
            changed<acquiring::Merchant>(merchant->id(), merchant_state));
        add(std::move(change));
    }
    void change_user() {
        const wallet::User& user = *state.wallet.users.in_memory(any(users));
        auto after = user.state;
        ++after.payment_password.failures;
        ++after.session_epoch;
        after.status = below(2) == 0 ? wallet::UserStatus::active : wallet::UserStatus::frozen;
        engine::Entry entry;
        entry.wallet.users.push_back(changed<wallet::User>(user.id(), after));
        add(std::move(entry));
    }
    void top_up() {
        const UserId user = any(users);
        const auto& source = *state.wallet.sources.in_memory(sources_[below(sources_.size())]);
        wallet::TopUp top_up = filled<wallet::TopUp>(fresh());
        top_up.terms.id = {id(source.terms.user.shard())};
        top_up.terms.user = source.terms.user;
        top_up.terms.source = source.id();
        top_up.terms.minor = amount();
        top_up.terms.currency = cny;
        const bool yes = below(4) != 0;
        if (yes) top_up.state = {};
        engine::Entry entry;
        if (yes) {
            const AccountId account = account_of(source.terms.user);
            entry.ledger.postings.push_back(
                {source.terms.account, account, top_up.terms.minor, cny});
        }
        entry.wallet.top_ups.push_back(created(top_up));
        if (below(5) == 0 && user != source.terms.user) {
            entry.wallet.sources.push_back(
                changed<wallet::FundingSource>(source.id(), {.unbound = true}));
        }
        add(std::move(entry));
    }
    void create_order() {
        const MerchantId merchant = any(merchants);
        auto order = filled<acquiring::Order>(fresh());
        order.terms.id = {id(merchant.shard())};
        order.terms.merchant = merchant;
        order.terms.minor = amount();
        order.terms.currency = cny;
        order.terms.expires_at = now_ + minutes(static_cast<std::int64_t>(below(600)));
        order.state = {.code_expires_at = now_ + hours(2)};
        orders.push_back(order.id());
        engine::Entry entry;
        entry.acquiring.orders.push_back(created(order));
        add(std::move(entry));
    }
    void close_order() {
        const acquiring::Order* order = any_order(acquiring::OrderStatus::open);
        if (order == nullptr) return;
        auto after = order->state;
        after.status = acquiring::OrderStatus::closed;
        after.ended_at = now_;
        engine::Entry entry;
        entry.acquiring.orders.push_back(changed<acquiring::Order>(order->id(), after));
        add(std::move(entry));
    }
    // A payment that is completed, declined or reserved.
    void pay() {
        using switching::PaymentStatus;
        const acquiring::Order* order = any_order(acquiring::OrderStatus::open);
        if (order == nullptr) return;
        const UserId payer = any(users);
        auto payment = filled<switching::Payment>(fresh());
        payment.terms.id = {id(payer.shard())};
        payment.terms.order = order->id();
        payment.terms.merchant = order->terms.merchant;
        payment.terms.payer = payer;
        payment.terms.requester = {payer.value};
        payment.terms.payer_account = account_of(payer);
        payment.terms.payee_account =
            state.acquiring.merchants.find(order->terms.merchant)->terms.unsettled;
        payment.terms.minor = order->terms.minor;
        payment.terms.currency = cny;
        const auto status = static_cast<PaymentStatus>(below(3));
        payment.state = {.status = status, .ended_at = now_};
        if (status == PaymentStatus::declined) payment.state.decline = "funds_insufficient";
        if (status == PaymentStatus::reserved) payment.state.ended_at = {};

        engine::Entry entry;
        if (status != PaymentStatus::declined) order_after(entry, *order, payment);
        if (status == PaymentStatus::completed) post(entry, payment);
        if (status == PaymentStatus::reserved) {
            entry.ledger.holds.push_back({payment.terms.payer_account, payment.terms.minor});
            reserved_.push_back(payment.id());
        }
        entry.switching.payments.push_back(created(payment));
        add(std::move(entry));
    }
    // A reserved payment is completed, or given back.
    void end_reserved() {
        using switching::PaymentStatus;
        if (reserved_.empty()) return;
        switching::Payment payment = *state.switching.payments.in_memory(reserved_.back());
        reserved_.pop_back();
        const bool yes = below(2) == 0;
        payment.state.status = yes ? PaymentStatus::completed : PaymentStatus::reversed;
        payment.state.ended_at = now_;
        engine::Entry entry;
        entry.ledger.holds.push_back({payment.terms.payer_account, -payment.terms.minor});
        if (yes) post(entry, payment);
        order_after(entry, *state.acquiring.orders.in_memory(payment.terms.order), payment);
        entry.switching.payments.push_back(
            changed<switching::Payment>(payment.id(), payment.state));
        add(std::move(entry));
    }
    void refund() {
        const acquiring::Order* order = any_order(acquiring::OrderStatus::paid);
        if (order == nullptr) return;
        const auto& payment = *state.switching.payments.in_memory(order->state.payment);
        auto refund = filled<acquiring::Refund>(fresh());
        refund.terms.id = {id(order->id().shard())};
        refund.terms.order = order->id();
        refund.terms.payment = payment.id();
        refund.terms.merchant = order->terms.merchant;
        refund.terms.currency = cny;
        refund.state.status = static_cast<acquiring::RefundStatus>(below(3));
        refund.state.ended_at = now_;
        auto order_state = order->state;
        order_state.refunded_minor += 1;
        ++order_state.refund_count;
        auto payment_state = payment.state;
        payment_state.refunded_minor += 1;
        engine::Entry entry;
        entry.ledger.postings.push_back(
            {payment.terms.payee_account, payment.terms.payer_account, 1, cny});
        entry.acquiring.orders.push_back(changed<acquiring::Order>(order->id(), order_state));
        entry.acquiring.refunds.push_back(created(refund));
        entry.switching.payments.push_back(
            changed<switching::Payment>(payment.id(), payment_state));
        add(std::move(entry));
    }

    void add(engine::Entry entry) {
        const Sequence sequence{skipped + entries.size() + 1};
        engine::apply(state, entry, sequence);
        entries.push_back({sequence, now_, std::move(entry)});
    }
    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

private:
    std::uint64_t fresh() { return ++fresh_; }
    std::uint64_t id(Shard shard) { return ids_.next(now_, shard); }
    std::int64_t amount() { return 1 + static_cast<std::int64_t>(below(100'00)); }
    template <class Id>
    Id any(const std::vector<Id>& of) {
        return of[below(of.size())];
    }
    AccountId account_of(UserId user) { return state.wallet.users.in_memory(user)->terms.account; }

    static void open_account(engine::Entry& entry, AccountId account, std::uint64_t owner,
                             ledger::AccountKind kind) {
        entry.ledger.opened.push_back({account, owner, kind, cny});
    }
    void bind_source(const wallet::User& user) {
        auto source = filled<wallet::FundingSource>(fresh());
        source.terms.id = {id(user.id().shard())};
        source.terms.user = user.id();
        source.terms.account = {id(user.id().shard())};
        source.state = {};
        sources_.push_back(source.id());
        engine::Entry entry;
        open_account(entry, source.terms.account, source.id().value,
                     ledger::AccountKind::inbound_funds);
        entry.wallet.sources.push_back(created(source));
        add(std::move(entry));
    }
    // An order in this status, looked for near a random one.
    const acquiring::Order* any_order(acquiring::OrderStatus status) {
        const std::uint64_t start = orders.empty() ? 0 : below(orders.size());
        for (std::size_t i = 0; i < std::min<std::size_t>(orders.size(), 50); ++i) {
            const OrderId order = orders[(start + i) % orders.size()];
            const acquiring::Order* found = state.acquiring.orders.in_memory(order);
            if (found->state.status == status) return found;
        }
        return nullptr;
    }
    static void post(engine::Entry& entry, const switching::Payment& payment) {
        entry.ledger.postings.push_back({payment.terms.payer_account, payment.terms.payee_account,
                                         payment.terms.minor, payment.terms.currency});
    }
    void order_after(engine::Entry& entry, const acquiring::Order& order,
                     const switching::Payment& payment) {
        using acquiring::OrderStatus;
        auto after = order.state;
        switch (payment.state.status) {
            case switching::PaymentStatus::completed:
                after.status = OrderStatus::paid;
                after.ended_at = now_;
                break;
            case switching::PaymentStatus::reserved:
                after.status = OrderStatus::locked;
                break;
            default:
                after.status = OrderStatus::open;
        }
        const bool holds = after.status != OrderStatus::open;
        after.payment = holds ? payment.id() : PaymentId{};
        after.payer = holds ? payment.terms.payer : UserId{};
        entry.acquiring.orders.push_back(changed<acquiring::Order>(order.id(), after));
    }

    std::mt19937_64 random_;
    IdSource ids_;
    Instant now_{1'790'000'000'000};
    std::uint64_t fresh_ = 0;
    std::vector<FundingSourceId> sources_;
    std::vector<PaymentId> reserved_;
};

// Stores entries in chunks of these sizes, over and over.
inline void store_all(engine::Tables& tables, std::span<const engine::ReadEntry> entries,
                      const std::vector<std::size_t>& chunks) {
    std::size_t done = 0;
    for (std::size_t i = 0; done < entries.size(); ++i) {
        const std::size_t count = std::min(chunks[i % chunks.size()], entries.size() - done);
        const auto stored = tables.store(entries.subspan(done, count));
        ASSERT_TRUE(stored.has_value()) << last_failure();
        done += count;
    }
}

// Every row of every table, in words.
inline std::string dump(const std::filesystem::path& path) {
    auto db = Database::open(path, {.read_only = true, .checkpoint_on_close = false});
    EXPECT_TRUE(db.has_value()) << last_failure();
    std::vector<std::string> tables;
    {
        auto names = db->prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1");
        Rows rows = names->query();
        while (*rows.next()) tables.emplace_back(rows.text(0));
    }
    std::string words;
    for (const std::string& table : tables) {
        words += table + "\n";
        auto select = db->prepare("SELECT * FROM " + table);
        sqlite3_stmt* raw = nullptr;
        sqlite3_prepare_v2(db->handle(), ("SELECT * FROM " + table).c_str(), -1, &raw, nullptr);
        const int columns = sqlite3_column_count(raw);
        sqlite3_finalize(raw);
        Rows rows = select->query();
        while (*rows.next()) {
            for (int i = 0; i < columns; ++i) words += fmt::format("{}|", rows.blob(i));
            words += "\n";
        }
    }
    return words;
}

}  // namespace huitong::store::sqlite::testing
