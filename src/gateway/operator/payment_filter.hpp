// Which payments a list asks for, and which postings belong to a payment's story. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "acquiring/refund.hpp"
#include "engine/tables.hpp"
#include "wire/json/field_error.hpp"

namespace huitong::gateway::operator_door {

struct PaymentFilter {
    std::string mchid;    // empty: any
    MerchantId merchant;  // of the mchid; looked up by the caller
    UserId payer;
    OrderId order;
    std::optional<switching::PaymentStatus> status;
    engine::Page page;

    // Asks for less than the tables can choose by themselves.
    [[nodiscard]] bool narrows() const { return merchant.named() || status.has_value(); }
    [[nodiscard]] bool takes(const switching::Payment& payment) const;
};
// mchid, user_id, order_id, state, before, limit.
wire::json::Parsed<PaymentFilter> parse_payment_filter(std::string_view query);

// Entries carry the moment at which they were decided, and so do the payment and its refunds.
class PostingMatcher {
public:
    PostingMatcher(const switching::Payment& payment, std::span<const acquiring::Refund> refunds)
        : payment_(payment), refunds_(refunds) {}

    [[nodiscard]] bool takes(const engine::PostingRow& row) const;

private:
    const switching::Payment& payment_;
    std::span<const acquiring::Refund> refunds_;
};

}  // namespace huitong::gateway::operator_door
