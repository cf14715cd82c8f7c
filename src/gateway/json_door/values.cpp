#include "gateway/json_door/values.hpp"

#include <charconv>
#include <string>
#include <utility>

namespace huitong::gateway::json_door {

void write_id(wire::json::Writer& json, std::string_view name, std::uint64_t id) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, id).ptr;
    json.text(name, std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

void write_time(wire::json::Writer& json, std::string_view name, Instant at) {
    json.text(name, to_rfc3339(at));
}

void write_amount(wire::json::Writer& json, std::string_view name, Money money) {
    json.begin_object(name);
    json.integer("total", money.minor);
    json.text("currency", describe(money.currency).code);
    json.end_object();
}

void write_decline(wire::json::Writer& json, std::string_view error_name, Language language) {
    Error error = error_named(error_name);
    // A name that a newer program wrote.
    if (error == Error::count_) error = Error::not_permitted;
    json.begin_object("decline");
    json.text("code", code_of(error));
    json.text("message", message_of(error, language));
    json.end_object();
}

void write_account(wire::json::Writer& json, const ledger::Account& account) {
    json.begin_object();
    write_id(json, "account_id", account.id.value);
    json.text("currency", describe(account.currency).code);
    json.integer("available", account.available());
    json.integer("held", account.held);
    json.integer("balance", account.balance);
    json.end_object();
}

std::string_view to_text(switching::PaymentStatus status) {
    using enum switching::PaymentStatus;
    switch (status) {
        case completed:
            return "COMPLETED";
        case declined:
            return "DECLINED";
        case reserved:
            return "RESERVED";
        case reversing:
            return "REVERSING";
        case reversed:
            return "REVERSED";
        case confirming:
            return "CONFIRMING";
    }
    std::unreachable();
}

std::string_view to_text(acquiring::RefundStatus status) {
    using enum acquiring::RefundStatus;
    switch (status) {
        case success:
            return "SUCCESS";
        case processing:
            return "PROCESSING";
        case closed:
            return "CLOSED";
        case abnormal:
            return "ABNORMAL";
    }
    std::unreachable();
}

std::string_view state_text(const acquiring::Order& order) {
    using enum acquiring::OrderStatus;
    switch (order.state.status) {
        case open:
            return "NOTPAY";
        case locked:
            return "USERPAYING";
        case paid:
            return order.state.refund_count > 0 ? "REFUND" : "SUCCESS";
        case closed:
            return "CLOSED";
    }
    std::unreachable();
}

}  // namespace huitong::gateway::json_door
