#include <algorithm>

#include "base/ensure.hpp"
#include "engine/state.hpp"
#include "ledger/draft.hpp"

namespace huitong::engine {
namespace {

// One decision under way: the entry's parts, while they are drafted.
class Decider {
public:
    Decider(const State& state, const Rules& rules, Instant now)
        : state_(state), rules_(rules), now_(now), draft_(state.book, rules.ledger) {}

    Decided<Decision> run(const Command& command) {
        Decided<Answer> answer =
            std::visit([this](const auto& what) { return decide(what); }, command);
        if (!answer) return std::unexpected(std::move(answer).error());
        entry_.ledger = draft_.take();
        return Decision{std::move(entry_), *std::move(answer)};
    }

private:
    using Reply = Decided<Answer>;

    [[nodiscard]] switching::Sides sides() const {
        return {state_.wallet,    state_.acquiring, state_.switching,
                rules_.switching, rules_.wallet,    rules_.acquiring};
    }
    switching::SidesEffects effects() {
        return {draft_, entry_.wallet, entry_.acquiring, entry_.switching};
    }
    [[nodiscard]] const acquiring::Merchant& merchant_of(const acquiring::Order& order) const {
        const acquiring::Merchant* merchant = state_.acquiring.merchants.find(order.terms.merchant);
        ENSURE(merchant != nullptr);  // An order is only made for a merchant, and merchants stay.
        return *merchant;
    }
    [[nodiscard]] Answer order_answer(const acquiring::Order& order) const {
        return OrderAnswer{order, merchant_of(order).state.name};
    }
    Reply user_answer(const wallet::User& user) const {
        const ledger::Account* account = state_.book.find(user.terms.account);
        ENSURE(account != nullptr);  // A user is opened with the account.
        return UserAnswer{user, *account};
    }

    // The merchant side.
    Reply decide(const acquiring::CreateOrder& command) {
        TRY(order, acquiring::create_order(state_.acquiring, command, rules_.acquiring, now_,
                                           entry_.acquiring));
        return order_answer(order);
    }
    Reply decide(const acquiring::CloseOrder& command) {
        TRY(order, acquiring::close_order(state_.acquiring, command, now_, entry_.acquiring));
        return order_answer(order);
    }
    Reply decide(const acquiring::ExpireOrder& command) {
        TRY(order, acquiring::expire_order(state_.acquiring, command, now_, entry_.acquiring));
        return order_answer(order);
    }
    Reply decide(const acquiring::CreateRefund& command) {
        TRY(refund, switching::refund_order(sides(), command, now_, effects()));
        return refund_answer(refund);
    }
    Reply decide(const switching::ChargeCode& command) {
        TRY(payment, switching::charge_code(sides(), command, now_, effects()));
        return charge_answer(payment);
    }
    Reply decide(const switching::ReverseOrder& command) {
        TRY(payment, switching::reverse_order(sides(), command, now_, effects()));
        return charge_answer(payment);
    }
    Reply charge_answer(const switching::Payment& payment) const {
        TRY(order, order_now(payment.terms.order));
        return charge_answer(order, payment);
    }
    [[nodiscard]] Answer charge_answer(const acquiring::Order& order,
                                       const switching::Payment& payment) const {
        Error decline = error_named(payment.state.decline);
        // A newer program wrote it.
        if (decline == Error::count_ && !payment.state.decline.empty())
            decline = Error::peer_declined;
        return OrderAnswer{
            order, merchant_of(order).state.name,
            Charge{payment.id(), payment.state.status, decline}
        };
    }
    Reply decide(const QueryOrder& query) const {
        TRY(order, acquiring::find_order(state_.acquiring, query.order));
        if (order->terms.trade_type != acquiring::TradeType::micropay) return order_answer(*order);
        TRY(payment, state_.switching.payments.find(order->key()));
        ENSURE(payment != nullptr);  // A till's order is made by the entry that makes its payment.
        return charge_answer(*order, *payment);
    }
    Reply decide(const QueryRefund& query) const {
        TRY(refund, acquiring::find_refund(state_.acquiring, query.merchant, query.out_refund_no));
        return refund_answer(*refund);
    }
    Reply refund_answer(const acquiring::Refund& refund) const {
        TRY(order, order_now(refund.terms.order));
        return RefundAnswer{refund, std::move(order)};
    }
    // An order as it is after this entry, which may have made it.
    [[nodiscard]] Decided<acquiring::Order> order_now(OrderId id) const {
        const auto& images = entry_.acquiring.orders;
        const auto image = std::ranges::find(images, id, &Image<acquiring::Order>::id);
        if (image != images.end() && image->terms)
            return acquiring::Order{*image->terms, image->state};
        TRY(known, state_.acquiring.orders.find(id, Error::order_not_found));
        acquiring::Order order = *known;
        if (image != images.end()) order.state = image->state;
        return order;
    }

