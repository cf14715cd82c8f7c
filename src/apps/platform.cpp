#include "apps/platform.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "apps/ask.hpp"
#include "apps/institutions.hpp"
#include "apps/log.hpp"
#include "apps/platform_ports.hpp"
#include "apps/store.hpp"
#include "apps/version.hpp"
#include "crypto/random.hpp"
#include "crypto/seal.hpp"
#include "gateway/door/codes.hpp"
#include "gateway/http/client.hpp"
#include "gateway/http/server.hpp"
#include "gateway/json_door/people.hpp"
#include "gateway/json_door/reply.hpp"
#include "gateway/json_door/router.hpp"
#include "gateway/json_door/session_tokens.hpp"
#include "gateway/merchant/door.hpp"
#include "gateway/notices/courier.hpp"
#include "gateway/notices/http_send.hpp"
#include "gateway/observability/door.hpp"
#include "gateway/observability/link_sources.hpp"
#include "gateway/observability/sources.hpp"
#include "gateway/operator/bootstrap.hpp"
#include "gateway/operator/door.hpp"
#include "gateway/pages/pages.hpp"
#include "gateway/wallet/door.hpp"
#include "store/sqlite/notices.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::apps {

namespace http = gateway::http;
namespace door = gateway::door;

namespace {

constexpr Duration drain_at_most = seconds(20);
constexpr std::chrono::milliseconds courier_grace{2'000};
constexpr std::size_t one_time_password_length = 16;
constexpr std::size_t signatures_at_once = 64;  // at a quarter of a millisecond each

Result<crypto::MasterKey> open_master_key(const std::string& file) {
    if (std::filesystem::exists(file)) return crypto::MasterKey::load(file);
    return crypto::MasterKey::create(file);
}

door::DoorSecrets secrets_of(const crypto::MasterKey& master) {
    return {.code_key = master.derive("order codes"),
            .openid_key = master.derive("openids"),
            .session_key = master.derive("sessions")};
}

http::ServerOptions server_options(const DoorConfig& config) {
    http::ServerOptions options;
    options.address = config.address;
    options.port = config.port;
    options.allow_plain_http = config.allow_plain_http;
    if (!config.certificate_file.empty()) {
        options.tls = http::TlsOptions{.certificate_file = config.certificate_file,
                                       .key_file = config.key_file};
        if (!config.client_ca_file.empty()) {
            options.tls->client_certificates = http::ClientCertificates::required;
            options.tls->client_ca_file = config.client_ca_file;
        }
    }
    return options;
}

gateway::iso8583::DoorOptions iso8583_options(const Iso8583Config& config) {
    gateway::iso8583::DoorOptions options;
    options.own_code = config.institution_code;
    options.allow = *gateway::iso8583::AllowList::parse(config.allow);  // read_config has read it.
    if (config.working_keys == "SM4") options.member.key_kind = crypto::BlockAlgorithm::sm4;
    return options;
}

std::string address_of(const std::string& host, std::uint16_t port) {
    const bool v6 = host.find(':') != std::string::npos;
    return fmt::format("{}{}{}:{}", v6 ? "[" : "", host, v6 ? "]" : "", port);
}

std::string url_of(const DoorConfig& config, const http::Server& server) {
    return fmt::format("{}://{}", config.certificate_file.empty() ? "http" : "https",
                       address_of(config.address, server.port()));
}

}  // namespace

class Platform::Impl {
public:
    Impl(const Config& config, Store store, crypto::MasterKey master, store::sqlite::Vault vault,
         std::unique_ptr<engine::NoticeStore> notices)
        : config_(config),
          store_(std::move(store)),
          master_(std::move(master)),
          vault_(std::move(vault)),
          notice_store_(std::move(notices)),
          secrets_(secrets_of(master_)),
          heart_(*store_.journal, *store_.tables, clock_, config.heart),
          io_(config.io_threads),
          crypto_({.name = "crypto",
                   .threads = config.crypto_threads,
                   .tasks_at_once = signatures_at_once}),
          notice_pool_({.name = "notices", .threads = 1, .urgency = door::Urgency::idle}),
          password_pool_({.name = "passwords", .threads = 1}),
          list_pool_({.name = "lists", .threads = 1}) {}

    Result<void> start(std::string& why);
    ~Impl();

