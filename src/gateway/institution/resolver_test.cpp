#include "gateway/institution/resolver.hpp"

#include <gtest/gtest.h>

namespace huitong::gateway::institution {
namespace {

constexpr Instant start{1'790'000'000'000};
constexpr ParticipantId house{60}, west{61}, east{62}, bank{63};

class FixedClock final : public engine::Clock {
public:
    Instant now() override { return at; }
    Instant at = start;
};

class ResolverTest : public ::testing::Test {
protected:
    ResolverTest() {
        add(house, switching::Protocol::hosted);
        add(west, switching::Protocol::json);
        add(east, switching::Protocol::json);
        add(bank, switching::Protocol::iso8583);
        for (const auto kind :
             {switching::CodeKind::merchant_dynamic, switching::CodeKind::business})
            directory->openings.load({
                {.id = {kind == switching::CodeKind::business ? 1U : 2U},
                 .participant = west,
                 .code_kind = kind},
                {.opens_at = kind == switching::CodeKind::business ? start + days(1) : start}
            });
    }
    void add(ParticipantId id, switching::Protocol protocol) {
        directory->participants.load({
            {.id = id, .code = std::to_string(id.value)},
            {.protocol = protocol}
        });
        // A code is of the institution whose number it begins with.
        directory->code_rules.load({
            {.id = {id.value},
             .form = switching::CodeForm::digits,
             .pattern = std::to_string(id.value),
             .length = 4,
             .participant = id},
            {}
        });
    }
    Result<Resolution> resolve(std::string code, ParticipantId from = west) {
        Result<Resolution> got = refuse(Error::answer_missing);
        resolver.resolve({.from = from, .code = std::move(code)},
                         [&](Result<Resolution> answer) { got = std::move(answer); });
        return got;
    }

    std::shared_ptr<engine::Directory> directory = std::make_shared<engine::Directory>();
    FixedClock clock;
    door::DoorSecrets secrets = door::DoorSecrets::generate();
    ResolveTokens tokens{secrets};
    Resolution found{.payee_name = "Shop",
                     .subject = {},
                     .resolve_token = "their token",
                     .expires_at = start + seconds(60)};
    Result<Resolution> forwarded = found;
    ParticipantId asked;
    Resolver resolver{
        {.recognise = [](std::string_view code) -> Result<switching::CodeMarks> {
             if (code.empty()) return refuse(Error::code_unowned);
             return switching::CodeMarks{switching::CodeForm::digits, {std::string(code)}};
         }, .directory = [this] { return directory; },
         .hosted =
             [this](std::string code, HostedResolved done) {
                 if (code == "6099") return done(refuse(Error::order_code_expired));
                 done(HostedPayee{.order = {41}, .resolution = found});
             }, .forward =
             [this](ParticipantId owner, std::string, Resolved done) {
                 asked = owner;
                 done(forwarded);
             }},
        clock,
        tokens
    };
};

TEST_F(ResolverTest, GivesATokenForAPayeeHostedHere) {
    const auto resolved = resolve("6001");
    ASSERT_TRUE(resolved.has_value());
    EXPECT_EQ(resolved->expires_at, start + seconds(120));
    const auto content = tokens.open(resolved->resolve_token, west, start);
    ASSERT_TRUE(content.has_value());
    EXPECT_EQ(content->order, OrderId{41});
    EXPECT_FALSE(content->owner.named());
    EXPECT_EQ(resolve("6099"), refuse(Error::order_code_expired));
}

TEST_F(ResolverTest, WrapsTheTokenOfTheOwnerThatItAsked) {
    const auto resolved = resolve("6201");
    ASSERT_TRUE(resolved.has_value());
    EXPECT_EQ(asked, east);
    EXPECT_EQ(resolved->payee_name, "Shop");
    EXPECT_EQ(resolved->expires_at, start + seconds(60));  // No longer than the owner's lives.
    const auto content = tokens.open(resolved->resolve_token, west, start);
    ASSERT_TRUE(content.has_value());
    EXPECT_EQ(content->owner, east);
    EXPECT_EQ(content->inner, "their token");
    EXPECT_FALSE(content->amount.has_value());
    EXPECT_EQ(content->payee_name, "");  // That is for users of ours.
    forwarded = refuse(Error::peer_timeout);
    EXPECT_EQ(resolve("6201"), refuse(Error::peer_timeout));
    forwarded = found;
    forwarded->resolve_token.assign(2'000, 'x');
    EXPECT_EQ(resolve("6201"), refuse(Error::peer_answer_malformed));
}

TEST_F(ResolverTest, KeepsWhatAUserIsShownInTheToken) {
    forwarded->amount = Money{5'000, cny};
    const auto resolved = resolve("6201", {});
    ASSERT_TRUE(resolved.has_value());
    const auto content = tokens.open(resolved->resolve_token, {}, start);
    ASSERT_TRUE(content.has_value());
    EXPECT_EQ(content->amount, forwarded->amount);
    EXPECT_EQ(content->payee_name, "Shop");
}

TEST_F(ResolverTest, RefusesCodesThatNobodyHereCanResolve) {
    EXPECT_EQ(resolve(""), refuse(Error::code_unowned));
    EXPECT_EQ(resolve("7001"), refuse(Error::code_unowned));
    EXPECT_EQ(resolve("6101"), refuse(Error::code_unowned));            // The asker's own.
    EXPECT_EQ(resolve("6301"), refuse(Error::participant_not_linked));  // Cards have no resolve.
    auto suspended = *directory->participants.find(east);
    suspended.state.status = switching::ParticipantStatus::suspended;
    directory->participants.load(suspended);
    EXPECT_EQ(resolve("6201"), refuse(Error::participant_suspended));
    EXPECT_FALSE(asked.named());
}

TEST_F(ResolverTest, RefusesKindsThatAreNotOpenToTheAsker) {
    found.code_kind = wire::institution::CodeKind::business;
    EXPECT_EQ(resolve("6001"), refuse(Error::code_kind_not_open));
    EXPECT_TRUE(resolve("6001", {}).has_value());  // Our own users may.
    clock.at = start + days(1);
    EXPECT_TRUE(resolve("6001").has_value());
}

}  // namespace
}  // namespace huitong::gateway::institution
