#include <gtest/gtest.h>

#include "crypto/bytes.hpp"
#include "gateway/door/codes.hpp"
#include "gateway/door/merchant_texts.hpp"
#include "gateway/json_door/house_kit.hpp"
#include "wire/wechatpay/authorization.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::gateway::wallet_door {
namespace {

using acquiring::TradeType;
using json_door::House;
using json_door::HouseAnswer;

// A house with merchant 1900000001 and user alice, who is logged in and has 1000 yuan.
class WalletHouse : public House {
public:
    explicit WalletHouse(Options options = {}) : House(options) {
        open_merchant("1900000001");
        alice_id = open_user("alice");
        alice = log_in("alice", "a long passphrase").value("token");
        EXPECT_FALSE(alice.empty());
        const auto source =
            post("/funding-sources", R"({"bank_name":"Bank","account_number":"6222020000004242"})");
        EXPECT_EQ(source.status, 200) << source.body;
        source_id = source.value("funding_source_id");
        EXPECT_EQ(top_up("top-up-0001", 100'000).value("state"), "COMPLETED");
    }

    HouseAnswer post(const std::string& path, const std::string& body) {
        return call("POST", "/wallet/v1" + path, body, alice);
    }
    HouseAnswer get(const std::string& path) { return call("GET", "/wallet/v1" + path, "", alice); }
    HouseAnswer top_up(const std::string& request, std::int64_t fen,
                       const std::string& password = "135790") {
        return post("/top-ups", R"({"request_id":")" + request + R"(","funding_source_id":")" +
                                    source_id + R"(","amount":{"total":)" + std::to_string(fen) +
                                    R"(,"currency":"CNY"},"payment_password":")" + password +
                                    "\"}");
    }
    std::string code_of(const acquiring::Order& order) {
        return wire::wechatpay::code_url(door::OrderCodes(secrets.code_key).code_token(order.id()));
    }
    HouseAnswer pay(const std::string& request, const std::string& code,
                    const std::string& password = {}) {
        std::string body = R"({"request_id":")" + request + R"(","code":")" + code + '"';
        if (!password.empty()) body += R"(,"payment_password":")" + password + '"';
        return post("/payments", body + "}");
    }

    std::string alice;
    std::string alice_id;
    std::string source_id;
};

TEST(WalletDoor, PaysAnOrderFromScanToReceipt) {
    WalletHouse house;
    const auto order = house.order("1900000001", "order-0001", 2800);
    const std::string code = house.code_of(order);
    const auto resolved = house.post("/codes/resolve", R"({"code":")" + code + "\"}");
    EXPECT_EQ(resolved.verdict(), "200");
    EXPECT_EQ(resolved.value("merchant_name"), "Shop");
    EXPECT_EQ(resolved.value("state"), "NOTPAY");

    const std::string body =
        R"({"request_id":"request-0001","order_token":")" + resolved.value("order_token") + "\"}";
    const auto paid = house.post("/payments", body);
    EXPECT_EQ(paid.verdict(), "200") << paid.body;
    EXPECT_EQ(paid.value("state"), "COMPLETED");
    EXPECT_TRUE(paid.has(R"("balance_after":{"total":97200,"currency":"CNY"})")) << paid.body;
    EXPECT_EQ(paid.value("transaction_id"), door::transaction_id_of(order.id()));
    EXPECT_EQ(house.post("/payments", body).body, paid.body);  // A repeat is the first again.

    EXPECT_EQ(house.post("/codes/resolve", R"({"code":")" + code + "\"}").value("payment_id"),
              paid.value("payment_id"));
    const auto shown = house.get("/payments/" + paid.value("payment_id"));
    EXPECT_EQ(shown.value("out_trade_no"), "order-0001");
    EXPECT_TRUE(shown.has(R"("refunds":[])"));
    const auto history = house.get("/payments");
    EXPECT_TRUE(history.has(R"("kind":"PAYMENT")") && history.has(R"("kind":"TOP_UP")"));
    EXPECT_FALSE(history.has("as_of"));
    const auto me = house.get("/me");
    EXPECT_TRUE(me.has(R"("available":97200,"held":0,"balance":97200)")) << me.body;
    EXPECT_TRUE(me.has(R"("masked_number":"**** 4242")"));
    EXPECT_EQ(me.value("login_name"), "alice");
}

