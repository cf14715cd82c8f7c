// Calls to other programs over http and https: merchants' notices, and whatever a courier delivers.
//
// Only public addresses are called unless the options allow others, and the rule is applied to the
// very address that is connected to, so a name cannot be pointed elsewhere in between. Redirects
// are not followed: a 3xx is an answer like any other. Connections are kept and used again; should
// one turn out to have been closed by the peer before it answered anything, the call is repeated
// once on a new one, so a call must be one that may safely arrive twice.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.hpp"
#include "base/result.hpp"
#include "gateway/http/connection/response_parser.hpp"
#include "gateway/http/io_threads.hpp"
#include "gateway/http/message.hpp"
#include "gateway/http/resolver.hpp"
#include "gateway/http/tls.hpp"

namespace huitong::gateway::http {

struct CallLimits {
    Duration timeout = seconds(5);  // In all: waiting its turn, name, connection, answer.
    std::size_t answer_bytes_max = 64 * 1024;
    std::size_t answer_header_bytes_max = 16 * 1024;
};

struct Call {
    std::string method = "POST";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;  // Without Host, Content-Length.
    std::string body;
    CallLimits limits;
};

struct ClientOptions {
    TlsTrust trust;
    bool allow_private_addresses = false;
    std::size_t connections_per_host_max = 4;
    std::size_t queue_per_host_max = 256;  // Calls that wait for a connection; beyond: overloaded.
    std::size_t idle_connections_max = 256;  // For each I/O thread.
    Duration idle_timeout = seconds(20);
    Resolve resolve = resolve_by_system;
};

// Called exactly once, on an I/O thread; after the threads' end on whatever thread drops the call.
// Errors: url_malformed, address_forbidden, peer_unreachable, peer_timeout, peer_answer_malformed,
// peer_answer_too_large, peer_certificate_invalid, overloaded, shutting_down.
using Completion = std::move_only_function<void(Result<Answer>)>;

struct ClientShared;
class HostTable;

class Client {
public:
    // Refuses with tls_config_invalid. The threads must outlive the client.
    static Result<std::unique_ptr<Client>> make(IoThreads& threads, ClientOptions options);
    // Ends what is under way with shutting_down; no completion is called afterwards. Not to be
    // called from an I/O thread.
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // From any thread; never blocks.
    void call(Call call, Completion completion);
    void post(std::string url, std::vector<std::pair<std::string, std::string>> headers,
              std::string body, CallLimits limits, Completion completion);

private:
    explicit Client(IoThreads& threads);

    IoThreads& threads_;
    std::shared_ptr<ClientShared> shared_;
    std::vector<std::shared_ptr<HostTable>> tables_;  // One for each I/O thread, used only there.
};

}  // namespace huitong::gateway::http
