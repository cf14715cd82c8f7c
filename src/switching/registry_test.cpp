// The operator's records of institutions: repeats change nothing, and a code finds its owner.
#include "switching/registry.hpp"

#include <gtest/gtest.h>

#include "switching/test_world.hpp"

namespace huitong::switching {
namespace {

using namespace test;

constexpr ParticipantId west{61}, east{62}, hub{63}, house{64}, stranger{65};

struct Registered : World {
    Registered() {
        add(west, {.protocol = Protocol::json});
        add(east, {.protocol = Protocol::iso8583});
        add(house, {});
    }
    void add(ParticipantId id, ParticipantState state) {
        switching.participants.load({
            {.id = id, .code = std::to_string(id.value)},
            state
        });
    }
    template <class Decide>
    auto take(Decide decide) {
        return run([&](SidesEffects effects) { return decide(effects); });
    }
    auto rule(ParticipantId owner, CodeForm form, std::string pattern, std::uint32_t length = 0,
              std::uint32_t priority = 0) {
        return take([&](SidesEffects effects) {
            const SetCodeRule command{
                {{++last}, form, pattern, length, owner},
                {.priority = priority}
            };
            return set_code_rule(switching, command, effects.switching);
        });
    }
    Result<ParticipantId> owner(CodeForm form, std::vector<std::string> marks) {
        return owner_of(switching.code_rules, switching.participants, {form, std::move(marks)});
    }
    std::uint64_t last = 100;
};

TEST(OwnerOf, TakesTheFirstRuleThatMatches) {
    Registered world;
    ASSERT_TRUE(world.rule(west, CodeForm::digits, "13", 18, 5));
    ASSERT_TRUE(world.rule(east, CodeForm::digits, "131", 18, 1));
    ASSERT_TRUE(world.rule(east, CodeForm::url, "QR.EAST.EXAMPLE"));
    EXPECT_EQ(world.owner(CodeForm::digits, {"130000000000000001"}), west);
    EXPECT_EQ(world.owner(CodeForm::digits, {"131000000000000001"}), east);
    EXPECT_EQ(world.owner(CodeForm::digits, {"13000000000000001"}).error(), Error::code_unowned);
    EXPECT_EQ(world.owner(CodeForm::url, {"QR.EAST.EXAMPLE"}), east);
    EXPECT_EQ(world.owner(CodeForm::url, {"QR.EAST.EXAMPLE.EVIL"}).error(), Error::code_unowned);
    world.add(hub, {.protocol = Protocol::json, .is_switch = true});
    EXPECT_EQ(world.owner(CodeForm::url, {"QR.NOBODY.EXAMPLE"}), hub);
}

TEST(OwnerOf, ForgetsARuleThatIsWithdrawn) {
    Registered world;
    ASSERT_TRUE(world.rule(west, CodeForm::digits, "13", 18));
    EXPECT_EQ(world.rule(east, CodeForm::digits, "13", 18).error(), Error::id_taken);
    ASSERT_TRUE(world.take([&](SidesEffects effects) {
        const SetCodeRule command{
            {{++world.last}, CodeForm::digits, "13", 18, west},
            {.withdrawn = true}
        };
        return set_code_rule(world.switching, command, effects.switching);
    }));
    EXPECT_EQ(world.switching.code_rules.size(), 1U);
    EXPECT_FALSE(world.owner(CodeForm::digits, {"130000000000000001"}));
}

TEST(SetPosition, OpensOnceAndThenSetsTheCap) {
    Registered world;
    const auto set = [&](ParticipantId who, std::int64_t cap) {
        return world.take([&](SidesEffects effects) {
            const std::uint64_t first = world.last += 2;
            const SetPosition command{{first}, {first + 1}, who, cny, cap};
            return set_position(world.switching, command, t0, effects.draft, effects.switching);
        });
    };
    EXPECT_EQ(set(stranger, 5).error(), Error::participant_not_found);
    EXPECT_EQ(set(house, 5).error(), Error::participant_not_linked);
    EXPECT_EQ(set(west, -1).error(), Error::field_range);
    const auto opened = set(west, 5);
    ASSERT_TRUE(opened);
    EXPECT_EQ(world.book.find(opened->id())->kind, ledger::AccountKind::position);
    const std::size_t accounts = world.book.size();
    EXPECT_EQ(set(west, 9)->state.cap_minor, 9);
    EXPECT_EQ(set(west, 9)->id(), opened->id());
    EXPECT_EQ(world.book.size(), accounts);
}

TEST(CheckOpening, HoldsFromItsDateToItsDate) {
    Registered world;
    EXPECT_EQ(check_opening(world.switching.openings, west, CodeKind::payer_code, t0).error(),
              Error::code_kind_not_open);
    ASSERT_TRUE(world.take([&](SidesEffects effects) {
        const SetOpening command{
            {{++world.last}, west, CodeKind::payer_code},
            {.opens_at = t0, .closes_at = t0 + days(1)}
        };
        return set_opening(world.switching, command, effects.switching);
    }));
    const auto open = [&](Instant now) {
        return check_opening(world.switching.openings, west, CodeKind::payer_code, now).has_value();
    };
    EXPECT_FALSE(open(t0 - milliseconds(1)));
    EXPECT_TRUE(open(t0));
    EXPECT_FALSE(open(t0 + days(1)));
}

TEST(ParticipantKeys, AreUniqueAndEnd) {
    Registered world;
    const auto add = [&](ParticipantId who, std::string pem, Instant now) {
        return world.take([&](SidesEffects effects) {
            const AddParticipantKey command{
                {{++world.last}, who, "AB", std::move(pem), t0, t0 + days(9)}
            };
            return add_participant_key(world.switching, command, now, effects.switching);
        });
    };
    EXPECT_EQ(add(stranger, "pem", t0).error(), Error::participant_not_found);
    EXPECT_EQ(add(west, "pem", t0 + days(10)).error(), Error::certificate_invalid);
    const auto first = add(west, "pem", t0);
    ASSERT_TRUE(first);
    EXPECT_EQ(add(west, "pem", t0), first);
    EXPECT_EQ(add(west, "another", t0).error(), Error::serial_taken);
    EXPECT_EQ(add(east, "pem", t0).error(), Error::serial_taken);
    const auto revoke = [&](ParticipantId who) {
        return world.take([&](SidesEffects effects) {
            return revoke_participant_key(world.switching, {who, "AB"}, effects.switching);
        });
    };
    EXPECT_EQ(revoke(east).error(), Error::serial_unknown);
    EXPECT_TRUE(revoke(west)->state.revoked);
    EXPECT_EQ(add(west, "pem", t0).error(), Error::serial_taken);
}

TEST(ChangeParticipant, KeepsWhatIsNotNamed) {
    Registered world;
    const auto change = [&](ChangeParticipant command) {
        return world.take([&](SidesEffects effects) {
            return change_participant(world.switching, command, effects.switching);
        });
    };
    EXPECT_EQ(change({.participant = stranger}).error(), Error::participant_not_found);
    const auto changed = change({.participant = west, .name = "West", .channels = {{"http://w"}}});
    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->state.protocol, Protocol::json);
    EXPECT_EQ(changed->state.name, "West");
    EXPECT_EQ(change({.participant = west}), changed);
}

}  // namespace
}  // namespace huitong::switching