    Result<void> start_heart();
    Result<void> bootstrap();
    Result<void> open_doors();
    Result<void> open_portal();
    Result<void> open_merchant_door();
    Result<void> open_observability();
    Result<void> open_institutions();
    Result<void> start_courier();
    void add_metrics();
    [[nodiscard]] door::HeartPort heart_port() {
        return {[this](std::vector<engine::RequestPtr> requests) {
                    heart_.submit(std::move(requests));
                },
                [this] { return heart_.directory(); }};
    }
    [[nodiscard]] gateway::json_door::VaultPort vault_port() {
        return {[this](std::uint64_t subject, std::string_view wrapped) {
                    return vault_.put(subject, wrapped);
                },
                [this](std::uint64_t subject) { return vault_.get(subject); }};
    }
    [[nodiscard]] auto wait_stored_port() {
        return [this](Sequence sequence, std::chrono::milliseconds at_most) {
            return heart_.wait_stored(sequence, at_most);
        };
    }

    // In order of construction: what stands on something comes after it.
    Config config_;
    Store store_;
    crypto::MasterKey master_;
    store::sqlite::Vault vault_;
    std::unique_ptr<engine::NoticeStore> notice_store_;
    door::DoorSecrets secrets_;
    engine::SystemClock clock_;
    engine::Heart heart_;
    http::IoThreads io_;
    door::WorkPool crypto_, notice_pool_, password_pool_, list_pool_;
    door::KeyRing keys_{master_};
    door::KeyRing notice_keys_{master_};  // of its own: OpenSSL locks inside a key
    std::unique_ptr<Institutions> institutions_;
    std::unique_ptr<http::Client> client_;
    std::unique_ptr<gateway::notices::NoticeCourier> courier_;
    std::unique_ptr<gateway::merchant::MerchantDoor> merchant_door_;
    std::unique_ptr<gateway::wallet_door::WalletDoor> wallet_door_;
    std::unique_ptr<gateway::operator_door::OperatorDoor> operator_door_;
    std::optional<gateway::pages::Pages> pages_;
    gateway::json_door::Router router_;
    gateway::observability::MetricsPage metrics_;
    std::unique_ptr<gateway::observability::ObservabilityDoor> observability_door_;
    std::unique_ptr<http::Server> merchant_server_, portal_server_, observability_server_,
        institution_server_;
    std::string merchant_url_, portal_url_, observability_url_, institution_url_, iso8583_address_;
    std::string one_time_password_;
};

Result<void> Platform::Impl::start(std::string& why) {
    const auto step = [&why](const char* what, Result<void> done) {
        if (!done) why = fmt::format("{}: {}", what, explain(done.error()));
        return done;
    };
    CHECK(step("the journal or the tables", start_heart()));
    CHECK(step("the first start", bootstrap()));
    CHECK(step("the notices", start_courier()));
    CHECK(step("the doors (is another server using the port?)", open_doors()));
    add_metrics();
    return {};
}

Result<void> Platform::Impl::start_heart() {
    http::ClientOptions client;
    client.allow_private_addresses = config_.notices_to_private_addresses;
    TRY(made, http::Client::make(io_, client));
    client_ = std::move(made);
    courier_ = std::make_unique<gateway::notices::NoticeCourier>(
        gateway::notices::CourierParts{
            .store = *notice_store_,
            .clock = clock_,
            .fetch = [this](const Miss& miss) { return store_.tables->fetch(miss); },
            .directory = [this] { return heart_.directory(); },
            .secrets = secrets_,
            .keys = notice_keys_,
            .pool = notice_pool_,
            .send = gateway::notices::send_by(*client_)},
        gateway::notices::CourierOptions{.signature_probe_every = config_.signature_probe_every});
    CHECK(courier_->load());
    TRY(cursor, courier_->cursor());
    heart_.add_follower(
        cursor, [this](std::span<const engine::ReadEntry> entries) { courier_->follow(entries); });
    TRY(institutions,
        Institutions::make({.heart = heart_,
                            .clock = clock_,
                            .io = io_,
                            .pool = crypto_,
                            .secrets = secrets_,
                            .master = master_},
                           {.code = config_.institution_code,
                            .key_file = (store_.directory.root() / "institution.key").string(),
                            .iso8583 = iso8583_options(config_.iso8583)}));
    institutions_ = std::move(institutions);
    heart_.set_courier(institutions_->courier());
    return heart_.start();
}

// A first start makes what nothing can do without: platform keys, an institution, an operator.
Result<void> Platform::Impl::bootstrap() {
    const auto directory = heart_.directory();
    for (const auto family : {acquiring::KeyFamily::rsa, acquiring::KeyFamily::sm2}) {
        const auto is_of = [family](const auto& entry) {
            return entry.second.terms.key_family == family;
        };
        if (std::ranges::any_of(directory->platform_keys, is_of)) continue;
        TRY(key,
            gateway::operator_door::make_platform_key("Huitong", family, clock_.now(), master_));
        CHECK(ask(heart_, std::move(key)));
    }
    if (directory->participants.size() == 0) {
        TRY(house, ask(heart_, switching::RegisterParticipant{
                                   .code = "HOUSE", .state = {"Huitong", true, true}
        }));
        // What our own users show is ours.
        CHECK(
            ask(heart_, switching::SetCodeRule{
                            .terms = {.form = switching::CodeForm::digits,
                                      .pattern = config_.payer_code_prefix,
                                      .length = gateway::wallet_door::payer_code_digits,
                                      .participant = std::get<switching::Participant>(house).id()},
                            .state = {}
        }));
    }
    if (directory->operators.size() == 0) {
        one_time_password_ = crypto::random_alnum(one_time_password_length);
        TRY(first, gateway::operator_door::make_operator(
                       "admin", crypto::Secret(one_time_password_), master_));
        CHECK(ask(heart_, std::move(first)));
    }
    return {};
}

Result<void> Platform::Impl::start_courier() {
    courier_->start();
    institutions_->start();
    return {};
}

Result<void> Platform::Impl::open_doors() {
    CHECK(open_portal());
    CHECK(open_merchant_door());
    CHECK(open_institutions());
    return open_observability();
}

Result<void> Platform::Impl::open_merchant_door() {
    gateway::merchant::Options options;
    options.operations.h5_base_url = config_.public_url.empty() ? portal_url_ : config_.public_url;
    options.operations.check_openid = config_.check_openid;
    options.signature_probe_every = config_.signature_probe_every;
    merchant_door_ = std::make_unique<gateway::merchant::MerchantDoor>(
        gateway::merchant::Parts{.heart = heart_port(),
                                 .clock = clock_,
                                 .pool = crypto_,
                                 .keys = keys_,
                                 .secrets = secrets_,
                                 .owner_of_code = owner_of_payer_code,
                                 .wait =
                                     [this](PaymentId payment, Duration at_most, auto done) {
                                         institutions_->courier().waiters().wait(
                                             payment, clock_.now(), at_most,
                                             [done = std::move(done)](auto&&) mutable { done(); });
                                     }},
        options);
    http::ServerOptions merchant = server_options(config_.merchant);
    merchant_door_->serve(merchant);
    TRY(merchant_server, http::Server::start(io_, std::move(merchant)));
    merchant_server_ = std::move(merchant_server);
    merchant_url_ = url_of(config_.merchant, *merchant_server_);
    return {};
}

Result<void> Platform::Impl::open_observability() {
    observability_door_ =
        std::make_unique<gateway::observability::ObservabilityDoor>(metrics_, [this] {
            return heart_.ready() ? std::vector<std::string>{}
                                  : std::vector<std::string>{"the store takes no writes"};
        });
    http::ServerOptions observability = server_options(config_.observability);
    observability.handler = observability_door_->handler();
    observability.error_writer = gateway::json_door::refuse_broken;
    TRY(observability_server, http::Server::start(io_, std::move(observability)));
    observability_server_ = std::move(observability_server);
    observability_url_ = url_of(config_.observability, *observability_server_);
    return {};
}

Result<void> Platform::Impl::open_institutions() {
    http::ServerOptions options = server_options(config_.institution);
    institutions_->door().serve(options);
    TRY(server, http::Server::start(io_, std::move(options)));
    institution_server_ = std::move(server);
    institution_url_ = url_of(config_.institution, *institution_server_);
    gateway::iso8583::Iso8583Door* door = institutions_->iso8583_door();
    if (door == nullptr) return {};
    TRY(port, door->listen(config_.iso8583.address, config_.iso8583.port));
    iso8583_address_ = address_of(config_.iso8583.address, port);
    return {};
}

Result<void> Platform::Impl::open_portal() {
    wallet_door_ = std::make_unique<gateway::wallet_door::WalletDoor>(
        gateway::wallet_door::Parts{.heart = heart_port(),
                                    .clock = clock_,
                                    .tables = *store_.tables,
                                    .wait_stored = wait_stored_port(),
                                    .master = master_,
                                    .secrets = secrets_,
                                    .vault = vault_port(),
                                    .keys = keys_,
                                    .passwords = password_pool_,
                                    .lists = list_pool_,
                                    .others = institutions_->for_wallets()},
        gateway::wallet_door::Options{
            .payer_code_prefix = config_.payer_code_prefix,
            .payer_confirmation = config_.heart.rules.switching.payer_confirmation});
    auto ports =
        operator_ports(heart_, *store_.journal, *courier_, store_.directory.root(), *institutions_);
    ports.own_institution = [this] {
        return gateway::operator_door::OwnInstitution{
            .code = config_.institution_code,
            .url = institution_url_,
            .serial = institutions_->serial(),
            .public_key_pem = institutions_->public_key_pem()};
    };
    operator_door_ = std::make_unique<gateway::operator_door::OperatorDoor>(
        gateway::operator_door::Parts{
            .heart = heart_port(),
            .clock = clock_,
            .tables = *store_.tables,
            .committed = [this] { return Sequence{heart_.counters().committed}; },
            .wait_stored = wait_stored_port(),
            .master = master_,
            .secrets = secrets_,
            .vault = vault_port(),
            .ports = std::move(ports),
            .passwords = password_pool_,
            .lists = list_pool_},
        gateway::operator_door::Options{});

    router_.add(std::string(gateway::wallet_door::path_prefix), wallet_door_->handler());
    router_.add(std::string(gateway::operator_door::path_prefix), operator_door_->handler());
    auto pages = config_.portal.empty() ? refuse(Error::path_unknown)
                                        : gateway::pages::Pages::load(config_.portal);
    if (pages) {
        pages_ = std::move(*pages);
        router_.add("", pages_->handler());
    } else if (!config_.portal.empty()) {
        log_error("no_pages", {
                                  {"folder", config_.portal                          },
                                  {"text",   "the pages are not built: npm run build"}
        });
    }
    http::ServerOptions options = server_options(config_.portal_door);
    options.handler = router_.handler();
    options.error_writer = gateway::json_door::refuse_broken;
    TRY(server, http::Server::start(io_, std::move(options)));
    portal_server_ = std::move(server);
    portal_url_ = url_of(config_.portal_door, *portal_server_);
    return {};
}

void Platform::Impl::add_metrics() {
    using namespace gateway::observability;
    metrics_.add(build_source({std::string(version), std::string(commit)}));
    metrics_.add(process_source());
    metrics_.add(heart_source(heart_.counters()));
    metrics_.add(http_source("merchant", merchant_server_->metrics()));
    metrics_.add(http_source("portal", portal_server_->metrics()));
    metrics_.add(http_source("observability", observability_server_->metrics()));
    metrics_.add(http_source("institution", institution_server_->metrics()));
    metrics_.add(institution_source(institutions_->door().metrics()));
    if (const auto* iso8583 = institutions_->iso8583_door())
        metrics_.add(iso8583_source(iso8583->counters()));
    metrics_.add(courier_source(institutions_->courier().counters()));
    metrics_.add(links_source([this] { return institutions_->link_statuses(); }));
    metrics_.add(merchant_source(merchant_door_->metrics()));
    metrics_.add(pool_source("crypto", crypto_));
    metrics_.add(pool_source("notices", notice_pool_));
    metrics_.add(pool_source("passwords", password_pool_));
    metrics_.add(pool_source("lists", list_pool_));
    metrics_.add(threads_source([this] { return heart_.cpu_microseconds(); }));
    metrics_.add(gauge_source("huitong_notices_waiting", "Notices not yet delivered", [this] {
        return static_cast<double>(courier_->counters().waiting);
    }));
}

Platform::Impl::~Impl() {
    if (observability_door_) observability_door_->drain();
    for (const auto* server : {&merchant_server_, &portal_server_, &institution_server_}) {
        if (*server) (*server)->drain(drain_at_most);
    }
    if (courier_) courier_->stop(courier_grace);
    if (institutions_) institutions_->stop(drain_at_most);
    heart_.stop();
    for (auto* pool : {&crypto_, &password_pool_, &list_pool_, &notice_pool_}) pool->stop();
    merchant_server_.reset();
    portal_server_.reset();
    observability_server_.reset();
    institution_server_.reset();
    client_.reset();
    io_.stop();
    institutions_.reset();
}

Platform::Platform(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Platform::~Platform() = default;

Result<std::unique_ptr<Platform>> Platform::start(const Config& config, std::string& why) {
    const auto opened = [&why](const std::string& what, const auto& result) {
        if (!result) why = fmt::format("cannot open {}: {}", what, explain(result.error()));
        return result.has_value();
    };
    auto store = Store::open(config.data);
    if (!opened("the data directory " + config.data, store)) return refuse(store.error());
    auto master = open_master_key(config.master_key_file());
    if (!opened("the master key " + config.master_key_file(), master))
        return refuse(master.error());
    auto vault = store::sqlite::Vault::open(store->directory.keys());
    if (!opened("the vault of data keys", vault)) return refuse(vault.error());
    auto notices = store::sqlite::NoticeFile::open(store->directory.root() / "notices.db");
    if (!opened("the notices", notices)) return refuse(notices.error());

    auto impl = std::make_unique<Impl>(config, std::move(*store), std::move(*master),
                                       std::move(*vault), std::move(*notices));
    CHECK(impl->start(why));
    const std::string iso8583 =
        impl->iso8583_address_.empty() ? "off: no institution_code is set" : impl->iso8583_address_;
    log_info("serving", {
                            {"merchant",      impl->merchant_url_     },
                            {"portal",        impl->portal_url_       },
                            {"observability", impl->observability_url_},
                            {"institution",   impl->institution_url_  },
                            {"iso8583",       iso8583                 },
                            {"data",          config.data             }
    });
    // What other institutions are given, so that they can verify us.
    log_info("institution_key", {
                                    {"code",       config.institution_code              },
                                    {"serial",     impl->institutions_->serial()        },
                                    {"public_key", impl->institutions_->public_key_pem()}
    });
    return std::unique_ptr<Platform>(new Platform(std::move(impl)));
}

engine::Heart& Platform::heart() {
    return impl_->heart_;
}
engine::Tables& Platform::tables() {
    return *impl_->store_.tables;
}
const std::string& Platform::merchant_url() const {
    return impl_->merchant_url_;
}
const std::string& Platform::portal_url() const {
    return impl_->portal_url_;
}
const std::string& Platform::institution_url() const {
    return impl_->institution_url_;
}
const std::string& Platform::observability_url() const {
    return impl_->observability_url_;
}
const std::string& Platform::iso8583_address() const {
    return impl_->iso8583_address_;
}
const std::string& Platform::one_time_password() const {
    return impl_->one_time_password_;
}
std::uint64_t Platform::notices_waiting() const {
    return impl_->courier_->counters().waiting;
}

Result<void> Platform::reload_tls() {
    for (const auto* server : {&impl_->merchant_server_, &impl_->portal_server_,
                               &impl_->observability_server_, &impl_->institution_server_})
        CHECK((*server)->reload_tls());
    return {};
}

std::string Platform::session_token(wallet::Session session) {
    return gateway::json_door::SessionTokens(impl_->secrets_.session_key,
                                             gateway::wallet_door::session_purpose)
        .issue({session.user.value, session.epoch, impl_->clock_.now() + hours(12)});
}

std::string Platform::code_url(OrderId order) {
    return wire::wechatpay::code_url(door::OrderCodes(impl_->secrets_.code_key).code_token(order));
}

std::vector<std::pair<std::string, std::uint64_t>> Platform::cpu_microseconds() const {
    auto times = impl_->heart_.cpu_microseconds();
    std::uint64_t io = 0;
    for (const std::uint64_t used : impl_->io_.cpu_microseconds()) io += used;
    times.emplace_back("io", io);
    times.emplace_back("crypto", impl_->crypto_.cpu_microseconds());
    times.emplace_back("notices", impl_->notice_pool_.cpu_microseconds());
    times.emplace_back("courier", impl_->courier_->cpu_microseconds());
    return times;
}

}  // namespace huitong::apps
