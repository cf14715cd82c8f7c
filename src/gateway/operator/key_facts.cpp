#include "gateway/operator/key_facts.hpp"

#include "crypto/certificate.hpp"
#include "gateway/operator/texts.hpp"

namespace huitong::gateway::operator_door {
namespace {

using Wanted = Parsed<KeyFacts>;

Wanted wrong_key(Error error, std::string_view member, std::string_view issue) {
    return std::unexpected(wire::json::FieldError{error, std::string(member), "",
                                                  std::string(issue), wire::json::Location::body});
}

bool is_accepted(const Result<crypto::PublicKey>& key, KeyFamilies families) {
    return key && (families == KeyFamilies::any || key->rsa() != nullptr);
}

// "holds no ..", "is no ..".
std::string no_key(std::string_view verb, KeyFamilies families) {
    const std::string_view kinds = families == KeyFamilies::rsa ? "RSA" : "SM2 key and no RSA";
    return std::string(verb) + " no " + std::string(kinds) + " key of 2048 to 4096 bits";
}

Wanted certificate_facts(const KeyBody& body, KeyFamilies families, Instant now) {
    constexpr std::string_view member = "/certificate_pem";
    const auto certificate = crypto::Certificate::parse(body.certificate_pem);
    if (!certificate) return wrong_key(certificate.error(), member, "is no certificate");
    if (!certificate->valid_at(now))
        return wrong_key(Error::certificate_invalid, member, "is outside its dates");
    const auto key = certificate->public_key();
    if (!is_accepted(key, families))
        return wrong_key(Error::key_invalid, member, no_key("holds", families));
    const auto serial = crypto::canonical_serial(certificate->serial());
    if (!serial) return wrong_key(Error::certificate_invalid, member, "has too long a serial");
    return KeyFacts{.serial = *serial,
                    .public_key_pem = key->to_pem(),
                    .not_before = certificate->not_before(),
                    .not_after = certificate->not_after()};
}

Wanted bare_key_facts(const KeyBody& body, KeyFamilies families, Instant now) {
    const auto key = crypto::PublicKey::load(body.public_key_pem);
    if (!is_accepted(key, families))
        return wrong_key(Error::key_invalid, "/public_key_pem", no_key("is", families));
    const auto serial = crypto::canonical_serial(body.serial_no);
    if (!serial) return wrong_key(serial.error(), "/serial_no", "is no hexadecimal serial");
    return KeyFacts{.serial = *serial,
                    .public_key_pem = key->to_pem(),
                    .not_before = now - days(1),
                    .not_after = no_end};
}

}  // namespace

Parsed<KeyFacts> key_facts(const KeyBody& body, KeyFamilies families, Instant now) {
    return body.certificate_pem.empty() ? bare_key_facts(body, families, now)
                                        : certificate_facts(body, families, now);
}

}  // namespace huitong::gateway::operator_door
