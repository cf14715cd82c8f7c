// A whole house for tests of the JSON doors: the real heart over a journal and tables in memory,
// wallet and operator door behind one router on a real socket, an operator who is logged in.
#pragma once

#include <atomic>
#include <future>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/testing/memory_store.hpp"
#include "gateway/http/client.hpp"
#include "gateway/json_door/reply.hpp"
#include "gateway/json_door/router.hpp"
#include "gateway/operator/bootstrap.hpp"
#include "gateway/operator/door.hpp"
#include "gateway/wallet/door.hpp"

namespace huitong::gateway::json_door {

class HouseClock final : public engine::Clock {
public:
    Instant now() override { return {ms_.load()}; }
    void pass(Duration time) { ms_ += time.ms; }

private:
    std::atomic<std::int64_t> ms_{1'790'000'000'000};
};

struct HouseAnswer {
    int status = 0;
    std::string body;
    std::map<std::string, std::string> headers;

    // The first value after "name": in the body, without quotes.
    [[nodiscard]] std::string value(std::string_view name) const {
        const std::string mark = "\"" + std::string(name) + "\":";
        const std::size_t at = body.find(mark);
        if (at == std::string::npos) return {};
        std::size_t start = at + mark.size();
        if (body[start] == '"') {
            ++start;
            return body.substr(start, body.find('"', start) - start);
        }
        return body.substr(start, body.find_first_of(",}]", start) - start);
    }
    // "403 NOT_ENOUGH", or "200" when it says no code.
    [[nodiscard]] std::string verdict() const {
        const std::string code = body.starts_with("{\"code\"") ? value("code") : std::string{};
        return std::to_string(status) + (code.empty() ? "" : " " + code);
    }
    [[nodiscard]] bool has(std::string_view text) const {
        return body.find(text) != std::string::npos;
    }
};

class House {
public:
    explicit House(wallet_door::Options wallet = {}, operator_door::Options operators = {}) {
        heart_ = std::make_unique<engine::Heart>(journal_, tables, clock, engine::HeartOptions{});
        EXPECT_TRUE(heart_->start().has_value());
        first_start();
        wallet.passwords.cost = crypto::scrypt_cost_for_tests;
        operators.passwords.cost = crypto::scrypt_cost_for_tests;
        open_doors(wallet, operators);
        http::ServerOptions server;
        server.handler = router_.handler();
        server.error_writer = refuse_broken;
        server_ = *http::Server::start(io_, server);
        client_ = *http::Client::make(
            io_, {.trust = {}, .allow_private_addresses = true, .connections_per_host_max = 16});
        token = log_in_operator("admin", "first-password");
        token = call("PUT", "/operator/v1/password",
                     R"({"old":"first-password","new":"a long passphrase"})", token)
                    .value("token");
        EXPECT_FALSE(token.empty());
    }
    ~House() {
        client_.reset();
        server_.reset();
        heart_->stop();
        passwords_.stop();
        lists_.stop();
        wallet_.reset();
        operator_.reset();
    }

    std::future<HouseAnswer> begin(const std::string& method, const std::string& path,
                                   const std::string& body = {}, const std::string& bearer = {},
                                   const std::string& language = {}) {
        http::Call call{
            .method = method,
            .url = "http://127.0.0.1:" + std::to_string(server_->port()) + path,
            .headers = {},
            .body = body,
            .limits = {.timeout = seconds(60), .answer_bytes_max = 1 << 20}
        };
        if (!bearer.empty()) call.headers.emplace_back("Authorization", "Bearer " + bearer);
        if (!language.empty()) call.headers.emplace_back("Accept-Language", language);
        auto promise = std::make_shared<std::promise<HouseAnswer>>();
        auto future = promise->get_future();
        client_->call(std::move(call), [promise](Result<http::Answer> answer) {
            HouseAnswer got;
            if (answer) {
                got.status = answer->status;
                got.body = answer->body;
                for (std::size_t i = 0; i < answer->headers.size(); ++i)
                    got.headers.emplace(answer->headers.at(i));
            }
            promise->set_value(std::move(got));
        });
        return future;
    }
    HouseAnswer call(const std::string& method, const std::string& path,
                     const std::string& body = {}, const std::string& bearer = {},
                     const std::string& language = {}) {
        return begin(method, path, body, bearer, language).get();
    }
    // With the operator's session.
    HouseAnswer manage(const std::string& method, const std::string& path,
                       const std::string& body = {}) {
        return call(method, "/operator/v1" + path, body, token);
    }

