// Certificates and keys from outside, as PEM or DER: nothing crashes, and what is accepted survives
// its own text form.
#include <string>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/certificate.hpp"

using namespace huitong::crypto;

namespace {

void try_certificate(std::string_view text) {
    const auto certificate = Certificate::parse(text);
    if (!certificate) return;
    ENSURE(canonical_serial(certificate->serial()) == certificate->serial());
    const auto again = Certificate::parse(certificate->to_pem());
    ENSURE(again && again->serial() == certificate->serial());
    ENSURE(again->common_name() == certificate->common_name());
    if (const auto key = certificate->public_key()) (void)certificate->issued_by(*key);
    (void)holds(
        {
            .intermediates = {&*certificate, 1},
            .anchor = *again,
            .use = CertificateUse::sign,
            .now = certificate->not_before()
    },
        *certificate);
}

void try_keys(std::string_view text) {
    if (const auto key = PublicKey::load(text)) {
        ENSURE(PublicKey::load(key->to_pem()) == key);
        ENSURE(!key->verify("message", text));
    }
    if (const auto key = PrivateKey::load(text)) {
        ENSURE(key->public_key().verify("message", key->sign("message")));
        ENSURE(PrivateKey::load(key->to_pem().expose())->public_key() == key->public_key());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text({data, size});
    try_certificate(text);
    try_keys(text);
    (void)canonical_serial(text);
    return 0;
}
