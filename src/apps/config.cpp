#include "apps/config.hpp"

#include <fmt/format.h>
#include <set>
#include <toml++/toml.h>

#include "gateway/iso8583/lines/allow_list.hpp"
#include "wire/json/text.hpp"

namespace huitong::apps {
namespace {

// Takes settings out of a TOML table; what is left over at the end is unknown. Remembers the first
// defect.
class Settings {
public:
    Settings(const toml::table& table, std::string prefix, std::string& why)
        : table_(table), prefix_(std::move(prefix)), why_(why) {}

    Settings& text(const char* name, std::string& value) {
        if (const auto* node = take(name)) {
            if (const auto found = node->value_exact<std::string>()) {
                value = *found;
            } else {
                defect(name, "must be a string");
            }
        }
        return *this;
    }
    Settings& texts(const char* name, std::vector<std::string>& values) {
        const auto* node = take(name);
        if (node == nullptr) return *this;
        const auto* array = node->as_array();
        if (array == nullptr || !(array->empty() || array->is_homogeneous<std::string>())) {
            defect(name, "must be a list of strings");
            return *this;
        }
        values.clear();
        for (const auto& item : *array) values.push_back(**item.as_string());
        return *this;
    }
    Settings& flag(const char* name, bool& value) {
        if (const auto* node = take(name)) {
            if (const auto found = node->value_exact<bool>()) {
                value = *found;
            } else {
                defect(name, "must be true or false");
            }
        }
        return *this;
    }
    template <class Number>
    Settings& number(const char* name, Number& value, std::int64_t least, std::int64_t most) {
        if (const auto* node = take(name)) {
            const auto found = node->value_exact<std::int64_t>();
            if (found && *found >= least && *found <= most) {
                value = static_cast<Number>(*found);
            } else {
                defect(name, fmt::format("must be a whole number from {} to {}", least, most));
            }
        }
        return *this;
    }
    // Calls `read` with the nested table, if it is there.
    template <class Read>
    Settings& table(const char* name, Read&& read) {
        if (const auto* node = take(name)) {
            if (const auto* nested = node->as_table()) {
                Settings inner(*nested, prefix_ + name + ".", why_);
                read(inner);
                inner.end();
            } else {
                defect(name, "must be a table");
            }
        }
        return *this;
    }
    void end() {
        for (const auto& [key, node] : table_) {
            if (!taken_.contains(std::string(key.str())))
                defect(std::string(key.str()).c_str(), "is not a setting");
        }
    }

    void defect(const char* name, const std::string& what) {
        if (why_.empty()) why_ = fmt::format("{}{} {}", prefix_, name, what);
    }

private:
    const toml::node* take(const char* name) {
        taken_.insert(name);
        return table_.get(name);
    }

