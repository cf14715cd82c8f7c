#include "crypto/sm/sm2_forms.hpp"

#include <algorithm>
#include <tuple>

#include "crypto/bytes.hpp"
#include "crypto/sm/der.hpp"

namespace huitong::crypto {
namespace {

constexpr std::size_t number_bytes = std::tuple_size_v<Sm2Number>;

// Shorter numbers get leading zeros.
Result<Sm2Number> number_of(std::string_view bytes) {
    if (bytes.size() > number_bytes) return refuse(Error::field_format);
    Sm2Number number{};
    std::ranges::copy(bytes, number.end() - static_cast<std::ptrdiff_t>(bytes.size()));
    return number;
}

// The next 32 bytes of a text that is known to be long enough.
Sm2Number take_number(std::string_view& bytes) {
    Sm2Number number{};
    std::ranges::copy(bytes.substr(0, number_bytes), number.begin());
    bytes.remove_prefix(number_bytes);
    return number;
}

Result<Sm2Number> take_number(DerReader& reader) {
    TRY(bytes, reader.take_number());
    return number_of(bytes);
}

Result<Sm2Signature> parse_signature_der(std::string_view der) {
    TRY(items, only_item(DerTag::sequence, der));
    TRY(r, take_number(items));
    TRY(s, take_number(items));
    CHECK(items.expect_end());
    return Sm2Signature{r, s};
}

Result<Sm2Ciphertext> parse_ciphertext_der(std::string_view der) {
    TRY(items, only_item(DerTag::sequence, der));
    TRY(x, take_number(items));
    TRY(y, take_number(items));
    TRY(digest, items.take(DerTag::octet_string));
    TRY(text, items.take(DerTag::octet_string));
    CHECK(items.expect_end());
    if (digest.size() != number_bytes || text.empty()) return refuse(Error::field_format);
    return Sm2Ciphertext{x, y, take_number(digest), std::string(text)};
}

bool is_bare(Sm2CiphertextForm form) {
    return form == Sm2CiphertextForm::c1c3c2_bare || form == Sm2CiphertextForm::c1c2c3_bare;
}

bool digest_comes_last(Sm2CiphertextForm form) {
    return form == Sm2CiphertextForm::c1c2c3 || form == Sm2CiphertextForm::c1c2c3_bare;
}

}  // namespace

Result<Sm2Signature> parse_sm2_signature(Sm2SignatureForm form, std::string_view bytes) {
    if (form == Sm2SignatureForm::der) return parse_signature_der(bytes);
    if (bytes.size() != 2 * number_bytes) return refuse(Error::field_format);
    const Sm2Number r = take_number(bytes);
    return Sm2Signature{r, take_number(bytes)};
}

std::string to_bytes(const Sm2Signature& signature, Sm2SignatureForm form) {
    const std::string_view r = as_text(signature.r);
    const std::string_view s = as_text(signature.s);
    if (form == Sm2SignatureForm::der)
        return der_item(DerTag::sequence, der_number(r) + der_number(s));
    return std::string(r).append(s);
}

Result<Sm2Ciphertext> parse_sm2_ciphertext(Sm2CiphertextForm form, std::string_view bytes) {
    if (form == Sm2CiphertextForm::asn1) return parse_ciphertext_der(bytes);
    if (!is_bare(form)) {
        if (!bytes.starts_with('\x04')) return refuse(Error::field_format);
        bytes.remove_prefix(1);
    }
    if (bytes.size() <= 3 * number_bytes) return refuse(Error::field_format);
    Sm2Ciphertext parsed{};
    parsed.x = take_number(bytes);
    parsed.y = take_number(bytes);
    std::string_view digest = bytes.substr(bytes.size() - number_bytes);
    if (digest_comes_last(form)) {
        bytes.remove_suffix(number_bytes);
        parsed.digest = take_number(digest);
    } else {
        parsed.digest = take_number(bytes);
    }
    parsed.text = bytes;
    return parsed;
}

std::string to_bytes(const Sm2Ciphertext& ciphertext, Sm2CiphertextForm form) {
    const std::string_view x = as_text(ciphertext.x);
    const std::string_view y = as_text(ciphertext.y);
    const std::string_view digest = as_text(ciphertext.digest);
    if (form == Sm2CiphertextForm::asn1)
        return der_item(DerTag::sequence, der_number(x) + der_number(y) +
                                              der_item(DerTag::octet_string, digest) +
                                              der_item(DerTag::octet_string, ciphertext.text));
    std::string bytes = is_bare(form) ? "" : "\x04";
    bytes.append(x).append(y);
    if (digest_comes_last(form)) return bytes.append(ciphertext.text).append(digest);
    return bytes.append(digest).append(ciphertext.text);
}

}  // namespace huitong::crypto