    std::string log_in_operator(const std::string& name, const std::string& password) {
        return call("POST", "/operator/v1/sessions",
                    R"({"name":")" + name + R"(","password":")" + password + "\"}")
            .value("token");
    }
    HouseAnswer log_in(const std::string& name, const std::string& password) {
        return call("POST", "/wallet/v1/sessions",
                    R"({"login_name":")" + name + R"(","password":")" + password + "\"}");
    }
    // A user with payment password 135790; the id.
    std::string open_user(const std::string& name) {
        const auto made =
            manage("POST", "/users",
                   R"({"login_name":")" + name + R"(","display_name":"Somebody","phone":)" +
                       R"("+8613800000000","password":"a long passphrase",)" +
                       R"("payment_password":"135790"})");
        EXPECT_EQ(made.status, 201) << made.body;
        return made.value("user_id");
    }
    void open_merchant(const std::string& mchid) {
        const auto made =
            manage("POST", "/merchants",
                   R"({"mchid":")" + mchid + R"(","name":"Shop","appids":["wx1234"],)" +
                       R"("key_mode":"PUBLIC_KEY"})");
        EXPECT_EQ(made.status, 201) << made.body;
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
    acquiring::Order order(const std::string& mchid, const std::string& number, std::int64_t fen,
                           acquiring::TradeType type = acquiring::TradeType::native,
                           const std::string& openid = {}) {
        const auto* merchant = heart_->directory()->merchants.find(NaturalKey{0, mchid});
        acquiring::CreateOrder command{
            .terms = {.merchant = merchant->id(),
                      .out_trade_no = number,
                      .trade_type = type,
                      .appid = "wx1234",
                      .description = "Coffee",
                      .notify_url = "https://shop.example/notify",
                      .payer_openid = openid,
                      .minor = fen,
                      .currency = cny,
                      .content_digest = number}
        };
        auto answer = ask(command);
        EXPECT_TRUE(answer.has_value());
        return std::get<engine::OrderAnswer>(*answer).order;
    }
    // Until the tables have everything.
    void settle() {
        EXPECT_TRUE(
            heart_->wait_stored(Sequence{heart_->counters().committed}, std::chrono::seconds(60)));
    }
    [[nodiscard]] engine::Heart& heart() { return *heart_; }
    void erase_people() {
        const std::lock_guard lock(vault_mutex_);
        vault_.clear();
    }

    HouseClock clock;
    engine::testing::MemoryTables tables;
    crypto::MasterKey master{crypto::SealingKey::generate()};
    door::DoorSecrets secrets = door::DoorSecrets::generate();
    std::string token;                             // the operator's
    std::vector<operator_door::Notice> notices;    // of any order; set while nobody asks
    std::optional<links::LinkStatus> link_status;  // of every institution; set while nobody asks

private:
    void first_start() {
        EXPECT_TRUE(ask(switching::RegisterParticipant{
                            .code = "HOUSE", .state = {"House", true, true}
        })
                        .has_value());
        auto key = operator_door::make_platform_key("House", acquiring::KeyFamily::rsa, clock.now(),
                                                    master);
        EXPECT_TRUE(key && ask(*std::move(key)));
        auto admin = operator_door::make_operator("admin", crypto::Secret("first-password"), master,
                                                  crypto::scrypt_cost_for_tests);
        EXPECT_TRUE(admin && ask(*std::move(admin)));
    }
    VaultPort vault_port() {
        return {.put = [this](std::uint64_t subject, std::string_view wrapped) -> Result<void> {
                    const std::lock_guard lock(vault_mutex_);
                    vault_[subject] = wrapped;
                    return {};
                },
                .get = [this](std::uint64_t subject) -> Result<std::string> {
                    const std::lock_guard lock(vault_mutex_);
                    const auto found = vault_.find(subject);
                    if (found == vault_.end()) return refuse(Error::subject_key_erased);
                    return found->second;
                }};
    }
    void open_doors(const wallet_door::Options& wallet, const operator_door::Options& operators) {
        const door::HeartPort port{
            .submit_all =
                [this](std::vector<engine::RequestPtr> all) { heart_->submit(std::move(all)); },
            .directory = [this] { return heart_->directory(); }};
        const auto wait = [this](Sequence sequence, std::chrono::milliseconds at_most) {
            return heart_->wait_stored(sequence, at_most);
        };
        wallet_ =
            std::make_unique<wallet_door::WalletDoor>(wallet_door::Parts{.heart = port,
                                                                         .clock = clock,
                                                                         .tables = tables,
                                                                         .wait_stored = wait,
                                                                         .master = master,
                                                                         .secrets = secrets,
                                                                         .vault = vault_port(),
                                                                         .keys = keys_,
                                                                         .passwords = passwords_,
                                                                         .lists = lists_},
                                                      wallet);
        operator_door::Ports ports;
        ports.own_institution = [] {
            return operator_door::OwnInstitution{.code = "HOUSE",
                                                 .url = "http://127.0.0.1:1",
                                                 .serial = "AB",
                                                 .public_key_pem = "P"};
        };
        ports.account = [this](AccountId id) -> Result<std::optional<ledger::Account>> {
            auto answer = ask(engine::QueryAccount{id});
            if (!answer) return refuse(answer.error());
            return std::optional(std::get<ledger::Account>(*answer));
        };
        ports.link = [this](ParticipantId) { return link_status; };
        ports.notices = [this](OrderId) -> Result<std::vector<operator_door::Notice>> {
            return notices;
        };
        ports.resend = [this](const std::string& id) -> Result<operator_door::Notice> {
            for (operator_door::Notice& notice : notices) {
                if (notice.notice_id != id) continue;
                notice.status = operator_door::NoticeStatus::waiting;
                return notice;
            }
            return refuse(Error::notice_not_found);
        };
        operator_ = std::make_unique<operator_door::OperatorDoor>(
            operator_door::Parts{
                .heart = port,
                .clock = clock,
                .tables = tables,
                .committed = [this] { return Sequence{heart_->counters().committed}; },
                .wait_stored = wait,
                .master = master,
                .secrets = secrets,
                .vault = vault_port(),
                .ports = ports,
                .passwords = passwords_,
                .lists = lists_},
            operators);
        router_.add(std::string(wallet_door::path_prefix), wallet_->handler());
        router_.add(std::string(operator_door::path_prefix), operator_->handler());
    }

    engine::testing::MemoryJournal journal_;
    std::unique_ptr<engine::Heart> heart_;
    std::mutex vault_mutex_;
    std::map<std::uint64_t, std::string> vault_;
    door::KeyRing keys_{master};
    door::WorkPool passwords_{
        {.name = "passwords", .threads = 1}
    };
    door::WorkPool lists_{
        {.name = "lists", .threads = 2}
    };
    http::IoThreads io_{1};
    std::unique_ptr<wallet_door::WalletDoor> wallet_;
    std::unique_ptr<operator_door::OperatorDoor> operator_;
    Router router_;
    std::unique_ptr<http::Server> server_;
    std::unique_ptr<http::Client> client_;
};

}  // namespace huitong::gateway::json_door
