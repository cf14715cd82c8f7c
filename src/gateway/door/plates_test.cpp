#include "gateway/door/plates.hpp"

#include <gtest/gtest.h>

#include "gateway/door/codes.hpp"
#include "gateway/door/secrets.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::gateway::door {
namespace {

constexpr Instant noon{1'790'000'000'000};

acquiring::Merchant shop() {
    return {
        .terms = {.id = {31}, .mchid = "1900000001"},
        .state = {
                  .name = "the shop", .appids = {"wx1", "wx2"}, .notify_url = "https://shop.example/n"}
    };
}

PlateWish wish() {
    return {
        .asker = 11, .request_id = "r1", .amount = {12'34, cny},
                .now = noon
    };
}

TEST(Plates, NameTheirMerchantAndNothingElseDoes) {
    const DoorSecrets secrets = DoorSecrets::generate();
    const Plates plates(secrets.code_key);
    const std::string code = plates.code_of({31});
    EXPECT_TRUE(code.starts_with("weixin://wxpay/bizpayurl?pr="));
    EXPECT_EQ(plates.merchant_of(code), MerchantId{31});
    EXPECT_EQ(plates.code_of({31}), code);

    const OrderCodes orders(secrets.code_key);
    const auto token = wire::wechatpay::parse_code_url(code);
    ASSERT_TRUE(token.has_value());
    EXPECT_EQ(orders.order_of_code(*token), refuse(Error::order_code_unknown));
    const std::string strangers = Plates(DoorSecrets::generate().code_key).code_of({31});
    for (const std::string& other : {wire::wechatpay::code_url(orders.code_token(OrderId{31})),
                                     strangers, code.substr(1), std::string{}})
        EXPECT_EQ(plates.merchant_of(other), refuse(Error::order_code_unknown)) << other;
}

TEST(Plates, PayOnlyAMerchantThatMayTrade) {
    Registry<acquiring::Merchant> merchants;
    EXPECT_EQ(Plates::payee(merchants, {31}), refuse(Error::order_code_unknown));
    acquiring::Merchant merchant = shop();
    merchants.load(merchant);
    ASSERT_TRUE(Plates::payee(merchants, {31}).has_value());
    EXPECT_EQ(Plates::payee(merchants, {31}).value()->state.name, "the shop");
    merchant.state.status = acquiring::MerchantStatus::frozen;
    merchants.load(merchant);
    EXPECT_EQ(Plates::payee(merchants, {31}), refuse(Error::merchant_frozen));
}

TEST(Plates, MakeOneOrderOfOneWish) {
    const auto first = Plates::order_of(shop(), wish());
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(first->terms.merchant, MerchantId{31});
    EXPECT_EQ(first->terms.minor, 12'34);
    EXPECT_EQ(first->terms.appid, "wx1");
    EXPECT_EQ(first->terms.notify_url, "https://shop.example/n");
    EXPECT_EQ(first->terms.expires_at, noon + plate_order_life);
    EXPECT_EQ(first->terms.out_trade_no.size(), 32U);
    EXPECT_TRUE(first->terms.out_trade_no.starts_with("plate-"));

    PlateWish later = wish();
    later.now = noon + hours(1);
    EXPECT_EQ(Plates::order_of(shop(), later)->terms.out_trade_no, first->terms.out_trade_no);
    EXPECT_EQ(Plates::order_of(shop(), later)->terms.content_digest, first->terms.content_digest);
    PlateWish more = wish();
    more.amount.minor += 1;
    EXPECT_EQ(Plates::order_of(shop(), more)->terms.out_trade_no, first->terms.out_trade_no);
    EXPECT_NE(Plates::order_of(shop(), more)->terms.content_digest, first->terms.content_digest);
    PlateWish stranger = wish();
    stranger.asker = 12;
    EXPECT_NE(Plates::order_of(shop(), stranger)->terms.out_trade_no, first->terms.out_trade_no);
    PlateWish another = wish();
    another.request_id = "r2";
    EXPECT_NE(Plates::order_of(shop(), another)->terms.out_trade_no, first->terms.out_trade_no);

    acquiring::Merchant without_app = shop();
    without_app.state.appids.clear();
    EXPECT_EQ(Plates::order_of(without_app, wish()), refuse(Error::appid_not_bound));
}

}  // namespace
}  // namespace huitong::gateway::door
