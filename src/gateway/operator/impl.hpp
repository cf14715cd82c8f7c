// The inside of the operator door. Included by its sources only.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/door/codes.hpp"
#include "gateway/door/plates.hpp"
#include "gateway/door/pool_mailbox.hpp"
#include "gateway/json_door/answer_mailbox.hpp"
#include "gateway/json_door/desk.hpp"
#include "gateway/json_door/parameters.hpp"
#include "gateway/json_door/reply.hpp"
#include "gateway/json_door/session_tokens.hpp"
#include "gateway/operator/bodies.hpp"
#include "gateway/operator/door.hpp"
#include "gateway/operator/texts.hpp"

namespace huitong::gateway::operator_door {

using json_door::as;

// One request on its way, kept until it is answered.
struct Exchange {
    http::Request request;
    http::Responder responder;
    Language language = Language::chinese;
    Instant now;
    std::shared_ptr<const engine::Directory> directory;
    const switching::Operator* who = nullptr;  // of the directory; null at a log-in
    Instant session_ends;
    std::vector<std::string> parameters;  // of the path, unescaped

    void yes(std::string body, int status = 200) {
        responder.send(json_door::json_answer(status, std::move(body)));
    }
    void done() { responder.send(json_door::no_content()); }
    void no(Error error) { responder.send(json_door::refusal(error, language)); }
    void no(const wire::json::FieldError& defect) {
        responder.send(json_door::refusal(defect, language));
    }
};
using ExchangePtr = std::shared_ptr<Exchange>;

class OperatorDoor::Impl {
public:
    Impl(Parts parts, Options options);

    void handle(http::Request&& request, http::Responder responder);

private:
    using Operation = void (Impl::*)(const ExchangePtr&);
    enum class Needs : std::uint8_t { nothing, session, permission };
    struct Route;
    static const Route routes[];

    // Given the heart's yes, on the pool of lists.
    using Then = std::function<void(engine::Request&)>;
    // Submits in the operator's name; a no is told to the client.
    void ask(const ExchangePtr& exchange, engine::Command command, Then then);
    // Runs the work on a pool; overloaded when too much waits there.
    void on_lists(const ExchangePtr& exchange, std::move_only_function<void()> work);
    void on_passwords(const ExchangePtr& exchange, std::move_only_function<void()> work);

    void serve(const Route& route, const ExchangePtr& exchange);
    Result<void> identify(Exchange& exchange, Needs needs) const;

    // session.cpp
    void log_in(const ExchangePtr& exchange);
    void log_out(const ExchangePtr& exchange);
    void change_password(const ExchangePtr& exchange);
    void create_operator(const ExchangePtr& exchange);
    [[nodiscard]] std::string session_of(const switching::Operator& who, Instant expires_at) const;

    // institutions.cpp
    void create_participant(const ExchangePtr& exchange);
    void list_participants(const ExchangePtr& exchange);
    void get_own_institution(const ExchangePtr& exchange);
    void get_participant(const ExchangePtr& exchange);
    void change_participant(const ExchangePtr& exchange);
    void get_participant_link(const ExchangePtr& exchange);
    void add_participant_key(const ExchangePtr& exchange);
    void list_participant_keys(const ExchangePtr& exchange);
    void delete_participant_key(const ExchangePtr& exchange);
    void set_position(const ExchangePtr& exchange);
    void list_positions(const ExchangePtr& exchange);
    [[nodiscard]] std::string told(const switching::Position& position) const;

    // openings.cpp
    void set_code_rule(const ExchangePtr& exchange);
    void list_code_rules(const ExchangePtr& exchange);
    void delete_code_rule(const ExchangePtr& exchange);
    void set_opening(const ExchangePtr& exchange);
    void list_openings(const ExchangePtr& exchange);

