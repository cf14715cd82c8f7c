// Orders, payments and notices: what happened.
#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "gateway/operator/impl.hpp"
#include "gateway/operator/payment_filter.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::gateway::operator_door {
namespace {

using acquiring::Order;
using acquiring::Refund;
using switching::Payment;

// How many merchants are asked for an order number that names none, and how many rows are looked
// at for one page of filtered payments.
constexpr std::size_t merchants_asked_max = 2000;
constexpr std::uint32_t scan_page = 200;
constexpr int scan_pages_max = 20;

template <class Record>
std::uint64_t next_of(const std::vector<Record>& records, engine::Page page) {
    return records.size() >= page.limit ? records.back().id().value : 0;
}

// "West position" of an institution's own accounts; empty for any other.
std::string position_name(const engine::Directory& directory, AccountId id) {
    for (const auto& [account, position] : directory.positions) {
        const bool transit = id == position.terms.refunds_in_transit;
        if (id != account && !transit) continue;
        const auto* whose = directory.participants.find(position.terms.participant);
        ENSURE(whose != nullptr);  // A position is opened for a participant, and those stay.
        return whose->state.name + (transit ? " refunds in transit" : " position");
    }
    return {};
}

}  // namespace

Result<Instant> OperatorDoor::Impl::caught_up() const {
    if (parts_.wait_stored(parts_.committed(), options_.list_wait)) return Instant{};
    TRY(cursor, parts_.tables.cursor());
    return cursor.now;
}

Result<std::optional<Order>> OperatorDoor::Impl::order_of(MerchantId merchant, OrderId id) const {
    TRY(found, parts_.tables.orders(merchant, "", {.before = id.value + 1, .limit = 1}));
    if (found.empty() || found.front().id() != id) return std::optional<Order>{};
    return std::optional(std::move(found.front()));
}

// An order lies in its merchant's shard, so few merchants come into question.
Result<std::optional<Order>> OperatorDoor::Impl::order_of(const engine::Directory& directory,
                                                          OrderId id) const {
    for (const auto& [merchant, record] : directory.merchants) {
        if (merchant.shard() != id.shard()) continue;
        TRY(order, order_of(merchant, id));
        if (order) return std::move(order);
    }
    return std::optional<Order>{};
}

Result<std::vector<Order>> OperatorDoor::Impl::orders_with_number(
    const engine::Directory& directory, const std::string& number, std::uint32_t limit) const {
    std::vector<Order> all;
    std::size_t asked = 0;
    for (const auto& [merchant, record] : directory.merchants) {
        if (++asked > merchants_asked_max) break;
        TRY(found, parts_.tables.orders(merchant, number, {.before = 0, .limit = limit}));
        std::ranges::move(found, std::back_inserter(all));
    }
    std::ranges::sort(all, std::ranges::greater{}, &Order::id);
    if (all.size() > limit) all.resize(limit);
    return all;
}

void OperatorDoor::Impl::list_orders(const ExchangePtr& exchange) {
    wire::json::Report report;
    json_door::Parameters parameters(exchange->request.query(), report);
    std::string mchid;
    std::string number;
    parameters.text("mchid", {.min = 8, .max = 10, .alphabet = &wire::json::decimal_digits}, mchid);
    parameters.text("out_trade_no", {.max = 32}, number);
    const engine::Page page = parameters.page();
    parameters.finish();
    if (!report.clean()) return exchange->no(*report.first());
    MerchantId merchant;
    if (!mchid.empty()) {
        const auto* known = exchange->directory->merchants.find(NaturalKey{0, mchid});
        if (known == nullptr) return exchange->no(Error::merchant_not_found);
        merchant = known->id();
    }
    on_lists(exchange, [this, exchange, merchant, number, page] {
        const auto as_of = caught_up();
        if (!as_of) return exchange->no(as_of.error());
        const bool everywhere = !merchant.named() && !number.empty();
        const auto orders = everywhere
                                ? orders_with_number(*exchange->directory, number, page.limit)
                                : parts_.tables.orders(merchant, number, page);
        if (!orders) return exchange->no(orders.error());
        PageView view{.items = {}, .as_of = *as_of};
        if (number.empty()) view.next = next_of(*orders, page);
        for (const Order& order : *orders)
            view.items.push_back(
                order_json({order, exchange->directory->merchants.find(order.terms.merchant)}));
        exchange->yes(page_json(view));
    });
}

