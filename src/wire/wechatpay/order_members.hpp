// Members that requests for orders of every kind have (wechatpay-v3 4.2, 4.5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wire/json/writer.hpp"
#include "wire/wechatpay/field_rules.hpp"

namespace huitong::wire::wechatpay {

// Text that people read, of several lines if need be.
constexpr TextRule free_text(std::size_t max) {
    return {.min = 0, .max = max, .alphabet = nullptr, .lines = true};
}

// amount, whose currency is CNY also when it is absent. `total` is in fen.
void read_amount(json::ObjectReader& root, std::int64_t& total);
void write_amount(std::int64_t total, json::Writer& out);

// detail, written anew from validated values; empty when absent. `platform_id_name`: as this kind
// of order spells the platform's number of goods.
void read_detail(json::ObjectReader& root, std::string_view platform_id_name, std::string& json);

// settle_info; nothing of it: absent.
void read_settle_info(json::ObjectReader& root, std::optional<bool>& profit_sharing);
void write_settle_info(const std::optional<bool>& profit_sharing, json::Writer& out);

}  // namespace huitong::wire::wechatpay
