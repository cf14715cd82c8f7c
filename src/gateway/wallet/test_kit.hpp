// A wallet door for tests, before one of two platforms that are linked over real sockets
// (institution/test_kit.hpp): its users pay the shop of the other one.
#pragma once

#include "gateway/institution/test_kit.hpp"
#include "gateway/json_door/house_kit.hpp"
#include "gateway/json_door/session_tokens.hpp"

namespace huitong::gateway::wallet_door {

using institution::eventually;
using institution::fen;
using json_door::HouseAnswer;

class LinkedHouse {
public:
    explicit LinkedHouse(Options options = {}) {
        two = std::make_unique<institution::TwoPlatforms>();
        options.passwords.cost = crypto::scrypt_cost_for_tests;
        door_ = std::make_unique<WalletDoor>(parts(), options);
        http::ServerOptions server;
        server.handler = door_->handler();
        server.error_writer = json_door::refuse_broken;
        server_ = *http::Server::start(two->west.io(), server);
        bob_id = two->west.open_user("bob", 5'000'00, sealed("135790", "bob"));
        bob = session_of(bob_id);
    }
    LinkedHouse(const LinkedHouse&) = delete;
    LinkedHouse& operator=(const LinkedHouse&) = delete;
    ~LinkedHouse() {
        server_.reset();
        two.reset();
        passwords_.stop();
        lists_.stop();
        door_.reset();
    }

    HouseAnswer call(const std::string& method, const std::string& path, const std::string& body,
                     const std::string& bearer, const std::string& language = "en") {
        http::Call call{
            .method = method,
            .url = "http://127.0.0.1:" + std::to_string(server_->port()) + "/wallet/v1" + path,
            .headers = {{"Authorization", "Bearer " + bearer}, {"Accept-Language", language}},
            .body = body,
            .limits = {.timeout = seconds(60),                .answer_bytes_max = 1 << 20  }
        };
        institution::Later<Result<http::Answer>> later;
        two->west.client().call(std::move(call), later.callback());
        const auto answer = later.get();
        EXPECT_TRUE(answer.has_value());
        HouseAnswer got;
        if (!answer) return got;
        got.status = answer->status;
        got.body = answer->body;
        return got;
    }
    HouseAnswer post(const std::string& path, const std::string& body) {
        return call("POST", path, body, bob);
    }
    HouseAnswer get(const std::string& path) { return call("GET", path, "", bob); }
    HouseAnswer resolve(const std::string& code) {
        return post("/codes/resolve", R"({"code":")" + code + "\"}");
    }
    struct Wish {
        std::string request_id;
        std::string token;
        std::int64_t fen = 0;  // 0: none is said
        std::string password = "135790";
    };
    HouseAnswer pay(const Wish& wish) {
        std::string body =
            R"({"request_id":")" + wish.request_id + R"(","payee_token":")" + wish.token + '"';
        if (wish.fen != 0)
            body += R"(,"amount":{"total":)" + std::to_string(wish.fen) + R"(,"currency":"CNY"})";
        if (!wish.password.empty()) body += R"(,"payment_password":")" + wish.password + '"';
        return post("/payments", body + "}");
    }
    // Until the tables have everything.
    void settle() {
        engine::Heart& heart = two->west.heart();
        EXPECT_TRUE(
            heart.wait_stored(Sequence{heart.counters().committed}, std::chrono::seconds(60)));
    }

    std::unique_ptr<institution::TwoPlatforms> two;
    UserId bob_id;
    std::string bob;

private:
    Sealed sealed(const std::string& password, const std::string& login) {
        return *json_door::seal_password(crypto::Secret(password),
                                         json_door::payment_password_context(login), master_,
                                         crypto::scrypt_cost_for_tests);
    }
    std::string session_of(UserId user) {
        return json_door::SessionTokens(secrets_.session_key, session_purpose)
            .issue({.id = user.value, .epoch = 0, .expires_at = two->clock.now() + hours(12)});
    }
    Parts parts() {
        institution::Platform& west = two->west;
        const auto open = [&west](std::string_view token) { return west.tokens().read(token, {}); };
        const auto wait = [&west](Sequence sequence, std::chrono::milliseconds at_most) {
            return west.heart().wait_stored(sequence, at_most);
        };
        Parts parts{.heart = west.port(),
                    .clock = two->clock,
                    .tables = west.tables(),
                    .wait_stored = wait,
                    .master = master_,
                    .secrets = secrets_,
                    .vault = {},
                    .keys = keys_,
                    .passwords = passwords_,
                    .lists = lists_};
        parts.others = {.resolve = west.resolve_port(), .open = open, .wait = west.wait_port()};
        return parts;
    }

    crypto::MasterKey master_{crypto::SealingKey::generate()};
    door::DoorSecrets secrets_ = door::DoorSecrets::generate();
    door::KeyRing keys_{master_};
    door::WorkPool passwords_{
        {.name = "passwords", .threads = 1}
    };
    door::WorkPool lists_{
        {.name = "lists", .threads = 2}
    };
    std::unique_ptr<WalletDoor> door_;
    std::unique_ptr<http::Server> server_;
};

}  // namespace huitong::gateway::wallet_door