void OperatorDoor::Impl::get_order(const ExchangePtr& exchange) {
    const auto id = json_door::parse_id(exchange->parameters.front());
    if (!id) return exchange->no(Error::order_not_found);
    on_lists(exchange, [this, exchange, id = OrderId{*id}] {
        const auto as_of = caught_up();
        const auto order = order_of(*exchange->directory, id);
        if (!as_of || !order) return exchange->no(Error::store_failed);
        if (!*order) return exchange->no(Error::order_not_found);
        exchange->yes(
            order_json({**order, exchange->directory->merchants.find((*order)->terms.merchant)}));
    });
}

std::string OperatorDoor::Impl::told(const Payment& payment, const Exchange& exchange) const {
    const auto order = order_of(payment.terms.merchant, payment.terms.order);
    const Order* const found = order && *order ? &**order : nullptr;
    return payment_json({.payment = payment,
                         .order = found,
                         .merchant = exchange.directory->merchants.find(payment.terms.merchant),
                         .language = exchange.language});
}

void OperatorDoor::Impl::list_payments(const ExchangePtr& exchange) {
    auto filter = parse_payment_filter(exchange->request.query());
    if (!filter) return exchange->no(filter.error());
    if (!filter->mchid.empty()) {
        const auto* known = exchange->directory->merchants.find(NaturalKey{0, filter->mchid});
        if (known == nullptr) return exchange->no(Error::merchant_not_found);
        filter->merchant = known->id();
    }
    on_lists(exchange,
             [this, exchange, filter = *std::move(filter)] { answer_payments(exchange, filter); });
}

void OperatorDoor::Impl::answer_payments(const ExchangePtr& exchange, const PaymentFilter& filter) {
    const auto as_of = caught_up();
    if (!as_of) return exchange->no(as_of.error());
    PageView view{.items = {}, .as_of = *as_of};
    engine::Page page{.before = filter.page.before,
                      .limit = filter.narrows() ? scan_page : filter.page.limit};
    for (int pages = 0; pages < scan_pages_max; ++pages) {
        const auto rows = parts_.tables.payments(filter.payer, filter.order, page);
        if (!rows) return exchange->no(rows.error());
        view.next = next_of(*rows, page);
        for (const Payment& payment : *rows) {
            if (!filter.takes(payment)) continue;
            view.items.push_back(told(payment, *exchange));
            if (view.items.size() == filter.page.limit) {
                view.next = payment.id().value;
                break;
            }
        }
        if (view.next == 0 || view.items.size() == filter.page.limit || !filter.narrows()) break;
        page.before = view.next;
    }
    exchange->yes(page_json(view));
}

void OperatorDoor::Impl::get_payment(const ExchangePtr& exchange) {
    const auto id = wire::wechatpay::parse_transaction_id(exchange->parameters.front());
    if (!id) return exchange->no(Error::payment_not_found);
    on_lists(exchange, [this, exchange, id = *id] { answer_story(exchange, id); });
}

