// One merchant's day against the real heart: order, payment, notices, refunds, over real sockets.
#include <future>
#include <gtest/gtest.h>

#include "crypto/aead.hpp"
#include "engine/testing/memory_store.hpp"
#include "gateway/door/merchant_texts.hpp"
#include "gateway/merchant/test_kit.hpp"
#include "gateway/notices/http_send.hpp"
#include "gateway/notices/test_kit.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::gateway::merchant {
namespace {

using engine::Answer;
using engine::Command;

// Asks the heart and waits.
Result<Answer> ask(engine::Heart& heart, Command command) {
    struct Box final : engine::Mailbox {
        void deliver(std::vector<engine::RequestPtr> answered) override {
            for (auto& request : answered) request->done(*request);
        }
    } box;
    std::promise<Result<Answer>> promise;
    heart.submit(std::make_unique<engine::Request>(
        std::move(command), box,
        [&promise](engine::Request& request) { promise.set_value(request.answer); }));
    return promise.get_future().get();
}

template <class T>
T must(Result<Answer> answer) {
    EXPECT_TRUE(answer.has_value()) << (answer ? "" : describe(answer.error()).name);
    return answer ? std::get<T>(*answer) : T{};
}

// The merchant's own server: takes notices with 204.
class Shop {
public:
    Shop() {
        http::ServerOptions options;
        options.handler = [this](http::Request&& request, http::Responder responder) {
            {
                const std::lock_guard lock(mutex_);
                got_.push_back(std::move(request));
            }
            responder.send({.status = 204});
        };
        server_ = *http::Server::start(io_, options);
    }
    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(server_->port()) + "/notify";
    }
    // The plaintexts by event, as soon as there are so many; the signatures checked.
    std::multimap<std::string, std::string> wait_for(std::size_t count) {
        for (int i = 0; i < 4000; ++i) {
            {
                const std::lock_guard lock(mutex_);
                if (got_.size() >= count) break;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        const std::lock_guard lock(mutex_);
        std::multimap<std::string, std::string> opened;
        for (const http::Request& request : got_) opened.insert(open(request));
        return opened;
    }

private:
    static std::pair<std::string, std::string> open(const http::Request& request) {
        TestAnswer notice{.body = request.body};
        for (std::size_t i = 0; i < request.headers.size(); ++i) {
            const auto [name, value] = request.headers.at(i);
            notice.headers.emplace(name, value);
        }
        EXPECT_TRUE(DoorKit::is_signed(notice));
        const auto plain = crypto::aes_gcm_open(
            crypto::Secret(apiv3_key_text),
            {.iv = notice.text("nonce"), .associated_data = notice.text("associated_data")},
            crypto::from_base64(notice.text("ciphertext")).value_or(""));
        EXPECT_TRUE(plain.has_value());
        return {notice.text("event_type"), plain ? std::string(plain->expose()) : ""};
    }

    std::mutex mutex_;
    std::vector<http::Request> got_;
    http::IoThreads io_{1};
    std::unique_ptr<http::Server> server_;
};

class Day {
public:
    Day() {
        EXPECT_TRUE(courier_.load().has_value());
        heart.add_follower({}, [this](auto entries) { courier_.follow(entries); });
        EXPECT_TRUE(heart.start().has_value());
        courier_.start();
        register_everyone();
    }
    ~Day() {
        courier_.stop(std::chrono::milliseconds(2000));
        notice_pool_.stop();
        client_.reset();
        heart.stop();
    }

    Result<Answer> pay(OrderId order, const std::string& request_id) {
        return ask(heart, switching::PayOrder{
                              .session = {user, 0},
                                .order = order, .request_id = request_id
        });
    }
    TestAnswer post(const std::string& target, const std::string& body) {
        return kit.call({.method = "POST", .target = "/v3" + target, .body = body});
    }
    TestAnswer get(const std::string& target) { return kit.call({.target = "/v3" + target}); }
    TestAnswer prepay(const std::string& number, const std::string& more = "") {
        return post("/pay/transactions/native",
                    R"({"appid":")" + test_appid +
                        R"(","mchid":"1900000001","description":"tea","out_trade_no":")" + number +
                        R"(","notify_url":")" + shop.url() + R"(","amount":{"total":100})" + more +
                        "}");
    }
    OrderId order_of(const TestAnswer& prepaid) {
        const auto token = wire::wechatpay::parse_code_url(prepaid.text("code_url"));
        EXPECT_TRUE(token.has_value()) << prepaid.body;
        return door::OrderCodes(kit.secrets.code_key)
            .order_of_code(token.value_or(""))
            .value_or(OrderId{});
    }
    TestAnswer refund(const std::string& number, int fen) {
        return post("/refund/domestic/refunds",
                    R"({"out_trade_no":"order-0001","out_refund_no":")" + number +
                        R"(","amount":{"refund":)" + std::to_string(fen) +
                        R"(,"total":100,"currency":"CNY"}})");
    }

    TestClock clock;
    engine::testing::MemoryJournal journal;
    engine::testing::MemoryTables tables;
    engine::Heart heart{journal, tables, clock, {}};
    DoorKit kit{
        {},
        door::HeartPort{
         [this](std::vector<engine::RequestPtr> all) { heart.submit(std::move(all)); },
         [this] { return heart.directory(); }}
    };
    Shop shop;
    UserId user;