    // registry.cpp
    void create_merchant(const ExchangePtr& exchange);
    void list_merchants(const ExchangePtr& exchange);
    void get_merchant(const ExchangePtr& exchange);
    void freeze_merchant(const ExchangePtr& exchange);
    void unfreeze_merchant(const ExchangePtr& exchange);
    void set_merchant_status(const ExchangePtr& exchange, acquiring::MerchantStatus status);
    void get_plate(const ExchangePtr& exchange);
    void add_merchant_key(const ExchangePtr& exchange);
    void list_merchant_keys(const ExchangePtr& exchange);
    void delete_merchant_key(const ExchangePtr& exchange);
    void get_platform_keys(const ExchangePtr& exchange);
    // The merchant of the path; null, and the client told, when there is none.
    const acquiring::Merchant* merchant_of(const ExchangePtr& exchange) const;
    [[nodiscard]] std::string told(const acquiring::Merchant& merchant) const;
    [[nodiscard]] std::optional<Balances> balances_of(const acquiring::Merchant& merchant) const;
    // Of new users or merchants that name none.
    using Role = bool switching::ParticipantState::*;
    [[nodiscard]] ParticipantId institution(const Exchange& exchange, Role role) const;

    // users.cpp
    void create_user(const ExchangePtr& exchange);
    void list_users(const ExchangePtr& exchange);
    void find_user(const ExchangePtr& exchange, const std::string& login_name);
    void get_user(const ExchangePtr& exchange);
    void freeze_user(const ExchangePtr& exchange);
    void unfreeze_user(const ExchangePtr& exchange);
    void answer_user(const ExchangePtr& exchange, engine::Command command, int status = 200);
    [[nodiscard]] Result<std::string> told(const wallet::User& user, const ledger::Account* account,
                                           const engine::Directory& directory) const;

    // records.cpp
    void list_orders(const ExchangePtr& exchange);
    void get_order(const ExchangePtr& exchange);
    void list_payments(const ExchangePtr& exchange);
    void get_payment(const ExchangePtr& exchange);
    void list_notices(const ExchangePtr& exchange);
    void resend_notice(const ExchangePtr& exchange);
    void answer_payments(const ExchangePtr& exchange, const struct PaymentFilter& filter);
    void answer_story(const ExchangePtr& exchange, PaymentId id);
    [[nodiscard]] std::string told(const switching::Payment& payment,
                                   const Exchange& exchange) const;
    [[nodiscard]] Result<std::vector<acquiring::Order>> orders_with_number(
        const engine::Directory& directory, const std::string& number, std::uint32_t limit) const;
    [[nodiscard]] Result<std::optional<acquiring::Order>> order_of(MerchantId merchant,
                                                                   OrderId id) const;
    [[nodiscard]] Result<std::optional<acquiring::Order>> order_of(
        const engine::Directory& directory, OrderId id) const;
    [[nodiscard]] Result<std::vector<NamedPosting>> postings_of(
        const StoryView& story, const engine::Directory& directory) const;
    [[nodiscard]] std::string payer_name(UserId payer) const;
    // Waits until the tables have what is committed; else the moment they are at.
    [[nodiscard]] Result<Instant> caught_up() const;

    // health.cpp
    void get_journal_status(const ExchangePtr& exchange);
    void get_statistics(const ExchangePtr& exchange);
    [[nodiscard]] Result<Totals> totals(const engine::Directory& directory);

    Parts parts_;
    Options options_;
    json_door::SessionTokens tokens_;
    json_door::Passwords passwords_;
    json_door::PersonKeys person_keys_;
    json_door::People people_;
    door::Openids openids_;
    door::Plates plates_;
    door::PoolMailbox mailbox_;
    json_door::Desk lists_;

    std::mutex totals_mutex_;  // of the next two
    Totals past_totals_;       // of all minutes before past_until_
    Instant past_until_;
};

// The newest of a registry's records below page.before, as the page asks.
template <class Record>
std::vector<const Record*> page_of(const Registry<Record>& records, engine::Page page) {
    std::vector<const Record*> found;
    for (const auto& [id, record] : records) {
        if (page.before == 0 || id.value < page.before) found.push_back(&record);
    }
    std::reverse(found.begin(), found.end());
    if (found.size() > page.limit) found.resize(page.limit);
    return found;
}

// The page of a query that asks for nothing else.
Parsed<engine::Page> parse_page(const Exchange& exchange);

template <class Record>
PageView page_view(const std::vector<const Record*>& records, engine::Page page) {
    PageView view;
    if (records.size() == page.limit) view.next = records.back()->id().value;
    return view;
}

// The participant of the path's first star; null, and the client told, when there is none.
const switching::Participant* participant_of(const ExchangePtr& exchange);
// Whose records a list asks for by `participant_id`, its only parameter; not named: everybody's.
Parsed<ParticipantId> parse_whose(const Exchange& exchange);

}  // namespace huitong::gateway::operator_door