TEST(WalletDoor, TellsEveryRefusalOfAPayment) {
    WalletHouse house;
    house.open_user("bob");
    const auto bob = house.log_in("bob", "a long passphrase").value("token");
    const std::string paid = house.code_of(house.order("1900000001", "paid-0001", 100));
    EXPECT_EQ(house.pay("request-0001", paid).verdict(), "200");
    const std::string dear = house.code_of(house.order("1900000001", "dear-0001", 5'000'000));
    const std::string large = house.code_of(house.order("1900000001", "large-0001", 50'000));
    const std::string other = house.code_of(house.order("1900000001", "other-0001", 100));
    struct Case {
        std::string name;
        HouseAnswer got;
        std::string want;
    };
    const Case cases[] = {
        {"paid already", house.pay("request-0002", paid), "400 ORDER_PAID"},
        {"key used for another order", house.pay("request-0001", other), "400 INVALID_REQUEST"},
        {"no code of ours", house.pay("request-0003", "https://example.com/"),
         "404 CODE_UNSUPPORTED"},
        {"forged code",
         house.pay("request-0003", "weixin://wxpay/bizpayurl?pr=0123456789012345678901"),
         "404 CODE_UNSUPPORTED"},
        {"no password above the limit", house.pay("request-0004", large),
         "403 PAYMENT_PASSWORD_WRONG"},
        {"that answer stays", house.pay("request-0004", large, "135790"),
         "403 PAYMENT_PASSWORD_WRONG"},
        {"wrong password", house.pay("request-0005", other, "000000"),
         "403 PAYMENT_PASSWORD_WRONG"},
        {"no session",
         house.call("POST", "/wallet/v1/payments", R"({"request_id":"12345678","code":"x"})"),
         "401 UNAUTHORIZED"},
        {"both code and token",
         house.post("/payments", R"({"request_id":"12345678","code":"x","order_token":"y"})"),
         "400 PARAM_ERROR"},
        {"neither", house.post("/payments", R"({"request_id":"12345678"})"), "400 PARAM_ERROR"},
        {"an unknown member",
         house.post("/payments", R"({"request_id":"12345678","code":"x","a":1})"),
         "400 PARAM_ERROR"},
        {"no JSON", house.post("/payments", "{"), "400 PARAM_ERROR"},
        {"a code that is neither text nor object",
         house.post("/payments", R"({"request_id":"12345678","code":7})"), "400 PARAM_ERROR"},
        {"too long a body", house.post("/payments", std::string(body_bytes_max + 1, ' ')),
         "413 PARAM_ERROR"},
        {"another's payment",
         house.call("GET", "/wallet/v1/payments/4200000000000000000000000001", "", bob),
         "404 PAYMENT_NOT_EXIST"},
        {"no payment number", house.get("/payments/x"), "404 PAYMENT_NOT_EXIST"},
    };
    for (const Case& c : cases) EXPECT_EQ(c.got.verdict(), c.want) << c.name << c.got.body;

    const auto declined = house.pay("request-0006", dear, "135790");
    EXPECT_EQ(declined.verdict(), "200");
    EXPECT_EQ(declined.value("state"), "DECLINED");
    EXPECT_TRUE(declined.has(R"("decline":{"code":"NOT_ENOUGH")")) << declined.body;
    EXPECT_EQ(house.pay("request-0007", large, "135790").value("state"), "COMPLETED");
    EXPECT_EQ(house.manage("POST", "/merchants/1900000001/freeze").value("state"), "FROZEN");
    EXPECT_EQ(house.pay("request-0008", other).verdict(), "403 ACCOUNT_ERROR");
    EXPECT_EQ(house.manage("POST", "/users/" + house.alice_id + "/freeze").value("state"),
              "FROZEN");
    house.manage("POST", "/merchants/1900000001/unfreeze");
    EXPECT_EQ(house.pay("request-0009", other).verdict(), "403 USER_ACCOUNT_ABNORMAL");
    EXPECT_EQ(house.log_in("alice", "a long passphrase").verdict(), "403 USER_ACCOUNT_ABNORMAL");
}

TEST(WalletDoor, CodesEndWithTheirTime) {
    WalletHouse house;
    const auto native = house.order("1900000001", "native-01", 100);
    const auto h5 = house.order("1900000001", "h5-000001", 100, TradeType::h5);
    const std::string link = wire::wechatpay::h5_url(
        "https://pay.example",
        {
            .prepay = {h5.id(), h5.terms.created_at},
            .package = door::OrderCodes(house.secrets.code_key).h5_package(h5.id())
    });
    const std::string mixed = wire::wechatpay::h5_url(
        "https://pay.example",
        {
            .prepay = {h5.id(), h5.terms.created_at},
            .package = door::OrderCodes(house.secrets.code_key).h5_package(native.id())
    });
    const auto resolve = [&house](const std::string& code) {
        return house.post("/codes/resolve", R"({"code":")" + code + "\"}").verdict();
    };
    EXPECT_EQ(resolve(link), "200");
    EXPECT_EQ(resolve(link + "&redirect_url=https%3A%2F%2Fshop.example%2F"), "200");
    EXPECT_EQ(resolve(mixed), "404 CODE_UNSUPPORTED");
    house.clock.pass(minutes(5));
    EXPECT_EQ(resolve(link), "400 CODE_EXPIRED");
    EXPECT_EQ(house.pay("request-0001", link).verdict(), "400 CODE_EXPIRED");
    EXPECT_EQ(resolve(house.code_of(native)), "200");
    house.clock.pass(hours(2));
    EXPECT_EQ(resolve(house.code_of(native)), "400 CODE_EXPIRED");
}

// The body of a request that invokes the wallet with fields that the merchant signed.
struct Invoked {
    std::string app_id = "wx1234";
    std::string prepay;
    bool app = false;
};

std::string invocation(const Invoked& how, const crypto::RsaPrivateKey& key) {
    using wire::wechatpay::CashierClient;
    const std::string text = wire::wechatpay::pay_string_to_sign(
        {.client = how.app ? CashierClient::app : CashierClient::jsapi,
         .appid = how.app_id,
         .timestamp = "1790000000",
         .nonce = "nonce",
         .prepay_id = how.prepay});
    return R"({"app_id":")" + how.app_id +
           R"(","time_stamp":"1790000000","nonce_str":"nonce","package":")" +
           (how.app ? "" : "prepay_id=") + how.prepay + R"(","sign_type":"RSA","pay_sign":")" +
           crypto::to_base64(key.sign(text)) + "\"}";
}

