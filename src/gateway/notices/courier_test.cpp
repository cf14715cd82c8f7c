#include "gateway/notices/courier.hpp"

#include <gtest/gtest.h>

#include "crypto/aead.hpp"
#include "crypto/bytes.hpp"
#include "engine/state.hpp"
#include "gateway/door/merchant_texts.hpp"
#include "gateway/notices/test_kit.hpp"

namespace huitong::gateway::notices {
namespace {

using acquiring::RefundStatus;
using engine::NoticeKind;
using engine::NoticeStatus;

constexpr OrderId order{100};
constexpr MerchantId merchant{1};
constexpr engine::NoticeKey paid_key{NoticeKind::transaction_success, 100};

// The first text after "name": in flat JSON.
std::string text_of(const std::string& json, const std::string& name) {
    const std::string mark = "\"" + name + "\":\"";
    const std::size_t at = json.find(mark);
    if (at == std::string::npos) return {};
    const std::size_t start = at + mark.size();
    return json.substr(start, json.find('"', start) - start);
}

std::string header_of(const SealedLetter& letter, std::string_view name) {
    for (const auto& [key, value] : letter.headers) {
        if (key == name) return value;
    }
    return {};
}

// What the merchant reads, once it has checked the signature.
std::string opened(const SealedLetter& letter) {
    const std::string text = header_of(letter, "Wechatpay-Timestamp") + "\n" +
                             header_of(letter, "Wechatpay-Nonce") + "\n" + letter.body + "\n";
    const auto signature = crypto::from_base64(header_of(letter, "Wechatpay-Signature"));
    EXPECT_TRUE(signature && platform_pair().public_key().verify(text, *signature));
    const auto plain =
        crypto::aes_gcm_open(crypto::Secret(apiv3_key_text),
                             {.iv = text_of(letter.body, "nonce"),
                              .associated_data = text_of(letter.body, "associated_data")},
                             crypto::from_base64(text_of(letter.body, "ciphertext")).value_or(""));
    EXPECT_TRUE(plain.has_value());
    return plain ? std::string(plain->expose()) : std::string{};
}

TEST(NoticeCourier, ProbesWhetherTheMerchantVerifies) {
    CourierKit kit({.signature_probe_every = 2});
    kit.follow({kit.world.pay(order, merchant)});
    ASSERT_EQ(kit.settle(), 1U);
    EXPECT_FALSE(opened(kit.posted[0].letter).empty());
    kit.answer(500);
    kit.settle();
    kit.clock.advance(seconds(15));
    ASSERT_EQ(kit.settle(), 1U);
    const std::string probe = header_of(kit.posted[1].letter, "Wechatpay-Signature");
    EXPECT_TRUE(probe.starts_with("WECHATPAY/SIGNTEST/")) << probe;
}

TEST(NoticeCourier, TellsOfAPaymentSignedAndEncrypted) {
    CourierKit kit;
    kit.follow({kit.world.pay(order, merchant)});
    EXPECT_EQ(kit.courier->counters().waiting, 1U);
    ASSERT_EQ(kit.settle(), 1U);
    const auto& [url, letter, sent] = kit.posted[0];
    EXPECT_EQ(url, "https://m1.example/n");
    EXPECT_EQ(header_of(letter, "Wechatpay-Serial"), platform_key_id);
    EXPECT_EQ(header_of(letter, "Wechatpay-Signature-Type"), "WECHATPAY2-SHA256-RSA2048");
    EXPECT_TRUE(header_of(letter, "Request-ID").ends_with("-0"));
    EXPECT_EQ(text_of(letter.body, "event_type"), "TRANSACTION.SUCCESS");
    EXPECT_EQ(text_of(letter.body, "resource_type"), "encrypt-resource");
    EXPECT_EQ(text_of(letter.body, "original_type"), "transaction");
    const std::string plain = opened(letter);
    EXPECT_EQ(text_of(plain, "out_trade_no"), "order-100");
    EXPECT_EQ(text_of(plain, "mchid"), "1900000001");
    EXPECT_EQ(text_of(plain, "trade_state"), "SUCCESS");
    EXPECT_EQ(text_of(plain, "transaction_id"), door::transaction_id_of(order));

    kit.answer(204);
    EXPECT_EQ(kit.settle(), 0U);
    EXPECT_EQ(kit.courier->counters().delivered, 1U);
    EXPECT_EQ(kit.courier->counters().waiting, 0U);
    EXPECT_EQ(kit.store.rows.at(paid_key).status, NoticeStatus::delivered);
}

TEST(NoticeCourier, SpeaksTheNationalAlgorithmsToWhoWantsThem) {
    CourierKit kit;
    const crypto::PrivateKey key = crypto::Sm2PrivateKey::generate();
    kit.world.directory.platform_keys.load({
        .terms = {.id = {2},
                  .serial = "6157F09EFDC096DE",
                  .public_key_id = "PUB_KEY_ID_0214232134912410000000000000",
                  .private_key = {kit.world.master.seal(
                      door::platform_key_context("6157F09EFDC096DE"), key.to_pem().expose())},
                  .not_before = test_start - days(1),
                  .not_after = test_start + days(100),
                  .key_family = acquiring::KeyFamily::sm2},
        .state = {}
    });
    auto national = *kit.world.directory.merchants.find(merchant);
    national.state.key_family = acquiring::KeyFamily::sm2;
    kit.world.directory.merchants.load(national);
    kit.follow({kit.world.pay(order, merchant)});
    ASSERT_EQ(kit.settle(), 1U);
    const SealedLetter& letter = kit.posted[0].letter;
    EXPECT_EQ(header_of(letter, "Wechatpay-Signature-Type"), "WECHATPAY2-SM2-WITH-SM3");
    EXPECT_EQ(text_of(letter.body, "algorithm"), "AEAD_SM4_GCM");
    const std::string text = header_of(letter, "Wechatpay-Timestamp") + "\n" +
                             header_of(letter, "Wechatpay-Nonce") + "\n" + letter.body + "\n";
    const auto signature = crypto::from_base64(header_of(letter, "Wechatpay-Signature"));
    EXPECT_TRUE(signature && key.public_key().verify(text, *signature));
    const auto plain =
        crypto::sm4_gcm_open(crypto::sm4_key_of(crypto::Secret(apiv3_key_text)),
                             {.iv = text_of(letter.body, "nonce"),
                              .associated_data = text_of(letter.body, "associated_data")},
                             crypto::from_base64(text_of(letter.body, "ciphertext")).value_or(""));
    ASSERT_TRUE(plain.has_value());
    EXPECT_EQ(text_of(std::string(plain->expose()), "out_trade_no"), "order-100");
}

TEST(NoticeCourier, TellsOfEachEndOfARefundAtTheRightAddress) {
    CourierKit kit;
    std::vector<engine::ReadEntry> entries{kit.world.pay(order, merchant)};
    kit.follow(entries);
    kit.settle();
    kit.answer(200);
    kit.settle();
    kit.world.directory.merchants.load([&] {
        auto m = *kit.world.directory.merchants.find(MerchantId{2});
        m.state.notify_url = "https://default.example/r";
        return m;
    }());
    kit.world.pay({200}, {2});
    kit.follow({kit.world.refund({301}, order, RefundStatus::success, "https://own.example/r"),
                kit.world.refund({302}, order, RefundStatus::closed),
                kit.world.refund({303}, order, RefundStatus::processing),
                kit.world.refund({304}, {200}, RefundStatus::abnormal)});
    ASSERT_EQ(kit.settle(), 3U);
    std::map<std::string, std::string> urls;
    for (std::size_t i = 1; i < kit.posted.size(); ++i) {
        const SealedLetter& letter = kit.posted[i].letter;
        const std::string plain = opened(letter);
        const std::string event = text_of(letter.body, "event_type");
        urls[event] = kit.posted[i].url;
        EXPECT_EQ("REFUND." + text_of(plain, "refund_status"), event);
        EXPECT_EQ(plain.contains("success_time"), event == "REFUND.SUCCESS");
    }
    EXPECT_EQ(urls["REFUND.SUCCESS"], "https://own.example/r");
    EXPECT_EQ(urls["REFUND.CLOSED"], "https://m1.example/n");
    EXPECT_EQ(urls["REFUND.ABNORMAL"], "https://default.example/r");
}

TEST(NoticeCourier, KeepsTheScheduleAndTheIdAndThenGivesUp) {
    CourierKit kit;
    kit.follow({kit.world.pay(order, merchant)});
    ASSERT_EQ(kit.settle(), 1U);
    const std::string id = text_of(kit.posted[0].letter.body, "id");
    EXPECT_TRUE(id.starts_with("EV-20231115")) << id;
    constexpr std::int64_t seconds_between[] = {15,   15,   30,    180,   600,   1200,  1800, 1800,
                                                1800, 3600, 10800, 10800, 10800, 21600, 21600};
    for (const std::int64_t delay : seconds_between) {
        kit.answer(500);
        EXPECT_EQ(kit.settle(), 0U);
        kit.clock.advance(milliseconds(delay * 1000 - 1));
        EXPECT_EQ(kit.settle(), 0U) << delay;
        kit.clock.advance(milliseconds(1));
        ASSERT_EQ(kit.settle(), 1U) << delay;
        const SealedLetter& letter = kit.posted.back().letter;
        EXPECT_EQ(text_of(letter.body, "id"), id);
        EXPECT_EQ(header_of(letter, "Wechatpay-Timestamp"),
                  std::to_string(kit.clock.now().unix_seconds()));
        EXPECT_NE(text_of(letter.body, "ciphertext"),
                  text_of(kit.posted[0].letter.body, "ciphertext"));
        opened(letter);
    }
    kit.answer(500);
    EXPECT_EQ(kit.settle(), 0U);
    kit.clock.advance(days(2));
    EXPECT_EQ(kit.settle(), 0U);
    EXPECT_EQ(kit.posted.size(), 16U);
    EXPECT_EQ(kit.store.rows.at(paid_key).status, NoticeStatus::given_up);
    EXPECT_EQ(kit.courier->counters().given_up, 1U);
    EXPECT_EQ(kit.courier->counters().waiting, 0U);
    EXPECT_EQ(kit.courier->attempts(paid_key)->size(), 16U);
}

TEST(NoticeCourier, TakesOnly200And204ForAYes) {
    struct Case {
        Result<int> answer;
        bool accepted;
        std::string_view error;
    };
    const Case cases[] = {
        {200,                              true,  ""                 },
        {204,                              true,  ""                 },
        {201,                              false, ""                 },
        {202,                              false, ""                 },
        {301,                              false, ""                 },
        {302,                              false, ""                 },
        {307,                              false, ""                 },
        {404,                              false, ""                 },
        {500,                              false, ""                 },
        {refuse(Error::peer_timeout),      false, "peer_timeout"     },
        {refuse(Error::address_forbidden), false, "address_forbidden"},
    };
    for (const Case& c : cases) {
        CourierKit kit;
        kit.follow({kit.world.pay(order, merchant)});
        kit.settle();
        kit.answer(c.answer);
        kit.settle();
        const auto attempts = kit.courier->attempts(paid_key).value();
        ASSERT_EQ(attempts.size(), 1U);
        EXPECT_EQ(attempts[0].status, c.accepted ? NoticeStatus::delivered : NoticeStatus::waiting);
        EXPECT_EQ(attempts[0].http_status, c.answer.value_or(0));
        EXPECT_EQ(attempts[0].error, c.error);
        EXPECT_EQ(attempts[0].due, c.accepted ? test_start : test_start + seconds(15));
    }
}

TEST(NoticeCourier, WritesDownHowLongAnAttemptTook) {
    CourierKit kit;
    kit.follow({kit.world.pay(order, merchant)});
    ASSERT_EQ(kit.settle(), 1U);
    kit.clock.advance(milliseconds(731));
    kit.answer(500);
    kit.settle();
    kit.world.directory.merchants = {};  // There is nothing to send without a merchant.
    kit.clock.advance(seconds(15));
    EXPECT_EQ(kit.settle(), 0U);
    const auto attempts = kit.courier->attempts(paid_key).value();
    ASSERT_EQ(attempts.size(), 2U);
    EXPECT_EQ(attempts[0].at, test_start);
    EXPECT_EQ(attempts[0].took, milliseconds(731));
    EXPECT_EQ(attempts[1].error, "merchant_not_found");
    EXPECT_EQ(attempts[1].took, std::nullopt);
}

TEST(NoticeCourier, KnowsWhereANoticeGoesAndFindsItByItsId) {
    CourierKit kit;
    kit.follow({kit.world.pay(order, merchant)});
    kit.follow({kit.world.refund({301}, order, RefundStatus::success, "https://own.example/r"),
                kit.world.refund({302}, order, RefundStatus::closed)});
    const auto notices = kit.courier->of_order(order).value();
    ASSERT_EQ(notices.size(), 3U);
    std::map<std::uint64_t, std::string> urls;
    for (const engine::Notice& notice : notices) {
        urls[notice.key.record] = kit.courier->url_of(notice).value();
        EXPECT_EQ(notice_key(notice_id(notice)), notice.key);
    }
    EXPECT_EQ(urls[order.value], "https://m1.example/n");
    EXPECT_EQ(urls[301], "https://own.example/r");
    EXPECT_EQ(urls[302], "https://m1.example/n");
    EXPECT_EQ(kit.courier->url_of({
                  .key = {NoticeKind::transaction_success, 9},
                    .order = {9}
    }),
              refuse(Error::order_not_found));
    for (const char* id :
         {"", "EV-", "EV-2026030140815730921234567190", "EV-202603010081573092123456719x",
          "EV-20260301008157309212345671900", "XX-2026030100815730921234567190"})
        EXPECT_EQ(notice_key(id), std::nullopt) << id;
}

TEST(NoticeCourier, SendsAgainAfterARestartWhatWasNotRecorded) {
    CourierKit kit;
    const auto entry = kit.world.pay(order, merchant);
    kit.follow({entry});
    ASSERT_EQ(kit.settle(), 1U);
    const std::string id = text_of(kit.posted[0].letter.body, "id");
    kit.restart();  // The merchant may have answered; nobody wrote it down.
    EXPECT_EQ(kit.courier->counters().waiting, 1U);
    EXPECT_EQ(kit.courier->cursor(), Sequence{1});
    kit.follow({entry});  // Fed again: the row is there already.
    EXPECT_EQ(kit.courier->counters().waiting, 1U);
    ASSERT_EQ(kit.settle(), 1U);
    EXPECT_EQ(text_of(kit.posted[0].letter.body, "id"), id);
    kit.answer(200);
    kit.settle();
    kit.restart();
    EXPECT_EQ(kit.settle(), 0U);
}

TEST(NoticeCourier, WritesDownWhatEndsWhileItStops) {
    CourierKit kit;
    kit.follow({kit.world.pay(order, merchant)});
    ASSERT_EQ(kit.settle(), 1U);
    kit.answer(200);
    kit.courier->stop(std::chrono::milliseconds(0));
    EXPECT_EQ(kit.store.rows.at(paid_key).status, NoticeStatus::delivered);
}

TEST(NoticeCourier, LosesNothingWhileTheStoreFails) {
    CourierKit kit;
    kit.store.broken = true;
    kit.follow({kit.world.pay(order, merchant)});
    EXPECT_EQ(kit.settle(), 0U);
    EXPECT_EQ(kit.store.last, Sequence{0});
    kit.store.broken = false;
    kit.clock.advance(seconds(1));
    EXPECT_EQ(kit.settle(), 1U);

    kit.store.broken = true;  // The answer can't be written down: it is kept.
    kit.answer(200);
    EXPECT_EQ(kit.settle(), 0U);
    kit.clock.advance(hours(1));
    EXPECT_EQ(kit.settle(), 0U);
    kit.store.broken = false;
    kit.clock.advance(seconds(1));
    EXPECT_EQ(kit.settle(), 0U);
    EXPECT_EQ(kit.store.rows.at(paid_key).status, NoticeStatus::delivered);
    EXPECT_GT(kit.courier->counters().store_failures, 0U);
}

TEST(NoticeCourier, StallsRatherThanGrowWithoutBound) {
    CourierKit kit({.pending_max = 2});
    kit.store.broken = true;
    for (std::uint64_t i = 0; i < 3; ++i) kit.follow({kit.world.pay({100 + 2 * i}, merchant)});
    EXPECT_TRUE(kit.courier->counters().stalled);
    kit.store.broken = false;
    kit.follow({kit.world.pay({110}, merchant)});
    EXPECT_EQ(kit.store.last, Sequence{0});  // A start reads all four again.
    EXPECT_TRUE(kit.store.rows.empty());
}

TEST(NoticeCourier, CountsNoAttemptWhenTheFailureIsOurs) {
    CourierKit kit;
    kit.follow({kit.world.pay(order, merchant)});
    kit.world.tables_broken = true;
    EXPECT_EQ(kit.settle(), 0U);
    kit.world.tables_broken = false;
    auto keys = std::exchange(kit.world.directory.platform_keys, {});
    kit.clock.advance(seconds(1));
    EXPECT_EQ(kit.settle(), 0U);
    kit.world.directory.platform_keys = keys;
    EXPECT_TRUE(kit.store.history.empty());
    kit.clock.advance(seconds(1));
    EXPECT_EQ(kit.settle(), 1U);
}

TEST(NoticeCourier, LetsNoMerchantHoldUpAnother) {
    CourierKit kit({.in_flight_max = 6, .per_merchant_max = 4});
    std::vector<engine::ReadEntry> entries;
    for (std::uint64_t i = 0; i < 50; ++i) entries.push_back(kit.world.pay({100 + 2 * i}, {1}));
    entries.push_back(kit.world.pay({300}, {2}));
    kit.follow(entries);
    EXPECT_EQ(kit.settle(), 5U);  // The window of the first, and the second's only one.
    EXPECT_EQ(kit.posted.back().url, "https://m2.example/n");
    EXPECT_EQ(kit.courier->counters().in_flight, 5U);
    EXPECT_EQ(kit.courier->counters().waiting, 51U);
}

TEST(NoticeCourier, BreaksOnlyTheMerchantWhoseKeyDoesNotOpen) {
    CourierKit kit;
    auto broken = *kit.world.directory.merchants.find(MerchantId{1});
    broken.state.apiv3_key.bytes = "sealed by nobody";
    kit.world.directory.merchants.load(broken);
    auto keyless = *kit.world.directory.merchants.find(MerchantId{2});
    keyless.state.apiv3_key.bytes.clear();
    kit.world.directory.merchants.load(keyless);
    kit.follow({kit.world.pay({100}, {1}), kit.world.pay({200}, {2}), kit.world.pay({300}, {3})});
    EXPECT_EQ(kit.settle(), 1U);
    EXPECT_EQ(kit.posted[0].url, "https://m3.example/n");
    EXPECT_EQ(kit.courier->attempts({NoticeKind::transaction_success, 200})->at(0).error,
              "merchant_key_missing");
    EXPECT_EQ(kit.courier->attempts({NoticeKind::transaction_success, 100})->size(), 1U);
    kit.clock.advance(seconds(15));
    EXPECT_EQ(kit.settle(), 0U);
    EXPECT_EQ(kit.courier->attempts({NoticeKind::transaction_success, 100})->size(), 2U);
}

TEST(NoticeCourier, WorksOffABacklogWindowByWindow) {
    CourierKit kit({.in_flight_max = 5, .per_merchant_max = 2});
    std::vector<engine::ReadEntry> entries;
    for (std::uint64_t i = 0; i < 60; ++i)
        entries.push_back(kit.world.pay({100 + 2 * i}, {1 + i % 6}));
    kit.follow(entries);
    std::size_t rounds = 0;
    while (kit.courier->counters().waiting > 0 && rounds < 100) {
        EXPECT_LE(kit.settle(), 5U);
        EXPECT_LE(kit.courier->counters().in_flight, 5U);
        kit.answer(200);
        kit.courier->work();
        ++rounds;
    }
    EXPECT_EQ(kit.courier->counters().delivered, 60U);
    EXPECT_EQ(kit.posted.size(), 60U);
}

TEST(NoticeCourier, ResendsWhatAnOperatorAsksFor) {
    CourierKit kit;
    kit.follow({kit.world.pay(order, merchant)});
    kit.settle();
    kit.answer(200);
    kit.settle();
    EXPECT_EQ(kit.courier->resend(paid_key)->size(), 1U);
    EXPECT_EQ(kit.courier->counters().waiting, 1U);
    EXPECT_EQ(kit.settle(), 1U);
    kit.answer(200);
    kit.settle();
    EXPECT_EQ(kit.courier->attempts(paid_key)->size(), 2U);
    EXPECT_EQ(kit.courier->counters().waiting, 0U);
    EXPECT_TRUE(kit.courier->resend({NoticeKind::refund_closed, 1})->empty());
    EXPECT_EQ(kit.courier->of_order(order)->size(), 1U);
}

TEST(NoticeCourier, ForgetsOldNoticesInTheEnd) {
    CourierKit kit;
    kit.follow({kit.world.pay(order, merchant)});
    kit.settle();
    kit.answer(200);
    kit.settle();
    kit.clock.advance(days(29));
    kit.settle();
    EXPECT_EQ(kit.store.rows.size(), 1U);
    kit.clock.advance(days(2));
    kit.settle();
    EXPECT_EQ(kit.store.rows.size(), 0U);
}

TEST(NoticeCourier, WorksByItselfOnceStarted) {
    CourierKit kit;
    kit.courier->start();
    kit.follow({kit.world.pay(order, merchant)});
    for (int i = 0; i < 2000 && kit.count() == 0; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ASSERT_EQ(kit.count(), 1U);
    kit.answer(200);
    kit.courier->stop(std::chrono::milliseconds(1000));
    EXPECT_EQ(kit.store.rows.at(paid_key).status, NoticeStatus::delivered);
}

TEST(NoticesOf, FetchesWhatAnImageLacks) {
    World world;
    const Fetch fetch = [&world](const Miss& miss) { return world.fetch(miss); };
    auto entry = world.pay(order, {4});
    entry.entry.switching.payments.clear();
    auto notices = notices_of({&entry, 1}, fetch);
    ASSERT_TRUE(notices.has_value());
    ASSERT_EQ(notices->size(), 1U);
    EXPECT_EQ(notices->at(0).merchant, MerchantId{4});

    auto ended = world.refund({301}, order, RefundStatus::success);
    ended.entry.acquiring.refunds[0].terms.reset();
    notices = notices_of({&ended, 1}, fetch);
    ASSERT_EQ(notices->size(), 1U);  // The order's image is that of a refund, not of a payment.
    EXPECT_EQ(notices->at(0).key, (engine::NoticeKey{NoticeKind::refund_success, 301}));
    EXPECT_EQ(notices->at(0).order, order);
    EXPECT_EQ(notices->at(0).merchant, MerchantId{4});
    world.tables_broken = true;
    EXPECT_EQ(notices_of({&ended, 1}, fetch).error(), Error::store_failed);
}

TEST(NoticesOf, TellsATillNothing) {
    World world;
    const Fetch fetch = [&world](const Miss& miss) { return world.fetch(miss); };
    auto entry = world.pay(order, {4});
    acquiring::Order& till = world.orders.at(order);
    till.terms.trade_type = acquiring::TradeType::micropay;
    entry.entry.switching.payments.clear();  // Charged before, and paid by a confirmation.
    EXPECT_TRUE(notices_of({&entry, 1}, fetch)->empty());
    entry.entry.acquiring.orders[0] = created(till);
    EXPECT_TRUE(notices_of({&entry, 1}, fetch)->empty());
}

TEST(NoticeCourier, GivesUpAtOnceWithoutAnAddress) {
    CourierKit kit;
    const auto entry = kit.world.pay(order, merchant);
    kit.world.orders.at(order).terms.notify_url.clear();
    kit.follow({entry});
    EXPECT_EQ(kit.settle(), 0U);
    EXPECT_EQ(kit.store.rows.at(paid_key).status, NoticeStatus::given_up);
    EXPECT_EQ(kit.store.history.at(paid_key).back().error, "notice_address_missing");
}

TEST(NoticeId, DiffersForEachEvent) {
    const auto id = [](NoticeKind kind, std::uint64_t record) {
        return notice_id({
            .key = {kind, record},
              .created_at = test_start
        });
    };
    EXPECT_EQ(id(NoticeKind::transaction_success, 7), "EV-2023111500000000000000000007");
    EXPECT_NE(id(NoticeKind::refund_success, 7), id(NoticeKind::refund_abnormal, 7));
    EXPECT_LE(id(NoticeKind::refund_closed, UINT64_MAX >> 1U).size(), 36U);
}

}  // namespace
}  // namespace huitong::gateway::notices
