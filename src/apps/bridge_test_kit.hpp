// Whole institutions as the server puts them together, with their stores in memory, on real
// sockets, for tests of what goes on between them.
#pragma once

#include <filesystem>

#include "apps/institutions.hpp"
#include "gateway/door/sealing.hpp"
#include "gateway/institution/test_kit.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::apps {

namespace http = gateway::http;
using engine::testing::eventually;
using gateway::institution::fen;
using gateway::institution::Later;
using gateway::institution::Resolution;
using gateway::institution::TestClock;
using switching::Protocol;

struct HouseOptions {
    std::string name;
    std::string institution_code;
    engine::HeartOptions heart = {};
};

class House {
public:
    House(TestClock& clock, const HouseOptions& options)
        : name(options.name),
          institution_code(options.institution_code),
          clock_(clock),
          heart_(journal_, tables_, clock, options.heart) {
        institutions_ = *Institutions::make({.heart = heart_,
                                             .clock = clock_,
                                             .io = io_,
                                             .pool = pool_,
                                             .secrets = secrets_,
                                             .master = master_},
                                            quick(options));
        heart_.set_courier(institutions_->courier());
        EXPECT_TRUE(heart_.start().has_value());
        hosted = std::get<switching::Participant>(yes(switching::RegisterParticipant{
                                                      .code = name,
                                                      .state = {.name = name,
                                                                .account_institution = true,
                                                                .acquiring_institution = true}
        }))
                     .id();
        http::ServerOptions door;
        institutions_->door().serve(door);
        server_ = *http::Server::start(io_, door);
        institutions_->start();
        iso8583_port_ = *institutions_->iso8583_door()->listen("127.0.0.1", 0);
    }
    House(const House&) = delete;
    House& operator=(const House&) = delete;
    // In the order of Platform.
    ~House() {
        server_->drain({});
        institutions_->stop(seconds(5));
        heart_.stop();
        pool_.stop();
        server_.reset();
        io_.stop();
        institutions_.reset();
        std::filesystem::remove(key_file());
    }