    // The payer side.
    Reply decide(const switching::PayOrder& command) {
        return switching::pay_order(sides(), command, now_, effects());
    }
    Reply decide(const switching::QueryPayment& query) const {
        return switching::query_payment(sides(), draft_, query);
    }
    Reply decide(const ResolveOrder& query) const {
        TRY(user, wallet::session_user(state_.wallet, query.session));
        (void)user;
        TRY(order, state_.acquiring.orders.find(query.order, Error::order_code_unknown));
        return order_answer(*order);
    }
    Reply decide(const ResolveForLink& query) const {
        TRY(order, state_.acquiring.orders.find(query.order, Error::order_code_unknown));
        return order_answer(*order);
    }
    Reply decide(const wallet::LogIn& command) {
        return wallet::log_in(state_.wallet, command, rules_.wallet, now_, entry_.wallet);
    }
    Reply decide(const wallet::ChangeUser& command) {
        return wallet::change_user(state_.wallet, command, rules_.wallet, now_, entry_.wallet);
    }
    Reply decide(const wallet::BindFundingSource& command) {
        return wallet::bind_funding_source(state_.wallet, command, now_, draft_, entry_.wallet);
    }
    Reply decide(const wallet::DrawTopUp& command) {
        return wallet::draw_top_up(state_.wallet, command, rules_.wallet, now_, draft_,
                                   entry_.wallet);
    }
    Reply decide(const wallet::IssuePayerCode& command) {
        return wallet::issue_payer_code(state_.wallet, command, rules_.wallet, now_, entry_.wallet);
    }
    Reply decide(const switching::PayCode& command) {
        return switching::pay_code(sides(), command, now_, effects());
    }
    Reply decide(const switching::ConfirmPayment& command) {
        return switching::confirm_payment(sides(), command, now_, effects());
    }
    Reply decide(const QueryLogin& query) const {
        TRY(user, state_.wallet.users.find(NaturalKey{0, query.login_key}));
        if (user == nullptr) return refuse(Error::user_not_found);
        return user_answer(*user);
    }
    Reply decide(const QueryUser& query) const {
        TRY(user, wallet::session_user(state_.wallet, query.session));
        return user_answer(*user);
    }

    // Other institutions.
    Reply decide(const switching::RequestPayment& command) {
        return switching::request_payment(sides(), command, now_, effects());
    }
    Reply decide(const switching::AnswerPayment& command) {
        return switching::answer_payment(sides(), command, now_, effects());
    }
    Reply decide(const switching::CommitPayment& command) {
        return switching::commit_payment(sides(), command, now_, effects());
    }
    Reply decide(const switching::ReversePayment& command) {
        return switching::reverse_payment(sides(), command, now_, effects());
    }
    Reply decide(const switching::ExpirePayment& command) {
        return switching::expire_payment(sides(), command, now_, effects());
    }
    Reply decide(const switching::AcknowledgePayment& command) {
        return switching::acknowledge_payment(sides(), command, now_, effects());
    }
    Reply decide(const switching::QueryRequest& query) const {
        return switching::query_request(sides(), query);
    }

    // The operator.
    Reply decide(const switching::ChangeParticipant& command) {
        return switching::change_participant(state_.switching, command, entry_.switching);
    }
    Reply decide(const switching::AddParticipantKey& command) {
        return switching::add_participant_key(state_.switching, command, now_, entry_.switching);
    }
    Reply decide(const switching::RevokeParticipantKey& command) {
        return switching::revoke_participant_key(state_.switching, command, entry_.switching);
    }
    Reply decide(const switching::SetPosition& command) {
        return switching::set_position(state_.switching, command, now_, draft_, entry_.switching);
    }
    Reply decide(const switching::SetCodeRule& command) {
        return switching::set_code_rule(state_.switching, command, entry_.switching);
    }
    Reply decide(const switching::SetOpening& command) {
        return switching::set_opening(state_.switching, command, entry_.switching);
    }
    Reply decide(const switching::RegisterParticipant& command) {
        return switching::register_participant(state_.switching, command, now_, entry_.switching);
    }
    Reply decide(const switching::OpenOperator& command) {
        return switching::open_operator(state_.switching, command, now_, entry_.switching);
    }
    Reply decide(const switching::OperatorLogIn& command) {
        return switching::operator_log_in(state_.switching, command, rules_.wallet, now_,
                                          entry_.switching);
    }
    Reply decide(const acquiring::RegisterMerchant& command) {
        if (state_.switching.participants.find(command.terms.institution) == nullptr)
            return refuse(Error::participant_not_found);
        return acquiring::register_merchant(state_.acquiring, command, now_, draft_,
                                            entry_.acquiring);
    }
    Reply decide(const acquiring::ChangeMerchant& command) {
        return acquiring::change_merchant(state_.acquiring, command, entry_.acquiring);
    }
    Reply decide(const acquiring::AddMerchantKey& command) {
        return acquiring::add_merchant_key(state_.acquiring, command, now_, entry_.acquiring);
    }
    Reply decide(const acquiring::RevokeMerchantKey& command) {
        return acquiring::revoke_merchant_key(state_.acquiring, command, entry_.acquiring);
    }
    Reply decide(const acquiring::AddPlatformKey& command) {
        return acquiring::add_platform_key(state_.acquiring, command, entry_.acquiring);
    }
    Reply decide(const wallet::OpenUser& command) {
        if (state_.switching.participants.find(command.institution) == nullptr)
            return refuse(Error::participant_not_found);
        TRY(user, wallet::open_user(state_.wallet, command, now_, draft_, entry_.wallet));
        const ledger::AccountTerms& opened = draft_.effects().opened.front();
        return UserAnswer{
            user, {.id = opened.id, .owner = opened.owner, .currency = opened.currency}
        };
    }
    Reply decide(const wallet::SetUserStatus& command) {
        TRY(user, wallet::set_user_status(state_.wallet, command, entry_.wallet));
        return user_answer(user);
    }
    Reply decide(const InspectUser& query) const {
        TRY(user, state_.wallet.users.find(query.user, Error::user_not_found));
        return user_answer(*user);
    }
    Reply decide(const QueryOperator& query) const {
        const switching::Operator* who = state_.switching.operators.find(NaturalKey{0, query.name});
        if (who == nullptr) return refuse(Error::credentials_wrong);
        return *who;
    }
    Reply decide(const QueryAccount& query) const {
        const ledger::Account* account = state_.book.find(query.account);
        if (account == nullptr) return refuse(Error::account_not_found);
        return *account;
    }
    Reply decide(const QueryState&) const {
        return StateAnswer{.digest = state_.digest(),
                           .totals = state_.book.totals(),
                           .accounts = state_.book.size(),
                           .orders_in_memory = state_.acquiring.orders.size(),
                           .payments_in_memory = state_.switching.payments.size()};
    }

