// HTTP calls that are waited for: the program as a client of its own doors (demo, administration,
// benchmarks' set-up).
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace huitong::apps {

struct CallResult {
    int status = 0;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;

    // A header by its name in any case; empty when absent.
    [[nodiscard]] std::string header(std::string_view name) const;
};

// One thread of its own; calls from any thread, each waits for its own answer.
class Caller {
public:
    // `ca_file`: whom to trust for https; empty: the system's authorities.
    static Result<std::unique_ptr<Caller>> make(const std::string& ca_file = {});
    ~Caller();

    using Headers = std::vector<std::pair<std::string, std::string>>;
    // Errors as http::Client's: peer_unreachable, peer_timeout, ..
    Result<CallResult> call(std::string method, std::string url, Headers headers = {},
                            std::string body = {});

private:
    class Impl;
    explicit Caller(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// A text or number at a JSON pointer of a body, as text; empty when there is none.
std::string json_at(const std::string& body, const std::string& pointer);

}  // namespace huitong::apps
