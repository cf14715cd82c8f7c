#include "gateway/iso8583/response_code.hpp"

#include <algorithm>

namespace huitong::gateway::iso8583 {
namespace {

using enum Error;
using enum Outcome;

constexpr ResponseRow responses[] = {
    {"00", yes,     peer_declined          },
    {"01", no,      peer_declined          },
    {"03", no,      merchant_not_found     },
    {"04", no,      peer_declined          },
    {"05", no,      peer_declined          },
    {"10", unknown, peer_declined          }, // a part only, which we did not ask for
    {"11", yes,     peer_declined          },
    {"12", no,      peer_declined          },
    {"13", no,      amount_mismatch        },
    {"14", no,      payer_code_unknown     },
    {"15", no,      code_unowned           },
    {"16", yes,     peer_declined          },
    {"21", no,      user_frozen            },
    {"22", no,      peer_declined          },
    {"25", no,      payment_not_found      },
    {"30", no,      peer_declined          },
    {"34", no,      peer_declined          },
    {"38", no,      payment_password_locked},
    {"40", no,      peer_declined          },
    {"41", no,      user_frozen            },
    {"42", no,      account_not_found      },
    {"43", no,      user_frozen            },
    {"51", no,      funds_insufficient     },
    {"54", no,      payer_code_expired     },
    {"55", no,      payment_password_wrong },
    {"57", no,      not_permitted          },
    {"58", no,      code_kind_not_open     },
    {"59", no,      peer_declined          },
    {"61", no,      balance_limit_exceeded },
    {"62", no,      user_frozen            },
    {"64", no,      amount_mismatch        },
    {"65", no,      payer_code_spent       },
    {"68", unknown, peer_declined          },
    {"75", no,      payment_password_locked},
    {"90", no,      peer_declined          },
    {"91", no,      participant_suspended  },
    {"92", no,      code_unowned           },
    {"93", no,      currency_not_open      },
    {"94", unknown, peer_declined          }, // its first answer was lost, or is another's
    {"96", unknown, peer_declined          },
    {"97", no,      merchant_not_found     },
    {"98", unknown, peer_declined          },
    {"99", no,      peer_declined          },
    {"A0", unknown, peer_declined          },
    {"A1", no,      currency_mismatch      },
    {"A2", yes,     peer_declined          }, // approved, to be confirmed by the clearing file
    {"A3", no,      account_not_found      },
    {"A4", yes,     peer_declined          },
    {"A5", yes,     peer_declined          },
    {"A6", yes,     peer_declined          },
    {"A7", no,      peer_declined          },
};

constexpr ReasonRow reasons[] = {
    {field_format,                "30"},
    {field_range,                 "30"},
    {field_missing,               "30"},
    {not_permitted,               "57"},
    {merchant_not_found,          "03"},
    {merchant_frozen,             "03"},
    {order_not_found,             "12"},
    {order_paid,                  "22"},
    {order_closed,                "54"},
    {order_expired,               "54"},
    {order_locked,                "22"},
    {order_payer_differs,         "57"},
    {order_code_unknown,          "14"},
    {order_code_expired,          "54"},
    {refund_order_not_found,      "25"},
    {refund_order_unpaid,         "22"},
    {refund_exceeds_payment,      "64"},
    {refund_count_exceeded,       "65"},
    {refund_window_closed,        "22"},
    {merchant_funds_insufficient, "51"},
    {user_not_found,              "14"},
    {user_frozen,                 "62"},
    {payment_password_wrong,      "55"},
    {payment_password_locked,     "75"},
    {payment_key_reused,          "94"},
    {payment_not_found,           "25"},
    {funds_insufficient,          "51"},
    {balance_limit_exceeded,      "61"},
    {account_not_found,           "42"},
    {payer_code_unknown,          "14"},
    {payer_code_expired,          "54"},
    {payer_code_spent,            "65"},
    {payer_confirmation_missed,   "55"},
    {participant_suspended,       "91"},
    {participant_not_linked,      "92"},
    {participant_not_found,       "15"},
    {currency_not_open,           "93"},
    {currency_mismatch,           "A1"},
    {code_unowned,                "92"},
    {code_kind_not_open,          "58"},
    {position_limit_exceeded,     "61"},
    {transfer_expired,            "98"},
    {peer_declined,               "05"},
    {peer_timeout,                "68"},
    {peer_unreachable,            "91"},
    {payment_reversed,            "22"},
    {payment_completed,           "22"},
    {payment_undecided,           "22"},
    {state_conflict,              "22"},
    {amount_not_positive,         "13"},
    {amount_overflow,             "13"},
    {amount_mismatch,             "13"},
};

}  // namespace

std::span<const ResponseRow> response_rows() {
    return responses;
}

std::span<const ReasonRow> reason_rows() {
    return reasons;
}

ResponseRow outcome_of(std::string_view code) {
    const auto* const row = std::ranges::find(responses, code, &ResponseRow::code);
    if (row == std::end(responses)) return {code, no, peer_declined};
    return *row;
}

std::string_view code_of(Error reason) {
    const auto* const row = std::ranges::find(reasons, reason, &ReasonRow::reason);
    if (row != std::end(reasons)) return row->told;
    return describe(reason).kind == ErrorKind::failure ? system_failure : "05";
}

std::string_view code_of_unresolved(Error reason) {
    const bool broke = describe(reason).kind == ErrorKind::failure;
    return code_of(broke ? peer_unreachable : reason);
}

}  // namespace huitong::gateway::iso8583
