// The wallet door's answers as JSON; those about payments are in payment_texts.hpp. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/command.hpp"
#include "engine/tables.hpp"
#include "gateway/json_door/people.hpp"
#include "gateway/json_door/reply.hpp"
#include "gateway/wallet/payment_texts.hpp"

namespace huitong::gateway::wallet_door {

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

std::string payer_code_json(const wallet::PayerCode& code);
// The source is null when it is not known here.
std::string top_up_json(const wallet::TopUpAnswer& answer, const wallet::FundingSource* source,
                        Language language);
std::string funding_source_json(const wallet::FundingSource& source);

struct HistoryView {
    std::span<const engine::HistoryItem> items;
    std::span<const wallet::FundingSource> sources;
    const Participants& participants;
    std::uint64_t next = 0;  // 0: the last page
    Instant as_of;           // 0: it lacks nothing
    Language language = Language::chinese;
};
std::string history_json(const HistoryView& view);

// The id by which a page goes on behind this item.
std::uint64_t id_of(const engine::HistoryItem& item);

}  // namespace huitong::gateway::wallet_door
