// The naive model's rules as the program's configuration.
#pragma once

#include "engine/state.hpp"
#include "engine/testing/naive_model.hpp"

namespace huitong::engine::testing {

inline Rules rules_of(const NaiveModel::Rules& model) {
    Rules rules;
    rules.ledger = {.inbound_floor = model.source_floor, .wallet_ceiling = model.wallet_ceiling};
    rules.wallet = {.failures_max = model.failures_max,
                    .lock = {model.lock},
                    .password_free_minor = model.password_free};
    rules.acquiring = {.order_life = {model.order_life},
                       .order_life_min = {model.order_life_min},
                       .order_life_max = {model.order_life_max},
                       .code_life = {model.code_life},
                       .h5_code_life = {model.h5_code_life},
                       .refund_window = {model.refund_window},
                       .refunds_max = model.refunds_max};
    return rules;
}

}  // namespace huitong::engine::testing
