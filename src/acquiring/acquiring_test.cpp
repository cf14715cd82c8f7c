// The merchant side's rules: a row per error that each decision lists, in check order, each proving
// that nothing changed; and the lives of orders.
#include "acquiring/acquiring.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <optional>
#include <string>

#include "acquiring/state.hpp"
#include "ledger/draft.hpp"

namespace huitong::acquiring {
namespace {

constexpr Instant t0{1'790'000'000'000};
constexpr Currency usd{840};
constexpr MerchantId shop{11}, cold_shop{12}, no_shop{99};
constexpr AccountId to_settle{21}, settled_money{22}, frozen_funds{23}, payer_account{24};
constexpr OrderId waiting{31}, settled{32}, shut{33}, held{34}, no_order{98};
constexpr PaymentId payment{41};

Money fen(std::int64_t n) {
    return {n, cny};
}

// A shop with an open, a paid, a closed and a locked order, and a shop that is frozen.
struct World {
    Acquiring acquiring{
        Hash128{1, 2}
    };
    ledger::Book book;
    ledger::Limits limits;
    Rules rules{.refund_window = days(10), .refunds_max = 2};

    World() {
        using enum ledger::AccountKind;
        // As after a fetch that found nothing: absence is certain.
        acquiring.orders.install_absent({RecordKind::order, no_order.value, {}});
        add_merchant(shop, "1900000001", MerchantStatus::active);
        add_merchant(cold_shop, "1900000002", MerchantStatus::frozen);
        add_order(waiting, "w", OrderStatus::open);
        add_order(settled, "s", OrderStatus::paid);
        add_order(shut, "c", OrderStatus::closed);
        add_order(held, "l", OrderStatus::locked);
        book.load({.id = to_settle, .kind = merchant_unsettled, .currency = cny});
        book.load({.id = settled_money, .kind = merchant_available, .currency = cny});
        book.load({.id = frozen_funds, .kind = merchant_frozen, .currency = cny});
        book.load({.id = payer_account, .kind = wallet, .currency = cny});
    }
    void add_merchant(MerchantId id, std::string mchid, MerchantStatus status) {
        acquiring.merchants.load(Merchant{
            {.id = id,
             .mchid = std::move(mchid),
             .unsettled = to_settle,
             .available = settled_money,
             .frozen = frozen_funds},
            {.status = status, .name = "shop", .appids = {"wx1"}}
        });
    }
    void add_order(OrderId id, std::string number, OrderStatus status) {
        Order order{
            {.id = id,
             .merchant = shop,
             .out_trade_no = std::move(number),
             .appid = "wx1",
             .minor = 100'00,
             .currency = cny,
             .content_digest = "digest",
             .created_at = t0,
             .expires_at = t0 + days(7)},
            {.status = status, .code_expires_at = t0 + hours(2)}
        };
        if (status == OrderStatus::paid) {
            order.state.payment = payment;
            order.state.ended_at = t0;
        }
        acquiring.orders.put(order, Sequence{1});
    }
    Order& order(OrderId id) { return const_cast<Order&>(*acquiring.orders.in_memory(id)); }
    void fund(AccountId account, std::int64_t minor) {
        ledger::Account bank{
            .id = AccountId{29}, .kind = ledger::AccountKind::inbound_funds, .currency = cny};
        if (book.find(bank.id) == nullptr) book.load(bank);
        ledger::Effects effects;
        effects.postings.push_back({bank.id, account, minor, cny});
        book.apply(effects);
    }