    const toml::table& table_;
    std::string prefix_;
    std::string& why_;
    std::set<std::string> taken_;
};

void read_door(Settings& in, DoorConfig& door) {
    in.text("address", door.address)
        .number("port", door.port, 0, 65535)
        .text("certificate_file", door.certificate_file)
        .text("key_file", door.key_file)
        .text("client_ca_file", door.client_ca_file)
        .flag("allow_plain_http", door.allow_plain_http);
}

bool is_participant_code(std::string_view text) {
    constexpr auto marks = wire::json::alphanumerics.with("_.-");
    return !text.empty() && text.size() <= 32 && marks.holds_all(text);
}

bool is_code_prefix(std::string_view text) {
    return text.size() >= 2 && text.size() <= 8 && wire::json::decimal_digits.holds_all(text);
}

bool is_institution_code(std::string_view text) {
    return text.size() >= 8 && text.size() <= 11 && wire::json::decimal_digits.holds_all(text);
}

void read_iso8583_door(Settings& in, Iso8583Config& door) {
    in.text("address", door.address)
        .number("port", door.port, 0, 65535)
        .text("institution_code", door.institution_code)
        .texts("allow", door.allow)
        .text("working_keys", door.working_keys);
    if (!door.institution_code.empty() && !is_institution_code(door.institution_code))
        in.defect("institution_code", "must be 8 to 11 digits");
    if (!gateway::iso8583::AllowList::parse(door.allow))
        in.defect("allow", "must hold addresses or networks, each with CODE@ before it or not");
    if (door.working_keys != "3DES" && door.working_keys != "SM4")
        in.defect("working_keys", "must be 3DES or SM4");
}

void read_wallet_rules(Settings& in, wallet::Rules& rules) {
    in.number("password_failures_max", rules.failures_max, 1, 100)
        .number("password_lock_ms", rules.lock.ms, 1, days(7).ms)
        .number("password_free_minor", rules.password_free_minor, 0, amount_minor_max);
}

void read_order_rules(Settings& in, acquiring::Rules& rules) {
    in.number("life_ms", rules.order_life.ms, 1, days(365).ms)
        .number("life_min_ms", rules.order_life_min.ms, 1, days(365).ms)
        .number("life_max_ms", rules.order_life_max.ms, 1, days(365).ms)
        .number("code_life_ms", rules.code_life.ms, 1, days(365).ms)
        .number("h5_code_life_ms", rules.h5_code_life.ms, 1, days(365).ms)
        .number("refund_window_ms", rules.refund_window.ms, 1, days(3650).ms)
        .number("refunds_max", rules.refunds_max, 1, 10'000);
}

void read_heart(Settings& in, engine::HeartOptions& heart) {
    in.number("queue_max", heart.queue_max, 1, 10'000'000)
        .number("batch_max", heart.batch_max, 1, 100'000)
        .number("orders_in_memory", heart.orders_in_memory, 100, 100'000'000)
        .number("payments_in_memory", heart.payments_in_memory, 100, 100'000'000)
        .number("others_in_memory", heart.others_in_memory, 100, 100'000'000);
}

void read_all(Settings& in, Config& config) {
    in.text("data", config.data)
        .text("master_key", config.master_key)
        .text("portal", config.portal)
        .text("public_url", config.public_url)
        .text("log_level", config.log_level)
        .number("io_threads", config.io_threads, 1, 256)
        .number("crypto_threads", config.crypto_threads, 0, 256)
        .table("merchant_door",
               [&](Settings& door) {
                   read_door(door, config.merchant);
                   door.flag("check_openid", config.check_openid)
                       .number("signature_probe_every", config.signature_probe_every, 0,
                               1'000'000'000);
               })
        .table("portal_door", [&](Settings& door) { read_door(door, config.portal_door); })
        .table("observability_door", [&](Settings& door) { read_door(door, config.observability); })
        .table("institution_door",
               [&](Settings& door) {
                   read_door(door, config.institution);
                   door.text("code", config.institution_code);
                   if (!is_participant_code(config.institution_code))
                       door.defect("code", "must be 1 to 32 of A-Z a-z 0-9 _ . -");
               })
        .table("iso8583_door", [&](Settings& door) { read_iso8583_door(door, config.iso8583); })
        .table("links",
               [&](Settings& rules) {
                   auto& life = config.heart.rules.switching;
                   rules.number("transfer_expiry_ms", life.transfer_expiry.ms, 1, hours(1).ms)
                       .number("payer_confirmation_ms", life.payer_confirmation.ms, 1, hours(1).ms)
                       .number("reversal_grace_ms", life.reversal_grace.ms, 0, days(7).ms);
               })
        .table("notices",
               [&](Settings& notices) {
                   notices.flag("private_addresses", config.notices_to_private_addresses);
               })
        .table("wallet",
               [&](Settings& rules) {
                   read_wallet_rules(rules, config.heart.rules.wallet);
                   rules.text("payer_code_prefix", config.payer_code_prefix);
                   if (!is_code_prefix(config.payer_code_prefix))
                       rules.defect("payer_code_prefix", "must be 2 to 8 digits");
               })
        .table("orders",
               [&](Settings& rules) { read_order_rules(rules, config.heart.rules.acquiring); })
        .table("ledger",
               [&](Settings& rules) {
                   rules
                       .number("wallet_ceiling_minor", config.heart.rules.ledger.wallet_ceiling, 1,
                               amount_minor_max)
                       .number("inbound_floor_minor", config.heart.rules.ledger.inbound_floor,
                               -amount_minor_max, 0);
               })
        .table("heart", [&](Settings& heart) { read_heart(heart, config.heart); });
    in.end();
}

}  // namespace

std::string Config::portal_url() const {
    if (!public_url.empty()) return public_url;
    const bool tls = !portal_door.certificate_file.empty();
    return fmt::format("{}://{}:{}", tls ? "https" : "http", portal_door.address, portal_door.port);
}

Result<Config> read_config(const std::string& file, std::string& why) {
    Config config;
    try {
        const toml::table root = toml::parse_file(file);
        Settings settings(root, "", why);
        read_all(settings, config);
    } catch (const toml::parse_error& error) {
        why = fmt::format("line {}: {}", error.source().begin.line, error.description());
    }
    if (!why.empty()) return refuse(Error::field_format);
    return config;
}

}  // namespace huitong::apps
