#include "apps/institutions.hpp"

#include <algorithm>
#include <filesystem>

#include "apps/input.hpp"
#include "crypto/bytes.hpp"
#include "crypto/certificate.hpp"
#include "crypto/digest.hpp"
#include "wire/emvqr/consumer_code.hpp"
#include "wire/emvqr/schemes.hpp"
#include "wire/emvqr/unionpay.hpp"
#include "wire/paycode/recognise.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::apps {
namespace {

namespace institution = gateway::institution;
namespace iso8583 = gateway::iso8583;
namespace emvqr = wire::emvqr;
using switching::CodeForm;
using switching::CodeMarks;
using wire::paycode::CodeKind;

constexpr std::string_view key_context = "institution/key";
constexpr std::size_t serial_characters = 40;

std::string upper(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return out;
}

// Of a URL what stands between the slashes: the host, or the name of an app.
std::string authority(std::string_view url) {
    const auto start = url.find("://");
    if (start == url.npos) return {};
    url.remove_prefix(start + 3);
    return upper(url.substr(0, url.find_first_of("/?#")));
}

Result<CodeMarks> merchant_marks(std::string_view code) {
    const auto decoded = emvqr::decode_mpm(code);
    if (!decoded) return refuse(Error::code_unowned);
    CodeMarks found{CodeForm::emv_merchant, {}};
    for (const emvqr::Account& account : emvqr::accounts_of(decoded->objects())) {
        if (!account.id.empty()) {
            found.marks.push_back(upper(account.id));
            continue;
        }
        const bool unionpay = account.tag == 15 || account.tag == 16;  // emv-qr section 3
        const auto owner = emvqr::parse_unionpay_account(decoded->objects().value(*account.object));
        if (unionpay && owner) found.marks.emplace_back(owner->acquirer);
    }
    return found;
}

// Whole or not at all: a server that dies here makes another key when it starts again.
Result<void> make_key(const std::string& file, const crypto::MasterKey& master) {
    const auto fresh = crypto::PrivateKey::generate(crypto::KeyAlgorithm::sm2);
    const std::string unfinished = file + ".new";
    std::error_code error;
    if (!write_file(unfinished, master.seal(key_context, fresh.to_pem().expose())))
        return refuse(Error::store_failed);
    using std::filesystem::perms;
    std::filesystem::permissions(unfinished, perms::owner_read | perms::owner_write, error);
    if (!error) std::filesystem::rename(unfinished, file, error);
    if (error) return refuse(Error::store_failed);
    return {};
}

Result<institution::OwnKey> open_key(const std::string& file, const crypto::MasterKey& master) {
    if (!std::filesystem::exists(file)) CHECK(make_key(file, master));
    TRY(pem, master.open(key_context, read_file(file)));
    TRY(key, crypto::PrivateKey::load(pem.expose()));
    const auto digest = crypto::sha256(key.public_key().to_der());
    const std::string hex = crypto::to_hex(crypto::as_text(digest));
    TRY(serial, crypto::canonical_serial(hex.substr(0, serial_characters)));
    return institution::OwnKey{.serial = std::move(serial), .key = std::move(key)};
}

}  // namespace

Result<CodeMarks> marks_of_code(std::string_view code) {
    switch (wire::paycode::recognise(code)) {
        case CodeKind::merchant_presented:
            return merchant_marks(code);
        case CodeKind::consumer_presented: {
            const auto decoded = emvqr::decode_cpm(code);
            if (!decoded) return refuse(Error::code_unowned);
            CodeMarks found{CodeForm::emv_consumer, {}};
            for (const emvqr::DataObject* application : decoded->applications()) {
                if (const auto aid = decoded->value(*application, 0x4f))
                    found.marks.push_back(upper(crypto::to_hex(*aid)));
            }
            return found;
        }
        case CodeKind::wechat_payment_code:
        case CodeKind::alipay_payment_code:
        case CodeKind::unionpay_payment_code:
        case CodeKind::bestpay_payment_code:
        case CodeKind::china_mobile_payment_code:
        case CodeKind::ecny_payment_code:
            return CodeMarks{CodeForm::digits, {std::string(code)}};
        case CodeKind::unionpay_url:
        case CodeKind::alipay_url:
        case CodeKind::wechat_url:
        case CodeKind::own_url:
            return CodeMarks{CodeForm::url, {authority(code)}};
        case CodeKind::karekod:
        case CodeKind::unknown:
            break;
    }
    return refuse(Error::code_unowned);
}

