#include "gateway/iso8583/response_code.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sstream>

namespace huitong::gateway::iso8583 {
namespace {

using enum Error;

// Every reason for which a payment is recorded as declined.
constexpr Error declines[] = {
    payment_password_wrong,
    funds_insufficient,
    balance_limit_exceeded,
    payer_code_unknown,
    payer_code_expired,
    payer_code_spent,
    payer_confirmation_missed,
    position_limit_exceeded,
    transfer_expired,
    peer_declined,
    payment_reversed,
    amount_mismatch,
    user_frozen,
    payment_password_locked,
    merchant_frozen,
    order_not_found,
    order_paid,
    order_closed,
    order_expired,
    order_locked,
    order_payer_differs,
    refund_order_unpaid,
    refund_exceeds_payment,
    refund_window_closed,
    payment_not_found,
    participant_suspended,
    participant_not_linked,
    participant_not_found,
    currency_not_open,
    currency_mismatch,
    code_kind_not_open,
    merchant_funds_insufficient,
};

TEST(ResponseCode, TellsEveryDeclineByARowOfItsOwn) {
    for (const Error reason : declines) {
        const auto rows = reason_rows();
        const bool found =
            std::ranges::any_of(rows, [&](const ReasonRow& row) { return row.reason == reason; });
        EXPECT_TRUE(found) << describe(reason).name;
        EXPECT_NE(outcome_of(code_of(reason)).outcome, Outcome::yes) << describe(reason).name;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(Error::count_); ++i)
        EXPECT_NE(code_of(static_cast<Error>(i)), approved);
}

TEST(ResponseCode, IsReadByItsClass) {
    const struct {
        std::string_view code;
        Outcome want;
        Error heard;
    } cases[] = {
        {"00", Outcome::yes,     peer_declined     },
        {"11", Outcome::yes,     peer_declined     },
        {"A2", Outcome::yes,     peer_declined     },
        {"10", Outcome::unknown, peer_declined     },
        {"68", Outcome::unknown, peer_declined     },
        {"94", Outcome::unknown, peer_declined     },
        {"96", Outcome::unknown, peer_declined     },
        {"98", Outcome::unknown, peer_declined     },
        {"A0", Outcome::unknown, peer_declined     },
        {"51", Outcome::no,      funds_insufficient},
        {"ZZ", Outcome::no,      peer_declined     },
    };
    for (const auto& c : cases) {
        EXPECT_EQ(outcome_of(c.code).outcome, c.want) << c.code;
        EXPECT_EQ(outcome_of(c.code).heard, c.heard) << c.code;
    }
    std::set<std::string_view> codes;
    for (const ResponseRow& row : response_rows()) EXPECT_TRUE(codes.insert(row.code).second);
}

// The document is the table: each row is there, word for word.
TEST(ResponseCode, IsWhatTheDocumentSays) {
    std::ifstream file(HUITONG_SOURCE_DIR "/docs/formats/iso8583-bridge.md");
    std::stringstream text;
    text << file.rdbuf();
    for (const ReasonRow& row : reason_rows()) {
        const auto line = fmt::format("| `{}` | {} |", describe(row.reason).name, row.told);
        EXPECT_TRUE(text.str().contains(line)) << line;
    }
    const std::string_view outcomes[] = {"yes", "no", "unknown"};
    for (const ResponseRow& row : response_rows()) {
        const bool no = row.outcome == Outcome::no;
        const auto line =
            fmt::format("| {} | {} | {} |", row.code, outcomes[static_cast<int>(row.outcome)],
                        no ? fmt::format("`{}`", describe(row.heard).name) : "–");
        EXPECT_TRUE(text.str().contains(line)) << line;
    }
}

TEST(ResponseCode, SaysNoToACodeThatCouldNotBeResolved) {
    EXPECT_EQ(code_of_unresolved(Error::peer_timeout), "91");
    EXPECT_EQ(code_of_unresolved(Error::shutting_down), "91");
    EXPECT_EQ(code_of_unresolved(Error::order_code_unknown), "14");
    for (const Error error : {Error::peer_timeout, Error::peer_unreachable, Error::overloaded})
        EXPECT_EQ(outcome_of(code_of_unresolved(error)).outcome, Outcome::no);
}

}  // namespace
}  // namespace huitong::gateway::iso8583
