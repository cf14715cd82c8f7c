#include "apps/bench/world.hpp"

#include <fmt/format.h>

namespace huitong::apps::bench {
namespace {

constexpr std::size_t setup_in_flight = 1'000;
constexpr std::int64_t first_funds_minor = 10'000'00;

// Runs a setup step for each of `count`; the first refusal is the step's.
Result<void> each(Pump& pump, std::uint64_t count,
                  const std::function<engine::Command(std::uint64_t)>& next,
                  const std::function<void(const engine::Answer&, std::uint64_t)>& use) {
    Result<void> good;
    pump.run(count, setup_in_flight, 0, next, [&](const engine::Request& request, std::uint64_t i) {
        if (!request.answer) {
            good = refuse(request.answer.error());
        } else {
            use(*request.answer, i);
        }
    });
    return good;
}

}  // namespace

Result<World> make_world(Pump& pump, WorldSize size) {
    World world;
    TRY(participant, pump.ask(switching::RegisterParticipant{
                         .code = "BENCH", .state = {"Bench Institution", true, true}
    }));
    const ParticipantId institution = std::get<switching::Participant>(participant).id();

    world.merchants.resize(size.merchants);
    CHECK(each(
        pump, size.merchants,
        [&](std::uint64_t i) {
            acquiring::RegisterMerchant command;
            command.terms.mchid = std::to_string(1'900'000'000 + i);
            command.terms.institution = institution;
            command.state.name = fmt::format("Shop {}", i);
            command.state.appids = {world.appid};
            return command;
        },
        [&](const engine::Answer& answer, std::uint64_t i) {
            world.merchants[i] = std::get<acquiring::Merchant>(answer).id();
        }));

    world.users.resize(size.users);
    CHECK(each(
        pump, size.users,
        [&](std::uint64_t i) {
            return wallet::OpenUser{.login_key = fmt::format("bench-user-{:05}", i),
                                    .institution = institution};
        },
        [&](const engine::Answer& answer, std::uint64_t i) {
            world.users[i] = {std::get<engine::UserAnswer>(answer).user.id(), 0};
        }));

    std::vector<FundingSourceId> sources(size.users);
    CHECK(each(
        pump, size.users,
        [&](std::uint64_t i) {
            return wallet::BindFundingSource{.session = world.users[i],
                                             .bank_name = "Bench Bank",
                                             .number_key = fmt::format("bench-{}", i),
                                             .masked_number = "0000"};
        },
        [&](const engine::Answer& answer, std::uint64_t i) {
            sources[i] = std::get<wallet::FundingSource>(answer).id();
        }));
    const wallet::PasswordCheck right{{}, true};  // Bench users have no password record.
    CHECK(each(
        pump, size.users,
        [&](std::uint64_t i) {
            return wallet::DrawTopUp{
                .session = world.users[i],
                .source = sources[i],
                .amount = {first_funds_minor, cny},
                .request_id = "bench-top-up",
                .check = right
            };
        },
        [](const engine::Answer&, std::uint64_t) {}));
    return world;
}

engine::Command order_command(const World& world, std::uint64_t i) {
    acquiring::CreateOrder command;
    command.terms.merchant = world.merchants[i % world.merchants.size()];
    command.terms.out_trade_no = fmt::format("bench-{:012}", i);
    command.terms.appid = world.appid;
    command.terms.description = "Benchmark goods";
    command.terms.notify_url = "http://127.0.0.1:9/notify";
    command.terms.minor = 1;
    command.terms.content_digest = std::string(32, 'd');
    return command;
}

engine::Command pay_command(const World& world, OrderId order, std::uint64_t i) {
    // A stride that visits all users without their order of opening.
    const auto& session = world.users[i * 7919 % world.users.size()];
    return switching::PayOrder{
        .session = session, .order = order, .request_id = fmt::format("pay-{:012}", i)};
}

}  // namespace huitong::apps::bench
