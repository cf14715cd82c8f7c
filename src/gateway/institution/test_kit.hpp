// Whole platforms that are linked over JSON, for tests: real heart over a store in memory, real
// courier, door on a real socket, and a link to the other one.
#pragma once

#include <future>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/testing/heart_kit.hpp"
#include "engine/testing/memory_store.hpp"
#include "gateway/http/client.hpp"
#include "gateway/institution/door.hpp"
#include "gateway/institution/link/json_link.hpp"
#include "gateway/links/courier.hpp"

namespace huitong::gateway::institution {

using engine::testing::eventually;

// Runs as the world does, and can be moved ahead. One for all platforms of a test.
class TestClock final : public engine::Clock {
public:
    Instant now() override {
        const auto ran = std::chrono::steady_clock::now() - start_;
        return Instant{1'790'000'000'000 + ahead_.load() +
                       std::chrono::duration_cast<std::chrono::milliseconds>(ran).count()};
    }
    void pass(Duration time) { ahead_ += time.ms; }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::atomic<std::int64_t> ahead_ = 0;
};

// Keys are dear to make, so all tests share them.
struct TestKeys {
    crypto::PrivateKey west = crypto::PrivateKey::generate(crypto::KeyAlgorithm::sm2);
    crypto::PrivateKey east = crypto::PrivateKey::generate(crypto::KeyAlgorithm::rsa);
    crypto::PrivateKey other = crypto::PrivateKey::generate(crypto::KeyAlgorithm::sm2);

    static const TestKeys& shared() {
        static const TestKeys keys;
        return keys;
    }
};

inline Money fen(std::int64_t n) {
    return {n, cny};
}

// The answer of something that is asked over a callback.
template <class T>
class Later {
public:
    auto callback() {
        return [promise = promise_](T value) mutable { promise->set_value(std::move(value)); };
    }
    T get() { return future_.get(); }

private:
    std::shared_ptr<std::promise<T>> promise_ = std::make_shared<std::promise<T>>();
    std::future<T> future_ = promise_->get_future();
};

struct PlatformOptions {
    std::string name;
    std::string serial;
    crypto::PrivateKey key;
    Options door = {};
    std::optional<http::TlsOptions> tls = {};
    http::TlsTrust trust = {};
    engine::HeartOptions heart = {};
};

class Platform {
public:
    Platform(TestClock& clock, const PlatformOptions& options)
        : clock_(clock),
          options_(options),
          keys({.serial = options.serial, .key = options.key}),
          client_(*http::Client::make(io_, {.trust = options.trust,
                                            .allow_private_addresses = true,
                                            .connections_per_host_max = 64})) {
        heart_ = std::make_unique<engine::Heart>(journal_, tables_, clock_, options_.heart);
        courier_ = std::make_unique<links::LinkCourier>(
            links::LinkCourier::Parts{
                .heart = port(),
                .clock = clock_,
                .link = [this](ParticipantId id) { return found(id); }
        },
            links::CourierOptions{.work = {.first_pause = milliseconds(50),
                                           .longest_pause = milliseconds(200),
                                           .pending_pause = milliseconds(20)}});
        heart_->set_courier(*courier_);
        EXPECT_TRUE(heart_->start().has_value());
        courier_->start();
        house = std::get<switching::Participant>(
                    yes(switching::RegisterParticipant{
                        .code = options_.name, .state = {options_.name, true, true}
        }))
                    .id();
        open_door();
    }
    Platform(const Platform&) = delete;
    Platform& operator=(const Platform&) = delete;
    ~Platform() {
        courier_->stop();
        servers_.clear();
        heart_->stop();
        pool_.stop();
        client_.reset();
        door_.reset();
    }

    // Asks the heart directly, as other doors do.
    Result<engine::Answer> ask(engine::Command command) {
        struct Box final : engine::Mailbox {
            std::promise<Result<engine::Answer>> promise;
            void deliver(std::vector<engine::RequestPtr> answered) override {
                promise.set_value(std::move(answered.front()->answer));
            }
        } box;
        auto future = box.promise.get_future();
        heart_->submit(std::make_unique<engine::Request>(std::move(command), box, nullptr));
        return future.get();
    }
    engine::Answer yes(engine::Command command) {
        auto answer = ask(std::move(command));
        EXPECT_TRUE(answer.has_value()) << (answer ? "" : describe(answer.error()).name);
        return answer ? *std::move(answer) : engine::Answer{};
    }