    const State& state_;
    const Rules& rules_;
    Instant now_;
    ledger::Draft draft_;
    Entry entry_;
};

// Gives every command the ids it creates with. Orders and refunds lie in their merchant's shard,
// payments, top-ups and funding sources in their user's; new merchants and users are dealt out over
// the shards.
struct Allotter {
    IdSource& ids;
    Instant now;

    std::uint64_t in(Shard shard) { return ids.next(now, shard); }
    Shard dealt() { return Shard{static_cast<std::uint16_t>(ids.next(now, {}) % shard_count)}; }

    void operator()(acquiring::CreateOrder& c) { c.terms.id.value = in(c.terms.merchant.shard()); }
    void operator()(acquiring::CreateRefund& c) {
        c.terms.id.value = in(c.terms.merchant.shard());
        c.movement.value = in(c.terms.merchant.shard());
    }
    void operator()(wallet::IssuePayerCode& c) { c.id.value = in(c.session.user.shard()); }
    void operator()(switching::PayCode& c) { c.id.value = in(c.session.user.shard()); }
    void operator()(switching::ChargeCode& c) {
        c.order.id.value = in(c.order.merchant.shard());
        c.id.value = in(c.order.merchant.shard());
    }
    void operator()(switching::RequestPayment& c) { c.id.value = in(c.from.shard()); }
    void operator()(switching::ReversePayment& c) { c.id.value = in(c.from.shard()); }
    void operator()(switching::AddParticipantKey& c) { c.terms.id.value = in({}); }
    void operator()(switching::SetPosition& c) {
        c.account.value = in(c.participant.shard());
        c.refunds_in_transit.value = in(c.participant.shard());
    }
    void operator()(switching::SetCodeRule& c) { c.terms.id.value = in({}); }
    void operator()(switching::SetOpening& c) { c.terms.id.value = in({}); }
    void operator()(switching::PayOrder& c) { c.id.value = in(c.session.user.shard()); }
    void operator()(wallet::DrawTopUp& c) { c.id.value = in(c.session.user.shard()); }
    void operator()(wallet::BindFundingSource& c) {
        c.id.value = in(c.session.user.shard());
        c.account.value = in(c.session.user.shard());
    }
    void operator()(wallet::OpenUser& c) {
        const Shard home = dealt();
        c.id.value = in(home);
        c.account.value = in(home);
    }
    void operator()(acquiring::RegisterMerchant& c) {
        const Shard home = dealt();
        c.terms.id.value = in(home);
        c.terms.unsettled.value = in(home);
        c.terms.available.value = in(home);
        c.terms.frozen.value = in(home);
    }
    void operator()(acquiring::AddMerchantKey& c) {
        c.terms.id.value = in(c.terms.merchant.shard());
    }
    void operator()(acquiring::AddPlatformKey& c) { c.terms.id.value = in({}); }
    void operator()(switching::RegisterParticipant& c) { c.id.value = in({}); }
    void operator()(switching::OpenOperator& c) { c.id.value = in({}); }
    template <class Other>
    void operator()(Other&) {}  // Creates nothing.
};

}  // namespace

Decided<Decision> decide(const State& state, const Command& command, const Rules& rules,
                         Instant now) {
    return Decider(state, rules, now).run(command);
}

void allot(Command& command, IdSource& ids, Instant now) {
    std::visit(Allotter{ids, now}, command);
}

}  // namespace huitong::engine
