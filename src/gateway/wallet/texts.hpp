// The wallet door's answers as JSON. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/command.hpp"
#include "engine/tables.hpp"
#include "gateway/json_door/people.hpp"
#include "gateway/json_door/reply.hpp"

namespace huitong::gateway::wallet_door {

using json_door::Language;

struct SessionView {
    std::string_view token;
    Instant expires_at;
    const wallet::User& user;
    const json_door::Person& person;
};
std::string session_json(const SessionView& view);

struct MeView {
    const engine::UserAnswer& answer;
    const json_door::Person& person;
    std::span<const wallet::FundingSource> sources;
};
std::string me_json(const MeView& view);

struct OrderView {
    const engine::OrderAnswer& answer;
    std::string_view order_token;
    UserId asking;
};
std::string resolved_json(const OrderView& view);

// What POST /payments says: with the balance after it, when it is completed.
std::string payment_json(const switching::PaymentAnswer& answer, Language language);
// What GET /payments/{payment_id} says; only its own refunds are told.
std::string payment_json(const switching::PaymentAnswer& answer,
                         std::span<const acquiring::Refund> refunds, Language language);

std::string payer_code_json(const wallet::PayerCode& code);
// A payment that a till asked for with a payer code of this user.
struct ChargeView {
    const switching::Payment& payment;
    std::string_view payee_name;
    Duration payer_confirmation;
    Language language = Language::chinese;
};
std::string charge_json(const ChargeView& view);
std::string charges_json(std::span<const std::string> charges);

// The source is null when it is not known here.
std::string top_up_json(const wallet::TopUpAnswer& answer, const wallet::FundingSource* source,
                        Language language);
std::string funding_source_json(const wallet::FundingSource& source);

struct HistoryView {
    std::span<const engine::HistoryItem> items;
    std::span<const wallet::FundingSource> sources;
    std::uint64_t next = 0;  // 0: the last page
    Instant as_of;           // 0: it lacks nothing
    Language language = Language::chinese;
};
std::string history_json(const HistoryView& view);

// The id by which a page goes on behind this item.
std::uint64_t id_of(const engine::HistoryItem& item);

}  // namespace huitong::gateway::wallet_door
