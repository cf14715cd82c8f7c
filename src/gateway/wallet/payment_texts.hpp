// What the wallet door says of payments, of whom they go to and what came back of them, as JSON.
// Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/registry.hpp"
#include "engine/tables.hpp"
#include "gateway/institution/resolver.hpp"
#include "gateway/json_door/reply.hpp"
#include "wire/json/writer.hpp"

namespace huitong::gateway::wallet_door {

using json_door::Language;

// Whom a code would pay that is none of our orders.
struct PayeeView {
    const institution::Resolution& resolution;
    std::string_view institution_name;  // empty: the payee is hosted here
};
std::string payee_json(const PayeeView& view);

using Participants = Registry<switching::Participant>;

// The institution at the other end of a payment; empty: both ends are hosted here.
std::string_view institution_name(const Participants& participants,
                                  const switching::Payment& payment);

struct PaymentView {
    const switching::PaymentAnswer& answer;
    std::string_view institution_name;
    Language language = Language::chinese;
};
// What POST /payments says: with the balance after it, when it is completed.
std::string payment_json(const PaymentView& view);

// A payment's refunds: merchants hosted here keep records of them; from other institutions they are
// payments themselves.
struct Refunds {
    std::span<const acquiring::Refund> records;
    std::span<const switching::Payment> payments;
};
// What GET /payments/{payment_id} says; only its own refunds are told.
std::string payment_json(const PaymentView& view, const Refunds& refunds);

// An element of the history; a refund by another institution is told as a refund.
struct PaymentItem {
    const switching::Payment& payment;
    const engine::HistoryItem& item;
    std::string_view institution_name;
    Language language = Language::chinese;
};
void write_item(wire::json::Writer& json, const PaymentItem& view);
void write_item(wire::json::Writer& json, const acquiring::Refund& refund,
                std::string_view merchant_name);

// A payment that a till asked for with a payer code of this user.
struct ChargeView {
    const switching::Payment& payment;
    std::string_view payee_name;
    Duration payer_confirmation;
    Language language = Language::chinese;
};
std::string charge_json(const ChargeView& view);
std::string charges_json(std::span<const std::string> charges);

}  // namespace huitong::gateway::wallet_door
