#include "apps/demo/story.hpp"

#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <thread>

namespace huitong::apps {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t price_minor = 28'00;
constexpr std::int64_t first_refund_minor = 8'00;
constexpr std::int64_t till_minor = 6'50;
constexpr auto notice_patience = 20s;
constexpr auto settle_patience = 60s;
constexpr auto look_again = 200ms;

std::string yuan(std::int64_t minor) {
    return fmt::format("{}{}.{:02} CNY", minor < 0 ? "-" : "", std::abs(minor) / 100,
                       std::abs(minor) % 100);
}

class Story {
public:
    Story(People& people, const std::string& tag)
        : people_(people),
          shop_(*people.shops->shops()[0]),
          alice_(*people.wallet_users->customers()[0]),
          carol_(*people.bank_users->customers()[0]),
          tag_(tag) {}

    bool tell() {
        alice_before_ = alice_.available().value_or(-1);
        carol_before_ = carol_.available().value_or(-1);
        title("A scan: a wallet's user pays a shop of another institution, through the switch");
        bool done = scan_and_pay(alice_, "a") && postings() && notice("a") && query("a", "SUCCESS");
        title("A scan by a bank's customer: the bank asks the switch over ISO 8583");
        done = done && scan_and_pay(carol_, "b") && query("b", "SUCCESS");
        title("A till: the shop charges the codes that payers show");
        done = done && till(alice_, "c") && till(carol_, "d");
        title("Refunds: back the same way");
        done = done && refunds();
        title("The acquirer dies (kill -9) while it is asked");
        done = done && killed_acquirer();
        title("In the end");
        if (done) end();
        fmt::print("\n{}\n", good_ ? "  the story holds" : "  THE STORY DOES NOT HOLD");
        return good_;
    }

private:
    static void title(const char* text) { fmt::print("\n{}\n", text); }
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
    [[nodiscard]] std::string number(const std::string& which) const {
        return "story-" + tag_ + "-" + which;
    }

    // The wallet's own words for where a payment stands, once it stands still.
    static std::string ended(Customer& customer, const CallResult& first) {
        std::string body = first.body;
        const std::string id = json_at(body, "/payment_id");
        for (auto waited = 0ms; waited < settle_patience; waited += look_again) {
            const std::string state = json_at(body, "/state");
            if (state == "COMPLETED" || state == "DECLINED" || state == "REVERSED") break;
            std::this_thread::sleep_for(look_again);
            const auto again = customer.request("GET", "/payments/" + id);
            if (again) body = again->body;
        }
        return body;
    }

    bool scan_and_pay(Customer& payer, const std::string& which) {
        const auto code = shop_.order(number(which), "拿铁 中杯", price_minor);
        if (!step(code.has_value(),
                  fmt::format("order      shop {} asks for {}: {}", shop_.identity().mchid,
                              yuan(price_minor), code.value_or("no code"))))
            return false;
        auto seen = payer.scan(*code);
        if (seen && seen->open_amount) seen->total = price_minor;  // entered by the payer
        if (!step(
                seen && seen->total == price_minor,
                fmt::format("scan       {} sees: {} at {}, {}, {}", payer.login_name(),
                            seen ? seen->payee_name : "nothing", seen ? seen->institution_name : "",
                            seen ? seen->description : "", yuan(seen ? seen->total : 0))))
            return false;
        const auto asked = payer.pay(number(which), *seen);
        const std::string paid = asked ? ended(payer, *asked) : "";
        payment_id_ = json_at(paid, "/payment_id");
        if (!step(json_at(paid, "/state") == "COMPLETED",
                  fmt::format("pay        payment {}: {} {}; {} left", payment_id_,
                              json_at(paid, "/state"), json_at(paid, "/decline/message"),
                              yuan(payer.available().value_or(-1)))))
            return false;
        const auto again = payer.pay(number(which), *seen);
        check(again && json_at(again->body, "/payment_id") == payment_id_,
              "the same payment again moves nothing");
        Customer& second = *people_.wallet_users->customers()[1];
        const auto late = second.scan(*code);
        check(!late, fmt::format("{} scans the same code and is told that it is paid",
                                 second.login_name()));
        return true;
    }

    // The newest payment of each institution on the way, which is this one.
    bool postings() {
        fmt::print("       postings, as each ledger on the way has them:\n");
        Topology& all = *people_.institutions;
        for (Institution* each : {&all.wallet, &all.the_switch, &all.acquirer}) {
            const auto newest = each->operators->request("GET", "/payments?limit=1");
            const auto story =
                newest ? each->operators->request(
                             "GET", "/payments/" + json_at(*newest, "/items/0/payment_id"))
                       : newest;
            const std::string amount = story ? json_at(*story, "/postings/0/amount/total") : "";
            if (!step(amount == std::to_string(price_minor),
                      fmt::format("{}: debit {} credit {}, {}", each->name,
                                  story ? account(*story, "debit") : "",
                                  story ? account(*story, "credit") : "", yuan(price_minor))))
                return false;
        }
        return true;
    }
    static std::string account(const std::string& story, const std::string& side) {
        const std::string at = "/postings/0/" + side;
        const std::string name = json_at(story, at + "/name");
        return name.empty() ? json_at(story, at + "/account_id") : name;
    }

