// The whole server in one object: store, heart, couriers and doors, put together. The only place
// where they meet.
//
// Threads: heart, writer, fetch and reader (engine); I/O threads (doors); a crypto pool for
// signatures, an idle one for notices, one for passwords, one for lists.
#pragma once

#include <memory>
#include <string>

#include "apps/config.hpp"
#include "engine/heart.hpp"

namespace huitong::apps {

class Platform {
public:
    // Opens the store (making it at the first start), the master key and every door. On failure
    // `why` says in one line what to do about it.
    static Result<std::unique_ptr<Platform>> start(const Config& config, std::string& why);
    // Drains: no new connections, answers what is under way, lets the tables catch up. Bounded in
    // time.
    ~Platform();

    [[nodiscard]] engine::Heart& heart();
    [[nodiscard]] engine::Tables& tables();
    // Where each door really listens: http(s)://address:port.
    [[nodiscard]] const std::string& merchant_url() const;
    [[nodiscard]] const std::string& portal_url() const;
    [[nodiscard]] const std::string& observability_url() const;
    [[nodiscard]] const std::string& institution_url() const;
    // Address and port; empty: that door is off.
    [[nodiscard]] const std::string& iso8583_address() const;
    // Set at a first start only: the first operator's password, to be shown once.
    [[nodiscard]] const std::string& one_time_password() const;

    // Certificates and keys of all doors again, after they were renewed on disk.
    Result<void> reload_tls();

    // For benchmarks: a session's token and an order's code, as the doors would give them.
    [[nodiscard]] std::string session_token(wallet::Session session);
    [[nodiscard]] std::string code_url(OrderId order);
    // CPU microseconds by thread or pool so far, for benchmarks.
    [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> cpu_microseconds() const;
    // Notices not yet delivered.
    [[nodiscard]] std::uint64_t notices_waiting() const;

private:
    class Impl;
    explicit Platform(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace huitong::apps
