#include "gateway/operator/texts.hpp"

#include <fmt/format.h>
#include <utility>

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "crypto/key.hpp"
#include "gateway/door/merchant_texts.hpp"
#include "gateway/door/platform_signer.hpp"
#include "gateway/json_door/values.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::gateway::operator_door {
namespace {

using acquiring::Order;
using acquiring::Refund;
using json_door::write_amount;
using json_door::write_id;
using json_door::write_time;
using switching::PaymentStatus;
using wire::json::Writer;

// Elements that are JSON already.
std::string array_of(const std::vector<std::string>& items) {
    std::string body = "[";
    for (const std::string& item : items) {
        if (body.size() > 1) body += ',';
        body += item;
    }
    return body += ']';
}

void write_operator(Writer& json, const switching::Operator& who) {
    write_id(json, "operator_id", who.id().value);
    json.text("name", who.terms.name);
}

void write_balances(Writer& json, const Balances& balances) {
    json.begin_object("balances");
    json.text("currency", describe(balances[0].currency).code);
    json.integer("unsettled", balances[0].balance);
    json.integer("available", balances[1].balance);
    json.integer("frozen", balances[2].balance);
    json.end_object();
}

std::string fingerprint_of(std::string_view der) {
    return "sha256:" + crypto::to_hex(crypto::as_text(crypto::sha256(der)));
}

std::string_view family_name(acquiring::KeyFamily family) {
    return family == acquiring::KeyFamily::sm2 ? "SM2" : "RSA";
}

std::string platform_certificate_json(const acquiring::PlatformKey& key) {
    return object([&key](Writer& json) {
        json.text("algorithm", family_name(key.terms.key_family));
        json.text("serial_no", key.terms.serial);
        json.text("certificate_pem", key.terms.certificate_pem);
        write_time(json, "not_before", key.terms.not_before);
        write_time(json, "not_after", key.terms.not_after);
    });
}

std::string posting_json(const NamedPosting& posting) {
    return object([&posting](Writer& json) {
        const auto side = [&json](std::string_view name, AccountId id, std::string_view whose) {
            json.begin_object(name);
            write_id(json, "account_id", id.value);
            json.text_if("name", whose);
            json.end_object();
        };
        const ledger::Posting& moved = posting.row.posting;
        write_id(json, "sequence", posting.row.sequence.value);
        side("debit", moved.debit, posting.debit_name);
        side("credit", moved.credit, posting.credit_name);
        write_amount(json, "amount", {moved.minor, moved.currency});
        write_time(json, "at", posting.row.at);
    });
}

std::string refund_json(const Refund& refund) {
    return object([&refund](Writer& json) {
        json.text("refund_id", wire::wechatpay::refund_id(refund.id()));
        json.text("out_refund_no", refund.terms.out_refund_no);
        json.text("state", json_door::to_text(refund.state.status));
        write_amount(json, "amount", {refund.terms.minor, refund.terms.currency});
        json.text_if("reason", refund.terms.reason);
        write_time(json, "created_at", refund.terms.created_at);
        if (refund.state.ended_at.ms != 0) write_time(json, "completed_at", refund.state.ended_at);
    });
}

std::string_view to_text(NoticeStatus status) {
    switch (status) {
        case NoticeStatus::waiting:
            return "WAITING";
        case NoticeStatus::delivered:
            return "DELIVERED";
        case NoticeStatus::given_up:
            return "GIVEN_UP";
    }
    std::unreachable();
}

// What came of an attempt, for people.
std::string result_of(const NoticeAttempt& attempt, Language language) {
    if (attempt.http_status != 0) return fmt::format("HTTP {}", attempt.http_status);
    const Error error = error_named(attempt.error);
    if (error == Error::count_) return attempt.error;  // A newer program's.
    return std::string(json_door::message_of(error, language));
}

std::string attempt_json(const NoticeAttempt& attempt, Language language) {
    return object([&](Writer& json) {
        write_time(json, "at", attempt.at);
        if (attempt.http_status != 0) json.integer("http_status", attempt.http_status);
        if (attempt.took) json.integer("duration_ms", attempt.took->ms);
        json.text("result", result_of(attempt, language));
    });
}

std::string partition_json(const JournalStatus& status) {
    return object([&status](Writer& json) {
        json.integer("partition", status.partition);
        write_id(json, "last_sequence", status.last_sequence);
        json.text_if("last_batch_hash", status.last_batch_hash);
        json.integer("bytes", static_cast<std::int64_t>(status.bytes));
        json.integer("epoch", static_cast<std::int64_t>(status.epoch));
        json.text("state", status.state);
        json.begin_array("readers");
        for (const JournalReader& reader : status.readers) {
            const std::uint64_t lag =
                status.last_sequence > reader.sequence ? status.last_sequence - reader.sequence : 0;
            json.begin_object();
            json.text("name", reader.name);
            write_id(json, "sequence", reader.sequence);
            json.integer("lag", static_cast<std::int64_t>(lag));
            json.end_object();
        }
        json.end_array();
    });
}

void write_parties(Writer& json, const acquiring::Merchant* merchant, const Order* order) {
    if (merchant != nullptr) {
        json.text("mchid", merchant->terms.mchid);
        json.text("merchant_name", merchant->state.name);
    }
    if (order != nullptr) json.text("out_trade_no", order->terms.out_trade_no);
}

std::string_view to_text(switching::PaymentKind kind) {
    switch (kind) {
        case switching::PaymentKind::mpm:
            return "MPM";
        case switching::PaymentKind::cpm:
            return "CPM";
        case switching::PaymentKind::refund:
            return "REFUND";
    }
    std::unreachable();
}

// Who pays and who is paid, each a party of ours or another institution.
void write_sides(Writer& json, const switching::PaymentTerms& terms) {
    json.text("kind", to_text(terms.kind));
    if (terms.payer.named()) write_id(json, "user_id", terms.payer.value);
    if (terms.payer_link.named()) write_id(json, "payer_participant_id", terms.payer_link.value);
    if (terms.payee_link.named()) write_id(json, "payee_participant_id", terms.payee_link.value);
    json.text_if("subject", terms.subject);
}

std::string_view trade_type_text(acquiring::TradeType type) {
    return wire::wechatpay::to_text(door::trade_type_of(type));
}

}  // namespace

