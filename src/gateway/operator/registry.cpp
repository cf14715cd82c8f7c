// Merchants and keys.
#include <algorithm>
#include <utility>

#include "crypto/certificate.hpp"
#include "crypto/random.hpp"
#include "gateway/door/in_force.hpp"
#include "gateway/door/platform_signer.hpp"
#include "gateway/operator/bootstrap.hpp"
#include "gateway/operator/impl.hpp"
#include "gateway/operator/key_facts.hpp"
#include "wire/picture/formats.hpp"

namespace huitong::gateway::operator_door {
namespace {

constexpr std::size_t apiv3_key_characters = 32;

}  // namespace

ParticipantId OperatorDoor::Impl::institution(const Exchange& exchange, Role role) const {
    if (options_.institution.named()) return options_.institution;
    for (const auto& [id, participant] : exchange.directory->participants) {
        if (participant.state.*role) return id;
    }
    return {};
}

void OperatorDoor::Impl::create_merchant(const ExchangePtr& exchange) {
    auto body = parse_merchant(exchange->request.body);
    if (!body) return exchange->no(body.error());
    if (body->apiv3_key.empty()) body->apiv3_key = crypto::random_alnum(apiv3_key_characters);
    if (!body->participant.named())
        body->participant =
            institution(*exchange, &switching::ParticipantState::acquiring_institution);
    const auto* acquirer = exchange->directory->participants.find(body->participant);
    if (acquirer == nullptr) return exchange->no(Error::participant_not_found);
    if (!acquirer->state.acquiring_institution)
        return exchange->no({Error::field_range, "/participant_id", "",
                             "is no acquiring institution", wire::json::Location::body});
    auto command = make_merchant({.mchid = body->mchid,
                                  .name = body->name,
                                  .appids = body->appids,
                                  .key_mode = body->key_mode,
                                  .key_family = body->key_family,
                                  .notify_url = body->notify_url,
                                  .institution = body->participant,
                                  .apiv3_key = body->apiv3_key},
                                 parts_.master);
    ask(exchange, std::move(command), [exchange, key = body->apiv3_key](engine::Request& back) {
        // Just opened, hence empty.
        Balances balances{};
        exchange->yes(merchant_json({.merchant = as<acquiring::Merchant>(back),
                                     .balances = balances,
                                     .apiv3_key = key}),
                      201);
    });
}

std::optional<Balances> OperatorDoor::Impl::balances_of(const acquiring::Merchant& merchant) const {
    if (!parts_.ports.account) return std::nullopt;
    const AccountId ids[] = {merchant.terms.unsettled, merchant.terms.available,
                             merchant.terms.frozen};
    Balances balances{};
    for (std::size_t i = 0; i < balances.size(); ++i) {
        const auto account = parts_.ports.account(ids[i]);
        if (!account || !*account) return std::nullopt;
        balances[i] = **account;
    }
    return balances;
}

std::string OperatorDoor::Impl::told(const acquiring::Merchant& merchant) const {
    return merchant_json({.merchant = merchant, .balances = balances_of(merchant)});
}

void OperatorDoor::Impl::list_merchants(const ExchangePtr& exchange) {
    const auto page = parse_page(*exchange);
    if (!page) return exchange->no(page.error());
    on_lists(exchange, [this, exchange, page = *page] {
        const auto found = page_of(exchange->directory->merchants, page);
        PageView view = page_view(found, page);
        for (const auto* merchant : found) view.items.push_back(told(*merchant));
        exchange->yes(page_json(view));
    });
}

const acquiring::Merchant* OperatorDoor::Impl::merchant_of(const ExchangePtr& exchange) const {
    const auto* merchant =
        exchange->directory->merchants.find(NaturalKey{0, exchange->parameters.front()});
    if (merchant == nullptr) exchange->no(Error::merchant_not_found);
    return merchant;
}

void OperatorDoor::Impl::get_merchant(const ExchangePtr& exchange) {
    const auto* merchant = merchant_of(exchange);
    if (merchant == nullptr) return;
    on_lists(exchange, [this, exchange, merchant] { exchange->yes(told(*merchant)); });
}

void OperatorDoor::Impl::freeze_merchant(const ExchangePtr& exchange) {
    set_merchant_status(exchange, acquiring::MerchantStatus::frozen);
}

void OperatorDoor::Impl::unfreeze_merchant(const ExchangePtr& exchange) {
    set_merchant_status(exchange, acquiring::MerchantStatus::active);
}

void OperatorDoor::Impl::set_merchant_status(const ExchangePtr& exchange,
                                             acquiring::MerchantStatus status) {
    const auto* merchant = merchant_of(exchange);
    if (merchant == nullptr) return;
    ask(exchange, acquiring::ChangeMerchant{.merchant = merchant->id(), .status = status},
        [this, exchange](engine::Request& back) {
            exchange->yes(told(as<acquiring::Merchant>(back)));
        });
}

void OperatorDoor::Impl::get_plate(const ExchangePtr& exchange) {
    const auto* merchant = merchant_of(exchange);
    if (merchant == nullptr) return;
    const std::string code = plates_.code_of(merchant->id());
    const auto picture = wire::picture::Modules::of(code);
    if (!picture) return exchange->no(picture.error());
    exchange->yes(plate_json(code, wire::picture::to_svg(*picture)));
}

void OperatorDoor::Impl::add_merchant_key(const ExchangePtr& exchange) {
    const auto* merchant = merchant_of(exchange);
    if (merchant == nullptr) return;
    const auto body = parse_key(exchange->request.body);
    if (!body) return exchange->no(body.error());
    const auto facts = key_facts(*body, exchange->now);
    if (!facts) return exchange->no(facts.error());
    acquiring::AddMerchantKey command{
        .terms = {.merchant = merchant->id(),
                  .serial = facts->serial,
                  .public_key_pem = facts->public_key_pem,
                  .not_before = facts->not_before,
                  .not_after = facts->not_after}
    };
    ask(exchange, std::move(command), [exchange](engine::Request& back) {
        exchange->yes(merchant_key_json(as<acquiring::MerchantKey>(back)), 201);
    });
}

void OperatorDoor::Impl::list_merchant_keys(const ExchangePtr& exchange) {
    const auto* merchant = merchant_of(exchange);
    if (merchant == nullptr) return;
    PageView view;
    for (const auto& [id, key] : exchange->directory->merchant_keys) {
        if (key.terms.merchant == merchant->id() && !key.state.revoked)
            view.items.push_back(merchant_key_json(key));
    }
    std::ranges::reverse(view.items);
    exchange->yes(page_json(view));
}

void OperatorDoor::Impl::delete_merchant_key(const ExchangePtr& exchange) {
    const auto* merchant = merchant_of(exchange);
    if (merchant == nullptr) return;
    const auto serial = crypto::canonical_serial(exchange->parameters.back());
    const auto* key =
        serial ? exchange->directory->merchant_keys.find(NaturalKey{0, *serial}) : nullptr;
    if (key == nullptr || key->terms.merchant != merchant->id())
        return exchange->no(Error::path_unknown);
    ask(exchange,
        acquiring::RevokeMerchantKey{.merchant = merchant->id(), .serial = key->terms.serial},
        [exchange](engine::Request&) { exchange->done(); });
}

void OperatorDoor::Impl::get_platform_keys(const ExchangePtr& exchange) {
    const auto& keys = exchange->directory->platform_keys;
    const auto current = door::choose_platform_key(keys, {.requested = {}, .now = exchange->now});
    if (!current) return exchange->no(Error::path_unknown);
    const auto sm2 = door::choose_platform_key(
        keys, {.requested = {}, .family = acquiring::KeyFamily::sm2, .now = exchange->now});
    PlatformKeysView view{
        .certificates = {}, .current = *current->key, .current_sm2 = sm2 ? sm2->key : nullptr};
    for (const auto& [id, key] : keys) {
        if (door::in_force(key, exchange->now)) view.certificates.push_back(&key);
    }
    std::ranges::reverse(view.certificates);
    exchange->yes(platform_keys_json(view));
}

}  // namespace huitong::gateway::operator_door