private:
    void register_everyone() {
        const auto house = must<switching::Participant>(
            ask(heart, switching::RegisterParticipant{
                           .code = "HOUSE", .state = {"House", true, true}
        }));
        add_merchant(by_public_key, house.id());
        add_merchant(by_certificate, house.id());
        const engine::Directory templates = test_directory(kit.master_);
        must<acquiring::PlatformKey>(
            ask(heart, acquiring::AddPlatformKey{
                           templates.platform_keys.find(NaturalKey{0, platform_serial})->terms}));
        user = must<engine::UserAnswer>(
                   ask(heart, wallet::OpenUser{.login_key = "ann", .institution = house.id()}))
                   .user.id();
        const auto bank = must<wallet::FundingSource>(
            ask(heart, wallet::BindFundingSource{
                           .session = {user, 0},
                             .number_key = "card"
        }));
        must<wallet::TopUpAnswer>(ask(heart, wallet::DrawTopUp{
                                                 .session = {user, 0  },
                                                 .source = bank.id(),
                                                 .amount = {150,  cny},
                                                 .request_id = "top-up-1"
        }));
    }
    void add_merchant(std::string_view mchid, ParticipantId institution) {
        acquiring::RegisterMerchant command;
        command.terms.mchid = mchid;
        command.terms.institution = institution;
        command.state.name = "Shop";
        command.state.appids = {test_appid};
        command.state.apiv3_key.bytes =
            kit.master_.seal(door::apiv3_key_context(mchid), apiv3_key_text);
        const auto merchant = must<acquiring::Merchant>(ask(heart, command));
        must<acquiring::MerchantKey>(
            ask(heart, acquiring::AddMerchantKey{
                           {.merchant = merchant.id(),
                            .serial = serial_of(mchid),
                            .public_key_pem = TestKeys::shared().merchant.public_key().to_pem(),
                            .not_before = test_start - days(1),
                            .not_after = test_start + days(1)}
        }));
    }

    notices::MemoryStore notice_store_;
    door::KeyRing notice_keys_{kit.master_};
    door::WorkPool notice_pool_{
        {.name = "notices", .threads = 1, .urgency = door::Urgency::idle}
    };
    http::IoThreads io_{1};
    std::unique_ptr<http::Client> client_ =
        *http::Client::make(io_, {.trust = {}, .allow_private_addresses = true});
    notices::NoticeCourier courier_{
        {.store = notice_store_,
         .clock = clock,
         .fetch = [this](const Miss& miss) { return tables.fetch(miss); },
         .directory = [this] { return heart.directory(); },
         .secrets = kit.secrets,
         .keys = notice_keys_,
         .pool = notice_pool_,
         .send = notices::send_by(*client_)},
        {}
    };
};

