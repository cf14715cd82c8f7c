#include "gateway/operator/key_facts.hpp"

#include <fmt/format.h>

#include "crypto/certificate.hpp"
#include "gateway/operator/texts.hpp"

namespace huitong::gateway::operator_door {
namespace {

using Wanted = Parsed<KeyFacts>;

Wanted wrong_key(Error error, std::string_view member, std::string_view issue) {
    return std::unexpected(wire::json::FieldError{error, std::string(member), "",
                                                  std::string(issue), wire::json::Location::body});
}

constexpr std::string_view kinds = "SM2 key and no RSA key of 2048 to 4096 bits";

Wanted certificate_facts(const KeyBody& body, Instant now) {
    constexpr std::string_view member = "/certificate_pem";
    const auto certificate = crypto::Certificate::parse(body.certificate_pem);
    if (!certificate) return wrong_key(certificate.error(), member, "is no certificate");
    if (!certificate->valid_at(now))
        return wrong_key(Error::certificate_invalid, member, "is outside its dates");
    const auto key = certificate->public_key();
    if (!key) return wrong_key(Error::key_invalid, member, fmt::format("holds no {}", kinds));
    const auto serial = crypto::canonical_serial(certificate->serial());
    if (!serial) return wrong_key(Error::certificate_invalid, member, "has too long a serial");
    return KeyFacts{.serial = *serial,
                    .public_key_pem = key->to_pem(),
                    .not_before = certificate->not_before(),
                    .not_after = certificate->not_after()};
}

Wanted bare_key_facts(const KeyBody& body, Instant now) {
    const auto key = crypto::PublicKey::load(body.public_key_pem);
    if (!key)
        return wrong_key(Error::key_invalid, "/public_key_pem", fmt::format("is no {}", kinds));
    const auto serial = crypto::canonical_serial(body.serial_no);
    if (!serial) return wrong_key(serial.error(), "/serial_no", "is no hexadecimal serial");
    return KeyFacts{.serial = *serial,
                    .public_key_pem = key->to_pem(),
                    .not_before = now - days(1),
                    .not_after = no_end};
}

}  // namespace

Parsed<KeyFacts> key_facts(const KeyBody& body, Instant now) {
    return body.certificate_pem.empty() ? bare_key_facts(body, now) : certificate_facts(body, now);
}

}  // namespace huitong::gateway::operator_door