    bool notice(const std::string& which) {
        OpenedNotice notice;
        const bool came = shop_.wait_notice(number(which), notice_patience, notice);
        return step(came && notice.event_type == "TRANSACTION.SUCCESS" &&
                        json_at(notice.plaintext, "/amount/total") == std::to_string(price_minor),
                    fmt::format("notice     verified and decrypted by the shop: {} {}",
                                notice.event_type, json_at(notice.plaintext, "/transaction_id")));
    }
    bool query(const std::string& which, const std::string& expected) {
        const auto order = shop_.query(number(which));
        const std::string state = order ? json_at(*order, "/trade_state") : "none";
        return step(state == expected, fmt::format("query      trade_state {}", state));
    }

    bool till(Customer& payer, const std::string& which) {
        const std::string code = payer.show_code().value_or("");
        const auto charged = shop_.charge(number(which), "可颂", till_minor, code);
        const auto began = std::chrono::steady_clock::now();
        std::string state = charged ? json_at(charged->body, "/trade_state") : "";
        while (charged && charged->status == 202 && state != "SUCCESS" &&
               std::chrono::steady_clock::now() - began < notice_patience) {
            std::this_thread::sleep_for(look_again);
            const auto order = shop_.query(number(which));
            state = order ? json_at(*order, "/trade_state") : "";
        }
        return step(state == "SUCCESS",
                    fmt::format("charge     {} shows {}: {} {}, {}", payer.login_name(), code,
                                yuan(till_minor), state,
                                charged ? json_at(charged->body, "/message") : "no answer"));
    }

    bool refunds() {
        const std::int64_t rest = price_minor - first_refund_minor;
        bool done = refund("a", "1", first_refund_minor, price_minor, "少送一份") &&
                    refund("a", "2", rest, price_minor, "不要了");
        if (!done) return false;
        const auto over =
            shop_.refund(number("a"), "R" + number("a") + "3", 1, price_minor, "多退");
        check(!over, "one fen more is refused");
        OpenedNotice notice;
        const bool came = shop_.wait_notice("R" + number("a") + "2", notice_patience, notice);
        check(came && notice.event_type == "REFUND.SUCCESS",
              "notice     of the refund: " + notice.event_type);
        return refund("b", "1", price_minor, price_minor, "不要了") &&
               refund("c", "1", till_minor, till_minor, "不要了") &&
               refund("d", "1", till_minor, till_minor, "不要了");
    }
    bool refund(const std::string& which, const std::string& n, std::int64_t minor,
                std::int64_t total, const std::string& reason) {
        const std::string refund_no = "R" + number(which) + n;
        const auto began = std::chrono::steady_clock::now();
        auto refund = shop_.refund(number(which), refund_no, minor, total, reason);
        while (refund && json_at(*refund, "/status") == "PROCESSING" &&
               std::chrono::steady_clock::now() - began < notice_patience) {
            std::this_thread::sleep_for(look_again);
            refund = shop_.refund(number(which), refund_no, minor, total, reason);
        }
        return step(refund && json_at(*refund, "/status") == "SUCCESS",
                    fmt::format("refund     {}: {} {}", yuan(minor),
                                refund ? json_at(*refund, "/refund_id") : "",
                                refund ? json_at(*refund, "/status") : "refused"));
    }

    bool killed_acquirer() {
        const auto code = shop_.order(number("e"), "美式 大杯", price_minor);
        const auto seen = code ? alice_.scan(*code) : refuse(Error::peer_refused);
        if (!step(seen.has_value(), "scan       the order is there, and alice sees it"))
            return false;
        Institution& acquirer = people_.institutions->acquirer;
        acquirer.process.end(SIGKILL);
        const auto asked = alice_.pay(number("e"), *seen);
        check(asked && json_at(asked->body, "/state") != "COMPLETED",
              fmt::format("pay        with the acquirer dead: {}",
                          asked ? json_at(asked->body, "/state") : "no answer"));
        const std::string body = asked ? ended(alice_, *asked) : "";
        check(alice_.available().value_or(-1) == alice_before_,
              fmt::format("given up   {} {}; alice has {} again", json_at(body, "/state"),
                          json_at(body, "/decline/message"), yuan(alice_before_)));
        if (!step(people_.institutions->restart(acquirer).has_value(),
                  "restart    the acquirer is back, with its ledger as it was"))
            return false;
        return step(settled(), "reversal   delivered: nothing is under way any more") &&
               query("e", "NOTPAY");
    }
    bool settled() {
        for (auto waited = 0ms; waited < settle_patience; waited += look_again) {
            const auto unfinished = people_.institutions->unfinished();
            if (unfinished && *unfinished == 0) return true;
            std::this_thread::sleep_for(look_again);
        }
        return false;
    }

    void end() {
        for (const auto& [who, before] : {
                 std::pair{&alice_, alice_before_},
                 {&carol_, carol_before_}
        }) {
            const std::int64_t after = who->available().value_or(-1);
            check(after == before, fmt::format("balance    {} has {} again: every fen came back",
                                               who->login_name(), yuan(after)));
        }
        const auto pairs = people_.institutions->positions();
        check(pairs.has_value(), "positions  both sides of every link say the same:");
        for (const Topology::Pair& pair : pairs.value_or(std::vector<Topology::Pair>{}))
            check(pair.agree(),
                  fmt::format("           {} {}, {} {}", pair.one, yuan(pair.one_says_minor),
                              pair.other, yuan(pair.other_says_minor)));
    }

    People& people_;
    Shop& shop_;
    Customer& alice_;
    Customer& carol_;
    std::string tag_;
    std::string payment_id_;
    std::int64_t alice_before_ = 0;
    std::int64_t carol_before_ = 0;
    bool good_ = true;
};

}  // namespace

bool tell_story(People& people, const std::string& tag) {
    return Story(people, tag).tell();
}

}  // namespace huitong::apps