TEST(WalletDoor, AnInvocationIsVerifiedAndItsPayerIsTheOneNamed) {
    WalletHouse house;
    const auto key = crypto::RsaPrivateKey::generate();
    const auto wrong = crypto::RsaPrivateKey::generate();
    std::string pem = key.public_key().to_pem();
    for (std::size_t at = 0; (at = pem.find('\n', at)) != std::string::npos;)
        pem.replace(at, 1, "\\n");
    const auto added = house.manage("POST", "/merchants/1900000001/keys",
                                    R"({"public_key_pem":")" + pem + R"(","serial_no":"0A1B"})");
    EXPECT_EQ(added.status, 201) << added.body;
    house.open_user("bob");
    const auto bob = house.log_in("bob", "a long passphrase").value("token");

    const UserId alice{std::stoull(house.alice_id)};
    const auto order = house.order("1900000001", "jsapi-001", 100, TradeType::jsapi,
                                   door::Openids(house.secrets.openid_key).of("wx1234", alice));
    const std::string prepay = wire::wechatpay::to_text({order.id(), order.terms.created_at});
    const std::string good = invocation({.prepay = prepay}, key);
    const auto resolve = [&house](const std::string& code, const std::string& who) {
        return house.call("POST", "/wallet/v1/codes/resolve", "{\"code\":" + code + "}", who);
    };
    EXPECT_EQ(resolve(invocation({.prepay = prepay}, wrong), house.alice).verdict(),
              "401 SIGN_ERROR");
    EXPECT_EQ(resolve(invocation({.prepay = prepay, .app = true}, key), house.alice).verdict(),
              "404 CODE_UNSUPPORTED");
    EXPECT_EQ(resolve(invocation({.app_id = "wx9", .prepay = prepay}, key), house.alice).verdict(),
              "404 CODE_UNSUPPORTED");
    EXPECT_EQ(resolve(good, bob).verdict(), "403 OPENID_MISMATCH");
    const auto resolved = resolve(good, house.alice);
    EXPECT_EQ(resolved.verdict(), "200") << resolved.body;

    const auto pay = [&house](const std::string& how, const std::string& who,
                              const std::string& request) {
        return house.call("POST", "/wallet/v1/payments",
                          R"({"request_id":")" + request + "\"," + how + "}", who);
    };
    const std::string token = R"("order_token":")" + resolved.value("order_token") + '"';
    EXPECT_EQ(pay(token, bob, "request-0001").verdict(), "403 OPENID_MISMATCH");
    EXPECT_EQ(pay("\"code\":" + good, bob, "request-0001").verdict(), "403 OPENID_MISMATCH");
    EXPECT_EQ(pay(token, house.alice, "request-0001").value("state"), "COMPLETED");
    EXPECT_EQ(pay("\"code\":" + good, house.alice, "request-0002").verdict(), "400 ORDER_PAID");
    EXPECT_EQ(house.manage("DELETE", "/merchants/1900000001/keys/0A1B").status, 204);
    EXPECT_EQ(resolve(good, house.alice).verdict(), "401 SIGN_ERROR");
}

