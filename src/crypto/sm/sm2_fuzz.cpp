// SM2 signatures and ciphertexts from outside, in every form, and points of keys: nothing crashes,
// what parses is the only spelling of its parts, and nothing verifies that nobody signed.
#include <string>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/sm/sm2.hpp"

using namespace huitong::crypto;

namespace {

// A fixed key, so that the corpus can hold what it opens.
const Sm2PrivateKey& key() {
    static const Sm2PrivateKey fixed = *Sm2PrivateKey::from_number(Secret(std::string(32, 'k')));
    return fixed;
}

void try_signature(Sm2SignatureForm form, std::string_view bytes) {
    if (const auto parsed = parse_sm2_signature(form, bytes))
        ENSURE(to_bytes(*parsed, form) == bytes);
    ENSURE(!key().public_key().verify("a message that nobody signed", bytes, {.form = form}));
}

void try_ciphertext(Sm2CiphertextForm form, std::string_view bytes) {
    const auto parsed = parse_sm2_ciphertext(form, bytes);
    if (parsed) ENSURE(to_bytes(*parsed, form) == bytes);
    if (const auto opened = key().decrypt(bytes, form)) {
        ENSURE(opened->size() == parsed->text.size());
        const auto sealed = key().public_key().encrypt(opened->expose(), form);
        ENSURE(key().decrypt(*sealed, form)->expose() == opened->expose());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = as_text({data, size});
    try_signature(Sm2SignatureForm::der, bytes);
    try_signature(Sm2SignatureForm::raw, bytes);
    for (const auto form :
         {Sm2CiphertextForm::asn1, Sm2CiphertextForm::c1c3c2, Sm2CiphertextForm::c1c2c3,
          Sm2CiphertextForm::c1c3c2_bare, Sm2CiphertextForm::c1c2c3_bare})
        try_ciphertext(form, bytes);
    if (const auto point = Sm2PublicKey::from_point(bytes))
        ENSURE(Sm2PublicKey::from_point(point->point()) == point);
    return 0;
}
