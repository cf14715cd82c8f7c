#include "engine/testing/golden.hpp"

#include <fstream>
#include <iterator>

#include "engine/codec.hpp"
#include "engine/partition.hpp"
#include "engine/testing/memory_store.hpp"

namespace huitong::engine::testing {
namespace {

// Asks a partition one thing after the other, on a clock that steps, and commits every few.
class Scenario {
public:
    Scenario() {
        (void)journal_.take_over();
        (void)partition_.rebuild(journal_, tables_);
    }

    // The answer, or an empty one when it was refused.
    template <class T>
    T ask(Command command, OperatorId by = {}) {
        Request request;
        request.command = std::move(command);
        request.by = by;
        clock_.ms += 1'234;
        if (partition_.decide(request, clock_) != Partition::Outcome::answered || !request.answer)
            return {};
        if (++asked_ % 5 == 0) commit();
        return std::get<T>(*request.answer);
    }
    void commit() {
        if (!partition_.has_entries()) return;
        const PendingBatch batch = partition_.take_batch();
        (void)journal_.append(batch.batch, batch.before);
    }
    // What no command of today makes: a payment under way, with its hold and its locked order.
    void reserve(const wallet::User& payer, const acquiring::Order& order) {
        commit();
        Entry entry;
        entry.ledger.holds.push_back({payer.terms.account, order.terms.minor});
        const switching::Payment payment{
            {.id = PaymentId{order.id().value + 1},
             .order = order.id(),
             .merchant = order.terms.merchant,
             .payer = payer.id(),
             .payer_account = payer.terms.account,
             .minor = order.terms.minor,
             .request_id = "reserved",
             .created_at = clock_},
            {.status = switching::PaymentStatus::reserved}
        };
        entry.switching.payments.push_back(created(payment));
        acquiring::OrderState locked = order.state;
        locked.status = acquiring::OrderStatus::locked;
        locked.payment = payment.id();
        entry.acquiring.orders.push_back(changed<acquiring::Order>(order.id(), locked));
        (void)journal_.append({.first = Sequence{partition_.last().value + 1},
                               .now = clock_,
                               .entries = {encode(entry)}},
                              {});
    }
    [[nodiscard]] Instant now() const { return clock_; }
    [[nodiscard]] std::vector<MemoryJournal::Row> rows() const { return journal_.rows(); }

private:
    Instant clock_{1'790'000'000'000};
    MemoryJournal journal_;
    MemoryTables tables_;
    Partition partition_{HeartOptions{}};
    int asked_ = 0;
};

struct People {
    OperatorId root;
    MerchantId merchant;
    wallet::User alice, bob;
};

People register_people(Scenario& play) {
    People people;
    people.root = play
                      .ask<switching::Operator>(switching::OpenOperator{
                          .name = "root", .password = {"scrypt record"}, .must_change = true})
                      .id();
    play.ask<switching::OperatorLogInAnswer>(switching::OperatorLogIn{
        "root", {{"scrypt record"}, true},
         Sealed{"another record"}
    });
    const auto bank = play.ask<switching::Participant>(
        switching::RegisterParticipant{
            .code = "bank",
            .state = {.name = "汇通银行",
                      .account_institution = true,
                      .acquiring_institution = true}
    },
        people.root);
    people.merchant = play.ask<acquiring::Merchant>(
                              acquiring::RegisterMerchant{
                                  .terms = {.mchid = "1900000001", .institution = bank.id()},
                                  .state = {.name = "小店",
                                            .appids = {"wxd678efh567hg6787", "wx2421b1c4370ec43b"},
                                            .apiv3_key = {"sealed key"},
                                            .notify_url = "https://shop.example/notify"},
                                  .currency = cny
    },
                              people.root)
                          .id();
    play.ask<acquiring::MerchantKey>(
        acquiring::AddMerchantKey{
            {.merchant = people.merchant,
             .serial = "5157F09EFDC096DE15EBE81A47057A72",
             .public_key_pem = "a public key",
             .not_before = play.now() - days(1),
             .not_after = play.now() + days(365)}
    },
        people.root);
    play.ask<acquiring::PlatformKey>(acquiring::AddPlatformKey{
        {.serial = "1DDE55AD98ED71D6EDD4A4A16996DE7B",
         .public_key_id = "PUB_KEY_ID_0100000000000000000000000001",
         .certificate_pem = "a certificate",
         .public_key_pem = "a public key",
         .private_key = {"sealed private key"},
         .not_before = play.now(),
         .not_after = play.now() + days(1825)}
    });
    const auto open = [&](const char* name) {
        return play
            .ask<UserAnswer>(wallet::OpenUser{.login_key = std::string("\x01\xff", 2) + name,
                                              .personal = {"sealed name"},
                                              .password = {"password record"},
                                              .payment_password = {"pin record"},
                                              .institution = bank.id(),
                                              .currency = cny})
            .user;
    };
    people.alice = open("alice");
    people.bob = open("bob");
    return people;
}

void top_up(Scenario& play, const wallet::User& user, std::int64_t minor) {
    const wallet::Session session{user.id(), 0};
    const auto source = play.ask<wallet::FundingSource>(
        wallet::BindFundingSource{.session = session,
                                  .bank_name = "a bank",
                                  .number_key = "digest of a number",
                                  .masked_number = "6789",
                                  .number = {"sealed number"},
                                  .currency = cny});
    for (const bool right : {false, true})
        play.ask<wallet::TopUpAnswer>(wallet::DrawTopUp{
            .session = session,
            .source = source.id(),
            .amount = {minor,          cny  },
            .request_id = right ? "second" : "first",
            .check = wallet::PasswordCheck{{"pin record"}, right}
        });
}

acquiring::Order order(Scenario& play, MerchantId merchant, std::string number,
                       acquiring::TradeType type) {
    acquiring::CreateOrder command;
    command.terms = {.merchant = merchant,
                     .out_trade_no = std::move(number),
                     .trade_type = type,
                     .appid = "wxd678efh567hg6787",
                     .description = "Image形象店-深圳腾大-QQ公仔",
                     .attach = "自定义数据",
                     .notify_url = "https://shop.example/paid",
                     .minor = 100'00,
                     .currency = cny,
                     .extras = R"({"goods_tag":"WXG"})",
                     .content_digest = std::string(32, '\xab')};
    return play.ask<OrderAnswer>(command).order;
}

void pay(Scenario& play, const wallet::User& user, OrderId id, std::string request) {
    play.ask<switching::PaymentAnswer>(switching::PayOrder{
        .session = {user.id(), 0},
          .order = id, .request_id = std::move(request)
    });
}

void refund(Scenario& play, const acquiring::Order& paid, std::string number, std::int64_t minor) {
    acquiring::CreateRefund command{
        .terms = {.merchant = paid.terms.merchant,
                  .out_refund_no = std::move(number),
                  .minor = minor,
                  .currency = cny,
                  .reason = "商品已售完",
                  .content_digest = std::string(32, '\xcd')},
        .order = {paid.terms.merchant, paid.id(), ""},
        .total_minor = paid.terms.minor
    };
    play.ask<RefundAnswer>(command);
}

}  // namespace

std::vector<std::string> read_golden(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(file), {}};
    std::vector<std::string> batches;
    for (std::size_t at = 0; at < all.size();) {
        if (all.size() - at < 4) return {};
        std::size_t size = 0;
        for (std::size_t i = 4; i-- > 0;) size = size << 8 | static_cast<std::uint8_t>(all[at + i]);
        if (all.size() - at - 4 < size) return {};
        batches.push_back(all.substr(at + 4, size));
        at += 4 + size;
    }
    return batches;
}

