#include "gateway/wallet/texts.hpp"

#include <algorithm>
#include <utility>

#include "gateway/json_door/values.hpp"
#include "wire/json/writer.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::gateway::wallet_door {
namespace {

using acquiring::Order;
using acquiring::OrderStatus;
using acquiring::Refund;
using json_door::write_amount;
using json_door::write_decline;
using json_door::write_id;
using json_door::write_time;
using switching::Payment;
using wallet::FundingSource;
using wallet::TopUp;
using wallet::TopUpStatus;
using wire::json::Writer;

void write_user(Writer& json, const wallet::User& user, const json_door::Person& person) {
    json.begin_object("user");
    write_id(json, "user_id", user.id().value);
    json.text("login_name", person.login_name);
    json.text("display_name", person.display_name);
    json.text("state", user.state.status == wallet::UserStatus::active ? "ACTIVE" : "FROZEN");
    json.end_object();
}

void write_source(Writer& json, const FundingSource& source) {
    write_id(json, "funding_source_id", source.id().value);
    json.text("bank_name", source.terms.bank_name);
    json.text("masked_number", source.terms.masked_number);
}

const FundingSource* find_source(std::span<const FundingSource> sources, FundingSourceId id) {
    const auto found = std::ranges::find(sources, id, &FundingSource::id);
    return found == sources.end() ? nullptr : &*found;
}

void write_top_up(Writer& json, const TopUp& top_up, const FundingSource* source,
                  Language language) {
    write_id(json, "top_up_id", top_up.id().value);
    json.text("state", top_up.state.status == TopUpStatus::completed ? "COMPLETED" : "DECLINED");
    if (top_up.state.status == TopUpStatus::declined)
        write_decline(json, top_up.state.decline, language);
    write_amount(json, "amount", {top_up.terms.minor, top_up.terms.currency});
    write_id(json, "funding_source_id", top_up.terms.source.value);
    if (source != nullptr) {
        json.text("bank_name", source->terms.bank_name);
        json.text("masked_number", source->terms.masked_number);
    }
    write_time(json, "created_at", top_up.terms.created_at);
    write_time(json, "completed_at", top_up.terms.created_at);  // Decided in one entry.
}

struct ItemWriter {
    Writer& json;
    const engine::HistoryItem& item;
    const HistoryView& view;

    void operator()(const Payment& payment) const {
        write_item(json,
                   PaymentItem{.payment = payment,
                               .item = item,
                               .institution_name = institution_name(view.participants, payment),
                               .language = view.language});
    }
    void operator()(const Refund& refund) const { write_item(json, refund, item.merchant_name); }
    void operator()(const TopUp& top_up) const {
        json.begin_object();
        json.text("kind", "TOP_UP");
        write_top_up(json, top_up, find_source(view.sources, top_up.terms.source), view.language);
        json.end_object();
    }
};

}  // namespace

std::string session_json(const SessionView& view) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.text("token", view.token);
    write_time(json, "expires_at", view.expires_at);
    write_user(json, view.user, view.person);
    json.end_object();
    return body;
}

std::string me_json(const MeView& view) {
    std::string body;
    Writer json(body);
    json.begin_object();
    write_user(json, view.answer.user, view.person);
    json.begin_array("accounts");
    json_door::write_account(json, view.answer.account);
    json.end_array();
    json.begin_array("funding_sources");
    for (const FundingSource& source : view.sources) {
        if (source.state.unbound) continue;
        json.begin_object();
        write_source(json, source);
        json.end_object();
    }
    json.end_array();
    json.boolean("has_payment_password",
                 !view.answer.user.state.payment_password.record.bytes.empty());
    json.end_object();
    return body;
}

std::string resolved_json(const OrderView& view) {
    const Order& order = view.answer.order;
    std::string body;
    Writer json(body);
    json.begin_object();
    json.text("kind", "ORDER");
    json.begin_object("order");
    json.text("order_token", view.order_token);
    json.text("merchant_name", view.answer.merchant_name);
    json.text("description", order.terms.description);
    write_amount(json, "amount", order.amount());
    write_time(json, "expires_at", std::min(order.terms.expires_at, order.state.code_expires_at));
    json.text("state", json_door::state_text(order));
    if (order.state.status == OrderStatus::paid && order.state.payer == view.asking)
        json.text("payment_id", wire::wechatpay::transaction_id(order.state.payment));
    json.end_object();
    json.end_object();
    return body;
}

std::string payer_code_json(const wallet::PayerCode& code) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.text("digits", code.terms.digits);
    write_time(json, "expires_at", code.terms.expires_at);
    json.end_object();
    return body;
}

std::string top_up_json(const wallet::TopUpAnswer& answer, const FundingSource* source,
                        Language language) {
    std::string body;
    Writer json(body);
    json.begin_object();
    write_top_up(json, answer.top_up, source, language);
    if (answer.top_up.state.status == TopUpStatus::completed)
        write_amount(json, "balance_after", {answer.available_minor, answer.top_up.terms.currency});
    json.end_object();
    return body;
}

std::string funding_source_json(const FundingSource& source) {
    std::string body;
    Writer json(body);
    json.begin_object();
    write_source(json, source);
    json.end_object();
    return body;
}

std::string history_json(const HistoryView& view) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.begin_array("items");
    for (const engine::HistoryItem& item : view.items)
        std::visit(ItemWriter{json, item, view}, item.what);
    json.end_array();
    if (view.next != 0) write_id(json, "next", view.next);
    if (view.as_of.ms != 0) write_time(json, "as_of", view.as_of);
    json.end_object();
    return body;
}

std::uint64_t id_of(const engine::HistoryItem& item) {
    return std::visit([](const auto& record) { return record.id().value; }, item.what);
}

}  // namespace huitong::gateway::wallet_door
