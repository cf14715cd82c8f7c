#include "gateway/http/tls.hpp"

#include <algorithm>
#include <cstring>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/ensure.hpp"
#include "gateway/http/address.hpp"

namespace huitong::gateway::http {

struct TlsChannel::Wire {
    std::string_view in;
    std::string* out = nullptr;
};

namespace {

// OpenSSL's own file and memory ends copy into buffers that never shrink; this one reads the bytes
// where they were received and writes them where they are sent from.
template <class Wire>
int wire_read(BIO* bio, char* to, int size) {
    auto& wire = *static_cast<Wire*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const auto count = std::min(wire.in.size(), static_cast<std::size_t>(std::max(size, 0)));
    if (count == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    std::memcpy(to, wire.in.data(), count);
    wire.in.remove_prefix(count);
    return static_cast<int>(count);
}

template <class Wire>
int wire_write(BIO* bio, const char* from, int size) {
    auto& wire = *static_cast<Wire*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (size > 0) wire.out->append(from, static_cast<std::size_t>(size));
    return size;
}

long wire_control(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

template <class Wire>
BIO_METHOD* wire_method() {
    static BIO_METHOD* const method = [] {
        BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
        ENSURE(made != nullptr);
        BIO_meth_set_read(made, wire_read<Wire>);
        BIO_meth_set_write(made, wire_write<Wire>);
        BIO_meth_set_ctrl(made, wire_control);
        return made;
    }();
    return method;
}

int select_http_1_1(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
    static constexpr unsigned char ours[] = "\x08http/1.1";
    unsigned char* found = nullptr;
    const int result =
        SSL_select_next_proto(&found, size, ours, sizeof ours - 1, offered, offered_size);
    // A client that offers only other protocols still gets HTTP/1.1, which it may then refuse.
    if (result != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

void set_common(SSL_CTX* context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    // Of TLS 1.2 only what has forward secrecy and authenticated encryption.
    SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
}

bool load_key_pair(SSL_CTX* context, const std::string& certificate, const std::string& key) {
    return SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) == 1 &&
           SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) == 1 &&
           SSL_CTX_check_private_key(context) == 1;
}

bool ask_for_certificates(SSL_CTX* context, const TlsOptions& options) {
    if (options.client_certificates == ClientCertificates::none) return true;
    const char* const file = options.client_ca_file.c_str();
    STACK_OF(X509_NAME)* const names = SSL_load_client_CA_file(file);
    if (names == nullptr) return false;
    SSL_CTX_set_client_CA_list(context, names);
    if (SSL_CTX_load_verify_file(context, file) != 1) return false;
    const bool required = options.client_certificates == ClientCertificates::required;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                       nullptr);
    return true;
}

}  // namespace

TlsContext::~TlsContext() {
    SSL_CTX_free(context_);
}

Result<std::shared_ptr<const TlsContext>> TlsContext::server(const TlsOptions& options) {
    const std::shared_ptr<TlsContext> made(new TlsContext(SSL_CTX_new(TLS_server_method())));
    SSL_CTX* const context = made->context_;
    if (context == nullptr) return refuse(Error::tls_config_invalid);
    set_common(context);
    const bool only_1_3 = options.version_min == TlsVersion::tls_1_3;
    SSL_CTX_set_min_proto_version(context, only_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
    SSL_CTX_set_alpn_select_cb(context, select_http_1_1, nullptr);
    // Without a name OpenSSL refuses to resume a session in which a client certificate was asked.
    static constexpr unsigned char name[] = "huitong";
    SSL_CTX_set_session_id_context(context, name, sizeof name - 1);
    const bool loaded = load_key_pair(context, options.certificate_file, options.key_file) &&
                        ask_for_certificates(context, options);
    ERR_clear_error();
    if (!loaded) return refuse(Error::tls_config_invalid);
    return made;
}

Result<std::shared_ptr<const TlsContext>> TlsContext::client(const TlsTrust& trust) {
    const std::shared_ptr<TlsContext> made(new TlsContext(SSL_CTX_new(TLS_client_method())));
    SSL_CTX* const context = made->context_;
    if (context == nullptr) return refuse(Error::tls_config_invalid);
    set_common(context);
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    bool loaded = true;
    if (!trust.insecure) {
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
        loaded = trust.ca_file.empty()
                     ? SSL_CTX_set_default_verify_paths(context) == 1
                     : SSL_CTX_load_verify_file(context, trust.ca_file.c_str()) == 1;
    }
    if (!trust.certificate_file.empty()) {
        loaded = loaded && load_key_pair(context, trust.certificate_file, trust.key_file);
    }
    ERR_clear_error();
    if (!loaded) return refuse(Error::tls_config_invalid);
    return made;
}

TlsChannel::TlsChannel(ssl_st* ssl, std::unique_ptr<Wire> wire)
    : ssl_(ssl), wire_(std::move(wire)) {
    ENSURE(ssl_ != nullptr);
    BIO* const bio = BIO_new(wire_method<Wire>());
    ENSURE(bio != nullptr);
    BIO_set_data(bio, wire_.get());
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_, bio, bio);
}

TlsChannel::~TlsChannel() {
    SSL_free(ssl_);
}

std::unique_ptr<TlsChannel> TlsChannel::accept(const TlsContext& context) {
    std::unique_ptr<TlsChannel> channel(
        new TlsChannel(SSL_new(context.handle()), std::make_unique<Wire>()));
    SSL_set_accept_state(channel->ssl_);
    return channel;
}

std::unique_ptr<TlsChannel> TlsChannel::connect(const TlsContext& context,
                                                const std::string& name) {
    std::unique_ptr<TlsChannel> channel(
        new TlsChannel(SSL_new(context.handle()), std::make_unique<Wire>()));
    SSL* const ssl = channel->ssl_;
    SSL_set_connect_state(ssl);
    if (Address::parse(name)) {
        ENSURE(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) == 1);
        return channel;
    }
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    ENSURE(SSL_set1_host(ssl, name.c_str()) == 1);
    ENSURE(SSL_set_tlsext_host_name(ssl, name.c_str()) == 1);
    return channel;
}

TlsStatus TlsChannel::receive(std::string_view wire, std::string& plain, std::string& out) {
    wire_->in = wire;
    wire_->out = &out;
    ERR_clear_error();
    int result = 1;
    if (!ready()) result = SSL_do_handshake(ssl_);
    while (result > 0) {
        char piece[16 * 1024];  // One record.
        result = SSL_read(ssl_, piece, sizeof piece);
        if (result > 0) plain.append(piece, static_cast<std::size_t>(result));
    }
    const int why = SSL_get_error(ssl_, result);
    ERR_clear_error();
    if (why == SSL_ERROR_WANT_READ) return TlsStatus::open;
    return why == SSL_ERROR_ZERO_RETURN ? TlsStatus::ended : TlsStatus::failed;
}

TlsStatus TlsChannel::send(std::string_view plain, std::string& out) {
    if (!ready()) return TlsStatus::failed;
    if (plain.empty()) return TlsStatus::open;
    wire_->out = &out;
    ERR_clear_error();
    std::size_t written = 0;
    // The end takes everything, so a write is never partial.
    if (SSL_write_ex(ssl_, plain.data(), plain.size(), &written) == 1) return TlsStatus::open;
    ERR_clear_error();
    return TlsStatus::failed;
}

void TlsChannel::finish(std::string& out) {
    if (!ready()) return;
    wire_->out = &out;
    SSL_shutdown(ssl_);
    ERR_clear_error();
}

bool TlsChannel::ready() const {
    return SSL_is_init_finished(ssl_) == 1;
}

bool TlsChannel::certificate_refused() const {
    return SSL_get_verify_result(ssl_) != X509_V_OK;
}

std::string TlsChannel::peer_subject() const {
    X509* const certificate = SSL_get0_peer_certificate(ssl_);
    if (certificate == nullptr || SSL_get_verify_result(ssl_) != X509_V_OK) return {};
    BIO* const memory = BIO_new(BIO_s_mem());
    if (memory == nullptr) return {};
    X509_NAME_print_ex(memory, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory, &text);
    std::string subject(text, size > 0 ? static_cast<std::size_t>(size) : 0);
    BIO_free(memory);
    return subject;
}

}  // namespace huitong::gateway::http
