#include "gateway/operator/payment_filter.hpp"

#include <algorithm>
#include <utility>

#include "gateway/json_door/parameters.hpp"
#include "gateway/json_door/values.hpp"

namespace huitong::gateway::operator_door {
namespace {

using switching::PaymentStatus;

constexpr PaymentStatus statuses[] = {PaymentStatus::completed, PaymentStatus::declined,
                                      PaymentStatus::reserved,  PaymentStatus::reversing,
                                      PaymentStatus::reversed,  PaymentStatus::confirming};

}  // namespace

bool PaymentFilter::takes(const switching::Payment& payment) const {
    return (!merchant.named() || payment.terms.merchant == merchant) &&
           (!status || payment.state.status == *status);
}

wire::json::Parsed<PaymentFilter> parse_payment_filter(std::string_view query) {
    wire::json::Report report;
    json_door::Parameters parameters(query, report);
    PaymentFilter filter;
    parameters.text("mchid", {.min = 8, .max = 10, .alphabet = &wire::json::decimal_digits},
                    filter.mchid);
    parameters.number("user_id", 1, INT64_MAX, filter.payer.value);
    parameters.number("order_id", 1, INT64_MAX, filter.order.value);
    std::string state;
    if (parameters.text("state", {.max = 16}, state)) {
        const auto* const found = std::ranges::find_if(statuses, [&state](PaymentStatus status) {
            return json_door::to_text(status) == state;
        });
        if (found == std::end(statuses)) {
            parameters.refuse("state", Error::field_range, "is no state of a payment");
        } else {
            filter.status = *found;
        }
    }
    filter.page = parameters.page();
    parameters.finish();
    return report.into(std::move(filter));
}

bool PostingMatcher::takes(const engine::PostingRow& row) const {
    const ledger::Posting& moved = row.posting;
    if (moved.debit == payment_.terms.payer_account)
        return moved.credit == payment_.terms.payee_account &&
               moved.minor == payment_.terms.minor &&
               payment_.state.status == PaymentStatus::completed &&
               row.at == payment_.state.ended_at;
    if (moved.credit != payment_.terms.payer_account) return false;
    return std::ranges::any_of(refunds_, [&](const acquiring::Refund& refund) {
        return refund.state.status == acquiring::RefundStatus::success &&
               row.at == refund.state.ended_at && moved.minor <= refund.terms.minor;
    });
}

}  // namespace huitong::gateway::operator_door