bool make_golden(const std::string& path) {
    Scenario play;
    const People people = register_people(play);
    top_up(play, people.alice, 5'000'00);
    using enum acquiring::TradeType;
    const auto paid = order(play, people.merchant, "1217752501201407033233368018", native);
    pay(play, people.alice, paid.id(), "pay 1");
    pay(play, people.bob, paid.id(), "pay 2");  // too late: refused, no entry
    const auto declined = order(play, people.merchant, "no-2", h5);
    pay(play, people.bob, declined.id(), "pay 3");
    refund(play, paid, "1217752501201407033233368019", 40'00);
    refund(play, paid, "refund 2", 60'00);
    const auto closed = order(play, people.merchant, "no-3", app);
    play.ask<OrderAnswer>(acquiring::CloseOrder{
        {people.merchant, closed.id(), ""}
    });
    play.ask<UserAnswer>(wallet::SetUserStatus{people.bob.id(), wallet::UserStatus::frozen},
                         people.root);
    play.ask<acquiring::MerchantKey>(
        acquiring::RevokeMerchantKey{people.merchant, "5157F09EFDC096DE15EBE81A47057A72"});
    play.reserve(people.alice, order(play, people.merchant, "no-4", jsapi));

    std::ofstream file(path, std::ios::binary);
    for (const MemoryJournal::Row& row : play.rows()) {
        for (std::size_t i = 0; i < 4; ++i)
            file.put(static_cast<char>(row.batch.bytes.size() >> 8 * i));
        file << row.batch.bytes;
    }
    return file.good();
}

}  // namespace huitong::engine::testing
