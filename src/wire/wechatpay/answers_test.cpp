// What we send: transaction objects, certificates, errors, notices.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <simdjson.h>

#include "wire/wechatpay/body_test.hpp"
#include "wire/wechatpay/certificates.hpp"
#include "wire/wechatpay/error_body.hpp"
#include "wire/wechatpay/notice.hpp"
#include "wire/wechatpay/transaction.hpp"

namespace huitong::wire::wechatpay {
namespace {

constexpr Instant noon{1'528'425'296'000};  // 2018-06-08T10:34:56+08:00

TransactionView unpaid() {
    return {.appid = "wx1", .mchid = "1900007291", .out_trade_no = "order-1", .total = 100};
}

TEST(PrepayResult, NamesTheCredentialOfTheTradeType) {
    EXPECT_EQ(prepay_result(TradeType::native, "weixin://x?pr=1"),
              R"({"code_url":"weixin://x?pr=1"})");
    EXPECT_EQ(prepay_result(TradeType::h5, "https://h"), R"({"h5_url":"https://h"})");
    EXPECT_EQ(prepay_result(TradeType::jsapi, "wx2"), R"({"prepay_id":"wx2"})");
    EXPECT_EQ(prepay_result(TradeType::app, "wx2"), R"({"prepay_id":"wx2"})");
}

TEST(TransactionObject, OfAnUnpaidOrderHasNoPaymentMembers) {
    EXPECT_EQ(to_json(unpaid()), R"({"appid":"wx1","mchid":"1900007291","out_trade_no":"order-1",)"
                                 R"("trade_state":"NOTPAY","trade_state_desc":"订单未支付",)"
                                 R"("amount":{"total":100,"currency":"CNY"}})");
    TransactionView closed = unpaid();
    closed.state = TradeState::closed;
    closed.attach = "a\"b";
    closed.device_id = "d1";
    EXPECT_EQ(to_json(closed),
              R"({"appid":"wx1","mchid":"1900007291","out_trade_no":"order-1",)"
              R"("trade_state":"CLOSED","trade_state_desc":"订单已关闭","attach":"a\"b",)"
              R"("amount":{"total":100,"currency":"CNY"},"scene_info":{"device_id":"d1"}})");
}

TEST(TransactionObject, OfAPaidOrderHasThemAll) {
    TransactionView view = unpaid();
    view.state = TradeState::success;
    view.paid = PaidView{.transaction_id = "4200000000000000000000000042",
                         .trade_type = TradeType::h5,
                         .success_time = noon,
                         .openid = "oUpF8",
                         .payer_total = 100};
    EXPECT_EQ(to_json(view),
              R"({"appid":"wx1","mchid":"1900007291","out_trade_no":"order-1",)"
              R"("trade_state":"SUCCESS","trade_state_desc":"支付成功",)"
              R"("transaction_id":"4200000000000000000000000042","trade_type":"MWEB",)"
              R"("bank_type":"OTHERS","success_time":"2018-06-08T10:34:56+08:00",)"
              R"("payer":{"openid":"oUpF8"},"amount":{"total":100,"payer_total":100,)"
              R"("currency":"CNY","payer_currency":"CNY"}})");
    view.state = TradeState::refund;
    EXPECT_TRUE(to_json(view).contains(R"("trade_state":"REFUND")"));
}

TEST(TransactionObjectDeathTest, NeverSaysPaidWithoutAPayment) {
    TransactionView view = unpaid();
    view.state = TradeState::success;
    EXPECT_DEATH((void)to_json(view), "paid_state");
}

TEST(CertificatesBody, ListsEveryCertificate) {
    EXPECT_EQ(certificates_body({}), R"({"data":[]})");
    const CertificateView one[] = {
        {.serial = "5157F09E",
         .effective_time = noon,
         .expire_time = noon + days(1),
         .nonce = "0123456789ab",
         .ciphertext_base64 = "AAAA"}
    };
    EXPECT_EQ(certificates_body(one),
              R"({"data":[{"serial_no":"5157F09E","effective_time":"2018-06-08T10:34:56+08:00",)"
              R"("expire_time":"2018-06-09T10:34:56+08:00","encrypt_certificate":{)"
              R"("algorithm":"AEAD_AES_256_GCM","nonce":"0123456789ab",)"
              R"("associated_data":"certificate","ciphertext":"AAAA"}}]})");
}

TEST(ErrorBody, CarriesCodeMessageAndDetail) {
    EXPECT_EQ(error_body(Error::order_not_found),
              R"({"code":"ORDER_NOT_EXIST","message":"订单不存在"})");
    const json::FieldError defect{Error::field_range, "/amount/total", "0", "is out of range",
                                  json::Location::body};
    EXPECT_EQ(error_body(defect),
              R"({"code":"PARAM_ERROR","message":"参数值超出范围","detail":{)"
              R"("field":"/amount/total","value":"0","issue":"is out of range",)"
              R"("location":"body"}})");
}

TEST(ErrorBody, HasNoDetailButForParameters) {
    const json::FieldError defect{Error::path_unknown, "", "", "is no path of this API",
                                  json::Location::path};
    EXPECT_EQ(error_body(defect), error_body(Error::path_unknown));
}

TEST(ErrorBody, ExplainsAWrongSignature) {
    EXPECT_EQ(sign_error_body({.method = "GET", .url = "/v3/x", .sign_message = "GET\n/v3/x\n"}),
              R"({"code":"SIGN_ERROR","message":"签名错误，请检查后再试","detail":{)"
              R"("field":"signature","issue":"sign not match","location":"authorization",)"
              R"("sign_information":{"method":"GET","url":"/v3/x",)"
              R"("truncated_sign_message":"GET\n/v3/x\n","sign_message_length":10}}})");
    // 255 bytes, then a character of three: cut before it, never in it.
    const std::string shown = repeated("x", 255);
    const std::string body =
        sign_error_body({.method = "GET", .url = "/", .sign_message = shown + "汉tail"});
    EXPECT_TRUE(body.contains(in_quotes(shown) + ",\"sign_message_length\":262"));
}

RC_GTEST_PROP(ErrorBody, IsValidJsonWhateverWasSent, (const std::string& sent)) {
    std::string long_message;
    for (int i = 0; i < 50; ++i) long_message += sent;
    const std::string body =
        sign_error_body({.method = sent, .url = sent, .sign_message = long_message});
    simdjson::dom::parser parser;
    RC_ASSERT(parser.parse(body).error() == simdjson::SUCCESS);
}

TEST(RequestId, NamesTheErrorAfterTheDash) {
    const RequestEntropy entropy{0x00, 0x01, 0xAB, 0xFF};
    EXPECT_EQ(request_id(entropy), "0001ABFF000000000000000000000000-0");
    EXPECT_EQ(request_id(entropy, Error::field_unknown),
              "0001ABFF000000000000000000000000-270924358");
    EXPECT_EQ(request_id(entropy, Error::path_unknown), "0001ABFF000000000000000000000000-1");
}

TEST(Notice, IsTheEnvelopeOfTheContract) {
    EXPECT_EQ(to_json(NoticeEnvelope{.id = "EV-1",
                                     .create_time = noon,
                                     .event = NoticeEvent::refund_success,
                                     .nonce = "0123456789ab",
                                     .ciphertext_base64 = "AAAA"}),
              R"({"id":"EV-1","create_time":"2018-06-08T10:34:56+08:00",)"
              R"("resource_type":"encrypt-resource","event_type":"REFUND.SUCCESS",)"
              R"("summary":"退款成功","resource":{"original_type":"refund",)"
              R"("algorithm":"AEAD_AES_256_GCM","ciphertext":"AAAA",)"
              R"("associated_data":"refund","nonce":"0123456789ab"}})");
    EXPECT_EQ(describe(NoticeEvent::transaction_success).event_type, "TRANSACTION.SUCCESS");
    EXPECT_EQ(describe(NoticeEvent::transaction_success).original_type, "transaction");
    EXPECT_EQ(describe(NoticeEvent::refund_abnormal).event_type, "REFUND.ABNORMAL");
    EXPECT_EQ(describe(NoticeEvent::refund_closed).event_type, "REFUND.CLOSED");
}

TEST(Notice, TellsOfARefund) {
    RefundNotice notice{.mchid = "1900007291",
                        .out_trade_no = "order-1",
                        .transaction_id = "42",
                        .out_refund_no = "R-1",
                        .refund_id = "50",
                        .refund_status = "CLOSED",
                        .user_received_account = "零钱",
                        .total = 4,
                        .refund = 3,
                        .payer_total = 2,
                        .payer_refund = 1};
    EXPECT_EQ(to_json(notice),
              R"({"mchid":"1900007291","out_trade_no":"order-1","transaction_id":"42",)"
              R"("out_refund_no":"R-1","refund_id":"50","refund_status":"CLOSED",)"
              R"("user_received_account":"零钱","amount":{"total":4,"refund":3,)"
              R"("payer_total":2,"payer_refund":1}})");
    notice.success_time = noon;
    EXPECT_TRUE(to_json(notice).contains(R"("success_time":"2018-06-08T10:34:56+08:00",)"));
}

TEST(Notice, IsRetriedFifteenTimesAndTakenBy200Or204) {
    ASSERT_EQ(notice_retry_delays().size(), 15U);
    EXPECT_EQ(notice_retry_delays().front(), seconds(15));
    EXPECT_EQ(notice_retry_delays()[3], minutes(3));
    EXPECT_EQ(notice_retry_delays().back(), hours(6));
    for (const unsigned status : {200U, 204U}) EXPECT_TRUE(notice_accepted(status));
    for (const unsigned status : {0U, 201U, 202U, 301U, 302U, 400U, 500U})
        EXPECT_FALSE(notice_accepted(status));
}

}  // namespace
}  // namespace huitong::wire::wechatpay
