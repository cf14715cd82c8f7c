#include "gateway/door/merchant_texts.hpp"

#include <gtest/gtest.h>

#include "gateway/door/secrets.hpp"

namespace huitong::gateway::door {
namespace {

using acquiring::Order;
using acquiring::OrderStatus;
using acquiring::Refund;
using acquiring::RefundStatus;
using wire::wechatpay::NoticeEvent;

// 2018-06-08T10:34:56+08:00
constexpr Instant paid_at{1'528'425'296'000};

Order order_of(OrderStatus status) {
    Order order{
        .terms = {.id = {77},
                  .merchant = {5},
                  .out_trade_no = "1217752501",
                  .appid = "wx0123456789abcdef",
                  .attach = "a",
                  .minor = 100},
        .state = {.status = status}
    };
    if (status == OrderStatus::paid) {
        order.state.payer = {8};
        order.state.ended_at = paid_at;
    }
    return order;
}

Refund refund_of(RefundStatus status) {
    return {
        .terms =
            {.id = {78}, .order = {77}, .out_refund_no = "r1", .minor = 30, .created_at = paid_at},
        .state = {.status = status, .ended_at = paid_at}
    };
}

const Openids& openids() {
    static const Openids made(DoorSecrets::generate().openid_key);
    return made;
}

bool has(const std::string& text, std::string_view part) {
    return text.contains(part);
}

TEST(TransactionJson, TellsEveryStateOfAnOrder) {
    struct Case {
        OrderStatus status;
        std::uint32_t refunds;
        std::string_view want;
        bool paid;
    };
    const Case cases[] = {
        {OrderStatus::open,   0, R"("trade_state":"NOTPAY")",  false},
        {OrderStatus::locked, 0, R"("trade_state":"NOTPAY")",  false},
        {OrderStatus::closed, 0, R"("trade_state":"CLOSED")",  false},
        {OrderStatus::paid,   0, R"("trade_state":"SUCCESS")", true },
        {OrderStatus::paid,   1, R"("trade_state":"REFUND")",  true },
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.want);
        Order order = order_of(c.status);
        order.state.refund_count = c.refunds;
        const std::string json = transaction_json(order, "1900000001", openids());
        EXPECT_TRUE(has(json, c.want)) << json;
        EXPECT_EQ(has(json, "transaction_id"), c.paid);
        EXPECT_EQ(has(json, "openid"), c.paid);
        EXPECT_EQ(has(json, R"("success_time":"2018-06-08T10:34:56+08:00")"), c.paid);
    }
}

TEST(TransactionJson, SaysWhatBecameOfATillsCharge) {
    using enum switching::PaymentStatus;
    struct Case {
        OrderStatus order;
        switching::PaymentStatus status;
        Error decline;
        std::string_view want;
    };
    const Case cases[] = {
        {OrderStatus::locked, confirming, Error::count_,             "USERPAYING"},
        {OrderStatus::locked, reserved,   Error::count_,             "USERPAYING"},
        {OrderStatus::paid,   completed,  Error::count_,             "SUCCESS"   },
        {OrderStatus::closed, declined,   Error::funds_insufficient, "PAYERROR"  },
        {OrderStatus::closed, reversing,  Error::transfer_expired,   "PAYERROR"  },
        {OrderStatus::closed, reversed,   Error::transfer_expired,   "PAYERROR"  },
        {OrderStatus::closed, reversing,  Error::payment_reversed,   "REVOKED"   },
        {OrderStatus::closed, reversed,   Error::payment_reversed,   "REVOKED"   },
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.want);
        Order order = order_of(c.order);
        order.terms.trade_type = acquiring::TradeType::micropay;
        const std::string json = transaction_json(order, "1900000001", openids(),
                                                  engine::Charge{{5}, c.status, c.decline});
        EXPECT_TRUE(has(json, R"("trade_state":")" + std::string(c.want) + "\"")) << json;
        EXPECT_EQ(has(json, R"("trade_type":"MICROPAY")"), c.status == completed);
    }
}

