// Plates over real sockets: a user of West pays what hangs on the wall of East's shop.
#include "gateway/institution/test_kit.hpp"

namespace huitong::gateway::institution {
namespace {

using enum switching::PaymentStatus;

const std::string plate = "280000000000000031";

struct PlateWorld : TwoPlatforms {
    PlateWorld() {
        east.payees[plate] = {
            .plate = east.plates.code_of(shop),
            .resolution = {.payee_name = "Shop",
                           .code_kind = wire::institution::CodeKind::merchant_static}
        };
        open_plates();
    }
    void open_plates(Instant closes_at = {}) {
        east.yes(switching::SetOpening{
            .terms = {.participant = west_at_east,
                      .code_kind = switching::CodeKind::merchant_static        },
            .state = {.opens_at = clock.now() - days(1), .closes_at = closes_at}
        });
    }
    void freeze_shop() {
        east.yes(acquiring::ChangeMerchant{.merchant = shop,
                                           .status = acquiring::MerchantStatus::frozen});
    }
    // Alice enters the amount.
    switching::Payment pay_plate(const Resolution& resolved, std::int64_t minor,
                                 const std::string& request_id) {
        Resolution entered = resolved;
        entered.amount = fen(minor);
        return pay(entered, request_id);
    }
    std::int64_t takings() {
        const auto directory = east.directory();
        return east.account(directory->merchants.find(shop)->terms.unsettled).balance;
    }
};

TEST(Plate, ResolvesToItsMerchantWithoutAnAmount) {
    PlateWorld world;
    const auto resolved = world.resolve(plate);
    ASSERT_TRUE(resolved.has_value());
    EXPECT_EQ(resolved->payee_name, "Shop");
    EXPECT_EQ(resolved->code_kind, wire::institution::CodeKind::merchant_static);
    EXPECT_EQ(resolved->amount, std::nullopt);
}

TEST(Plate, IsPaidAgainAndAgainEachTimeAnOrder) {
    PlateWorld world;
    const auto resolved = world.resolve(plate);
    ASSERT_TRUE(resolved.has_value());
    ASSERT_TRUE(world.ends(world.pay_plate(*resolved, 30'00, "k1"), completed));
    ASSERT_TRUE(world.ends(world.pay_plate(*resolved, 12'34, "k2"), completed));
    EXPECT_TRUE(engine::testing::eventually([&] { return world.takings() == 42'34; }));
    EXPECT_EQ(world.west.balance(world.alice), 200'00 - 42'34);
    EXPECT_EQ(world.east.position(world.west_at_east), 42'34);
}

TEST(Plate, IsPaidOnceHoweverOftenItIsAsked) {
    PlateWorld world;
    const auto resolved = world.resolve(plate);
    ASSERT_TRUE(resolved.has_value());
    const auto payment = world.pay_plate(*resolved, 30'00, "k1");
    ASSERT_TRUE(world.ends(payment, completed));
    const auto ask_again = [&](std::int64_t minor) {
        switching::Payment same_key = payment;
        same_key.terms.minor = minor;
        Later<Result<links::LegAnswer>> later;
        world.west.link_to(world.east_at_west)
            ->send(links::Duty::request, same_key, later.callback());
        return later.get();
    };
    const auto again = ask_again(30'00);
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->kind, links::LegAnswer::Kind::yes);
    const auto other = ask_again(31'00);
    EXPECT_TRUE(!other || other->kind == links::LegAnswer::Kind::no);
    EXPECT_EQ(world.takings(), 30'00);
}

TEST(Plate, IsRefusedWhereItIsNotOpen) {
    PlateWorld world;
    world.open_plates(world.clock.now() - hours(1));
    EXPECT_EQ(world.resolve(plate), refuse(Error::code_kind_not_open));
}

TEST(Plate, IsDeclinedWhenItsMerchantMayNotTradeAnyMore) {
    PlateWorld world;
    const auto resolved = world.resolve(plate);
    ASSERT_TRUE(resolved.has_value());
    world.freeze_shop();
    const auto payment = world.pay_plate(*resolved, 30'00, "k1");
    ASSERT_TRUE(world.ends(payment, declined));
    EXPECT_EQ(world.west.now(payment).state.decline, "merchant_frozen");
    EXPECT_EQ(world.west.balance(world.alice), 200'00);
    EXPECT_EQ(world.takings(), 0);
}

}  // namespace
}  // namespace huitong::gateway::institution
