// Platforms that are linked over ISO 8583, for tests: real heart over a store in memory, real
// courier, real sockets; and a peer that says exactly what a test wants.
#pragma once

#include <future>
#include <gtest/gtest.h>
#include <map>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/testing/heart_kit.hpp"
#include "gateway/door/sealing.hpp"
#include "gateway/iso8583/door.hpp"
#include "gateway/iso8583/response_code.hpp"
#include "gateway/links/courier.hpp"

namespace huitong::gateway::iso8583 {

using engine::testing::eventually;

// Runs as the world does, and can be moved ahead.
class TestClock final : public engine::Clock {
public:
    Instant now() override {
        const auto ran = std::chrono::steady_clock::now() - start_;
        return Instant{1'790'000'000'000 + ahead_.load() +
                       std::chrono::duration_cast<std::chrono::milliseconds>(ran).count()};
    }
    void pass(Duration time) { ahead_ += time.ms; }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::atomic<std::int64_t> ahead_ = 0;
};

inline constexpr std::string_view west_code = "44190440";
inline constexpr std::string_view east_code = "00010344";
inline constexpr std::string_view master_key = "0123456789abcdef";

inline Money fen(std::int64_t n) {
    return {n, cny};
}

class Platform {
public:
    Platform(TestClock& clock, std::string_view own_code, DoorOptions options = {},
             engine::HeartOptions heart = {})
        : clock_(clock), heart_(journal_, tables_, clock, std::move(heart)) {
        courier_.emplace(
            links::LinkCourier::Parts{
                .heart = port(),
                .clock = clock_,
                .link = [this](ParticipantId id) -> std::shared_ptr<links::Link> {
                    return door_->link(id);
                                                                                  }
        },
            links::CourierOptions{
                .work = {.first_pause = milliseconds(50), .longest_pause = milliseconds(200)}});
        options.own_code = own_code;
        if (options.tick == DoorOptions{}.tick) options.tick = milliseconds(20);
        options.dialler.pause_first = milliseconds(50);
        door_.emplace(
            Iso8583Door::Parts{
                .heart = port(),
                .clock = clock_,
                .io = io_,
                .master = master_,
                .waiters = courier_->waiters(),
                .find_payee =
                    [this](ParticipantId, const std::string& code, PayeeFound done) {
                        const auto found = payees.find(code);
                        if (found == payees.end())
                            return done(refuse(code == "unowned" ? Error::code_unowned
                                                                 : Error::order_code_unknown));
                        done(found->second);
                    },
                .find_payer = [](ParticipantId,
                                 std::string_view) { return Result<ParticipantId>{}; }},
            options);
        heart_.set_courier(*courier_);
        EXPECT_TRUE(heart_.start().has_value());
        courier_->start();
        house = std::get<switching::Participant>(
                    yes(switching::RegisterParticipant{.code = "house", .state = {"house"}}))
                    .id();
        door_->start();
        const auto listening = door_->listen("127.0.0.1", 0);
        EXPECT_TRUE(listening.has_value());
        listen_port = listening.value_or(0);
    }
    ~Platform() {
        courier_->stop();
        io_.stop();
        heart_.stop();
    }

