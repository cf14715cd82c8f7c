#include "gateway/http/certificates_for_tests.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/ensure.hpp"

namespace huitong::gateway::http {
namespace {

template <class T, void (*Free)(T*)>
struct Freed {
    void operator()(T* object) const { Free(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509, X509_free>>;

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    ENSURE(extension != nullptr);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Certificate blank(EVP_PKEY* key, const std::string& name, long serial) {
    Certificate made(X509_new());
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 24L * 3600);
    X509_set_pubkey(made.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    return made;
}

}  // namespace

struct TestAuthority::Impl {
    std::filesystem::path folder;
    Key key;
    Certificate certificate;
    long last_serial = 1;

    [[nodiscard]] std::string write(const std::string& name, const auto& writer) const {
        const auto path = folder / name;
        std::FILE* const file = std::fopen(path.c_str(), "w");
        ENSURE(file != nullptr);
        ENSURE(writer(file) == 1);
        std::fclose(file);
        return path;
    }
    [[nodiscard]] std::string write(const std::string& name, X509* what) const {
        return write(name, [&](std::FILE* file) { return PEM_write_X509(file, what); });
    }
};

TestAuthority::TestAuthority(const std::string& name) : impl_(std::make_unique<Impl>()) {
    std::string folder = std::filesystem::temp_directory_path() / "huitong-http-XXXXXX";
    ENSURE(::mkdtemp(folder.data()) != nullptr);
    impl_->folder = folder;
    impl_->key.reset(EVP_EC_gen("P-256"));
    impl_->certificate = blank(impl_->key.get(), name, 1);
    X509* const own = impl_->certificate.get();
    X509_set_issuer_name(own, X509_get_subject_name(own));
    extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
    extend(own, own, NID_key_usage, "critical,keyCertSign");
    ENSURE(X509_sign(own, impl_->key.get(), EVP_sha256()) > 0);
    ENSURE(!impl_->write("ca.pem", own).empty());
}

TestAuthority::~TestAuthority() {
    std::error_code ignored;
    std::filesystem::remove_all(impl_->folder, ignored);
}

std::string TestAuthority::ca_file() const {
    return impl_->folder / "ca.pem";
}

CertificateFiles TestAuthority::issue(const std::string& common_name,
                                      const std::string& alternative_names) {
    const Key key(EVP_EC_gen("P-256"));
    const Certificate made = blank(key.get(), common_name, ++impl_->last_serial);
    X509_set_issuer_name(made.get(), X509_get_subject_name(impl_->certificate.get()));
    if (!alternative_names.empty()) {
        extend(made.get(), impl_->certificate.get(), NID_subject_alt_name, alternative_names);
    }
    ENSURE(X509_sign(made.get(), impl_->key.get(), EVP_sha256()) > 0);
    const auto number = std::to_string(impl_->last_serial);
    const auto write_key = [&](std::FILE* file) {
        return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    };
    return {.certificate = impl_->write(number + ".pem", made.get()),
            .key = impl_->write(number + ".key", write_key)};
}

}  // namespace huitong::gateway::http