TEST(TransactionJson, TellsStrangersApartByTheirPayments) {
    Order order = order_of(OrderStatus::paid);
    order.state.payer = {};
    order.state.payment = {91};
    const std::string first = openids().of_stranger(order.terms.appid, {91});
    EXPECT_TRUE(has(transaction_json(order, "1900000001", openids()), first));
    EXPECT_TRUE(has(paid_transaction_json(order, "1900000001", openids()), first));
    order.state.payment = {92};
    EXPECT_FALSE(has(transaction_json(order, "1900000001", openids()), first));
}

TEST(TransactionJson, SaysSuccessInANoticeAlsoAfterARefund) {
    Order order = order_of(OrderStatus::paid);
    order.state.refund_count = 1;
    const std::string json = paid_transaction_json(order, "1900000001", openids());
    EXPECT_TRUE(has(json, R"("trade_state":"SUCCESS")"));
    EXPECT_TRUE(has(json, R"("transaction_id":"4200000000000000000000000077")")) << json;
}

TEST(TransactionId, NamesTheOrderAndNothingElse) {
    EXPECT_EQ(order_of_transaction_id(transaction_id_of(OrderId{77})), OrderId{77});
    for (const std::string_view text :
         {"", "77", "4200000000000000000000000000", "5000000000000000000000000077",
          "42000000000000000000000000770"}) {
        EXPECT_EQ(order_of_transaction_id(text), refuse(Error::order_not_found)) << text;
    }
}

TEST(RefundJson, TellsEveryStateOfARefund) {
    struct Case {
        RefundStatus status;
        std::string_view want;
    };
    const Case cases[] = {
        {RefundStatus::success,    R"("status":"SUCCESS")"   },
        {RefundStatus::processing, R"("status":"PROCESSING")"},
        {RefundStatus::closed,     R"("status":"CLOSED")"    },
        {RefundStatus::abnormal,   R"("status":"ABNORMAL")"  },
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.want);
        const std::string json = refund_json(refund_of(c.status), order_of(OrderStatus::paid));
        EXPECT_TRUE(has(json, c.want)) << json;
        EXPECT_EQ(has(json, "success_time"), c.status == RefundStatus::success);
        EXPECT_TRUE(has(json, R"("refund_id":"5000000000000000000000000078")"));
        EXPECT_TRUE(has(json, R"("channel":"ORIGINAL")"));
        EXPECT_TRUE(has(json, R"("user_received_account":"支付用户零钱")"));
    }
}

TEST(RefundNoticeJson, TellsTheEndThatTheEventNames) {
    const std::string json =
        refund_notice_json(refund_of(RefundStatus::closed), order_of(OrderStatus::paid),
                           "1900000001", NoticeEvent::refund_closed);
    EXPECT_TRUE(has(json, R"("refund_status":"CLOSED")")) << json;
    EXPECT_FALSE(has(json, "success_time"));
}

TEST(Extras, KeepTheRarelyUsedMembersAndGiveTheDeviceBack) {
    wire::wechatpay::PrepayRequest request;
    EXPECT_EQ(extras_of(request), "");
    EXPECT_EQ(device_id_of(""), "");
    request.goods_tag = "t";
    request.device_id = "d\"1";
    request.limit_pay = {"no_credit"};
    request.profit_sharing = true;
    request.scene_info_json = R"({"payer_client_ip":"127.0.0.1","device_id":"d\"1"})";
    EXPECT_EQ(device_id_of(extras_of(request)), "d\"1");
    EXPECT_TRUE(has(extras_of(request), R"("limit_pay":["no_credit"])"));
    request.device_id.clear();
    EXPECT_EQ(device_id_of(extras_of(request)), "");
}

}  // namespace
}  // namespace huitong::gateway::door