    Result<engine::Answer> ask(engine::Command command) {
        struct Box final : engine::Mailbox {
            std::promise<Result<engine::Answer>> promise;
            void deliver(std::vector<engine::RequestPtr> answered) override {
                promise.set_value(std::move(answered.front()->answer));
            }
        } box;
        auto future = box.promise.get_future();
        heart_.submit(std::make_unique<engine::Request>(std::move(command), box, nullptr));
        return future.get();
    }
    engine::Answer yes(engine::Command command) {
        auto answer = ask(std::move(command));
        EXPECT_TRUE(answer.has_value()) << (answer ? "" : describe(answer.error()).name);
        return answer ? *std::move(answer) : engine::Answer{};
    }
    // The other side as a participant; port 0: it dials us.
    ParticipantId know(std::string_view code, std::uint16_t port, bool is_switch) {
        switching::ParticipantState state{.name = "peer",
                                          .protocol = switching::Protocol::iso8583,
                                          .is_switch = is_switch,
                                          .institution_code = std::string(code)};
        if (port != 0) state.channels = {"127.0.0.1:" + std::to_string(port)};
        const ParticipantId id =
            std::get<switching::Participant>(
                yes(switching::RegisterParticipant{.code = std::string(code), .state = state}))
                .id();
        change_master_key(id, master_key);
        yes(switching::SetPosition{.participant = id, .currency = cny, .cap_minor = 1'000'00});
        for (const auto kind :
             {switching::CodeKind::merchant_dynamic, switching::CodeKind::payer_code})
            yes(switching::SetOpening{
                .terms = {.participant = id, .code_kind = kind},
                .state = {.opens_at = clock_.now() - days(1)}
            });
        return id;
    }
    void change_master_key(ParticipantId id, std::string_view key) {
        yes(switching::ChangeParticipant{
            .participant = id,
            .master_key = Sealed{master_.seal(door::participant_master_key_context(id), key)}});
    }
    UserId open_user(std::int64_t minor) {
        const UserId user =
            std::get<engine::UserAnswer>(yes(wallet::OpenUser{.login_key = "alice",
                                                              .payment_password = {"pin"},
                                                              .institution = house,
                                                              .currency = cny}))
                .user.id();
        const wallet::Session session{user, 0};
        const auto source = std::get<wallet::FundingSource>(
            yes(wallet::BindFundingSource{.session = session, .number_key = "n", .currency = cny}));
        yes(wallet::DrawTopUp{
            .session = session,
            .source = source.id(),
            .amount = fen(minor),
            .request_id = "first",
            .check = wallet::PasswordCheck{{"pin"}, true}
        });
        return user;
    }
    std::string show_code(UserId user) {
        yes(wallet::IssuePayerCode{
            .session = {user, 0},
              .digits = "130000000000000001"
        });
        return "130000000000000001";
    }
    // An order and its code's text.
    std::string open_order(std::int64_t minor) {
        merchant = std::get<acquiring::Merchant>(
                       yes(acquiring::RegisterMerchant{
                           .terms = {.mchid = "1900000001", .institution = house},
                           .state = {.name = "Shop",        .appids = {"wx1"}   },
                           .currency = cny
        }))
                       .id();
        acquiring::CreateOrder wish;
        wish.terms = {.merchant = merchant,
                      .out_trade_no = "no-1",
                      .appid = "wx1",
                      .description = "Coffee",
                      .minor = minor,
                      .currency = cny,
                      .content_digest = "d"};
        const auto order = std::get<engine::OrderAnswer>(yes(wish)).order;
        payees["CODE-1"] = {.order = order.id()};
        return "CODE-1";
    }
    std::int64_t position(ParticipantId id) {
        const auto* found =
            heart_.directory()->positions.find(switching::Position::key_of(id, cny));
        return std::get<ledger::Account>(yes(engine::QueryAccount{found->id()})).balance;
    }
    std::int64_t balance(UserId user) {
        return std::get<engine::UserAnswer>(yes(engine::QueryUser{
                                                {user, 0}
        }))
            .account.balance;
    }
    // A payment as it is now, by the key of whoever asked for it.
    switching::Payment now(const switching::Payment& first) {
        return std::get<switching::Payment>(yes(switching::QueryRequest{
            .from = {first.terms.requester.value}, .request_id = first.terms.request_id}));
    }
    Iso8583Door& door() { return *door_; }
    links::LinkCourier& courier() { return *courier_; }
    bool ready(ParticipantId id) {
        return eventually([&] {
            const auto status = door_->member(id)->status();
            return status.state == links::LinkState::up && status.key_since.has_value();
        });
    }

    std::map<std::string, Payee> payees;  // set while nobody asks
    ParticipantId house;
    MerchantId merchant;
    std::uint16_t listen_port = 0;

private:
    door::HeartPort port() {
        return {.submit_all =
                    [this](std::vector<engine::RequestPtr> all) { heart_.submit(std::move(all)); },
                .directory = [this] { return heart_.directory(); }};
    }

