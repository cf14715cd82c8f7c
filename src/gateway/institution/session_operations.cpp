// Sign-on, sign-off, key change.
#include "crypto/bytes.hpp"
#include "crypto/certificate.hpp"
#include "crypto/digest.hpp"
#include "gateway/institution/impl.hpp"
#include "wire/institution/session.hpp"

namespace huitong::gateway::institution {
namespace {

constexpr std::size_t session_name_bytes = 16;

wire::json::FieldError defect(Error error, std::string_view pointer, std::string_view issue) {
    return {error, std::string(pointer), "", std::string(issue), wire::json::Location::body};
}

// The same sign-on names the same session: a repeat opens no second one.
std::string session_name(const Caller& caller, std::string_view text) {
    const auto digest = crypto::sha256(caller.participant->terms.code + "\n" + std::string(text));
    return crypto::to_hex(crypto::as_text(digest).substr(0, session_name_bytes));
}

}  // namespace

// On the pool: it must be signed.
void InstitutionDoor::Impl::sign_on(const ExchangePtr& exchange) {
    const auto wish = wire::institution::parse_sign_on(exchange->request.body);
    if (!wish) return no(exchange, wish.error());
    const OwnKeyPtr own = parts_.keys.find(wish->key_serial);
    if (own == nullptr)
        return no(exchange, defect(Error::field_range, "/key_serial", "is no key of ours"));
    auto key = own->key.decrypt(wish->encrypted_key);
    if (!key || key->size() != session_key_bytes)
        return no(exchange, defect(Error::decryption_failed, "/encrypted_key",
                                   "is no session key of 32 bytes under that key"));
    const LinkSessionPtr session =
        sessions_.open({.name = session_name(exchange->caller, exchange->text),
                        .participant = exchange->from(),
                        .signed_by = exchange->caller.key->id(),
                        .mac = wish->mac,
                        .key = *std::move(key),
                        .expires_at = exchange->now + session_life});
    metrics_.sign_ons.fetch_add(1, std::memory_order_relaxed);
    yes(exchange, to_json(wire::institution::SessionOpened{.session = session->name,
                                                           .expires_at = session->expires_at}));
}

void InstitutionDoor::Impl::sign_off(const ExchangePtr& exchange) {
    const auto body = wire::institution::parse_empty(exchange->request.body);
    if (!body) return no(exchange, body.error());
    const LinkSession* session = exchange->caller.session.get();
    const std::size_t ended = session != nullptr ? sessions_.end(exchange->from(), session->name)
                                                 : sessions_.end_all(exchange->from());
    yes(exchange, to_json(wire::institution::SessionsEnded{static_cast<std::int64_t>(ended)}));
}

void InstitutionDoor::Impl::change_key(const ExchangePtr& exchange) {
    const auto next = wire::institution::parse_next_key(exchange->request.body);
    if (!next) return no(exchange, next.error());
    const auto key = crypto::PublicKey::load(next->public_key_pem);
    if (!key)
        return no(exchange, defect(Error::key_invalid, "/public_key_pem",
                                   "is no SM2 key, nor an RSA key of 2048 to 4096 bits"));
    const auto serial = crypto::canonical_serial(next->serial);
    if (!serial) return no(exchange, defect(Error::field_format, "/serial", "is too long"));
    switching::AddParticipantKey command{
        .terms = {.participant = exchange->from(),
                  .serial = *serial,
                  .public_key_pem = key->to_pem(),
                  .not_before = next->not_before,
                  .not_after = next->not_after}
    };
    ask(exchange, std::move(command), [this, exchange](engine::Request& back) {
        const auto& kept = as<switching::ParticipantKey>(back).terms;
        yes(exchange, to_json(wire::institution::NextKey{.serial = kept.serial,
                                                         .public_key_pem = kept.public_key_pem,
                                                         .not_before = kept.not_before,
                                                         .not_after = kept.not_after}));
    });
}

}  // namespace huitong::gateway::institution
