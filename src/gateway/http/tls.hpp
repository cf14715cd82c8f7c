// TLS 1.2 and 1.3 without a socket: bytes of the wire in, bytes of the wire out. OpenSSL stays
// behind this header.
//
// Why not asio::ssl::stream: it keeps 34 KiB of buffers for each connection however idle, and makes
// every user of it a template. A channel here holds what OpenSSL holds, which gives its buffers
// back when idle.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace huitong::gateway::http {

enum class TlsVersion : std::uint8_t { tls_1_2, tls_1_3 };
enum class ClientCertificates : std::uint8_t { none, optional, required };

// What a server shows and asks for. Files are PEM.
struct TlsOptions {
    std::string certificate_file;  // With its chain, the server's own first.
    std::string key_file;
    ClientCertificates client_certificates = ClientCertificates::none;
    std::string client_ca_file;  // Needed unless client_certificates is none.
    TlsVersion version_min = TlsVersion::tls_1_2;
};

// Whom a client trusts.
struct TlsTrust {
    std::string ca_file;           // Empty: the system's authorities.
    bool insecure = false;         // Accepts any certificate; for tests.
    std::string certificate_file;  // Shown if the server asks; may be empty.
    std::string key_file;
};

// Keys and rules for many connections. Immutable; connections keep theirs alive.
class TlsContext {
public:
    // Both refuse with tls_config_invalid: a file is missing, unreadable or does not fit.
    static Result<std::shared_ptr<const TlsContext>> server(const TlsOptions& options);
    static Result<std::shared_ptr<const TlsContext>> client(const TlsTrust& trust);
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    [[nodiscard]] ssl_ctx_st* handle() const { return context_; }

private:
    explicit TlsContext(ssl_ctx_st* context) : context_(context) {}

    ssl_ctx_st* context_;
};

enum class TlsStatus : std::uint8_t { open, ended, failed };

// One connection's cipher state.
class TlsChannel {
public:
    static std::unique_ptr<TlsChannel> accept(const TlsContext& context);
    // The name is checked against the certificate and sent as SNI unless it is an address.
    static std::unique_ptr<TlsChannel> connect(const TlsContext& context, const std::string& name);
    ~TlsChannel();
    TlsChannel(const TlsChannel&) = delete;
    TlsChannel& operator=(const TlsChannel&) = delete;

    // Takes all of wire; appends what it held in clear to plain and what must be sent in answer to
    // out. A client starts the handshake by an empty wire.
    TlsStatus receive(std::string_view wire, std::string& plain, std::string& out);
    // Appends plain, encrypted, to out. Only once the handshake is over.
    TlsStatus send(std::string_view plain, std::string& out);
    // Says to the peer that no more will follow.
    void finish(std::string& out);

    [[nodiscard]] bool ready() const;                // The handshake is over.
    [[nodiscard]] bool certificate_refused() const;  // Why a client's handshake failed.
    [[nodiscard]] std::string peer_subject() const;  // Verified; empty if none was shown.

private:
    struct Wire;  // The two ends that OpenSSL reads from and writes to.

    TlsChannel(ssl_st* ssl, std::unique_ptr<Wire> wire);

    ssl_st* ssl_;
    std::unique_ptr<Wire> wire_;
};

}  // namespace huitong::gateway::http