TEST(WalletDoor, WrongPasswordsLockForAWhile) {
    WalletHouse house;
    EXPECT_EQ(house.log_in("nobody", "whatever").verdict(), "401 CREDENTIALS_WRONG");
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(house.log_in("alice", "wrong").verdict(), "401 CREDENTIALS_WRONG");
    EXPECT_EQ(house.log_in("alice", "a long passphrase").verdict(), "403 CREDENTIALS_LOCKED");
    house.clock.pass(minutes(15));
    EXPECT_EQ(house.log_in("ALICE", "a long passphrase").verdict(), "200");

    const std::string code = house.code_of(house.order("1900000001", "order-0001", 100));
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(house.pay("request-000" + std::to_string(i), code, "000000").verdict(),
                  "403 PAYMENT_PASSWORD_WRONG");
    EXPECT_EQ(house.pay("request-0006", code, "135790").verdict(), "403 PAYMENT_PASSWORD_LOCKED");
    EXPECT_EQ(house.top_up("top-up-0002", 100).verdict(), "403 PAYMENT_PASSWORD_LOCKED");
    house.clock.pass(minutes(15));
    EXPECT_EQ(house.pay("request-0006", code, "135790").value("state"), "COMPLETED");
}

TEST(WalletDoor, SessionsEndByTimeLogOutAndAChangeOfThePassword) {
    WalletHouse house;
    const auto me = [&house](const std::string& token) {
        return house.call("GET", "/wallet/v1/me", "", token).verdict();
    };
    const std::string second = house.log_in("alice", "a long passphrase").value("token");
    const auto change = [&house](const std::string& old, const std::string& fresh) {
        return house.call("PUT", "/wallet/v1/password",
                          R"({"old":")" + old + R"(","new":")" + fresh + "\"}", house.alice);
    };
    EXPECT_EQ(change("wrong", "another passphrase").verdict(), "401 CREDENTIALS_WRONG");
    EXPECT_EQ(change("a long passphrase", "short").verdict(), "400 PARAM_ERROR");
    const auto changed = change("a long passphrase", "another passphrase");
    EXPECT_EQ(changed.verdict(), "200");
    EXPECT_EQ(me(second), "401 UNAUTHORIZED");
    EXPECT_EQ(me(house.alice), "401 UNAUTHORIZED");
    const std::string third = changed.value("token");
    EXPECT_EQ(me(third), "200");
    EXPECT_EQ(house.log_in("alice", "a long passphrase").verdict(), "401 CREDENTIALS_WRONG");
    EXPECT_EQ(house.call("DELETE", "/wallet/v1/sessions", "", third).status, 204);
    EXPECT_EQ(me(third), "401 UNAUTHORIZED");
    const std::string fourth = house.log_in("alice", "another passphrase").value("token");
    house.clock.pass(hours(12));
    EXPECT_EQ(me(fourth), "401 UNAUTHORIZED");
    EXPECT_EQ(me(house.token), "401 UNAUTHORIZED");  // An operator's token is none of a user's.
}

TEST(WalletDoor, ThePaymentPasswordIsChangedByWhoKnowsIt) {
    WalletHouse house;
    const auto change = [&house](const std::string& body) {
        return house.call("PUT", "/wallet/v1/payment-password", body, house.alice).verdict();
    };
    EXPECT_EQ(change(R"({"new":"246801"})"), "400 PARAM_ERROR");
    EXPECT_EQ(change(R"({"old":"000000","new":"246801"})"), "403 PAYMENT_PASSWORD_WRONG");
    EXPECT_EQ(change(R"({"old":"135790","new":"24680"})"), "400 PARAM_ERROR");
    EXPECT_EQ(change(R"({"old":"135790","new":"246801"})"), "204");
    EXPECT_EQ(house.top_up("top-up-0002", 100).verdict(), "403 PAYMENT_PASSWORD_WRONG");
    EXPECT_EQ(house.top_up("top-up-0003", 100, "246801").value("state"), "COMPLETED");
}

