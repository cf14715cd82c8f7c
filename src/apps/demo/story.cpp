#include "apps/demo/story.hpp"

#include <chrono>
#include <fmt/format.h>

namespace huitong::apps {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t price_minor = 28'00;
constexpr std::int64_t first_refund_minor = 8'00;
constexpr auto notice_patience = 20s;

std::string yuan(std::int64_t minor) {
    return fmt::format("{}.{:02} CNY", minor / 100, minor % 100);
}

class Story {
public:
    Story(DemoNetwork& network, const std::string& tag)
        : network_(network),
          shop_(*network.shops()[0]),
          customer_(*network.customers()[0]),
          tag_(tag) {}

    bool tell() {
        fmt::print("\nOne payment, from the order to the refund\n");
        balance_before_ = customer_.available().value_or(-1);
        const bool done =
            order() && scan() && pay() && postings() && notice() && query() && refunds();
        if (done) {
            const std::int64_t after = customer_.available().value_or(-1);
            check(after == balance_before_, fmt::format("{} has {} again: every fen came back",
                                                        customer_.login_name(), yuan(after)));
        }
        fmt::print("{}\n", good_ ? "  the story holds" : "  THE STORY DOES NOT HOLD");
        return good_;
    }

private:
    // A step that the rest stands on: says what happened, or what failed.
    bool step(bool held, const std::string& text) {
        check(held, text);
        return held;
    }
    void check(bool held, const std::string& text) {
        fmt::print("  {} {}\n", held ? "ok  " : "FAIL", text);
        std::fflush(stdout);
        good_ = good_ && held;
    }

    bool order() {
        const auto code = shop_.order(out_trade_no(), "拿铁 中杯", price_minor);
        code_ = code.value_or("");
        const auto again = shop_.order(out_trade_no(), "拿铁 中杯", price_minor);
        check(again && *again == code_, "the same request again gets the same code, signed anew");
        return step(code.has_value(),
                    fmt::format("order      shop {} asks for {}: out_trade_no {}, code_url {}",
                                shop_.identity().mchid, yuan(price_minor), out_trade_no(), code_));
    }
    bool scan() {
        const auto resolved =
            customer_.request("POST", "/codes/resolve", R"({"code":")" + code_ + R"("})");
        return step(
            resolved && resolved->status == 200 &&
                json_at(resolved->body, "/order/amount/total") == std::to_string(price_minor),
            fmt::format("scan       {} sees: {}, {}, {}", customer_.login_name(),
                        resolved ? json_at(resolved->body, "/order/merchant_name") : "nothing",
                        resolved ? json_at(resolved->body, "/order/description") : "",
                        yuan(price_minor)));
    }
    bool pay() {
        const auto paid = customer_.pay("story-" + tag_, code_);
        payment_id_ = paid ? json_at(paid->body, "/payment_id") : "";
        if (!step(paid && json_at(paid->body, "/state") == "COMPLETED",
                  fmt::format(
                      "pay        payment {}: {}; {} left", payment_id_,
                      paid ? json_at(paid->body, "/state") : "no answer",
                      paid ? yuan(std::atoll(json_at(paid->body, "/balance_after/total").c_str()))
                           : "")))
            return false;
        const auto again = customer_.pay("story-" + tag_, code_);
        check(again && json_at(again->body, "/payment_id") == payment_id_,
              "the same payment again moves nothing");
        const auto second = network_.customers()[1]->pay("story-second-" + tag_, code_);
        check(second && json_at(second->body, "/code") == "ORDER_PAID",
              "a second payer is refused: ORDER_PAID");
        return true;
    }
    bool postings() {
        const auto story = network_.operators().request("GET", "/payments/" + payment_id_);
        if (!step(story.has_value(), "postings   as the ledger has them, debit before credit:"))
            return false;
        for (int i = 0; i < 8; ++i) {
            const std::string at = fmt::format("/postings/{}", i);
            const std::string amount = json_at(*story, at + "/amount/total");
            if (amount.empty()) break;
            fmt::print(
                "             debit {} credit {}: {}\n", json_at(*story, at + "/debit/account_id"),
                json_at(*story, at + "/credit/account_id"), yuan(std::atoll(amount.c_str())));
        }
        return true;
    }
    bool notice() {
        OpenedNotice notice;
        const bool came = shop_.wait_notice(out_trade_no(), notice_patience, notice);
        return step(came && notice.event_type == "TRANSACTION.SUCCESS" &&
                        json_at(notice.plaintext, "/amount/total") == std::to_string(price_minor),
                    fmt::format("notice     verified and decrypted by the shop: {} {}",
                                notice.event_type, json_at(notice.plaintext, "/transaction_id")));
    }
    bool query() {
        const auto order = shop_.query(out_trade_no());
        return step(order && json_at(*order, "/trade_state") == "SUCCESS",
                    fmt::format("query      trade_state {}",
                                order ? json_at(*order, "/trade_state") : "none"));
    }
    bool refunds() {
        const std::int64_t rest = price_minor - first_refund_minor;
        if (!refund("a", first_refund_minor, "少送一份") || !refund("b", rest, "不要了"))
            return false;
        const auto over =
            shop_.refund(out_trade_no(), "R" + tag_ + "c", 1, price_minor, "再退一分");
        check(!over, "one fen more is refused");
        OpenedNotice notice;
        const bool came = shop_.wait_notice("R" + tag_ + "b", notice_patience, notice);
        check(came && notice.event_type == "REFUND.SUCCESS",
              "notice     of the refund: " + notice.event_type);
        const auto order = shop_.query(out_trade_no());
        check(order && json_at(*order, "/trade_state") == "REFUND",
              "query      trade_state REFUND");
        return true;
    }
    bool refund(const std::string& which, std::int64_t minor, const std::string& reason) {
        const auto refund =
            shop_.refund(out_trade_no(), "R" + tag_ + which, minor, price_minor, reason);
        return step(refund && json_at(*refund, "/status") == "SUCCESS",
                    fmt::format("refund     {}: {} {}", yuan(minor),
                                refund ? json_at(*refund, "/refund_id") : "",
                                refund ? json_at(*refund, "/status") : "refused"));
    }
    [[nodiscard]] std::string out_trade_no() const { return "story-" + tag_; }

    DemoNetwork& network_;
    Shop& shop_;
    Customer& customer_;
    std::string tag_;
    std::string code_;
    std::string payment_id_;
    std::int64_t balance_before_ = 0;
    bool good_ = true;
};

}  // namespace

bool tell_story(DemoNetwork& network, const std::string& tag) {
    return Story(network, tag).tell();
}

}  // namespace huitong::apps