    template <class Decide>
    auto run(Decide&& decide) {
        Effects effects;
        ledger::Draft draft(book, limits);
        auto decided = decide(draft, effects);
        if (decided) {
            entries += effects.orders.size() + effects.merchants.size() +
                       effects.merchant_keys.size() + effects.platform_keys.size();
            book.apply(draft.take());
            apply(acquiring, effects, Sequence{++sequence});
        } else {  // Every check of this module comes before its first effect.
            EXPECT_TRUE(effects.orders.empty() && effects.merchants.empty() &&
                        effects.merchant_keys.empty() && effects.platform_keys.empty() &&
                        draft.effects().postings.empty() && draft.effects().opened.empty());
        }
        return decided;
    }
    auto create(const CreateOrder& command, Instant now = t0) {
        return run([&](ledger::Draft&, Effects& effects) {
            return create_order(acquiring, command, rules, now, effects);
        });
    }
    auto close(const OrderRef& ref, Instant now = t0) {
        return run([&](ledger::Draft&, Effects& effects) {
            return close_order(acquiring, {ref}, now, effects);
        });
    }
    auto expire(OrderId id, Instant now) {
        return run([&](ledger::Draft&, Effects& effects) {
            return expire_order(acquiring, {id}, now, effects);
        });
    }
    std::uint64_t sequence = 1;
    std::size_t entries = 0;
};

CreateOrder wish() {
    CreateOrder command;
    command.terms = {.id = OrderId{51},
                     .merchant = shop,
                     .out_trade_no = "new",
                     .appid = "wx1",
                     .minor = 100'00,
                     .currency = cny,
                     .content_digest = "digest"};
    return command;
}

TEST(CreateOrder, RefusesInCheckOrderAndChangesNothing) {
    const struct {
        const char* name;
        std::function<void(OrderTerms&)> arrange;
        Instant now;
        Error want;
    } cases[] = {
        {"no such merchant", [](OrderTerms& t) { t.merchant = no_shop; },           t0,
         Error::merchant_not_found                                                                                          },
        {"frozen",           [](OrderTerms& t) { t.merchant = cold_shop; },         t0,           Error::merchant_frozen    },
        {"another appid",    [](OrderTerms& t) { t.appid = "wx2"; },                t0,           Error::appid_not_bound    },
        {"nothing to pay",   [](OrderTerms& t) { t.minor = 0; },                    t0,           Error::amount_not_positive},
        {"too much",         [](OrderTerms& t) { t.minor = amount_minor_max + 1; }, t0,
         Error::amount_overflow                                                                                             },
        {"other content",
         [](OrderTerms& t) {
             t.out_trade_no = "s";  // paid, but the content is looked at first
             t.content_digest = "else";
         },                                                                         t0,           Error::order_number_reused},
        {"paid",             [](OrderTerms& t) { t.out_trade_no = "s"; },           t0,           Error::order_number_paid  },
        {"closed",           [](OrderTerms& t) { t.out_trade_no = "c"; },           t0,           Error::order_closed       },
        {"run out",          [](OrderTerms& t) { t.out_trade_no = "w"; },           t0 + days(7),
         Error::order_expired                                                                                               },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        World world;
        CreateOrder command = wish();
        c.arrange(command.terms);
        const auto answer = world.create(command, c.now);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error(), Stop{c.want});
        EXPECT_EQ(world.acquiring.orders.size(), 4U);
    }
}

TEST(CreateOrder, KeepsAnOrdersLifeWithinTheContract) {
    const struct {
        const char* name;
        Instant asked, want, code;
        TradeType type;
    } cases[] = {
        {"none asked",  {},               t0 + days(7),    t0 + hours(2),   TradeType::native},
        {"in the past", t0 - days(1),     t0 + minutes(1), t0 + minutes(1), TradeType::native},
        {"too soon",    t0 + seconds(59), t0 + minutes(1), t0 + minutes(1), TradeType::native},
        {"as asked",    t0 + hours(1),    t0 + hours(1),   t0 + hours(1),   TradeType::native},
        {"too late",    t0 + days(16),    t0 + days(15),   t0 + hours(2),   TradeType::jsapi },
        {"h5",          {},               t0 + days(7),    t0 + minutes(5), TradeType::h5    },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        World world;
        CreateOrder command = wish();
        command.terms.expires_at = c.asked;
        command.terms.trade_type = c.type;
        const auto order = world.create(command);
        ASSERT_TRUE(order);
        EXPECT_EQ(order->terms.expires_at, c.want);
        EXPECT_EQ(order->state.code_expires_at, c.code);
        EXPECT_EQ(order->terms.created_at, t0);
    }
}

TEST(CreateOrder, AnswersARepeatWithTheFirstAndRenewsItsCode) {
    World world;
    const auto first = world.create(wish());
    CreateOrder again = wish();
    again.terms.id = OrderId{52};
    EXPECT_EQ(world.create(again, t0 + hours(1)), first);
    EXPECT_EQ(world.entries, 1U);  // The repeat recorded nothing.

    const auto renewed = world.create(again, t0 + hours(2));
    ASSERT_TRUE(renewed);
    EXPECT_EQ(renewed->id(), OrderId{51});
    EXPECT_EQ(renewed->state.code_expires_at, t0 + hours(4));
    EXPECT_EQ(world.create(again, t0 + days(7) - seconds(1))->state.code_expires_at,
              t0 + days(7));  // Never past the order's own life.
}

TEST(FindOrder, HidesOtherMerchantsOrders) {
    const World world;
    const OrderRef refs[] = {
        {shop,      no_order, ""    },
        {shop,      {},       "none"},
        {cold_shop, waiting,  ""    },
        {cold_shop, {},       "w"   },
    };
    for (const OrderRef& ref : refs)
        EXPECT_EQ(find_order(world.acquiring, ref).error(), Stop{Error::order_not_found});
    EXPECT_EQ((*find_order(world.acquiring, {shop, waiting, ""}))->id(), waiting);
    EXPECT_EQ((*find_order(world.acquiring, {shop, {}, "w"}))->id(), waiting);
}

TEST(CloseOrder, RefusesInCheckOrderAndClosesOnce) {
    World world;
    EXPECT_EQ(world.close({shop, no_order, ""}).error(), Stop{Error::order_not_found});
    EXPECT_EQ(world.close({shop, settled, ""}).error(), Stop{Error::order_paid});
    EXPECT_EQ(world.close({shop, held, ""}).error(), Stop{Error::order_locked});
    EXPECT_EQ(world.entries, 0U);
    EXPECT_EQ(world.close({shop, waiting, ""})->state.status, OrderStatus::closed);
    EXPECT_EQ(world.close({shop, waiting, ""}, t0 + hours(1))->state.ended_at, t0);
    EXPECT_EQ(world.entries, 1U);
}

TEST(ExpireOrder, ClosesOnlyWhatIsOpenPastItsTime) {
    World world;
    const Instant end = t0 + days(7);
    EXPECT_EQ(world.expire(no_order, end).error(), Stop{Error::order_not_found});
    EXPECT_EQ(world.expire(waiting, end - milliseconds(1))->state.status, OrderStatus::open);
    EXPECT_EQ(world.expire(settled, end)->state.status, OrderStatus::paid);
    EXPECT_EQ(world.expire(held, end)->state.status, OrderStatus::locked);
    EXPECT_EQ(world.entries, 0U);
    EXPECT_EQ(world.expire(waiting, end)->state.status, OrderStatus::closed);
    EXPECT_EQ(world.expire(waiting, end + days(1))->state.ended_at, end);
    EXPECT_EQ(world.entries, 1U);
}

TEST(Payable, RefusesInCheckOrder) {
    const struct {
        const char* name;
        OrderId order;
        std::function<void(World&)> arrange;
        Instant now;
        Error want;
    } cases[] = {
        {"paid",              settled, {},                                                                t0 + days(8), Error::order_paid         },
        {"closed",            shut,    {},                                                                t0 + days(8), Error::order_closed       },
        {"locked",            held,    {},                                                                t0 + days(8), Error::order_locked       },
        {"run out",           waiting, {},                                                                t0 + days(7), Error::order_expired      },
        {"code run out",      waiting, [](World& w) { w.order(waiting).terms.payer_openid = "someone"; },
         t0 + hours(2),                                                                                                 Error::order_code_expired },
        {"named for another", waiting,
         [](World& w) {
             w.order(waiting).terms.payer_openid = "someone";
             w.order(waiting).terms.merchant = cold_shop;
         },                                                                                               t0,           Error::order_payer_differs},
        {"frozen merchant",   waiting, [](World& w) { w.order(waiting).terms.merchant = cold_shop; },
         t0,                                                                                                            Error::merchant_frozen    },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        World world;
        if (c.arrange) c.arrange(world);
        EXPECT_EQ(payable(world.acquiring, world.order(c.order), "me", c.now), refuse(c.want));
    }
    World world;
    EXPECT_EQ(payable(world.acquiring, world.order(waiting), "me", t0), to_settle);
    world.order(waiting).terms.payer_openid = "me";
    EXPECT_EQ(payable(world.acquiring, world.order(waiting), "me", t0 + hours(2) - milliseconds(1)),
              to_settle);
}

CreateRefund back(std::int64_t minor) {
    return {
        .terms = {.id = RefundId{61},
                  .merchant = shop,
                  .out_refund_no = "r",
                  .minor = minor,
                  .currency = cny,
                  .content_digest = "refund digest"},
        .order = {shop, settled, ""},
        .total_minor = 100'00
    };
}

TEST(Refundable, RefusesInCheckOrder) {
    const struct {
        const char* name;
        std::function<void(World&, CreateRefund&)> arrange;
        Instant now;
        Error want;
    } cases[] = {
        {"no such merchant",                [](World&,   CreateRefund& c) { c.terms.merchant = no_shop; },                  t0,
         Error::merchant_not_found                                                                                                                                      },
        {"no such order",                   [](World&,   CreateRefund& c) { c.order.id = no_order; },                       t0,
         Error::refund_order_not_found                                                                                                                                  },
        {"another merchant's order",        [](World&,   CreateRefund& c) { c.order.merchant = cold_shop; },
         t0,                                                                                                                               Error::refund_order_not_found},
        {"unpaid",                          [](World&,   CreateRefund& c) { c.order.id = waiting; },                        t0,
         Error::refund_order_unpaid                                                                                                                                     },
        {"another currency",
         [](World&,                                      CreateRefund& c) {
             c.terms.currency = usd;
             c.terms.minor = 0;
         },                                                                                              t0,            Error::currency_mismatch     },
        {"nothing",
         [](World&,                                      CreateRefund& c) {
             c.terms.minor = 0;
             c.total_minor = 1;
         },                                                                                              t0,            Error::amount_not_positive   },
        {"less than nothing",               [](World&,   CreateRefund& c) { c.terms.minor = -1; },                          t0,
         Error::amount_not_positive                                                                                                                                     },
        {"another total",                   [](World&,   CreateRefund& c) { c.total_minor = 100'01; },                      t0 + days(11),
         Error::refund_total_differs                                                                                                                                    },
        {"too late",                        [](World& w, CreateRefund&) { w.order(settled).state.refund_count = 2; },
         t0 + days(10) + milliseconds(1),                                                                                                  Error::refund_window_closed  },
        {"too often",
         [](World& w,                                    CreateRefund& c) {
             w.order(settled).state.refund_count = 2;
             c.terms.minor = 101'00;
         },                                                                                            t0,            Error::refund_count_exceeded },
        {"too much",                        [](World&,   CreateRefund& c) { c.terms.minor = 100'01; },                      t0,
         Error::refund_exceeds_payment                                                                                                                                  },
        {"too much with what was refunded",
         [](World& w,                                    CreateRefund&) { w.order(settled).state.refunded_minor = 60'00; }, t0,
         Error::refund_exceeds_payment                                                                                                                                  },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        World world;
        CreateRefund command = back(40'01);
        c.arrange(world, command);
        const auto answer = refundable(world.acquiring, command, world.rules, c.now);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error(), Stop{c.want});
    }
    World world;
    world.order(settled).state.refunded_minor = 60'00;
    EXPECT_TRUE(refundable(world.acquiring, back(40'00), world.rules, t0 + days(10)));
}

TEST(RepeatedRefund, KnowsARepeatFromAReuse) {
    World world;
    EXPECT_EQ(*repeated_refund(world.acquiring, back(1)), nullptr);
    world.acquiring.refunds.put(Refund{back(1).terms, {}}, Sequence{2});
    EXPECT_EQ((*repeated_refund(world.acquiring, back(1)))->id(), RefundId{61});
    CreateRefund other = back(1);
    other.terms.content_digest = "else";
    EXPECT_EQ(repeated_refund(world.acquiring, other).error(), Stop{Error::refund_number_reused});
    EXPECT_TRUE(find_refund(world.acquiring, shop, "r"));
    EXPECT_EQ(find_refund(world.acquiring, cold_shop, "r").error(), Stop{Error::refund_not_found});
}

TEST(PostRefund, TakesTheUnsettledMoneyFirst) {
    using enum RefundFunds;
    const struct {
        const char* name;
        RefundFunds funds;
        std::int64_t minor;
        bool enough;
        std::int64_t unsettled_after, available_after;
    } cases[] = {
        {"unsettled alone",    unsettled_first,        30, true,  0,  50},
        {"both",               unsettled_first,        31, true,  0,  49},
        {"all",                unsettled_first,        80, true,  0,  0 },
        {"more than all",      unsettled_first,        81, false, 30, 50},
        {"only unsettled",     RefundFunds::unsettled, 30, true,  0,  50},
        {"past the unsettled", RefundFunds::unsettled, 31, false, 30, 50},
        {"only available",     RefundFunds::available, 50, true,  30, 0 },
        {"past the available", RefundFunds::available, 51, false, 30, 50},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        World world;
        world.fund(to_settle, 30);
        world.fund(settled_money, 50);
        const Merchant& merchant = *world.acquiring.merchants.find(shop);
        ledger::Draft draft(world.book, world.limits);
        const auto posted = post_refund(merchant, c.funds, payer_account, fen(c.minor), draft);
        EXPECT_EQ(posted.has_value(), c.enough);
        if (!posted) {
            EXPECT_EQ(posted.error(), Error::merchant_funds_insufficient);
        }
        world.book.apply(draft.take());
        EXPECT_EQ(world.book.find(to_settle)->balance, c.unsettled_after);
        EXPECT_EQ(world.book.find(settled_money)->balance, c.available_after);
    }
    World world;
    world.fund(to_settle, 30);
    world.limits.wallet_ceiling = 9;
    ledger::Draft draft(world.book, world.limits);
    EXPECT_EQ(post_refund(*world.acquiring.merchants.find(shop), unsettled_first, payer_account,
                          fen(10), draft),
              refuse(Error::balance_limit_exceeded));
}

TEST(Merchant, IsRegisteredOnceWithThreeAccounts) {
    World world;
    RegisterMerchant command{
        .terms = {.id = MerchantId{13},
                  .mchid = "1900000001",
                  .unsettled = AccountId{71},
                  .available = AccountId{72},
                  .frozen = AccountId{73}},
        .state = {.name = "third"},
        .currency = cny
    };
    const auto enter = [&] {
        return world.run([&](ledger::Draft& draft, Effects& effects) {
            return register_merchant(world.acquiring, command, t0, draft, effects);
        });
    };
    EXPECT_EQ(enter(), refuse(Error::id_taken));
    command.terms.mchid = "1900000003";
    ASSERT_TRUE(enter());
    using enum ledger::AccountKind;
    EXPECT_EQ(world.book.find(AccountId{71})->kind, merchant_unsettled);
    EXPECT_EQ(world.book.find(AccountId{72})->kind, merchant_available);
    EXPECT_EQ(world.book.find(AccountId{73})->kind, merchant_frozen);
}

TEST(Merchant, ChangesWhatIsNamedAndNothingElse) {
    World world;
    const auto change = [&](const ChangeMerchant& command) {
        return world.run([&](ledger::Draft&, Effects& effects) {
            return change_merchant(world.acquiring, command, effects);
        });
    };
    EXPECT_EQ(change({.merchant = no_shop, .name = "x"}), refuse(Error::merchant_not_found));
    EXPECT_TRUE(change({.merchant = shop, .name = "shop"}));
    EXPECT_EQ(world.entries, 0U);
    MerchantState want = world.acquiring.merchants.find(shop)->state;
    EXPECT_TRUE(change({.merchant = shop, .status = MerchantStatus::frozen, .name = "new"}));
    want.status = MerchantStatus::frozen;
    want.name = "new";
    EXPECT_EQ(world.acquiring.merchants.find(shop)->state, want);
}

MerchantKeyTerms key(std::uint64_t id, MerchantId merchant, std::string serial) {
    return {.id = KeyId{id},
            .merchant = merchant,
            .serial = std::move(serial),
            .public_key_pem = "pem",
            .not_before = t0 - days(1),
            .not_after = t0 + days(1)};
}

TEST(MerchantKey, RefusesInCheckOrderAndIsAddedOnce) {
    World world;
    const auto add = [&](const MerchantKeyTerms& terms, Instant now = t0) {
        return world.run([&](ledger::Draft&, Effects& effects) {
            return add_merchant_key(world.acquiring, {terms}, now, effects);
        });
    };
    const auto add_platform = [&](std::uint64_t id, std::string serial) {
        return world.run([&](ledger::Draft&, Effects& effects) {
            return add_platform_key(world.acquiring,
                                    {
                                        {.id = KeyId{id}, .serial = std::move(serial)}
            },
                                    effects);
        });
    };
    EXPECT_TRUE(add_platform(80, "PLATFORM"));
    EXPECT_EQ(add(key(81, no_shop, "A")), refuse(Error::merchant_not_found));
    EXPECT_EQ(add(key(81, shop, "A"), t0 - days(1) - milliseconds(1)),
              refuse(Error::certificate_invalid));
    EXPECT_EQ(add(key(81, shop, "A"), t0 + days(1)), refuse(Error::certificate_invalid));
    EXPECT_EQ(add(key(81, shop, "PLATFORM")), refuse(Error::serial_taken));
    EXPECT_EQ(add(key(81, shop, "A"))->id(), KeyId{81});
    EXPECT_EQ(add(key(82, shop, "A"))->id(), KeyId{81});
    EXPECT_EQ(add(key(83, cold_shop, "A")), refuse(Error::serial_taken));
    EXPECT_EQ(add_platform(84, "A"), refuse(Error::serial_taken));
    EXPECT_EQ(add_platform(84, "PLATFORM"), refuse(Error::serial_taken));
    EXPECT_EQ(world.entries, 2U);

    const auto revoke = [&](MerchantId merchant, std::string serial) {
        return world.run([&](ledger::Draft&, Effects& effects) {
            return revoke_merchant_key(world.acquiring, {merchant, std::move(serial)}, effects);
        });
    };
    EXPECT_EQ(revoke(shop, "none"), refuse(Error::serial_unknown));
    EXPECT_EQ(revoke(cold_shop, "A"), refuse(Error::serial_unknown));
    EXPECT_TRUE(revoke(shop, "A")->state.revoked);
    EXPECT_TRUE(revoke(shop, "A")->state.revoked);
    EXPECT_EQ(world.entries, 3U);
    EXPECT_EQ(add(key(85, shop, "A")), refuse(Error::serial_taken));  // Revoked for ever.
}

}  // namespace
}  // namespace huitong::acquiring
