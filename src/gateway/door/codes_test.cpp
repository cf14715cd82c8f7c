#include "gateway/door/codes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>

#include "gateway/door/secrets.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::gateway::door {
namespace {

constexpr std::string_view appid = "wx0123456789abcdef";

RC_GTEST_PROP(OrderCodes, OpenWhatTheyMadeAndNothingElse, ()) {
    const DoorSecrets secrets = DoorSecrets::generate();
    const OrderCodes codes(secrets.code_key);
    const OrderId order{*rc::gen::inRange<std::uint64_t>(1, std::uint64_t{1} << 63U)};
    const std::string token = codes.code_token(order);
    RC_ASSERT((codes.order_of_code(token) == order));
    RC_ASSERT((codes.order_of_package(codes.h5_package(order)) == order));
    RC_ASSERT((codes.order_of_package(token) == refuse(Error::order_code_unknown)));
    RC_ASSERT(
        (OrderCodes(secrets.openid_key).order_of_code(token) == refuse(Error::order_code_unknown)));
    RC_ASSERT((wire::wechatpay::parse_code_url(wire::wechatpay::code_url(token)) == token));
}

RC_GTEST_PROP(Openids, AreStableAndBelongToOneAppid, ()) {
    const DoorSecrets secrets = DoorSecrets::generate();
    const Openids openids(secrets.openid_key);
    const UserId user{*rc::gen::inRange<std::uint64_t>(1, std::uint64_t{1} << 63U)};
    const std::string openid = openids.of(appid, user);
    RC_ASSERT((openid.size() == 28U));
    RC_ASSERT((openid.front() == 'o'));
    RC_ASSERT((Openids(secrets.openid_key).of(appid, user) == openid));
    RC_ASSERT((openids.user_of(appid, openid) == user));
    RC_ASSERT((openids.user_of("wxffffffffffffffff", openid) == refuse(Error::field_format)));
    RC_ASSERT((Openids(secrets.code_key).user_of(appid, openid) == refuse(Error::field_format)));
}

RC_GTEST_PROP(Openids, OfStrangersAreStableAndNoUsers, ()) {
    const DoorSecrets secrets = DoorSecrets::generate();
    const Openids openids(secrets.openid_key);
    const PaymentId payment{*rc::gen::inRange<std::uint64_t>(1, std::uint64_t{1} << 63U)};
    const std::string openid = openids.of_stranger(appid, payment);
    RC_ASSERT((openid.size() == 28U));
    RC_ASSERT((Openids(secrets.openid_key).of_stranger(appid, payment) == openid));
    RC_ASSERT((openids.of_stranger(appid, {payment.value + 1}) != openid));
    RC_ASSERT((openids.of(appid, {payment.value}) != openid));
    RC_ASSERT((openids.user_of(appid, openid) == refuse(Error::field_format)));
}

TEST(Openids, RefuseWhatTheyDidNotMake) {
    const DoorSecrets secrets = DoorSecrets::generate();
    const Openids openids(secrets.openid_key);
    const std::string good = openids.of(appid, UserId{7});
    std::string other_user = good;
    other_user.back() = other_user.back() == 'A' ? 'B' : 'A';
    for (const std::string& text : {std::string{}, std::string(28, 'o'), good + "x", good.substr(1),
                                    other_user, std::string("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")}) {
        SCOPED_TRACE(text);
        EXPECT_EQ(openids.user_of(appid, text), refuse(Error::field_format));
    }
    EXPECT_EQ(openids.of(appid, UserId{8}).substr(0, 6), good.substr(0, 6));
}

}  // namespace
}  // namespace huitong::gateway::door
