// Commits, reversals, the statement of positions.
#include <utility>

#include "gateway/institution/impl.hpp"
#include "wire/institution/ending.hpp"

namespace huitong::gateway::institution {
namespace {

// Several commands of one request. Each answer fills its own place; the last one finishes. Only the
// counter is shared: the heart may answer on two of its threads.
template <class Value>
struct Gathering {
    explicit Gathering(std::size_t count) : values(count), missing(count) {}

    [[nodiscard]] bool complete() { return missing.fetch_sub(1, std::memory_order_acq_rel) == 1; }
    std::vector<Value> values;
    std::atomic<std::size_t> missing;
};

struct Balance {
    std::int64_t cap_minor = 0;
    Result<ledger::Account> account = refuse(Error::outcome_unknown);
};

wire::institution::PositionLine line_of(const Balance& balance) {
    const ledger::Account& account = *balance.account;
    return {.currency = account.currency,
            .position_minor = -account.balance,
            .reserved_minor = account.held,
            .cap_minor = balance.cap_minor,
            .available_minor = account.available() + balance.cap_minor};
}

}  // namespace

void InstitutionDoor::Impl::commit(const ExchangePtr& exchange) {
    using wire::institution::CommitResult;
    auto wish = wire::institution::parse_commits(exchange->request.body);
    if (!wish) return no(exchange, wish.error());
    const std::size_t count = wish->request_ids.size();
    metrics_.commits.fetch_add(count, std::memory_order_relaxed);
    const auto all = std::make_shared<Gathering<CommitResult>>(count);
    std::vector<engine::RequestPtr> commands;
    commands.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        all->values[i].request_id = wish->request_ids[i];
        commands.push_back(std::make_unique<engine::Request>(
            switching::CommitPayment{exchange->from(), std::move(wish->request_ids[i])}, mailbox_,
            [this, exchange, all, i](engine::Request& back) {
                if (!back.answer) {
                    const Error error = back.answer.error();
                    all->values[i].code = json_door::code_of(error);
                    all->values[i].message = json_door::message_of(error, exchange->language);
                }
                if (all->complete())
                    yes(exchange,
                        to_json(wire::institution::CommitResults{std::move(all->values)}));
            }));
    }
    parts_.heart.submit_all(std::move(commands));
}

void InstitutionDoor::Impl::reverse(const ExchangePtr& exchange) {
    auto wish = wire::institution::parse_reversal(exchange->request.body);
    if (!wish) return no(exchange, wish.error());
    switching::ReversePayment command{
        .id = {}, .from = exchange->from(), .request_id = wish->request_id};
    ask(exchange, std::move(command), [this, exchange, said = *std::move(wish)](engine::Request&) {
        yes(exchange, to_json(said));
    });
}

void InstitutionDoor::Impl::get_positions(const ExchangePtr& exchange) {
    std::vector<const switching::Position*> mine;
    for (const auto& [id, position] : exchange->directory->positions) {
        if (position.terms.participant == exchange->from()) mine.push_back(&position);
    }
    wire::institution::PositionStatement statement{
        .window = std::to_string(business_day(exchange->now)), .positions = {}};
    if (mine.empty()) return yes(exchange, to_json(statement));
    const auto all = std::make_shared<Gathering<Balance>>(mine.size());
    std::vector<engine::RequestPtr> commands;
    for (std::size_t i = 0; i < mine.size(); ++i) {
        all->values[i].cap_minor = mine[i]->state.cap_minor;
        commands.push_back(std::make_unique<engine::Request>(
            engine::QueryAccount{mine[i]->id()}, mailbox_,
            [this, exchange, all, i, statement](engine::Request& back) mutable {
                if (back.answer)
                    all->values[i].account = as<ledger::Account>(back);
                else
                    all->values[i].account = refuse(back.answer.error());
                if (!all->complete()) return;
                for (const Balance& each : all->values) {
                    if (!each.account) return no(exchange, each.account.error());
                    statement.positions.push_back(line_of(each));
                }
                yes(exchange, to_json(statement));
            }));
    }
    parts_.heart.submit_all(std::move(commands));
}

}  // namespace huitong::gateway::institution
