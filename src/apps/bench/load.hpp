// A lean HTTP/1.1 load generator: many keep-alive connections on one thread, each with one request
// under way. Bytes in, bytes out: it costs the machine as little as a client can, so that the
// server gets the rest.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "apps/bench/bench.hpp"

namespace huitong::apps::bench {

struct LoadReport {
    std::uint64_t answers = 0;
    std::uint64_t wrong = 0;  // answers that `good` did not like
    double seconds = 0;
    Latencies latencies;
    std::uint64_t client_cpu_us = 0;
    std::string first_wrong;
};

// Sends `count` requests over `connections` connections to 127.0.0.1:port; `next(i)` gives the i-th
// request's bytes, `good(answer)` judges the bytes of each answer. Fails with peer_unreachable.
Result<LoadReport> run_load(std::uint16_t port, std::size_t connections, std::uint64_t count,
                            const std::function<std::string_view(std::uint64_t)>& next,
                            const std::function<bool(std::string_view)>& good);

// The port of a URL such as http://127.0.0.1:8481.
std::uint16_t port_of(const std::string& url);

}  // namespace huitong::apps::bench
