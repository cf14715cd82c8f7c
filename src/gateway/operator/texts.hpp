// The operator door's answers as JSON. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "acquiring/merchant.hpp"
#include "acquiring/order.hpp"
#include "acquiring/refund.hpp"
#include "engine/command.hpp"
#include "engine/tables.hpp"
#include "gateway/json_door/people.hpp"
#include "gateway/json_door/reply.hpp"
#include "gateway/operator/ports.hpp"
#include "wire/json/writer.hpp"

namespace huitong::gateway::operator_door {

using json_door::Language;

// A value that is one object, written by `members`.
template <class Members>
std::string object(Members&& members) {
    std::string body;
    wire::json::Writer json(body);
    json.begin_object();
    members(json);
    json.end_object();
    return body;
}

// Items that are JSON already, and what a page says beside them.
struct PageView {
    std::vector<std::string> items;
    std::uint64_t next = 0;  // 0: the last page
    Instant as_of;           // 0: it lacks nothing
};
std::string page_json(const PageView& view);

struct SessionView {
    std::string_view token;
    Instant expires_at;
    const switching::Operator& who;
};
std::string session_json(const SessionView& view);
std::string operator_json(const switching::Operator& who);

// unsettled, available, frozen
using Balances = std::array<ledger::Account, 3>;
struct MerchantView {
    const acquiring::Merchant& merchant;
    std::optional<Balances> balances;
    std::string_view apiv3_key = {};  // shown once, when it was set
};
std::string merchant_json(const MerchantView& view);

// The code of a merchant's plate, and its picture as SVG.
std::string plate_json(std::string_view code, std::string_view picture_svg);

// The end of a bare public key, which has none. Certificates end on whole seconds.
inline constexpr Instant no_end{253'402'300'799'999};
std::string merchant_key_json(const acquiring::MerchantKey& key);
// The members that keys of merchants and institutions have in common.
struct KeyView {
    KeyId id;
    const std::string& serial;
    const std::string& public_key_pem;
    Instant not_after;
};
void write_key(wire::json::Writer& json, const KeyView& key);

struct PlatformKeysView {
    std::vector<const acquiring::PlatformKey*> certificates;  // newest first
    const acquiring::PlatformKey& current;
    const acquiring::PlatformKey* current_sm2 = nullptr;  // null: none is in force
};
std::string platform_keys_json(const PlatformKeysView& view);

struct UserView {
    const wallet::User& user;
    const json_door::Person& person;
    std::string_view openid;         // may be empty
    const ledger::Account* account;  // null: not told
};
std::string user_json(const UserView& view);

struct OrderView {
    const acquiring::Order& order;
    const acquiring::Merchant* merchant;
};
std::string order_json(const OrderView& view);

struct PaymentView {
    const switching::Payment& payment;
    const acquiring::Order* order;        // null: not found
    const acquiring::Merchant* merchant;  // null: not found
    Language language = Language::chinese;
};
std::string payment_json(const PaymentView& view);

struct NamedPosting {
    engine::PostingRow row;
    std::string debit_name;
    std::string credit_name;
};
struct StoryView {
    PaymentView payment;
    std::vector<NamedPosting> postings;
    std::vector<acquiring::Refund> refunds;
};
std::string story_json(const StoryView& view);

std::string notice_json(const Notice& notice, Language language);
std::string notices_json(const std::vector<Notice>& notices, Language language);
std::string journal_json(const std::vector<JournalStatus>& partitions);

struct Totals {
    engine::RecordCounts counts;
    std::size_t merchants = 0;
    std::int64_t payments = 0;
    std::int64_t declined = 0;
    std::int64_t refunds = 0;
    std::int64_t paid_minor = 0;
};
std::string statistics_json(const Totals& totals,
                            const std::vector<engine::MinuteStatistics>& points);

}  // namespace huitong::gateway::operator_door
