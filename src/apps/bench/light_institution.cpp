#include "apps/bench/light_institution.hpp"

#include <fmt/format.h>
#include <map>

#include "crypto/random.hpp"

namespace huitong::apps::bench {
namespace {

namespace institution = gateway::institution;
using switching::PaymentStatus;

constexpr ParticipantId the_other{1};
constexpr ParticipantId ourselves{2};
constexpr OrderId some_order{1};
// As many as there may be requests under way.
constexpr std::size_t connections_max = 256;
constexpr std::size_t waiting_max = 100'000;

institution::OwnKey fresh_key() {
    return {.serial = "5157F09EFDC096DE15EBE81A47057A72" + crypto::random_digits(8),
            .key = crypto::PrivateKey::generate(crypto::KeyAlgorithm::sm2)};
}

switching::Payment payment_of(const switching::RequestPayment& asked, PaymentId id) {
    switching::Payment payment;
    payment.terms.id = id;
    payment.terms.minor = asked.amount.minor;
    payment.terms.currency = asked.amount.currency;
    payment.terms.request_id = asked.request_id;
    payment.terms.kind = asked.kind;
    payment.terms.payer_link = asked.from;
    return payment;
}

}  // namespace

Result<std::unique_ptr<LightInstitution>> LightInstitution::make(std::string code) {
    std::unique_ptr<LightInstitution> made(new LightInstitution(std::move(code)));
    TRY(client, gateway::http::Client::make(made->io_, {.allow_private_addresses = true,
                                                        .connections_per_host_max = connections_max,
                                                        .queue_per_host_max = waiting_max}));
    made->client_ = std::move(client);
    made->door_ =
        std::make_unique<institution::InstitutionDoor>(made->door_parts(), institution::Options{});
    gateway::http::ServerOptions options;
    made->door_->serve(options);
    TRY(server, gateway::http::Server::start(made->io_, std::move(options)));
    made->server_ = std::move(server);
    return made;
}

LightInstitution::LightInstitution(std::string code) : code_(std::move(code)), keys_(fresh_key()) {}

LightInstitution::~LightInstitution() {
    server_.reset();
    pool_.stop();
    link_.reset();
    client_.reset();
}

PeerInstitution LightInstitution::as_peer() const {
    const auto key = keys_.current();
    return {.code = code_,
            .name = code_,
            .channels = {fmt::format("http://127.0.0.1:{}", server_->port())},
            .serial = key->serial,
            .public_key_pem = key->key.public_key().to_pem(),
            .cap_minor = amount_minor_max};
}

Result<void> LightInstitution::meet(const PeerInstitution& peer) {
    switching::Participant other;
    other.terms = {.id = the_other, .code = peer.code, .created_at = clock_.now()};
    other.state.protocol = switching::Protocol::json;
    other.state.channels = peer.channels;
    directory_->participants.load(other);
    switching::ParticipantKey key;
    key.terms = {.id = {1},
                 .participant = the_other,
                 .serial = peer.serial,
                 .public_key_pem = peer.public_key_pem,
                 .not_before = clock_.now() - days(1),
                 .not_after = clock_.now() + days(1)};
    directory_->participant_keys.load(key);
    switching::Participant own;
    own.terms = {.id = ourselves, .code = code_, .created_at = clock_.now()};
    directory_->participants.load(own);
    switching::CodeRule payer_codes;
    payer_codes.terms = {.id = {1},
                         .form = switching::CodeForm::digits,
                         .pattern = light_payer_code.substr(0, 2),
                         .length = static_cast<std::uint32_t>(light_payer_code.size()),
                         .participant = ourselves};
    directory_->code_rules.load(payer_codes);
    TRY(link, institution::JsonLink::make(
                  {
                      .http = *client_,
                      .clock = clock_,
                      .pool = pool_,
                      .keys = keys_,
                      .directory = heart().directory
    },
                  {.peer = {.peer = the_other, .code = code_, .channels = peer.channels}}));
    link_ = std::move(link);
    return {};
}

gateway::door::HeartPort LightInstitution::heart() {
    return {[this](std::vector<engine::RequestPtr> requests) { answer(std::move(requests)); },
            [this]() -> std::shared_ptr<const engine::Directory> { return directory_; }};
}

institution::Parts LightInstitution::door_parts() {
    return {.heart = heart(),
            .clock = clock_,
            .pool = pool_,
            .keys = keys_,
            .tokens = tokens_,
            .resolve =
                [this](const institution::ResolveRequest& asked, institution::Resolved done) {
                    const Instant end = clock_.now() + institution::resolve_token_life;
                    const auto token =
                        tokens_.seal({.asked_by = asked.from,
                                      .code_kind = switching::CodeKind::merchant_static,
                                      .owner = {},
                                      .order = some_order,
                                      .inner = {},
                                      .expires_at = end});
                    if (!token) return done(refuse(token.error()));
                    done(institution::Resolution{
                        .payee_name = code_,
                        .code_kind = wire::institution::CodeKind::merchant_static,
                        .amount = {},
                        .subject = "bench",
                        .resolve_token = *token,
                        .expires_at = end});
                },
            .recognise = [](std::string_view code) -> Result<switching::CodeMarks> {
                return switching::CodeMarks{switching::CodeForm::digits, {std::string(code)}};
            },
            .wait = [](PaymentId, Duration, institution::PaymentDecided done) { done({}); },
            .plates = plates_};
}

Result<engine::Answer> LightInstitution::answer_to(const engine::Command& command) {
    if (const auto* asked = std::get_if<switching::RequestPayment>(&command)) {
        auto payment = payment_of(*asked, PaymentId{++last_payment_});
        payment.terms.created_at = clock_.now();
        payment.state.status = PaymentStatus::reserved;
        payment.state.accepted = true;
        return payment;
    }
    if (std::holds_alternative<switching::CommitPayment>(command)) return switching::Payment{};
    if (std::holds_alternative<switching::ReversePayment>(command)) return switching::Payment{};
    return refuse(Error::payment_not_found);
}

void LightInstitution::answer(std::vector<engine::RequestPtr> requests) {
    std::map<engine::Mailbox*, std::vector<engine::RequestPtr>> answered;
    for (auto& request : requests) {
        request->answer = answer_to(request->command);
        engine::Mailbox* home = request->home;
        answered[home].push_back(std::move(request));
    }
    for (auto& [home, letters] : answered) home->deliver(std::move(letters));
}

}  // namespace huitong::apps::bench
