#include "gateway/notices/rows.hpp"

#include <optional>

#include "engine/state.hpp"

namespace huitong::gateway::notices {
namespace {

using acquiring::Order;
using acquiring::OrderStatus;
using acquiring::Refund;
using acquiring::RefundStatus;
using acquiring::TradeType;
using engine::Notice;
using engine::NoticeKind;
using engine::ReadEntry;

template <class Record>
Result<Record> fetch_record(const Fetch& fetch, std::uint64_t id, Error absent) {
    TRY(found, fetch(Miss{Record::kind, id, {}}));
    if (const auto* record = std::get_if<Record>(&found)) return *record;
    return refuse(absent);
}

// Refunds come after the payment and image the order again, so this is true of one entry only.
bool became_paid(const Image<Order>& image) {
    return image.state.status == OrderStatus::paid && image.state.refund_count == 0;
}

std::optional<NoticeKind> end_of(RefundStatus status) {
    switch (status) {
        case RefundStatus::success:
            return NoticeKind::refund_success;
        case RefundStatus::abnormal:
            return NoticeKind::refund_abnormal;
        case RefundStatus::closed:
            return NoticeKind::refund_closed;
        case RefundStatus::processing:
            return std::nullopt;
    }
    return std::nullopt;
}

Notice due_at_once(NoticeKind kind, std::uint64_t record, Instant now) {
    return {
        .key = {.kind = kind, .record = record},
          .created_at = now, .due = now
    };
}

// Nothing: a till is not told, it asked (wechatpay-v3 4.5).
Result<std::optional<Notice>> notice_of(const Image<Order>& image, const ReadEntry& entry,
                                        const Fetch& fetch) {
    if (image.terms && image.terms->trade_type == TradeType::micropay) return std::nullopt;
    Notice notice = due_at_once(NoticeKind::transaction_success, image.id.value, entry.now);
    notice.order = image.id;
    // The payment that paid the order is nearly always in the same entry and names the merchant.
    for (const auto& payment : entry.entry.switching.payments) {
        if (payment.terms && payment.terms->order == image.id)
            notice.merchant = payment.terms->merchant;
    }
    if (!notice.merchant.named()) {
        TRY(order, fetch_order(fetch, image.id));
        if (order.terms.trade_type == TradeType::micropay) return std::nullopt;
        notice.merchant = order.terms.merchant;
    }
    return notice;
}

Result<Notice> notice_of(const Image<Refund>& image, NoticeKind kind, const ReadEntry& entry,
                         const Fetch& fetch) {
    Notice notice = due_at_once(kind, image.id.value, entry.now);
    if (image.terms) {
        notice.order = image.terms->order;
        notice.merchant = image.terms->merchant;
        return notice;
    }
    TRY(refund, fetch_refund(fetch, image.id));
    notice.order = refund.terms.order;
    notice.merchant = refund.terms.merchant;
    return notice;
}

}  // namespace

Result<Order> fetch_order(const Fetch& fetch, OrderId id) {
    return fetch_record<Order>(fetch, id.value, Error::order_not_found);
}

Result<Refund> fetch_refund(const Fetch& fetch, RefundId id) {
    return fetch_record<Refund>(fetch, id.value, Error::refund_not_found);
}

Result<std::vector<Notice>> notices_of(std::span<const ReadEntry> entries, const Fetch& fetch) {
    std::vector<Notice> notices;
    for (const ReadEntry& entry : entries) {
        for (const auto& image : entry.entry.acquiring.orders) {
            if (!became_paid(image)) continue;
            TRY(notice, notice_of(image, entry, fetch));
            if (notice) notices.push_back(*notice);
        }
        for (const auto& image : entry.entry.acquiring.refunds) {
            const auto kind = end_of(image.state.status);
            if (!kind) continue;
            TRY(notice, notice_of(image, *kind, entry, fetch));
            notices.push_back(notice);
        }
    }
    return notices;
}

}  // namespace huitong::gateway::notices