Result<std::unique_ptr<Institutions>> Institutions::make(InstitutionParts parts,
                                                         InstitutionOptions options) {
    TRY(key, open_key(options.key_file, parts.master));
    // Institutions are where the operator says they are, also in our own network.
    TRY(client, gateway::http::Client::make(parts.io, {.allow_private_addresses = true,
                                                       .connections_per_host_max = 64,
                                                       .queue_per_host_max = 20'000}));
    return std::unique_ptr<Institutions>(
        new Institutions(parts, std::move(options), std::move(key), std::move(client)));
}

Institutions::Institutions(InstitutionParts parts, InstitutionOptions options,
                           institution::OwnKey key, std::unique_ptr<gateway::http::Client> client)
    : parts_(parts),
      code_(std::move(options.code)),
      keys_(std::move(key)),
      tokens_(parts.secrets),
      codes_(parts.secrets.code_key),
      plates_(parts.secrets.code_key),
      client_(std::move(client)),
      mailbox_(parts.pool),
      courier_({.heart = heart_port(),
                .clock = parts.clock,
                .link = [this](ParticipantId id) { return link_to(id); }},
               options.courier),
      resolver_({.recognise = marks_of_code,
                 .directory = heart_port().directory,
                 .hosted =
                     [this](std::string text, institution::HostedResolved done) {
                         resolve_hosted(std::move(text), std::move(done));
                     },
                 .forward =
                     [this](ParticipantId owner, std::string text, institution::Resolved done) {
                         forward(owner, std::move(text), std::move(done));
                     }},
                parts.clock, tokens_),
      door_(make_door()),
      iso8583_(make_iso8583_door(std::move(options.iso8583))) {}

std::unique_ptr<institution::InstitutionDoor> Institutions::make_door() {
    return std::make_unique<institution::InstitutionDoor>(
        institution::Parts{.heart = heart_port(),
                           .clock = parts_.clock,
                           .pool = parts_.pool,
                           .keys = keys_,
                           .tokens = tokens_,
                           .resolve = resolve_port(),
                           .recognise = marks_of_code,
                           .wait = wait_port(),
                           .plates = plates_},
        institution::Options{});
}

std::unique_ptr<iso8583::Iso8583Door> Institutions::make_iso8583_door(
    iso8583::DoorOptions options) {
    if (options.own_code.empty()) return nullptr;
    return std::make_unique<iso8583::Iso8583Door>(
        iso8583::Iso8583Door::Parts{
            .heart = heart_port(),
            .clock = parts_.clock,
            .io = parts_.io,
            .master = parts_.master,
            .waiters = courier_.waiters(),
            .find_payee =
                [this](ParticipantId from, std::string code, iso8583::PayeeFound done) {
                    find_payee(from, std::move(code), std::move(done));
                },
            .find_payer =
                [this](ParticipantId from, std::string_view code) {
                    return institution::owner_of_code(marks_of_code, *parts_.heart.directory(),
                                                      code, from);
                }},
        std::move(options));
}

Institutions::~Institutions() {
    courier_.stop();
}

void Institutions::start() {
    courier_.start();
    if (iso8583_ != nullptr) iso8583_->start();
}

void Institutions::stop(Duration at_most) {
    if (iso8583_ != nullptr) iso8583_->drain(at_most);
    courier_.stop();
}

gateway::door::HeartPort Institutions::heart_port() const {
    return {[&heart = parts_.heart](std::vector<engine::RequestPtr> requests) {
                heart.submit(std::move(requests));
            },
            [&heart = parts_.heart] { return heart.directory(); }};
}

std::shared_ptr<gateway::links::Link> Institutions::link_to(ParticipantId id) {
    const auto directory = parts_.heart.directory();
    const auto* participant = directory->participants.find(id);
    if (participant == nullptr) return nullptr;
    switch (participant->state.protocol) {
        case switching::Protocol::hosted:
            return nullptr;
        case switching::Protocol::json:
            return json_link(*participant);
        case switching::Protocol::iso8583:
            return iso8583_ == nullptr ? nullptr : iso8583_->link(id);
    }
    std::unreachable();
}

std::shared_ptr<institution::JsonLink> Institutions::json_link(
    const switching::Participant& participant) {
    const std::vector<std::string>& channels = participant.state.channels;
    if (channels.empty()) return nullptr;
    const std::lock_guard lock(mutex_);
    Kept& kept = links_[participant.id()];
    if (kept.link != nullptr && kept.channels == channels) return kept.link;
    auto made = institution::JsonLink::make(
        {
            .http = *client_,
            .clock = parts_.clock,
            .pool = parts_.pool,
            .keys = keys_,
            .directory = heart_port().directory
    },
        {.peer = {.peer = participant.id(), .code = code_, .channels = channels}});
    if (!made) return nullptr;
    kept = {channels, *std::move(made)};
    return kept.link;
}

void Institutions::resolve_hosted(std::string code, institution::HostedResolved done) {
    const auto token = wire::wechatpay::parse_code_url(code);
    const auto order = token ? codes_.order_of_code(*token) : refuse(Error::order_code_unknown);
    if (!order) return done(resolve_plate(code));
    const auto shared = std::make_shared<institution::HostedResolved>(std::move(done));
    parts_.heart.submit(std::make_unique<engine::Request>(
        engine::ResolveForLink{*order}, mailbox_, [this, shared](engine::Request& back) {
            if (!back.answer) return (*shared)(refuse(back.answer.error()));
            const auto& found = std::get<engine::OrderAnswer>(*back.answer);
            const auto payable = acquiring::payable_now(found.order, parts_.clock.now());
            if (!payable) return (*shared)(refuse(payable.error()));
            (*shared)(institution::HostedPayee{
                .order = found.order.id(),
                .resolution = {.payee_name = found.merchant_name,
                               .amount = found.order.amount(),
                               .subject = found.order.terms.description}
            });
        }));
}

// The payer enters the amount.
Result<institution::HostedPayee> Institutions::resolve_plate(const std::string& code) const {
    TRY(merchant, plates_.merchant_of(code));
    const auto directory = parts_.heart.directory();
    TRY(payee, gateway::door::Plates::payee(directory->merchants, merchant));
    return institution::HostedPayee{
        .plate = code,
        .resolution = {.payee_name = payee->state.name,
                       .code_kind = wire::institution::CodeKind::merchant_static}
    };
}

// ISO 8583 has no message that asks what is behind a code: the payer is told whose it is and enters
// the amount, and the code itself stands for the payee.
void Institutions::forward(ParticipantId owner, std::string code, institution::Resolved done) {
    const auto directory = parts_.heart.directory();
    const auto* participant = directory->participants.find(owner);
    if (participant == nullptr) return done(refuse(Error::participant_not_linked));
    if (participant->state.protocol == switching::Protocol::iso8583)
        return done(institution::Resolution{
            .payee_name = participant->state.name,
            .amount = std::nullopt,
            .subject = {},
            .resolve_token = std::move(code),
            .expires_at = parts_.clock.now() + institution::resolve_token_life});
    const auto link = json_link(*participant);
    if (link == nullptr) return done(refuse(Error::participant_not_linked));
    link->resolve(std::move(code), std::move(done));
}

// Who asks over ISO 8583 brings the code with the payment: resolved first, then paid.
void Institutions::find_payee(ParticipantId from, std::string code, iso8583::PayeeFound done) {
    resolver_.resolve(
        {.from = from, .code = std::move(code)},
        [this, from, done = std::move(done)](Result<institution::Resolution> found) mutable {
            if (!found) return done(refuse(found.error()));
            auto payee = tokens_.open(found->resolve_token, from, parts_.clock.now());
            if (!payee) return done(refuse(payee.error()));
            // A plate's order needs the amount and the key of a payment, which are not known here.
            if (payee->is_plate()) return done(refuse(Error::code_kind_not_open));
            done(iso8583::Payee{.code_kind = payee->code_kind,
                                .owner = payee->owner,
                                .order = payee->order,
                                .code = std::move(payee->inner)});
        });
}

std::vector<std::pair<std::string, gateway::links::LinkStatus>> Institutions::link_statuses()
    const {
    using switching::Protocol;
    const auto directory = parts_.heart.directory();
    std::vector<std::pair<std::string, gateway::links::LinkStatus>> named;
    const auto add = [&](gateway::links::LinkStatus status, Protocol protocol) {
        const auto* participant = directory->participants.find(status.institution);
        // A link that was kept from before the operator chose another protocol is none.
        if (participant != nullptr && participant->state.protocol == protocol)
            named.emplace_back(participant->terms.code, std::move(status));
    };
    if (iso8583_ != nullptr) {
        for (auto& status : iso8583_->statuses()) add(std::move(status), Protocol::iso8583);
    }
    const std::lock_guard lock(mutex_);
    for (const auto& [id, kept] : links_) {
        if (kept.link != nullptr) add(kept.link->status(), Protocol::json);
    }
    return named;
}

std::optional<gateway::links::LinkStatus> Institutions::link_status(ParticipantId id) const {
    for (auto& [code, status] : link_statuses()) {
        if (status.institution == id) return std::move(status);
    }
    return std::nullopt;
}

institution::ResolvePort Institutions::resolve_port() {
    return [this](institution::ResolveRequest request, institution::Resolved done) {
        resolver_.resolve(std::move(request), std::move(done));
    };
}

institution::WaitPort Institutions::wait_port() {
    return [this](PaymentId payment, Duration at_most, institution::PaymentDecided done) {
        courier_.waiters().wait(payment, parts_.clock.now(), at_most, std::move(done));
    };
}

gateway::wallet_door::OtherInstitutions Institutions::for_wallets() {
    return {.resolve = resolve_port(),
            .open = [this](std::string_view token) { return tokens_.read(token, {}); },
            .wait = wait_port()};
}

}  // namespace huitong::apps
