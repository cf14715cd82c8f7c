#include "sim/simulation.hpp"

#include <fmt/format.h>

#include "base/ensure.hpp"

namespace huitong::sim {
namespace {

using switching::Payment;
using switching::PaymentKind;
using switching::PaymentStatus;

constexpr std::size_t users = 12, shops = 3;
constexpr Duration client_patience = seconds(8);
constexpr std::size_t full_check_every = 100;  // wishes; each is a dozen steps
constexpr Duration calm = minutes(20);         // longer than the longest pauses of a courier
const Sealed pin{"pin"};

bool is_over(const Payment& payment) {
    return !payment.unfinished();
}

}  // namespace

Simulation::Simulation(std::uint64_t seed, Bug bug) : net_(seed, bug) {
    net_.heal();
    open_shops();
    net_.faults_ = net_.drawn_;
}

void Simulation::open_shops() {
    for (std::size_t i = 0; i < users; ++i) {
        const auto opened = std::get<engine::UserAnswer>(
            net_.must(Place::wallet, wallet::OpenUser{.login_key = fmt::format("user {}", i),
                                                      .payment_password = pin,
                                                      .institution = net_.house(Place::wallet),
                                                      .currency = cny}));
        const UserId user = opened.user.id();
        const auto source = std::get<wallet::FundingSource>(net_.must(
            Place::wallet,
            wallet::BindFundingSource{
                .session = {user, 0},
                  .number_key = fmt::format("{}", i), .currency = cny
        }));
        net_.must(Place::wallet, wallet::DrawTopUp{
                                     .session = {user,      0   },
                                     .source = source.id(),
                                     .amount = {15'000'00, cny },
                                     .request_id = "first",
                                     .check = wallet::PasswordCheck{pin,       true}
        });
        users_.push_back(user);
    }
    for (std::size_t i = 0; i < shops; ++i) {
        const auto shop = std::get<acquiring::Merchant>(
            net_.must(Place::acquirer, acquiring::RegisterMerchant{
                                           .terms = {.mchid = fmt::format("{}", 19'000'000 + i),
                                                     .institution = net_.house(Place::acquirer)},
                                           .state = {.name = "a shop", .appids = {"wx1"}},
                                           .currency = cny
        }));
        shops_.push_back(shop.id());
    }
}

void Simulation::insist(Place place, engine::Command command, Answered answered) {
    const auto open = std::make_shared<bool>(true);
    net_.at(place).ask(
        command, [this, place, command, answered, open](const Result<engine::Answer>& answer) {
            const bool again = !answer && describe(answer.error()).kind == ErrorKind::failure;
            if (again || !std::exchange(*open, false)) return;
            ++report_.counts[answer ? "answered" : std::string(describe(answer.error()).name)];
            if (answer) answered(*answer);
        });
    net_.events.after(client_patience, [this, place, command, answered, open] {
        if (std::exchange(*open, false)) insist(place, command, answered);
    });
}

acquiring::OrderTerms Simulation::new_order(std::int64_t minor) {
    acquiring::OrderTerms order;
    order.merchant = shops_[net_.prng.below(shops)];
    order.out_trade_no = fmt::format("order {}", ++named_);
    order.appid = "wx1";
    order.minor = minor;
    order.currency = cny;
    order.content_digest = order.out_trade_no;
    return order;
}

void Simulation::with_order(std::int64_t minor, std::function<void(OrderId)> use) {
    insist(Place::acquirer, acquiring::CreateOrder{new_order(minor)},
           [this, minor, use](const engine::Answer& answer) {
               const OrderId id = std::get<engine::OrderAnswer>(answer).order.id();
               orders_.emplace_back(id, minor);
               use(id);
           });
}

void Simulation::pay_by_scanning() {
    const auto minor = static_cast<std::int64_t>(1 + net_.prng.below(100'00));
    with_order(minor, [this, minor](OrderId order) {
        const int payers = net_.prng.chance(100) ? 2 : 1;  // Two may scan the same code.
        for (int i = 0; i < payers; ++i) {
            switching::PayCode wish{
                .session = {users_[net_.prng.below(users)], 0   },
                .to = net_.neighbour(Place::wallet, Place::middle),
                .amount = {minor,                          cny },
                .code = fmt::format("{}", order.value),
                .request_id = fmt::format("scan {}", ++named_),
                .check = wallet::PasswordCheck{pin,                            true}
            };
            insist(Place::wallet, wish, [this](const engine::Answer& answer) {
                const auto& payment = std::get<Payment>(answer);
                if (payment.state.status == PaymentStatus::completed)
                    told_done_.emplace(Place::wallet, payment.id());
            });
        }
    });
}

void Simulation::confirm(PaymentId payment, UserId user) {
    const switching::ConfirmPayment yes{
        {user, 0                    },
        payment, {pin,  net_.prng.chance(900)}
    };
    insist(Place::wallet, yes, [](const engine::Answer&) {});
}

void Simulation::pay_by_showing() {
    const UserId user = users_[net_.prng.below(users)];
    const bool large = net_.prng.chance(150);  // Above the limit the payer is asked.
    const auto minor =
        static_cast<std::int64_t>(1 + net_.prng.below(60'00)) + (large ? 1'000'00 : 0);
    const wallet::IssuePayerCode show{
        .session = {user, 0},
          .digits = fmt::format("13{:016}", ++named_)
    };
    insist(Place::wallet, show, [this, minor, user](const engine::Answer& answer) {
        charge(std::get<wallet::PayerCode>(answer).terms.digits, minor, user);
    });
}

// A till reads the code; the payer, if asked, says yes a little later, and now and then the till
// takes it all back, however far it has come.
void Simulation::charge(const std::string& code, std::int64_t minor, UserId user) {
    switching::ChargeCode charge{.code = code,
                                 .to = net_.neighbour(Place::acquirer, Place::middle)};
    charge.order = new_order(minor);
    charge.order.trade_type = acquiring::TradeType::micropay;
    insist(Place::acquirer, charge, [this, minor](const engine::Answer& answer) {
        orders_.emplace_back(std::get<engine::OrderAnswer>(answer).order.id(), minor);
    });
    const auto later = [this] {
        return milliseconds(1'000 + static_cast<std::int64_t>(net_.prng.below(40'000)));
    };
    net_.events.after(later(), [this, code, user] {
        const auto& state = net_.at(Place::wallet).auditor().state();
        state.switching.payments.each([&](const Payment& payment) {
            if (payment.terms.code == code && payment.state.status == PaymentStatus::confirming)
                confirm(payment.id(), user);
        });
    });
    if (!net_.prng.chance(100)) return;
    const switching::ReverseOrder back{
        {charge.order.merchant, {}, charge.order.out_trade_no}
    };
    net_.events.after(
        later(), [this, back] { insist(Place::acquirer, back, [](const engine::Answer&) {}); });
}

void Simulation::give_back() {
    if (orders_.empty()) return;
    const auto [order, minor] = orders_[net_.prng.below(orders_.size())];
    const acquiring::Order* known =
        net_.at(Place::acquirer).auditor().state().acquiring.orders.in_memory(order);
    if (known == nullptr) return;
    acquiring::CreateRefund wish;
    wish.terms.merchant = known->terms.merchant;
    wish.terms.out_refund_no = fmt::format("refund {}", ++named_);
    wish.terms.minor =
        static_cast<std::int64_t>(1 + net_.prng.below(static_cast<std::uint64_t>(minor)));
    wish.terms.currency = cny;
    wish.terms.content_digest = wish.terms.out_refund_no;
    wish.order = {known->terms.merchant, order, ""};
    wish.total_minor = minor;
    insist(Place::acquirer, wish, [](const engine::Answer&) {});
}

void Simulation::wish() {
    const std::uint64_t dice = net_.prng.below(100);
    if (dice < 55) return pay_by_scanning();
    if (dice < 85) return pay_by_showing();
    give_back();
}

Report Simulation::run(std::size_t payments) {
    for (std::size_t i = 0; i < payments && report_.findings.empty(); ++i) {
        wish();
        net_.run_for(milliseconds(static_cast<std::int64_t>(1 + net_.prng.below(400))));
        if (i % full_check_every == 0) {
            for (const Place place : places) net_.at(place).check_all();
        }
        check_steps();
    }
    net_.heal();
    for (const Place place : places) {
        if (!net_.at(place).up()) net_.run_for(seconds(5));
    }
    net_.run_for(calm);
    if (report_.findings.empty()) check_end();
    return report_;
}

void Simulation::find(std::string what) {
    if (report_.findings.size() < 20) report_.findings.push_back(std::move(what));
}

// The auditors see every entry as it is committed.
void Simulation::check_steps() {
    for (const Place place : places) {
        for (const engine::Finding& finding : net_.at(place).auditor().findings())
            find(fmt::format("{}: {} {} at {}", static_cast<int>(place),
                             engine::name_of(finding.invariant), finding.what,
                             finding.sequence.value));
    }
}

void Simulation::check_end() {
    check_steps();
    for (const Place place : places) check_ends_of(place);
    check_pairs();
    check_positions(Place::wallet, Place::middle);
    check_positions(Place::middle, Place::acquirer);
}

void Simulation::check_ends_of(Place place) {
    Node& node = net_.at(place);
    const int here = static_cast<int>(place);
    if (!node.agrees()) find(fmt::format("{}: live state, journal and tables differ", here));
    if (node.duties() > 0) find(fmt::format("{}: {} duties are left", here, node.duties()));
    const engine::State& state = node.auditor().state();
    state.switching.payments.each([&](const Payment& payment) {
        ++report_.counts[fmt::format("{} {} {}", here, static_cast<int>(payment.terms.kind),
                                     static_cast<int>(payment.state.status))];
        if (!is_over(payment))
            find(fmt::format("{}: payment {} of kind {} stays {}{}{}", here, payment.id().value,
                             static_cast<int>(payment.terms.kind),
                             static_cast<int>(payment.state.status),
                             payment.state.accepted ? ", accepted" : "",
                             payment.state.commit_owed ? ", its commit unacknowledged" : ""));
    });
    state.acquiring.refunds.each([&](const acquiring::Refund& refund) {
        if (refund.state.status == acquiring::RefundStatus::processing)
            find(fmt::format("{}: refund {} has no end", here, refund.id().value));
    });
    state.book.each([&](const ledger::Account& account) {
        if (account.held != 0)
            find(fmt::format("{}: account {} holds {}", here, account.id.value, account.held));
    });
    for (const auto& [where, id] : told_done_) {
        if (where != place) continue;
        const Payment* payment = state.switching.payments.in_memory(id);
        if (payment == nullptr || payment->state.status != PaymentStatus::completed)
            find(fmt::format("{}: payment {} was told to be done and is not", here, id.value));
    }
}

// Both sides of a link agree on every payment between them.
void Simulation::check_pairs() {
    const auto pair = [this](Place asks, Place asked) {
        const auto& theirs = net_.at(asked).auditor().state().switching.payments;
        const ParticipantId us = net_.neighbour(asked, asks);
        net_.at(asks).auditor().state().switching.payments.each([&](const Payment& ours) {
            if (ours.terms.responder_link() != net_.neighbour(asks, asked)) return;
            const auto key = NaturalKey{us.value, switching::request_key(ours.id())};
            const auto found = theirs.find(key);
            const Payment* other = found ? *found : nullptr;
            const bool done = ours.state.status == PaymentStatus::completed;
            const bool done_there =
                other != nullptr && other->state.status == PaymentStatus::completed;
            if (done != done_there)
                find(fmt::format("payment {}: {} at {}, {} at {}", ours.id().value,
                                 static_cast<int>(ours.state.status), static_cast<int>(asks),
                                 other == nullptr ? -1 : static_cast<int>(other->state.status),
                                 static_cast<int>(asked)));
        });
    };
    pair(Place::wallet, Place::middle);
    pair(Place::middle, Place::wallet);
    pair(Place::middle, Place::acquirer);
    pair(Place::acquirer, Place::middle);
}

void Simulation::check_positions(Place a, Place b) {
    const auto position = [this](Place here, Place of) {
        const engine::State& state = net_.at(here).auditor().state();
        const auto* kept = state.switching.positions.find(
            switching::Position::key_of(net_.neighbour(here, of), cny));
        return state.book.find(kept->id())->balance;
    };
    if (position(a, b) + position(b, a) != 0)
        find(fmt::format("positions of {} and {} differ: {} and {}", static_cast<int>(a),
                         static_cast<int>(b), position(a, b), position(b, a)));
}

}  // namespace huitong::sim