std::string page_json(const PageView& view) {
    return object([&view](Writer& json) {
        json.raw("items", array_of(view.items));
        if (view.next != 0) write_id(json, "next", view.next);
        if (view.as_of.ms != 0) write_time(json, "as_of", view.as_of);
    });
}

std::string session_json(const SessionView& view) {
    return object([&view](Writer& json) {
        json.text("token", view.token);
        write_time(json, "expires_at", view.expires_at);
        json.begin_object("operator");
        write_operator(json, view.who);
        json.end_object();
        json.boolean("password_change_required", view.who.state.must_change);
    });
}

std::string operator_json(const switching::Operator& who) {
    return object([&who](Writer& json) { write_operator(json, who); });
}

std::string merchant_json(const MerchantView& view) {
    const acquiring::Merchant& merchant = view.merchant;
    return object([&](Writer& json) {
        json.text("mchid", merchant.terms.mchid);
        json.text("name", merchant.state.name);
        const bool active = merchant.state.status == acquiring::MerchantStatus::active;
        json.text("state", active ? "ACTIVE" : "FROZEN");
        json.begin_array("appids");
        for (const std::string& appid : merchant.state.appids) json.text(appid);
        json.end_array();
        const bool certificate = merchant.state.key_mode == acquiring::KeyMode::certificate;
        json.text("key_mode", certificate ? "CERTIFICATE" : "PUBLIC_KEY");
        json.text("key_family", family_name(merchant.state.key_family));
        json.text_if("notify_url", merchant.state.notify_url);
        write_id(json, "participant_id", merchant.terms.institution.value);
        if (view.balances) write_balances(json, *view.balances);
        write_time(json, "created_at", merchant.terms.created_at);
        json.text_if("apiv3_key", view.apiv3_key);
    });
}

std::string plate_json(std::string_view code, std::string_view picture_svg) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.text("code", code);
    json.text("picture_svg", picture_svg);
    json.end_object();
    return body;
}

std::string merchant_key_json(const acquiring::MerchantKey& key) {
    return object([&key](Writer& json) {
        write_key(json,
                  {key.id(), key.terms.serial, key.terms.public_key_pem, key.terms.not_after});
    });
}

void write_key(Writer& json, const KeyView& key) {
    const bool bare = key.not_after == no_end;
    json.text("serial_no", key.serial);
    json.text("kind", bare ? "PUBLIC_KEY" : "CERTIFICATE");
    if (const auto loaded = crypto::PublicKey::load(key.public_key_pem)) {
        json.text("algorithm", family_name(door::family_of(loaded->algorithm())));
        json.text("fingerprint", fingerprint_of(loaded->to_der()));
    }
    if (!bare) write_time(json, "not_after", key.not_after);
    write_time(json, "created_at", id_time(key.id.value));
}

std::string platform_keys_json(const PlatformKeysView& view) {
    return object([&view](Writer& json) {
        std::vector<std::string> certificates, national;
        for (const auto* key : view.certificates) {
            const bool sm2 = key->terms.key_family == acquiring::KeyFamily::sm2;
            (sm2 ? national : certificates).push_back(platform_certificate_json(*key));
        }
        json.raw("certificates", array_of(certificates));
        json.raw("sm2_certificates", array_of(national));
        const auto write_public = [&json](std::string_view name,
                                          const acquiring::PlatformKey& key) {
            json.begin_object(name);
            json.text("public_key_id", key.terms.public_key_id);
            json.text("public_key_pem", key.terms.public_key_pem);
            json.end_object();
        };
        write_public("public_key", view.current);
        if (view.current_sm2 != nullptr) write_public("sm2_public_key", *view.current_sm2);
    });
}