TEST(MerchantsDay, FromTheOrderToTheLastRefund) {
    Day day;
    const std::string by_number = "/pay/transactions/out-trade-no/order-0001";
    const std::string me = "?mchid=1900000001";

    const TestAnswer prepaid = day.prepay("order-0001");
    ASSERT_EQ(prepaid.status, 200) << prepaid.body;
    const OrderId order = day.order_of(prepaid);
    EXPECT_EQ(day.prepay("order-0001").body, prepaid.body);
    EXPECT_EQ(day.prepay("order-0001", R"(,"attach":"x")").code(), "INVALID_REQUEST");
    EXPECT_EQ(day.get(by_number + me).text("trade_state"), "NOTPAY");
    const std::string by_id = "/pay/transactions/id/" + door::transaction_id_of(order) + me;
    EXPECT_EQ(day.get(by_id).code(), "ORDER_NOT_EXIST");
    EXPECT_EQ(day.refund("r1", 30).code(), "INVALID_REQUEST");

    const auto paid = must<switching::PaymentAnswer>(day.pay(order, "pay-1"));
    EXPECT_EQ(paid.payment.state.status, switching::PaymentStatus::completed);
    EXPECT_EQ(paid.available_minor, 50);
    for (const std::string& target : {by_number + me, by_id}) {
        const TestAnswer answer = day.get(target);
        EXPECT_EQ(answer.text("trade_state"), "SUCCESS") << answer.body;
        EXPECT_EQ(answer.text("openid"),
                  door::Openids(day.kit.secrets.openid_key).of(test_appid, day.user));
    }
    EXPECT_EQ(day.prepay("order-0001").code(), "OUT_TRADE_NO_USED");
    EXPECT_EQ(day.post(by_number + "/close", R"({"mchid":"1900000001"})").code(), "ORDER_PAID");

    const TestAnswer first = day.refund("r1", 30);
    EXPECT_EQ(first.text("status"), "SUCCESS") << first.body;
    EXPECT_EQ(day.refund("r1", 30).body, first.body);
    EXPECT_EQ(day.refund("r1", 31).code(), "INVALID_REQUEST");
    EXPECT_EQ(day.refund("r2", 71).code(), "INVALID_REQUEST");
    EXPECT_EQ(day.refund("r2", 70).text("status"), "SUCCESS");
    EXPECT_EQ(day.get("/refund/domestic/refunds/r1").body, first.body);
    EXPECT_EQ(day.get("/refund/domestic/refunds/r3").code(), "RESOURCE_NOT_EXISTS");
    EXPECT_EQ(day.get(by_number + me).text("trade_state"), "REFUND");

    const auto told = day.shop.wait_for(3);
    EXPECT_EQ(told.size(), 3U);
    EXPECT_EQ(told.count("REFUND.SUCCESS"), 2U);
    ASSERT_EQ(told.count("TRANSACTION.SUCCESS"), 1U);
    const TestAnswer payment{.body = told.find("TRANSACTION.SUCCESS")->second};
    EXPECT_EQ(payment.text("trade_state"), "SUCCESS");
    EXPECT_EQ(payment.text("transaction_id"), door::transaction_id_of(order));
}

TEST(MerchantsDay, AClosedOrderStaysClosedAndOthersSeeNothing) {
    Day day;
    const OrderId order = day.order_of(day.prepay("order-0001"));
    const std::string close = "/pay/transactions/out-trade-no/order-0001/close";
    const TestAnswer theirs =
        day.kit.call({.target = "/v3/pay/transactions/out-trade-no/order-0001?mchid=1900000002",
                      .mchid = std::string(by_certificate)});
    EXPECT_EQ(theirs.code(), "ORDER_NOT_EXIST");
    EXPECT_EQ(theirs.status, 404);
    for (int again = 0; again < 2; ++again) {
        const TestAnswer closed = day.post(close, R"({"mchid":"1900000001"})");
        EXPECT_EQ(closed.status, 204);
        EXPECT_TRUE(DoorKit::is_signed(closed));
    }
    EXPECT_EQ(day.pay(order, "pay-1").error(), Error::order_closed);
    EXPECT_EQ(day.prepay("order-0001").code(), "ORDER_CLOSED");
    EXPECT_EQ(day.post(close, R"({"mchid":"1900000002"})").code(), "PARAM_ERROR");
}

}  // namespace
}  // namespace huitong::gateway::merchant