void OperatorDoor::Impl::answer_story(const ExchangePtr& exchange, PaymentId id) {
    const auto as_of = caught_up();
    const auto found = parts_.tables.payments({}, {}, {.before = id.value + 1, .limit = 1});
    if (!as_of || !found) return exchange->no(Error::store_failed);
    if (found->empty() || found->front().id() != id) return exchange->no(Error::payment_not_found);
    const Payment& payment = found->front();
    const auto order = order_of(payment.terms.merchant, payment.terms.order);
    auto refunds = parts_.tables.refunds(payment.terms.order);
    // Between two other institutions there is no order here.
    const bool lost = payment.terms.order.named() && order && !*order;
    if (!order || lost || !refunds) return exchange->no(Error::store_failed);
    std::erase_if(*refunds, [id](const Refund& refund) { return refund.terms.payment != id; });
    StoryView story{
        .payment = {.payment = payment,
                    .order = *order ? &**order : nullptr,
                    .merchant = exchange->directory->merchants.find(payment.terms.merchant),
                    .language = exchange->language},
        .postings = {},
        .refunds = *std::move(refunds)
    };
    auto postings = postings_of(story, *exchange->directory);
    if (!postings) return exchange->no(postings.error());
    story.postings = *std::move(postings);
    exchange->yes(story_json(story));
}

// The postings on the payer's account that were made in the moments of the payment and of its
// refunds, between these parties.
Result<std::vector<NamedPosting>> OperatorDoor::Impl::postings_of(
    const StoryView& story, const engine::Directory& directory) const {
    const Payment& payment = story.payment.payment;
    const auto* merchant = story.payment.merchant;
    const auto name_of = [&](AccountId id) -> std::string {
        if (std::string name = position_name(directory, id); !name.empty()) return name;
        if (id == payment.terms.payer_account) return payer_name(payment.terms.payer);
        if (merchant == nullptr) return {};
        if (id == merchant->terms.unsettled) return merchant->terms.mchid + " unsettled";
        if (id == merchant->terms.available) return merchant->terms.mchid + " available";
        if (id == merchant->terms.frozen) return merchant->terms.mchid + " frozen";
        return {};
    };
    const PostingMatcher matcher(payment, story.refunds);
    std::vector<NamedPosting> found;
    engine::Page page{.before = 0, .limit = scan_page};
    for (int pages = 0; pages < scan_pages_max; ++pages) {
        TRY(rows, parts_.tables.postings(payment.terms.payer_account, page));
        for (const engine::PostingRow& row : rows) {
            const std::string debit = name_of(row.posting.debit);
            const std::string credit = name_of(row.posting.credit);
            if (debit.empty() || credit.empty() || !matcher.takes(row)) continue;
            found.push_back({.row = row, .debit_name = debit, .credit_name = credit});
        }
        if (rows.size() < page.limit || rows.back().at < payment.terms.created_at) break;
        page.before = rows.back().sequence.value;
    }
    std::ranges::reverse(found);  // As it happened.
    return found;
}

std::string OperatorDoor::Impl::payer_name(UserId payer) const {
    return fmt::format("user {}", payer.value);
}

void OperatorDoor::Impl::list_notices(const ExchangePtr& exchange) {
    wire::json::Report report;
    json_door::Parameters parameters(exchange->request.query(), report);
    std::uint64_t order = 0;
    if (!parameters.number("order", 1, INT64_MAX, order))
        parameters.refuse("order", Error::field_missing, "is required");
    parameters.finish();
    if (!report.clean()) return exchange->no(*report.first());
    if (!parts_.ports.notices) return exchange->yes(notices_json({}, exchange->language));
    on_lists(exchange, [this, exchange, order] {
        const auto notices = parts_.ports.notices(OrderId{order});
        if (!notices) return exchange->no(notices.error());
        exchange->yes(notices_json(*notices, exchange->language));
    });
}

void OperatorDoor::Impl::resend_notice(const ExchangePtr& exchange) {
    if (!parts_.ports.resend) return exchange->no(Error::notice_not_found);
    on_lists(exchange, [this, exchange] {
        const auto notice = parts_.ports.resend(exchange->parameters.front());
        if (!notice) return exchange->no(notice.error());
        exchange->yes(notice_json(*notice, exchange->language));
    });
}

}  // namespace huitong::gateway::operator_door
