#include "gateway/institution/payments.hpp"

#include <gtest/gtest.h>

namespace huitong::gateway::institution {
namespace {

using switching::Payment;
using switching::PaymentKind;
using switching::PaymentStatus;
using wire::institution::PaymentState;

constexpr Instant at{1'790'000'000'000};
constexpr ParticipantId west{61}, east{62};

Payment sample(PaymentKind kind = PaymentKind::mpm) {
    return {
        .terms = {.id = {7},
                  .minor = 28'00,
                  .currency = cny,
                  .request_id = "k1",
                  .created_at = at,
                  .kind = kind,
                  .code = "token",
                  .subject = "拿铁"},
        .state = {}
    };
}

TEST(Payments, SayWhereEachStands) {
    const struct {
        PaymentStatus status;
        bool accepted;
        PaymentState want;
    } cases[] = {
        {PaymentStatus::completed,  false, PaymentState::completed },
        {PaymentStatus::declined,   false, PaymentState::declined  },
        {PaymentStatus::reserved,   false, PaymentState::processing},
        {PaymentStatus::reserved,   true,  PaymentState::accepted  },
        {PaymentStatus::reversing,  false, PaymentState::reversed  },
        {PaymentStatus::reversed,   false, PaymentState::reversed  },
        {PaymentStatus::confirming, false, PaymentState::userpaying},
    };
    for (const auto& c : cases) {
        Payment payment = sample();
        payment.state.status = c.status;
        payment.state.accepted = c.accepted;
        EXPECT_EQ(state_of(payment), c.want);
        EXPECT_EQ(view_of(payment, Language::english).state, c.want);
    }
}

TEST(Payments, SayWhyTheyWereDeclined) {
    Payment payment = sample();
    payment.state = {.status = PaymentStatus::declined,
                     .ended_at = at + seconds(1),
                     .decline = "funds_insufficient",
                     .peer_reference = {}};
    const auto view = view_of(payment, Language::chinese);
    EXPECT_EQ(view.payment_id, switching::request_key(PaymentId{7}));
    EXPECT_EQ(view.ended_at, at + seconds(1));
    const wire::institution::Decline want{"NOT_ENOUGH", "funds_insufficient", "余额不足"};
    EXPECT_EQ(view.decline, want);
    payment.state.decline = "a reason of a newer program";
    EXPECT_EQ(view_of(payment, Language::chinese).decline->reason, "peer_declined");
}

TEST(Payments, AreDigestedByAllTheirContent) {
    const wire::institution::Pay pay{
        .request_id = "k1",
        .resolve_token = "t",
        .code_kind = {},
        .amount = {28'00, cny},
        .subject = "s"
    };
    const auto digest = command_of(pay, west).content_digest;
    EXPECT_EQ(command_of(pay, east).content_digest, digest);
    for (const int member : {0, 1, 2, 3}) {
        auto other = pay;
        if (member == 0) other.resolve_token = "u";
        if (member == 1) other.code_kind = wire::institution::CodeKind::business;
        if (member == 2) other.amount.minor = 28'01;
        if (member == 3) other.subject = "r";
        EXPECT_NE(command_of(other, west).content_digest, digest) << member;
    }
}

// What we ask is taken by the other side as what it was.
TEST(Payments, AreUnderstoodByTheOtherSide) {
    const auto pay = pay_of(sample());
    EXPECT_EQ(wire::institution::parse_pay(to_json(pay)), pay);
    auto command = command_of(pay, west);
    set_payee(command, {.owner = east, .order = {}, .inner = "inner", .expires_at = at});
    EXPECT_EQ(command.kind, PaymentKind::mpm);
    EXPECT_EQ(command.to, east);
    EXPECT_EQ(command.code, "inner");
    EXPECT_EQ(command.request_id, switching::request_key(PaymentId{7}));

    const auto authorise = authorise_of(sample(PaymentKind::cpm));
    EXPECT_EQ(wire::institution::parse_authorise(to_json(authorise)), authorise);
    EXPECT_EQ(command_of(authorise, west).code, "token");

    Payment refund = sample(PaymentKind::refund);
    refund.terms.code = "sender:" + switching::request_key(PaymentId{5});
    const auto by_us = command_of(refund_of(refund), west);
    ASSERT_TRUE(by_us.has_value());
    EXPECT_EQ(by_us->original_request_id, switching::request_key(PaymentId{5}));
    refund.terms.code = "receiver:" + switching::request_key(PaymentId{5});
    const auto by_them = command_of(refund_of(refund), west);
    ASSERT_TRUE(by_them.has_value());
    EXPECT_EQ(by_them->original, PaymentId{5});
    refund.terms.code = "receiver:k1";
    EXPECT_EQ(command_of(refund_of(refund), west).error(), Error::field_format);
}

TEST(Payments, ShortenAnOverlongSubjectBetweenCharacters) {
    Payment payment = sample();
    payment.terms.subject.clear();
    for (int i = 0; i < 200; ++i) payment.terms.subject += "铁";
    EXPECT_EQ(pay_of(payment).subject.size(), 128U * 3);
    EXPECT_TRUE(wire::institution::parse_pay(to_json(pay_of(payment))).has_value());
}

}  // namespace
}  // namespace huitong::gateway::institution