TEST(WalletDoor, TopsUpOnceAndWithinTheLimits) {
    WalletHouse house;
    const auto first = house.top_up("top-up-0002", 500);
    EXPECT_TRUE(first.has(R"("balance_after":{"total":100500,"currency":"CNY"})")) << first.body;
    EXPECT_EQ(first.value("masked_number"), "**** 4242");
    EXPECT_EQ(house.top_up("top-up-0002", 500).body, first.body);
    EXPECT_EQ(house.top_up("top-up-0002", 501).verdict(), "400 INVALID_REQUEST");
    const auto past = house.top_up("top-up-0003", 3'000'000'000);
    EXPECT_EQ(past.value("state"), "DECLINED");
    EXPECT_TRUE(past.has(R"("decline":{"code":"RULE_LIMIT")")) << past.body;
    const auto again = house.post("/funding-sources",
                                  R"({"bank_name":"Bank","account_number":"6222020000004242"})");
    EXPECT_EQ(again.value("funding_source_id"), house.source_id);
    const std::string source = house.source_id;
    house.source_id = "1";
    EXPECT_EQ(house.top_up("top-up-0004", 100).verdict(), "404 FUNDING_SOURCE_NOT_EXIST");
    house.source_id = source;
    EXPECT_EQ(house.top_up("top-up-0005", 0).verdict(), "400 PARAM_ERROR");
}

TEST(WalletDoor, TheHistoryComesInPages) {
    WalletHouse house;
    for (int i = 1; i <= 3; ++i)
        house.pay("request-000" + std::to_string(i),
                  house.code_of(house.order("1900000001", "order-000" + std::to_string(i), i)));
    const auto first = house.get("/payments?limit=3");
    EXPECT_TRUE(first.has(R"("amount":{"total":3,)") && !first.has(R"("kind":"TOP_UP")"));
    const auto second = house.get("/payments?limit=3&before=" + first.value("next"));
    EXPECT_TRUE(second.has(R"("kind":"TOP_UP")") && !second.has(R"("kind":"PAYMENT")"));
    EXPECT_FALSE(second.has(R"("next")"));
    EXPECT_EQ(house.get("/payments?limit=101").verdict(), "400 PARAM_ERROR");
    EXPECT_EQ(house.get("/payments?other=1").verdict(), "400 PARAM_ERROR");
}

TEST(WalletDoor, AListThatTheTablesAreBehindSaysSo) {
    WalletHouse house({.list_wait = std::chrono::milliseconds(1)});
    house.settle();
    house.heart().pause_reader(true);
    house.pay("request-0001", house.code_of(house.order("1900000001", "order-0001", 100)));
    const auto behind = house.get("/payments");
    EXPECT_TRUE(behind.has(R"("as_of":")")) << behind.body;
    house.heart().pause_reader(false);
    house.settle();
    EXPECT_FALSE(house.get("/payments").has("as_of"));
}

TEST(WalletDoor, KnowsItsPathsMethodsAndLanguages) {
    WalletHouse house;
    EXPECT_EQ(house.get("/nothing").verdict(), "404 RESOURCE_NOT_EXISTS");
    EXPECT_EQ(house.get("/payments/1/2").verdict(), "404 RESOURCE_NOT_EXISTS");
    EXPECT_EQ(house.get("/me/").verdict(), "404 RESOURCE_NOT_EXISTS");
    EXPECT_EQ(house.get("/me?x=1").verdict(), "400 PARAM_ERROR");
    const auto wrong = house.call("PUT", "/wallet/v1/payments", "{}", house.alice);
    EXPECT_EQ(wrong.verdict(), "405 INVALID_REQUEST");
    EXPECT_EQ(wrong.headers.at("Allow"), "POST, GET");
    EXPECT_EQ(house.call("GET", "/wallet/v10/me").status, 404);
    EXPECT_EQ(house.call("GET", "/wallet/v1/me").value("message"), "登录已失效，请重新登录");
    EXPECT_TRUE(house.call("GET", "/wallet/v1/me", "", "", "en-US,en")
                    .value("message")
                    .starts_with("the session"));
}

TEST(WalletDoor, ManyPayersOfOneOrderPayItOnce) {
    WalletHouse house;
    const std::string code = house.code_of(house.order("1900000001", "order-0001", 100));
    std::vector<std::future<HouseAnswer>> answers;
    for (int i = 10; i < 40; ++i)
        answers.push_back(house.begin(
            "POST", "/wallet/v1/payments",
            R"({"request_id":"request-)" + std::to_string(i) + R"(","code":")" + code + "\"}",
            house.alice));
    int completed = 0;
    for (auto& answer : answers) {
        const HouseAnswer got = answer.get();
        if (got.value("state") == "COMPLETED") {
            ++completed;
        } else {
            EXPECT_EQ(got.verdict(), "400 ORDER_PAID") << got.body;
        }
    }
    EXPECT_EQ(completed, 1);
}

}  // namespace
}  // namespace huitong::gateway::wallet_door
