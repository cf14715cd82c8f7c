#include "gateway/merchant/operations.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "base/ensure.hpp"
#include "crypto/aead.hpp"
#include "crypto/bytes.hpp"
#include "crypto/random.hpp"
#include "gateway/door/in_force.hpp"
#include "gateway/door/merchant_texts.hpp"
#include "gateway/door/platform_signer.hpp"
#include "gateway/merchant/commands.hpp"
#include "wire/wechatpay/certificates.hpp"
#include "wire/wechatpay/codepay.hpp"
#include "wire/wechatpay/identifiers.hpp"
#include "wire/wechatpay/query.hpp"
#include "wire/wechatpay/refund.hpp"
#include "wire/wechatpay/transaction.hpp"

namespace huitong::gateway::merchant {
namespace {

using acquiring::Order;
using engine::Command;
using wire::wechatpay::CertificateAlgorithm;
using wire::wechatpay::Operation;
using wire::wechatpay::TradeType;

constexpr int accepted = 202;  // RFC 9110: what comes of it is to be asked for

std::unexpected<FieldError> refused(Error error, std::string_view pointer, std::string_view value,
                                    std::string_view issue, Location location) {
    return std::unexpected(FieldError{error, std::string(pointer), wire::json::printable(value),
                                      std::string(issue), location});
}

Parsed<Command> query_order(const Ask& ask, acquiring::OrderRef order) {
    const auto query = wire::wechatpay::parse_order_query(ask.query);
    if (!query) return std::unexpected(query.error());
    if (auto same = must_be(ask.merchant, query->mchid, Location::query); !same)
        return std::unexpected(std::move(same).error());
    return engine::QueryOrder{.order = std::move(order)};
}

Parsed<Command> query_transaction(const Ask& ask) {
    acquiring::OrderRef ref{.merchant = ask.merchant.id()};
    const auto order = door::order_of_transaction_id(ask.route.parameter);
    if (order) ref.id = *order;
    auto command = query_order(ask, std::move(ref));
    if (command && !order) return refused(order.error(), "", "", "", Location::path);
    return command;
}

Parsed<Command> close_order(const Ask& ask) {
    const auto request = wire::wechatpay::parse_close(ask.body);
    if (!request) return std::unexpected(request.error());
    if (auto same = must_be(ask.merchant, request->mchid, Location::body); !same)
        return std::unexpected(std::move(same).error());
    return acquiring::CloseOrder{
        .order = {.merchant = ask.merchant.id(), .out_trade_no = ask.route.parameter}
    };
}

Parsed<Command> reverse_order(const Ask& ask) {
    const auto request = wire::wechatpay::parse_reverse(ask.body);
    if (!request) return std::unexpected(request.error());
    if (auto same = must_be(ask.merchant, request->mchid, Location::body); !same)
        return std::unexpected(std::move(same).error());
    if (std::ranges::find(ask.merchant.state.appids, request->appid) ==
        ask.merchant.state.appids.end())
        return refused(Error::appid_not_bound, "", "", "", Location::body);
    return switching::ReverseOrder{
        .order = {.merchant = ask.merchant.id(), .out_trade_no = ask.route.parameter}
    };
}

std::string reversed(const Ask& ask, const Order& order) {
    return wire::wechatpay::reverse_result(
        {.appid = order.terms.appid, .mchid = ask.merchant.terms.mchid}, order.terms.out_trade_no);
}

Parsed<Command> create_refund(const Ask& ask) {
    const auto request = wire::wechatpay::parse_refund(ask.body);
    if (!request) return std::unexpected(request.error());
    auto refund = refund_of(*request, ask.merchant);
    if (!refund) return std::unexpected(std::move(refund).error());
    return *std::move(refund);
}

Parsed<Command> query_refund(const Ask& ask) {
    const auto query = wire::wechatpay::parse_refund_query(ask.query);
    if (!query) return std::unexpected(query.error());
    if (!query->sub_mchid.empty())
        return refused(Error::not_permitted, "/sub_mchid", query->sub_mchid,
                       "is no sub-merchant of the caller", Location::query);
    return engine::QueryRefund{.merchant = ask.merchant.id(), .out_refund_no = ask.route.parameter};
}

// What a request must be before its operation looks at it: parameters only where there are some, a
// body only where one is read.
Parsed<void> well_placed(const Ask& ask, bool posts) {
    if (posts) {
        const auto query = wire::wechatpay::parse_empty_query(ask.query);
        if (!query) return std::unexpected(query.error());
    } else if (!ask.body.empty()) {
        return refused(Error::field_unknown, "", "", "is not taken by this method", Location::body);
    }
    return {};
}

bool posts(Operation operation) {
    switch (operation) {
        case Operation::prepay_native:
        case Operation::prepay_jsapi:
        case Operation::prepay_h5:
        case Operation::prepay_app:
        case Operation::codepay:
        case Operation::order_close:
        case Operation::order_reverse:
        case Operation::refund_create:
            return true;
        case Operation::order_by_transaction_id:
        case Operation::order_by_out_trade_no:
        case Operation::refund_by_out_refund_no:
        case Operation::certificates:
            return false;
    }
    std::unreachable();
}

// The heart knows no members; the contract wants to be told which one is wrong (3.1).
FieldError located(Error error, const Ask& ask) {
    if (error != Error::refund_total_differs) return {.error = error};
    const auto request = wire::wechatpay::parse_refund(ask.body);
    return {.error = error,
            .pointer = "/amount/total",
            .value = request ? std::to_string(request->total) : std::string{},
            .issue = "is not the amount of the order"};
}

struct SealedPem {
    std::string nonce;
    std::string ciphertext;
};

Result<SealedPem> seal_pem(crypto::KeyAlgorithm family, const crypto::Secret& apiv3_key,
                           std::string_view pem) {
    std::string nonce = crypto::random_alnum(crypto::gcm_iv_bytes);
    TRY(sealed,
        door::seal_resource(
            family, apiv3_key,
            {.iv = nonce, .associated_data = wire::wechatpay::certificate_associated_data}, pem));
    return SealedPem{std::move(nonce), crypto::to_base64(sealed)};
}

bool lists(CertificateAlgorithm wanted, acquiring::KeyFamily family) {
    if (wanted == CertificateAlgorithm::all) return true;
    return (wanted == CertificateAlgorithm::sm2) == (family == acquiring::KeyFamily::sm2);
}

// Every certificate in force: during a renewal the old one and the new one (2.4).
std::vector<const acquiring::PlatformKey*> listed_keys(CertificateAlgorithm wanted,
                                                       const engine::Directory& directory,
                                                       Instant now) {
    std::vector<const acquiring::PlatformKey*> listed;
    for (const auto& [id, key] : directory.platform_keys) {
        if (door::in_force(key, now) && lists(wanted, key.terms.key_family)) listed.push_back(&key);
    }
    return listed;
}

Result<std::string> certificates_body(std::span<const acquiring::PlatformKey* const> listed,
                                      const crypto::Secret& apiv3_key) {
    std::vector<SealedPem> sealed;
    for (const acquiring::PlatformKey* key : listed) {
        TRY(pem, seal_pem(door::algorithm_of(key->terms.key_family), apiv3_key,
                          key->terms.certificate_pem));
        sealed.push_back(std::move(pem));
    }
    std::vector<wire::wechatpay::CertificateView> views;
    for (std::size_t i = 0; i < listed.size(); ++i) {
        const auto& terms = listed[i]->terms;
        views.push_back({.serial = terms.serial,
                         .effective_time = terms.not_before,
                         .expire_time = terms.not_after,
                         .nonce = sealed[i].nonce,
                         .ciphertext_base64 = sealed[i].ciphertext,
                         .algorithm = door::algorithm_of(terms.key_family)});
    }
    return wire::wechatpay::certificates_body(views);
}

}  // namespace

Operations::Operations(const door::DoorSecrets& secrets, door::KeyRing& keys,
                       OwnerPort owner_of_code, OperationOptions options)
    : codes_(secrets.code_key),
      openids_(secrets.openid_key),
      keys_(keys),
      owner_of_code_(std::move(owner_of_code)),
      options_(std::move(options)) {}

std::variant<Command, Reply> Operations::ask(const Ask& ask, const engine::Directory& directory,
                                             Instant now) const {
    if (auto fits = well_placed(ask, posts(ask.route.operation)); !fits)
        return refusal(fits.error());
    if (ask.route.operation == Operation::certificates) return certificates(ask, directory, now);
    auto command = this->command(ask, {directory, now});
    if (!command) return refusal(command.error());
    return *std::move(command);
}

Parsed<Command> Operations::command(const Ask& ask, const Known& known) const {
    switch (ask.route.operation) {
        case Operation::prepay_native:
            return create_order(ask, TradeType::native, known);
        case Operation::prepay_jsapi:
            return create_order(ask, TradeType::jsapi, known);
        case Operation::prepay_h5:
            return create_order(ask, TradeType::h5, known);
        case Operation::prepay_app:
            return create_order(ask, TradeType::app, known);
        case Operation::codepay:
            return charge_code(ask, known);
        case Operation::order_by_transaction_id:
            return query_transaction(ask);
        case Operation::order_by_out_trade_no:
            return query_order(
                ask, {.merchant = ask.merchant.id(), .out_trade_no = ask.route.parameter});
        case Operation::order_close:
            return close_order(ask);
        case Operation::order_reverse:
            return reverse_order(ask);
        case Operation::refund_create:
            return create_refund(ask);
        case Operation::refund_by_out_refund_no:
            return query_refund(ask);
        case Operation::certificates:
            break;  // Answered without a command.
    }
    std::unreachable();
}

// Sensitive members must be encrypted for a key of ours that the request names (2.6).
Parsed<void> Operations::readable(const wire::wechatpay::PayerIdentity& identity, const Ask& ask,
                                  const Known& known) const {
    const std::pair<std::string_view, std::string_view> members[] = {
        {"/payer/identity/number", identity.number_ciphertext},
        {"/payer/identity/name",   identity.name_ciphertext  }
    };
    for (const auto& [pointer, ciphertext] : members) {
        if (ciphertext.empty()) continue;
        const auto choice =
            door::find_platform_key(known.directory.platform_keys, ask.platform_serial, known.now);
        if (!choice)
            return refused(Error::field_range, "/Wechatpay-Serial", ask.platform_serial,
                           "names no platform key in force", Location::header);
        const auto key = keys_.platform_key(*choice->key);
        const auto bytes = crypto::from_base64(ciphertext);
        if (!key || !bytes || !key->decrypt(*bytes))
            return refused(Error::decryption_failed, pointer, "",
                           "does not decrypt with the key that Wechatpay-Serial names",
                           Location::body);
    }
    return {};
}

Parsed<Command> Operations::create_order(const Ask& ask, TradeType type, const Known& known) const {
    const auto request = wire::wechatpay::parse_prepay(type, ask.body);
    if (!request) return std::unexpected(request.error());
    if (auto same = must_be(ask.merchant, request->mchid, Location::body); !same)
        return std::unexpected(std::move(same).error());
    if (options_.check_openid && !request->payer_openid.empty() &&
        !openids_.user_of(request->appid, request->payer_openid))
        return refused(Error::field_format, "/payer/openid", request->payer_openid,
                       "is no openid of this appid", Location::body);
    // Taking such an order without keeping the restriction would let anybody pay it.
    if (request->payer_identity) {
        if (auto fits = readable(*request->payer_identity, ask, known); !fits)
            return std::unexpected(std::move(fits).error());
        return refused(Error::not_permitted, "/payer/identity", "",
                       "is not offered: orders for one identified person", Location::body);
    }
    return order_of(*request, ask.merchant);
}

// A code that is nobody's is refused here, before there is an order (business-rules 1.3).
Parsed<Command> Operations::charge_code(const Ask& ask, const Known& known) const {
    const auto request = wire::wechatpay::parse_codepay(ask.body);
    if (!request) return std::unexpected(request.error());
    if (auto same = must_be(ask.merchant, request->mchid, Location::body); !same)
        return std::unexpected(std::move(same).error());
    const auto owner = owner_of_code_(request->auth_code, known.directory);
    if (!owner) return refused(owner.error(), "", "", "", Location::body);
    auto command = charge_of(*request, ask.merchant);
    command.to = *owner;
    return command;
}

std::optional<PaymentId> Operations::awaited(const Ask& ask, const Result<engine::Answer>& answer) {
    if (ask.route.operation != Operation::codepay || !answer) return std::nullopt;
    const auto& charge = std::get<engine::OrderAnswer>(*answer).charge;
    ENSURE(charge.has_value());
    const bool waits = charge->status == switching::PaymentStatus::reserved;
    return waits ? std::optional{charge->payment} : std::nullopt;
}

Command Operations::look_again(const Ask& ask) {
    const auto request = wire::wechatpay::parse_codepay(ask.body);
    ENSURE(request.has_value());  // It made a command before.
    return engine::QueryOrder{
        .order = {.merchant = ask.merchant.id(), .out_trade_no = request->out_trade_no}
    };
}

Reply Operations::reply(const Ask& ask, Result<engine::Answer> answer) const {
    if (!answer) return refusal(located(answer.error(), ask));
    if (const auto* refund = std::get_if<engine::RefundAnswer>(&*answer))
        return yes(door::refund_json(refund->refund, refund->order));
    const auto* found = std::get_if<engine::OrderAnswer>(&*answer);
    ENSURE(found != nullptr);
    return order_reply(ask, *found);
}

Reply Operations::order_reply(const Ask& ask, const engine::OrderAnswer& found) const {
    const Order& order = found.order;
    const Operation operation = ask.route.operation;
    if (operation == Operation::order_close) return done();
    if (operation == Operation::order_reverse) return yes(reversed(ask, order));
    if (operation == Operation::codepay) return charge_reply(ask, found);
    if (posts(operation)) return yes(prepay_result(order));
    // An order has no transaction_id before it is paid, so by that it cannot be found.
    if (operation == Operation::order_by_transaction_id &&
        order.state.status != acquiring::OrderStatus::paid)
        return refusal(Error::order_not_found);
    return yes(door::transaction_json(order, ask.merchant.terms.mchid, openids_, found.charge));
}

// A charge that came to nothing is an error; one that is still to be decided is accepted, and the
// till asks again (4.5).
Reply Operations::charge_reply(const Ask& ask, const engine::OrderAnswer& found) const {
    ENSURE(found.charge.has_value());
    if (found.charge->decline != Error::count_) return refusal(found.charge->decline);
    Reply reply =
        yes(door::transaction_json(found.order, ask.merchant.terms.mchid, openids_, found.charge));
    if (found.charge->status != switching::PaymentStatus::completed) reply.status = accepted;
    return reply;
}

std::string Operations::prepay_result(const Order& order) const {
    const wire::wechatpay::PrepayId prepay{order.id(), order.terms.created_at};
    const TradeType type = door::trade_type_of(order.terms.trade_type);
    switch (type) {
        case TradeType::native:
            return wire::wechatpay::prepay_result(
                type, wire::wechatpay::code_url(codes_.code_token(order.id())));
        case TradeType::h5:
            return wire::wechatpay::prepay_result(
                type, wire::wechatpay::h5_url(
                          options_.h5_base_url,
                          {.prepay = prepay, .package = codes_.h5_package(order.id())}));
        case TradeType::jsapi:
        case TradeType::app:
            return wire::wechatpay::prepay_result(type, wire::wechatpay::to_text(prepay));
        case TradeType::micropay:
            break;  // Not made by a prepay request.
    }
    std::unreachable();
}

Reply Operations::certificates(const Ask& ask, const engine::Directory& directory,
                               Instant now) const {
    const auto query = wire::wechatpay::parse_certificates_query(ask.query);
    if (!query) return refusal(query.error());
    const auto listed = listed_keys(query->algorithm, directory, now);
    if (listed.empty() || ask.merchant.state.key_mode == acquiring::KeyMode::public_key)
        return refusal(Error::platform_certificates_unused);
    const auto key = keys_.apiv3_key(ask.merchant);
    if (!key) return refusal(Error::store_failed);  // Sealed under another master key.
    auto body = certificates_body(listed, **key);
    if (!body) return refusal(Error::store_failed);
    return yes(*std::move(body));
}

}  // namespace huitong::gateway::merchant
