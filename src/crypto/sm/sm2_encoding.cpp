#include "crypto/sm/sm2_encoding.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/ensure.hpp"
#include "crypto/pem.hpp"
#include "crypto/sm/der.hpp"

namespace huitong::crypto {
namespace {

constexpr std::string_view ec_public_key = "\x2a\x86\x48\xce\x3d\x02\x01";  // 1.2.840.10045.2.1
constexpr std::string_view sm2_curve = "\x2a\x81\x1c\xcf\x55\x01\x82\x2d";  // 1.2.156.10197.1.301

// What most tools write, and what OpenSSL 3 writes.
constexpr std::array<std::string_view, 3> private_labels = {"PRIVATE KEY", "EC PRIVATE KEY",
                                                            "SM2 PRIVATE KEY"};
constexpr std::array<std::string_view, 1> public_labels = {"PUBLIC KEY"};

Result<Secret> der_of(std::span<const std::string_view> labels, std::string_view pem_or_der) {
    if (pem_or_der.empty() || pem_or_der.size() > pem_bytes_max) return refuse(Error::key_invalid);
    if (!looks_like_pem(pem_or_der)) return Secret(pem_or_der);
    for (const std::string_view label : labels)
        if (Result<Secret> der = from_pem(label, pem_or_der)) return der;
    return refuse(Error::key_invalid);
}

// AlgorithmIdentifier of both PKCS#8 and SubjectPublicKeyInfo.
Result<void> expect_algorithm(DerReader& items) {
    TRY(algorithm, items.enter(DerTag::sequence));
    CHECK(algorithm.expect_object(ec_public_key));
    CHECK(algorithm.expect_object(sm2_curve));
    return algorithm.expect_end();
}

// What follows the version of an ECPrivateKey. PKCS#8 names the curve outside, SEC 1 inside.
Result<Sm2PrivateParts> parse_number_and_point(DerReader& items, bool curve_is_known) {
    TRY(number, items.take(DerTag::octet_string));
    if (number.size() != scalar_bytes) return refuse(Error::field_format);
    if (items.next_is(DerTag::context_0) || !curve_is_known) {
        TRY(curve, items.enter(DerTag::context_0));
        CHECK(curve.expect_object(sm2_curve));
        CHECK(curve.expect_end());
    }
    Sm2PrivateParts parts{.number = Secret(number), .point = {}};
    if (items.next_is(DerTag::context_1)) {
        TRY(outside, items.enter(DerTag::context_1));
        TRY(point, outside.take_bits());
        CHECK(outside.expect_end());
        if (point.empty()) return refuse(Error::field_format);
        parts.point = point;
    }
    CHECK(items.expect_end());
    return parts;
}

// What follows the version of a PKCS#8 key.
Result<Sm2PrivateParts> parse_pkcs8(DerReader& items) {
    CHECK(expect_algorithm(items));
    TRY(key, items.take(DerTag::octet_string));
    // Attributes, which some Java tools write, say nothing that we need.
    if (items.next_is(DerTag::context_0)) CHECK(items.take(DerTag::context_0));
    CHECK(items.expect_end());
    TRY(inside, only_item(DerTag::sequence, key));
    TRY(version, inside.take_small_number(1));
    if (version != 1) return refuse(Error::field_format);
    return parse_number_and_point(inside, true);
}

}  // namespace

Result<Secret> sm2_private_der(std::string_view pem_or_der) {
    return der_of(private_labels, pem_or_der);
}

Result<Secret> sm2_public_der(std::string_view pem_or_der) {
    return der_of(public_labels, pem_or_der);
}

Result<Sm2PrivateParts> parse_sm2_private(std::string_view der) {
    TRY(items, only_item(DerTag::sequence, der));
    TRY(version, items.take_small_number(1));
    if (version == 0) return parse_pkcs8(items);
    return parse_number_and_point(items, false);
}

Result<std::string_view> parse_sm2_public(std::string_view der) {
    TRY(items, only_item(DerTag::sequence, der));
    CHECK(expect_algorithm(items));
    TRY(point, items.take_bits());
    CHECK(items.expect_end());
    return point;
}

Secret sm2_private_to_der(const Secret& number, std::string_view point) {
    // All lengths are fixed, so the numbers go to fixed places and no copy of the secret is left.
    // clang-format off
    constexpr std::string_view before_number(
        "\x30\x81\x87\x02\x01\x00"                                // SEQUENCE, version 0
        "\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"            // algorithm: id-ecPublicKey
        "\x06\x08\x2a\x81\x1c\xcf\x55\x01\x82\x2d"                // on the SM2 curve
        "\x04\x6d\x30\x6b\x02\x01\x01\x04\x20", 36);              // ECPrivateKey, version 1
    constexpr std::string_view before_point(
        "\xa1\x44\x03\x42\x00", 5);                               // [1] BIT STRING
    // clang-format on
    ENSURE(number.size() == scalar_bytes && point.size() == point_bytes);
    Secret der =
        Secret::of_size(before_number.size() + scalar_bytes + before_point.size() + point_bytes);
    auto at = std::ranges::copy(before_number, der.writable().begin()).out;
    at = std::ranges::copy(number.expose(), at).out;
    at = std::ranges::copy(before_point, at).out;
    std::ranges::copy(point, at);
    return der;
}

std::string sm2_public_to_der(std::string_view point) {
    const std::string algorithm = der_item(DerTag::object, ec_public_key) +  //
                                  der_item(DerTag::object, sm2_curve);
    return der_item(DerTag::sequence,
                    der_item(DerTag::sequence, algorithm) +
                        der_item(DerTag::bit_string, std::string(1, '\0').append(point)));
}

}  // namespace huitong::crypto
