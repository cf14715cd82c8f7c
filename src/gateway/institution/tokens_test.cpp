#include "gateway/institution/tokens.hpp"

#include <gtest/gtest.h>

namespace huitong::gateway::institution {
namespace {

constexpr Instant now{1'790'000'000'000};
constexpr ParticipantId west{61}, east{62};

const TokenContent content{.asked_by = west,
                           .code_kind = switching::CodeKind::business,
                           .owner = east,
                           .order = {},
                           .inner = "the owner's own",
                           .expires_at = now + seconds(120)};

TEST(ResolveTokens, OpenForTheAskerUntilTheyExpire) {
    const door::DoorSecrets secrets = door::DoorSecrets::generate();
    const ResolveTokens tokens(secrets);
    const std::string token = *tokens.seal(content);
    EXPECT_NE(token, *tokens.seal(content));
    EXPECT_EQ(tokens.open(token, west, now + milliseconds(119'999)), content);
    const auto unknown = refuse(Error::resolve_token_unknown);
    EXPECT_EQ(tokens.open(token, west, now + seconds(120)), unknown);
    EXPECT_EQ(tokens.open(token, east, now), unknown);
    EXPECT_EQ(tokens.open(token, {}, now), unknown);
    EXPECT_EQ(ResolveTokens(door::DoorSecrets::generate()).open(token, west, now), unknown);
}

TEST(ResolveTokens, NameAnOrderHostedHere) {
    const door::DoorSecrets secrets = door::DoorSecrets::generate();
    const ResolveTokens tokens(secrets);
    const TokenContent hosted{.asked_by = {}, .order = {41}, .inner = {}, .expires_at = now};
    EXPECT_EQ(tokens.open(*tokens.seal(hosted), {}, now - milliseconds(1)), hosted);
}

TEST(ResolveTokens, KeepWhatThePayerWasShown) {
    const door::DoorSecrets secrets = door::DoorSecrets::generate();
    const ResolveTokens tokens(secrets);
    TokenContent shown = content;
    shown.asked_by = {};
    shown.amount = Money{5'000, Currency{840}};
    shown.payee_name = "晨光咖啡";
    EXPECT_EQ(tokens.open(*tokens.seal(shown), {}, now), shown);
    shown.inner.clear();
    EXPECT_EQ(tokens.open(*tokens.seal(shown), {}, now), shown);
    shown.payee_name.assign(0x10000, 'x');
    EXPECT_EQ(tokens.seal(shown), refuse(Error::field_range));
}

TEST(ResolveTokens, AreReadByTheirAskerAlsoWhenTheyHaveExpired) {
    const door::DoorSecrets secrets = door::DoorSecrets::generate();
    const ResolveTokens tokens(secrets);
    const std::string token = *tokens.seal(content);
    EXPECT_EQ(tokens.read(token, west), content);
    EXPECT_EQ(tokens.read(token, east), refuse(Error::resolve_token_unknown));
}

TEST(ResolveTokens, RefuseEveryChangedOrShortenedToken) {
    const door::DoorSecrets secrets = door::DoorSecrets::generate();
    const ResolveTokens tokens(secrets);
    const std::string token = *tokens.seal(content);
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(tokens.open(changed, west, now).has_value()) << i;
        EXPECT_FALSE(tokens.open(token.substr(0, i), west, now).has_value()) << i;
    }
}

TEST(ResolveTokens, RefuseAnInnerTokenThatWouldNotFit) {
    const door::DoorSecrets secrets = door::DoorSecrets::generate();
    const ResolveTokens tokens(secrets);
    TokenContent long_one = content;
    long_one.inner.assign(inner_token_bytes_max, 'x');
    EXPECT_LE(tokens.seal(long_one)->size(), 2'048U);  // What the wire takes of a token.
    long_one.inner.push_back('x');
    EXPECT_EQ(tokens.seal(long_one), refuse(Error::field_range));
}

}  // namespace
}  // namespace huitong::gateway::institution