    TestClock& clock_;
    engine::testing::MemoryJournal journal_;
    engine::testing::MemoryTables tables_;
    engine::Heart heart_;
    crypto::MasterKey master_{crypto::SealingKey::generate()};
    std::optional<links::LinkCourier> courier_;
    http::IoThreads io_{2};
    std::optional<Iso8583Door> door_;
};

// A member that speaks for itself: connects, and sends and hears whole frames.
class Peer {
public:
    Peer(std::uint16_t port, std::string_view code, std::string_view to)
        : code_(code), to_(to), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        be_patient();
    }
    // Of a connection that came.
    Peer(http::SocketDescriptor accepted, std::string_view code, std::string_view to)
        : code_(code), to_(to), socket_(accepted.release()) {
        be_patient();
    }
    ~Peer() { ::close(socket_); }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    void send(std::string_view bytes) {
        EXPECT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(bytes.size()));
    }
    // `mac_key`: null for no MAC.
    std::string frame(std::string_view mti, const Fields& fields, WorkingKey* mac_key = nullptr) {
        wire::iso8583::Builder builder(dialect());
        builder.start(*wire::iso8583::Mti::parse(mti));
        EXPECT_TRUE(add_all(builder, fields).has_value());
        std::string buffer;
        if (mac_key != nullptr) {
            EXPECT_TRUE(add_mac(builder, mac_key->mac, buffer, mac_key->check_value()).has_value());
        }
        const auto header = wire::iso8583::Header::make({.destination = to_, .source = code_});
        return std::string(*builder.finish({.header = &*header}));
    }
    void say(std::string_view mti, const Fields& fields, WorkingKey* mac_key = nullptr) {
        send(frame(mti, fields, mac_key));
    }
    // The next four bytes: a beat is 0000.
    std::string hear_prefix() { return take(4); }
    // The next frame, beats aside; empty: the line has ended.
    std::string hear() {
        for (;;) {
            std::string prefix = take(4);
            if (prefix.size() < 4) return {};
            if (prefix != "0000") return prefix + take(std::stoul(prefix));
        }
    }
    // The next message of this type.
    Fields hear(std::string_view mti) {
        for (;;) {
            last = hear();
            if (last.empty()) {
                ADD_FAILURE() << "no " << mti;
                return {};
            }
            EXPECT_TRUE(decode_frame(dialect(), last, envelope).has_value());
            if (envelope.message.mti().text() == mti) return fields_of(envelope.message);
        }
    }
    // Signs on and takes the key that is delivered.
    void sign_on() {
        say("0820", {
                        {7,  "0101000000"},
                        {11, "000001"    },
                        {33, code_       },
                        {70, "001"       }
        });
        EXPECT_EQ(text_of(hear("0830"), 39), approved);
        take_key();
    }
    void take_key() {
        const Fields delivery = hear("0800");
        auto taken = received_key(crypto::Secret(master_key), delivery, {});
        ASSERT_TRUE(taken.has_value());
        std::string buffer;
        EXPECT_TRUE(verify_mac(envelope.message, taken->mac, buffer).has_value());
        EXPECT_EQ(envelope.message.wire(128).substr(4), taken->check_value());
        key.emplace(std::move(*taken));
        Fields answer;
        for (const unsigned field : {7U, 11U, 53U, 70U, 100U}) answer.insert(*delivery.find(field));
        answer[39] = approved;
        say("0810", answer, &*key);
    }
    static const wire::iso8583::Dialect& dialect() {
        return *wire::iso8583::builtin_dialect("cups");
    }

    std::optional<WorkingKey> key;
    wire::iso8583::Envelope envelope;  // of `last`
    std::string last;

private:
    void be_patient() const {
        const timeval patience{.tv_sec = 20, .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    std::string take(std::size_t count) {
        std::string bytes(count, '\0');
        std::size_t have = 0;
        while (have < count) {
            const auto got = ::recv(socket_, bytes.data() + have, count - have, 0);
            if (got <= 0) break;
            have += static_cast<std::size_t>(got);
        }
        bytes.resize(have);
        return bytes;
    }
    std::string code_;
    std::string to_;
    int socket_;
};

// Where a platform dials: each line is a peer.
class Acceptor {
public:
    [[nodiscard]] std::uint16_t port() const { return bound_.port; }
    // The next line.
    std::unique_ptr<Peer> accept(std::string_view code, std::string_view to) {
        pollfd waiting{.fd = bound_.descriptor.value(), .events = POLLIN, .revents = 0};
        EXPECT_EQ(::poll(&waiting, 1, 20'000), 1);
        return std::make_unique<Peer>(
            http::SocketDescriptor(::accept4(waiting.fd, nullptr, nullptr, SOCK_CLOEXEC)), code,
            to);
    }

private:
    http::Bound bound_ = *http::listen_on("127.0.0.1", 0);
};

}  // namespace huitong::gateway::iso8583
