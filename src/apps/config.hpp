// The server's configuration: a TOML file, with a default for everything, and command-line
// overrides of the common ones.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "engine/partition.hpp"

namespace huitong::apps {

// Where a door listens. Plain HTTP is only served on loopback addresses unless allowed.
struct DoorConfig {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    std::string certificate_file;  // with key_file: TLS 1.2 and 1.3
    std::string key_file;
    std::string client_ca_file;  // clients must show a certificate of this authority
    bool allow_plain_http = false;
};

// The door of other institutions over ISO 8583.
struct Iso8583Config {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8484;
    std::string institution_code;    // ours, 8 to 11 digits; empty: the door and its links are off
    std::vector<std::string> allow;  // who may open a line: gateway/iso8583/lines/allow_list.hpp
    std::string working_keys = "3DES";  // that we give: 3DES or SM4
};

struct Config {
    std::string data = "data";
    std::string master_key;              // file; empty: `data` with ".key" after it
    std::string portal = "portal/dist";  // the built pages
    std::uint32_t io_threads = 1;
    std::uint32_t crypto_threads = 0;  // 0: one less than there are CPUs, at least one
    DoorConfig merchant{.port = 8480};
    DoorConfig portal_door{.port = 8481};  // wallet, cashier and operator: pages and their APIs
    DoorConfig observability{.port = 8482};
    DoorConfig institution{.port = 8483};    // other institutions, over JSON
    std::string institution_code = "HOUSE";  // by which they know us
    Iso8583Config iso8583;
    std::string public_url;  // how browsers reach the portal door; empty: its own address
    bool notices_to_private_addresses = false;
    bool check_openid = false;
    std::string payer_code_prefix = "13";     // how the codes begin that our users show
    std::uint32_t signature_probe_every = 0;  // of answers and of notices; 0: never
    std::string log_level = "info";
    engine::HeartOptions heart;

    [[nodiscard]] std::string master_key_file() const {
        return master_key.empty() ? data + ".key" : master_key;
    }
    [[nodiscard]] std::string portal_url() const;
};

// Refuses with field_unknown, field_format or field_range; `why` then names the line and the
// setting.
Result<Config> read_config(const std::string& file, std::string& why);

}  // namespace huitong::apps