    // The other one as a participant here. `calls`: over ISO 8583 one side dials, and has the other
    // give the keys.
    ParticipantId know(House& other, Protocol protocol, bool calls) {
        switching::ParticipantState state{.name = other.name,
                                          .protocol = protocol,
                                          .is_switch = calls,
                                          .institution_code = other.institution_code};
        if (protocol == Protocol::json) state.channels = {other.url()};
        if (protocol == Protocol::iso8583 && calls)
            state.channels = {"127.0.0.1:" + std::to_string(other.iso8583_port_)};
        const ParticipantId id =
            std::get<switching::Participant>(
                yes(switching::RegisterParticipant{.code = other.name, .state = state}))
                .id();
        yes(switching::AddParticipantKey{
            .terms = {.participant = id,
                      .serial = other.institutions_->serial(),
                      .public_key_pem = other.institutions_->public_key_pem(),
                      .not_before = clock_.now() - days(1),
                      .not_after = clock_.now() + days(3'000)}
        });
        yes(switching::ChangeParticipant{
            .participant = id,
            .master_key = Sealed{
                master_.seal(gateway::door::participant_master_key_context(id), shared_key)}});
        yes(switching::SetPosition{.participant = id, .currency = cny, .cap_minor = 10'000'00});
        for (const auto kind :
             {switching::CodeKind::merchant_dynamic, switching::CodeKind::payer_code})
            yes(switching::SetOpening{
                .terms = {.participant = id, .code_kind = kind},
                .state = {.opens_at = clock_.now() - days(1)}
            });
        return id;
    }
    // Whose order codes and payer codes are; those of this test are WeChat Pay's in form.
    void give_codes(ParticipantId payees, ParticipantId payers) {
        yes(switching::SetCodeRule{
            .terms = {.form = switching::CodeForm::url, .pattern = "WXPAY", .participant = payees},
            .state = {}
        });
        yes(switching::SetCodeRule{
            .terms = {.form = switching::CodeForm::digits,
                      .pattern = "13",
                      .length = 18,
                      .participant = payers},
            .state = {}
        });
    }
    // Over ISO 8583 it may be asked once it is signed on and there are keys.
    bool ready(ParticipantId id) {
        return eventually([&] {
            const auto status = institutions_->link_status(id);
            return status && status->state == gateway::links::LinkState::up && status->key_since;
        });
    }

    UserId open_user(const std::string& login, std::int64_t minor) {
        const UserId user =
            std::get<engine::UserAnswer>(yes(wallet::OpenUser{.login_key = login,
                                                              .personal = {"p"},
                                                              .password = {"w"},
                                                              .payment_password = {"pin"},
                                                              .institution = hosted,
                                                              .currency = cny}))
                .user.id();
        const wallet::Session session{user, 0};
        const auto source = std::get<wallet::FundingSource>(yes(wallet::BindFundingSource{
            .session = session, .bank_name = "bank", .number_key = login, .currency = cny}));
        yes(wallet::DrawTopUp{
            .session = session,
            .source = source.id(),
            .amount = fen(minor),
            .request_id = "top-up",
            .check = wallet::PasswordCheck{{"pin"}, true}
        });
        return user;
    }
    acquiring::OrderTerms terms_of(const std::string& number, std::int64_t minor) {
        if (!merchant.named())
            merchant = std::get<acquiring::Merchant>(
                           yes(acquiring::RegisterMerchant{
                               .terms = {.mchid = "1900000001", .institution = hosted},
                               .state = {.name = "Shop",        .appids = {"wx1"}    },
                               .currency = cny
            }))
                           .id();
        return {.merchant = merchant,
                .out_trade_no = number,
                .appid = "wx1",
                .description = "Coffee",
                .minor = minor,
                .currency = cny,
                .content_digest = number};
    }
    acquiring::Order open_order(const std::string& number, std::int64_t minor) {
        return std::get<engine::OrderAnswer>(
                   yes(acquiring::CreateOrder{.terms = terms_of(number, minor)}))
            .order;
    }
    [[nodiscard]] std::string code_of(const acquiring::Order& order) const {
        return wire::wechatpay::code_url(
            gateway::door::OrderCodes(secrets_.code_key).code_token(order.id()));
    }
    Result<Resolution> resolve(const std::string& code) {
        Later<Result<Resolution>> later;
        institutions_->for_wallets().resolve({.from = {}, .code = code}, later.callback());
        return later.get();
    }
    // What its owner knows a payee by, for a payment by a user hosted here.
    std::string inner_of(const Resolution& resolution) {
        const gateway::institution::ResolveTokens tokens(secrets_);
        const auto content = tokens.open(resolution.resolve_token, {}, clock_.now());
        EXPECT_TRUE(content.has_value());
        return content ? content->inner : std::string();
    }

    Result<engine::Answer> ask(engine::Command command) {
        struct Box final : engine::Mailbox {
            std::promise<Result<engine::Answer>> promise;
            void deliver(std::vector<engine::RequestPtr> answered) override {
                promise.set_value(std::move(answered.front()->answer));
            }
        } box;
        auto future = box.promise.get_future();
        heart_.submit(std::make_unique<engine::Request>(std::move(command), box, nullptr));
        return future.get();
    }
    engine::Answer yes(engine::Command command) {
        auto answer = ask(std::move(command));
        EXPECT_TRUE(answer.has_value()) << (answer ? "" : describe(answer.error()).name);
        return answer ? *std::move(answer) : engine::Answer{};
    }
    // As it is now; found by its requester's key.
    switching::Payment now(const switching::Payment& payment) {
        return std::get<switching::Payment>(yes(
            switching::QueryRequest{{payment.terms.requester.value}, payment.terms.request_id}));
    }
    bool ends(const switching::Payment& payment, switching::PaymentStatus status) {
        return eventually([&] {
            const auto at = now(payment);
            return at.state.status == status && !at.unfinished();
        });
    }
    // Positive: the institution owes us.
    std::int64_t position(ParticipantId id) {
        const auto known = heart_.directory();
        const auto* found = known->positions.find(switching::Position::key_of(id, cny));
        return -std::get<ledger::Account>(yes(engine::QueryAccount{found->id()})).balance;
    }
    // What payments under way hold of it.
    std::int64_t reserved(ParticipantId id) {
        const auto known = heart_.directory();
        const auto* found = known->positions.find(switching::Position::key_of(id, cny));
        return std::get<ledger::Account>(yes(engine::QueryAccount{found->id()})).held;
    }
    // Reversals that the other side has answered.
    [[nodiscard]] std::uint64_t reversals_answered() const {
        return institutions_->courier()
            .counters()
            .answered[static_cast<std::size_t>(gateway::links::Duty::reverse)];
    }
    std::int64_t balance(UserId user) {
        return std::get<engine::UserAnswer>(yes(engine::QueryUser{
                                                {user, 0}
        }))
            .account.balance;
    }

    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(server_->port());
    }
    Institutions& institutions() { return *institutions_; }
    engine::Heart& heart() { return heart_; }
    http::IoThreads& io() { return io_; }

    std::string name;
    std::string institution_code;
    ParticipantId hosted;
    MerchantId merchant;

private:
    static constexpr std::string_view shared_key = "0123456789abcdef";

    [[nodiscard]] std::string key_file() const {
        return (std::filesystem::path(::testing::TempDir()) /
                fmt::format("huitong-bridge-{}-{}.key", ::getpid(), name))
            .string();
    }
    [[nodiscard]] InstitutionOptions quick(const HouseOptions& options) const {
        InstitutionOptions quick{.code = options.name, .key_file = key_file()};
        quick.iso8583.own_code = options.institution_code;
        quick.iso8583.tick = milliseconds(20);
        quick.iso8583.dialler.pause_first = milliseconds(50);
        quick.courier.work = {.first_pause = milliseconds(50),
                              .longest_pause = milliseconds(200),
                              .pending_pause = milliseconds(20)};
        return quick;
    }

    TestClock& clock_;
    engine::testing::MemoryJournal journal_;
    engine::testing::MemoryTables tables_;
    crypto::MasterKey master_{crypto::SealingKey::generate()};
    gateway::door::DoorSecrets secrets_ = gateway::door::DoorSecrets::generate();
    engine::Heart heart_;
    http::IoThreads io_{1};
    gateway::door::WorkPool pool_{
        {.name = "crypto", .threads = 1}
    };
    std::unique_ptr<Institutions> institutions_;
    std::unique_ptr<http::Server> server_;
    std::uint16_t iso8583_port_ = 0;
};

// An institution that hangs: its lines and doors stay open and say nothing, until this ends.
class Hang {
public:
    explicit Hang(http::IoThreads& io) {
        for (std::size_t i = 0; i < io.count(); ++i)
            io.post(i, [end = std::shared_future(end_.get_future())] { end.wait(); });
    }
    ~Hang() { end_.set_value(); }
    Hang(const Hang&) = delete;
    Hang& operator=(const Hang&) = delete;

private:
    std::promise<void> end_;
};

}  // namespace huitong::apps
