// The words of api/operator.yaml for the closed sets of institutions and codes, read and written by
// one table each.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "gateway/links/status.hpp"
#include "switching/code.hpp"
#include "switching/participant.hpp"

namespace huitong::gateway::operator_door {

template <class Value>
struct Word {
    Value value;
    std::string_view text;
};

inline constexpr Word<switching::Protocol> protocol_words[] = {
    {switching::Protocol::hosted,  "HOSTED" },
    {switching::Protocol::json,    "JSON"   },
    {switching::Protocol::iso8583, "ISO8583"},
};
inline constexpr Word<switching::ParticipantStatus> participant_status_words[] = {
    {switching::ParticipantStatus::active,    "ACTIVE"   },
    {switching::ParticipantStatus::suspended, "SUSPENDED"},
};
inline constexpr Word<links::LinkState> link_state_words[] = {
    {links::LinkState::idle, "IDLE"},
    {links::LinkState::up,   "UP"  },
    {links::LinkState::down, "DOWN"},
};
inline constexpr Word<switching::CodeForm> code_form_words[] = {
    {switching::CodeForm::emv_merchant, "EMV_MERCHANT"},
    {switching::CodeForm::emv_consumer, "EMV_CONSUMER"},
    {switching::CodeForm::url,          "URL"         },
    {switching::CodeForm::digits,       "DIGITS"      },
};
inline constexpr Word<switching::CodeKind> code_kind_words[] = {
    {switching::CodeKind::personal_static,  "PERSONAL_STATIC" },
    {switching::CodeKind::personal_dynamic, "PERSONAL_DYNAMIC"},
    {switching::CodeKind::business,         "BUSINESS"        },
    {switching::CodeKind::merchant_static,  "MERCHANT_STATIC" },
    {switching::CodeKind::merchant_dynamic, "MERCHANT_DYNAMIC"},
    {switching::CodeKind::payer_code,       "PAYER_CODE"      },
};

template <class Value, std::size_t count>
std::string_view word_of(const Word<Value> (&words)[count], Value value) {
    for (const auto& word : words) {
        if (word.value == value) return word.text;
    }
    std::unreachable();
}

template <class Value, std::size_t count>
std::optional<Value> value_of(const Word<Value> (&words)[count], std::string_view text) {
    for (const auto& word : words) {
        if (word.text == text) return word.value;
    }
    return std::nullopt;
}

}  // namespace huitong::gateway::operator_door