std::string user_json(const UserView& view) {
    return object([&view](Writer& json) {
        const wallet::User& user = view.user;
        write_id(json, "user_id", user.id().value);
        json.text("login_name", view.person.login_name);
        json.text("display_name", view.person.display_name);
        json.text_if("masked_phone", json_door::masked_phone(view.person.phone));
        json.text("state", user.state.status == wallet::UserStatus::active ? "ACTIVE" : "FROZEN");
        json.text_if("openid", view.openid);
        if (view.account != nullptr) {
            json.begin_array("accounts");
            json_door::write_account(json, *view.account);
            json.end_array();
        }
        write_time(json, "created_at", user.terms.created_at);
    });
}

std::string order_json(const OrderView& view) {
    const Order& order = view.order;
    return object([&](Writer& json) {
        write_id(json, "order_id", order.id().value);
        write_parties(json, view.merchant, &order);
        json.text("trade_type", trade_type_text(order.terms.trade_type));
        json.text("description", order.terms.description);
        write_amount(json, "amount", order.amount());
        if (order.state.refunded_minor > 0)
            write_amount(json, "refunded", {order.state.refunded_minor, order.terms.currency});
        json.text("state", json_door::state_text(order));
        const bool paid = order.state.status == acquiring::OrderStatus::paid;
        if (paid) {
            json.text("payment_id", wire::wechatpay::transaction_id(order.state.payment));
            json.text("transaction_id", door::transaction_id_of(order.id()));
        }
        write_time(json, "created_at", order.terms.created_at);
        write_time(json, "expires_at", order.terms.expires_at);
        if (paid) write_time(json, "paid_at", order.state.ended_at);
    });
}

std::string payment_json(const PaymentView& view) {
    const switching::Payment& payment = view.payment;
    return object([&](Writer& json) {
        json.text("payment_id", wire::wechatpay::transaction_id(payment.id()));
        if (payment.terms.order.named()) write_id(json, "order_id", payment.terms.order.value);
        write_parties(json, view.merchant, view.order);
        write_sides(json, payment.terms);
        json.text("state", json_door::to_text(payment.state.status));
        if (payment.state.status == PaymentStatus::declined)
            json_door::write_decline(json, payment.state.decline, view.language);
        write_amount(json, "amount", payment.amount());
        write_time(json, "created_at", payment.terms.created_at);
        if (payment.state.ended_at.ms != 0)
            write_time(json, "completed_at", payment.state.ended_at);
    });
}

std::string story_json(const StoryView& view) {
    return object([&view](Writer& json) {
        json.raw("payment", payment_json(view.payment));
        if (view.payment.order != nullptr)
            json.raw("order", order_json({*view.payment.order, view.payment.merchant}));
        std::vector<std::string> postings;
        for (const NamedPosting& posting : view.postings) postings.push_back(posting_json(posting));
        json.raw("postings", array_of(postings));
        std::vector<std::string> refunds;
        for (const Refund& refund : view.refunds) refunds.push_back(refund_json(refund));
        json.raw("refunds", array_of(refunds));
    });
}

std::string notice_json(const Notice& notice, Language language) {
    return object([&](Writer& json) {
        json.text("notice_id", notice.notice_id);
        json.text("event_type", notice.event_type);
        json.text("url", notice.url);
        json.text("state", to_text(notice.status));
        if (notice.status == NoticeStatus::waiting && notice.next_attempt_at.ms != 0)
            write_time(json, "next_attempt_at", notice.next_attempt_at);
        std::vector<std::string> attempts;
        for (const NoticeAttempt& attempt : notice.attempts)
            attempts.push_back(attempt_json(attempt, language));
        json.raw("attempts", array_of(attempts));
    });
}

std::string notices_json(const std::vector<Notice>& notices, Language language) {
    PageView page;
    for (const Notice& notice : notices) page.items.push_back(notice_json(notice, language));
    return page_json(page);
}

std::string journal_json(const std::vector<JournalStatus>& partitions) {
    return object([&partitions](Writer& json) {
        std::vector<std::string> rows;
        for (const JournalStatus& status : partitions) rows.push_back(partition_json(status));
        json.raw("partitions", array_of(rows));
    });
}

std::string statistics_json(const Totals& totals,
                            const std::vector<engine::MinuteStatistics>& points) {
    return object([&](Writer& json) {
        json.begin_object("totals");
        json.integer("users", static_cast<std::int64_t>(totals.counts.users));
        json.integer("merchants", static_cast<std::int64_t>(totals.merchants));
        json.integer("orders", static_cast<std::int64_t>(totals.counts.orders));
        json.integer("payments", totals.payments);
        json.integer("declined", totals.declined);
        json.integer("refunds", totals.refunds);
        write_amount(json, "amount", {totals.paid_minor, cny});
        json.end_object();
        json.begin_array("points");
        for (const engine::MinuteStatistics& point : points) {
            json.begin_object();
            write_time(json, "minute", point.minute);
            json.integer("payments", point.payments);
            json.integer("declined", point.declined);
            json.integer("refunds", point.refunds);
            write_amount(json, "amount", {point.paid_minor, cny});
            json.end_object();
        }
        json.end_array();
    });
}

}  // namespace huitong::gateway::operator_door