    // The other platform as a participant here: its key, its position, what it may use.
    ParticipantId know(const std::string& name, const std::string& serial,
                       const crypto::PublicKey& key, std::int64_t cap = 1'000'00) {
        const ParticipantId id =
            std::get<switching::Participant>(
                yes(switching::RegisterParticipant{
                    .code = name, .state = {.name = name, .protocol = switching::Protocol::json}
        }))
                .id();
        yes(switching::AddParticipantKey{
            .terms = {.participant = id,
                      .serial = serial,
                      .public_key_pem = key.to_pem(),
                      .not_before = clock_.now() - days(1),
                      .not_after = clock_.now() + days(3'000)}
        });
        yes(switching::SetPosition{.participant = id, .currency = cny, .cap_minor = cap});
        for (const auto kind :
             {switching::CodeKind::merchant_dynamic, switching::CodeKind::payer_code})
            yes(switching::SetOpening{
                .terms = {.participant = id, .code_kind = kind},
                .state = {.opens_at = clock_.now() - days(1)}
            });
        return id;
    }
    void own_digits(const std::string& prefix, ParticipantId owner) {
        yes(switching::SetCodeRule{
            .terms = {.form = switching::CodeForm::digits,
                      .pattern = prefix,
                      .length = 18,
                      .participant = owner},
            .state = {}
        });
    }
    void link(ParticipantId peer, std::vector<std::string> channels, PeerOptions options = {}) {
        options.peer = peer;
        options.code = options_.name;
        options.channels = std::move(channels);
        auto made = JsonLink::make({.http = *client_,
                                    .clock = clock_,
                                    .pool = pool_,
                                    .keys = keys,
                                    .directory = port().directory},
                                   {.peer = options});
        ASSERT_TRUE(made.has_value());
        const std::lock_guard lock(mutex_);
        links_[peer] = std::move(*made);
    }
    std::shared_ptr<JsonLink> link_to(ParticipantId peer) { return found(peer); }

    // Sessions and nonces are forgotten, as by a restart of the process; the ports stay.
    void restart_door() {
        std::vector<std::uint16_t> ports;
        ports.reserve(servers_.size());
        for (const auto& server : servers_) ports.push_back(server->port());
        servers_.clear();
        retired_.push_back(std::move(door_));  // The heart may still answer it.
        door_ = make_door();
        for (const std::uint16_t port : ports) listen(port);
    }
    // A further address of the same door.
    std::string listen(std::uint16_t port = 0) {
        http::ServerOptions server;
        server.port = port;
        server.tls = options_.tls;
        door_->serve(server);
        auto started = http::Server::start(io_, server);
        EXPECT_TRUE(started.has_value());
        servers_.push_back(std::move(*started));
        return url(servers_.size() - 1);
    }
    void close(std::size_t server) { servers_[server].reset(); }
    [[nodiscard]] std::string url(std::size_t server = 0) const {
        return (options_.tls ? "https://127.0.0.1:" : "http://127.0.0.1:") +
               std::to_string(servers_[server]->port());
    }
    [[nodiscard]] std::uint16_t port_number() const { return servers_.front()->port(); }

    // A user with money.
    UserId open_user(const std::string& login, std::int64_t minor = 200'00,
                     const Sealed& payment_password = {"pin"}) {
        const UserId user =
            std::get<engine::UserAnswer>(yes_user(login, payment_password)).user.id();
        const wallet::Session session{user, 0};
        const auto source = std::get<wallet::FundingSource>(yes(wallet::BindFundingSource{
            .session = session, .bank_name = "bank", .number_key = login, .currency = cny}));
        yes(wallet::DrawTopUp{
            .session = session,
            .source = source.id(),
            .amount = fen(minor),
            .request_id = "top-up",
            .check = wallet::PasswordCheck{payment_password, true}
        });
        return user;
    }
    std::string show_code(UserId user, const std::string& digits) {
        yes(wallet::IssuePayerCode{
            .session = {user, 0},
              .digits = digits
        });
        return digits;
    }
    MerchantId open_merchant(const std::string& mchid) {
        return std::get<acquiring::Merchant>(yes(acquiring::RegisterMerchant{
                                                 .terms = {.mchid = mchid, .institution = house},
                                                 .state = {.name = "Shop", .appids = {"wx1"}   },
                                                 .currency = cny
        }))
            .id();
    }
    acquiring::Order open_order(MerchantId merchant, const std::string& number,
                                std::int64_t minor) {
        acquiring::CreateOrder command{
            .terms = {.merchant = merchant,
                      .out_trade_no = number,
                      .trade_type = acquiring::TradeType::native,
                      .appid = "wx1",
                      .description = "Coffee",
                      .notify_url = "https://shop.example/notify",
                      .minor = minor,
                      .currency = cny,
                      .content_digest = number}
        };
        return std::get<engine::OrderAnswer>(yes(command)).order;
    }
    [[nodiscard]] ledger::Account account(AccountId id) {
        return std::get<ledger::Account>(yes(engine::QueryAccount{id}));
    }
    // Positive: the institution owes.
    std::int64_t position(ParticipantId id) {
        const auto known = heart_->directory();
        const auto* found = known->positions.find(switching::Position::key_of(id, cny));
        return -account(found->id()).balance;
    }
    std::int64_t balance(UserId user) {
        return std::get<engine::UserAnswer>(yes(engine::QueryUser{
                                                {user, 0}
        }))
            .account.balance;
    }
    // As it is now; found by its requester's key.
    switching::Payment now(const switching::Payment& payment) {
        return std::get<switching::Payment>(yes(
            switching::QueryRequest{{payment.terms.requester.value}, payment.terms.request_id}));
    }
    std::shared_ptr<const engine::Directory> directory() { return heart_->directory(); }
    engine::Heart& heart() { return *heart_; }
    InstitutionDoor& door() { return *door_; }
    links::Waiters& waiters() { return courier_->waiters(); }
    http::Client& client() { return *client_; }
    http::IoThreads& io() { return io_; }
    engine::Tables& tables() { return tables_; }
    door::HeartPort port() {
        return {.submit_all =
                    [this](std::vector<engine::RequestPtr> all) { heart_->submit(std::move(all)); },
                .directory = [this] { return heart_->directory(); }};
    }
    ResolvePort resolve_port() {
        return [this](ResolveRequest request, Resolved done) {
            resolver.resolve(std::move(request), std::move(done));
        };
    }
    WaitPort wait_port() {
        return [this](PaymentId payment, Duration at_most, PaymentDecided done) {
            courier_->waiters().wait(payment, clock_.now(), at_most, std::move(done));
        };
    }

    // What a code of ours stands for, by the code's text; set while nobody asks.
    std::map<std::string, HostedPayee> payees;
    ParticipantId house;

private:
    engine::Answer yes_user(const std::string& login, const Sealed& payment_password) {
        return yes(wallet::OpenUser{.login_key = login,
                                    .personal = {"p"},
                                    .password = {"w"},
                                    .payment_password = payment_password,
                                    .institution = house,
                                    .currency = cny});
    }
    std::shared_ptr<JsonLink> found(ParticipantId id) {
        const std::lock_guard lock(mutex_);
        const auto link = links_.find(id);
        return link == links_.end() ? nullptr : link->second;
    }
    static Result<switching::CodeMarks> recognise(std::string_view code) {
        if (code.size() != 18) return refuse(Error::code_unowned);
        return switching::CodeMarks{switching::CodeForm::digits, {std::string(code)}};
    }
    std::unique_ptr<InstitutionDoor> make_door() {
        return std::make_unique<InstitutionDoor>(Parts{.heart = port(),
                                                       .clock = clock_,
                                                       .pool = pool_,
                                                       .keys = keys,
                                                       .tokens = tokens_,
                                                       .resolve = resolve_port(),
                                                       .recognise = recognise,
                                                       .wait = wait_port(),
                                                       .plates = plates},
                                                 options_.door);
    }
    void open_door() {
        door_ = make_door();
        listen();
    }
    ResolverPorts resolver_ports() {
        return {.recognise = recognise,
                .directory = [this] { return heart_->directory(); },
                .hosted =
                    [this](const std::string& code, HostedResolved done) {
                        const auto payee = payees.find(code);
                        if (payee == payees.end()) return done(refuse(Error::order_code_unknown));
                        done(payee->second);
                    },
                .forward =
                    [this](ParticipantId owner, std::string code, Resolved done) {
                        const auto link = found(owner);
                        if (link == nullptr) return done(refuse(Error::participant_not_linked));
                        link->resolve(std::move(code), std::move(done));
                    }};
    }

    TestClock& clock_;
    PlatformOptions options_;
    engine::testing::MemoryJournal journal_;
    engine::testing::MemoryTables tables_;
    std::unique_ptr<engine::Heart> heart_;
    std::unique_ptr<links::LinkCourier> courier_;
    door::WorkPool pool_{
        {.name = "crypto", .threads = 2}
    };
    door::DoorSecrets secrets_ = door::DoorSecrets::generate();
    ResolveTokens tokens_{secrets_};
    http::IoThreads io_{1};
    std::mutex mutex_;
    std::map<ParticipantId, std::shared_ptr<JsonLink>> links_;

public:
    const ResolveTokens& tokens() const { return tokens_; }
    OwnKeys keys;
    const door::Plates plates{secrets_.code_key};
    Resolver resolver{resolver_ports(), clock_, tokens_};

private:
    std::unique_ptr<http::Client> client_;
    std::unique_ptr<InstitutionDoor> door_;
    std::vector<std::unique_ptr<InstitutionDoor>> retired_;
    std::vector<std::unique_ptr<http::Server>> servers_;
};

inline const std::string west_serial = "5157F09EFDC096DE15EBE81A47057A72";
inline const std::string east_serial = "6157F09EFDC096DE15EBE81A47057A72";

// A wallet (west) and an acquirer (east) that know one another. East's codes begin with 28.
struct TwoPlatforms {
    explicit TwoPlatforms(engine::HeartOptions heart = {})
        : west(clock, {.name = "WEST",
                       .serial = west_serial,
                       .key = TestKeys::shared().west,
                       .heart = heart}),
          east(clock, {.name = "EAST",
                       .serial = east_serial,
                       .key = TestKeys::shared().east,
                       .heart = heart}) {
        introduce();
    }
    void introduce() {
        east_at_west = west.know("EAST", east_serial, TestKeys::shared().east.public_key());
        west_at_east = east.know("WEST", west_serial, TestKeys::shared().west.public_key());
        west.own_digits("13", west.house);
        west.own_digits("28", east_at_west);
        east.own_digits("28", east.house);
        east.own_digits("13", west_at_east);
        west.link(east_at_west, {east.url()});
        east.link(west_at_east, {west.url()});
        shop = east.open_merchant("1900000001");
        alice = west.open_user("alice");
    }
    // An order of the shop and the code that stands for it.
    std::string order_code(const std::string& number, std::int64_t minor) {
        const auto order = east.open_order(shop, number, minor);
        std::string code = "28" + std::string(16 - number.size(), '0') + number;
        east.payees[code] = {
            .order = order.id(),
            .resolution = {.payee_name = "Shop",
                           .amount = fen(minor),
                           .subject = "Coffee",
                           .resolve_token = {},
                           .expires_at = {}}
        };
        return code;
    }
    [[nodiscard]] Result<Resolution> resolve(const std::string& code) const {
        Later<Result<Resolution>> later;
        west.resolver.resolve({.from = {}, .code = code}, later.callback());
        return later.get();
    }
    // Alice pays what she scanned; how it stands after the first step.
    switching::Payment pay(const Resolution& resolved, const std::string& request_id) {
        const auto payee = west.tokens().open(resolved.resolve_token, {}, clock.now());
        EXPECT_TRUE(payee.has_value());
        return std::get<switching::Payment>(west.yes(switching::PayCode{
            .session = {alice, 0},
            .to = payee->owner,
            .amount = resolved.amount.value_or(Money{}
              ),
            .code = payee->inner,
            .subject = resolved.payee_name,
            .request_id = request_id
        }));
    }
    bool ends(const switching::Payment& begun, switching::PaymentStatus status) {
        return eventually([&] {
            const auto payment = west.now(begun);
            return payment.state.status == status && !payment.unfinished();
        });
    }

    TestClock clock;
    Platform west;
    Platform east;
    ParticipantId east_at_west, west_at_east;
    MerchantId shop;
    UserId alice;
};

}  // namespace huitong::gateway::institution
