#include "crypto/sm/sm2.hpp"

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/openssl_handles.hpp"

namespace huitong::crypto {
namespace {

constexpr std::size_t user_id_bytes_max = 0xffff / 8;

// a, b and the base point (GB/T 32918.5), which go into every Z.
const std::string& curve_text() {
    static const std::string text =
        from_hex(
            "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc"
            "28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93"
            "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7"
            "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0")
            .value();
    return text;
}

// e, which is signed: SM3(Z, M), where the scheme may put a digest in place of M.
Digest256 digest_to_sign(const Sm2PublicKey& key, std::string_view message,
                         const Sm2Scheme& scheme) {
    RunningDigest digest = RunningDigest::sm3();
    if (scheme.with_z) digest.update(as_text(key.z(scheme.user_id)));
    switch (scheme.prehash) {
        case Sm2Prehash::none:
            digest.update(message);
            break;
        case Sm2Prehash::sm3_bytes:
            digest.update(as_text(sm3(message)));
            break;
        case Sm2Prehash::sm3_hex:
            digest.update(to_hex(as_text(sm3(message))));
            break;
    }
    return digest.finish();
}

template <int (*start)(EVP_PKEY_CTX*)>
KeyContext context_for(const KeyImpl& impl) {
    KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, impl.key.get(), nullptr));
    ENSURE(context != nullptr && start(context.get()) == 1);
    return context;
}

std::string encrypt_asn1(const KeyImpl& impl, std::string_view plaintext) {
    const KeyContext context = context_for<EVP_PKEY_encrypt_init>(impl);
    std::size_t size = 0;
    ENSURE(EVP_PKEY_encrypt(context.get(), nullptr, &size, octets(plaintext), plaintext.size()) ==
           1);
    std::string ciphertext(size, '\0');  // A few bytes too many: numbers may come out shorter.
    ENSURE(EVP_PKEY_encrypt(context.get(), octets(ciphertext.data()), &size, octets(plaintext),
                            plaintext.size()) == 1);
    ciphertext.resize(size);
    return ciphertext;
}

}  // namespace

Result<Sm2UserId> Sm2UserId::make(std::string_view bytes) {
    if (bytes.size() > user_id_bytes_max) return refuse(Error::field_range);
    Sm2UserId id;
    id.bytes_ = bytes;
    return id;
}

Digest256 Sm2PublicKey::z(const Sm2UserId& user_id) const {
    const std::size_t id_bits = user_id.bytes().size() * 8;
    std::string text = {static_cast<char>(id_bits >> 8), static_cast<char>(id_bits & 0xff)};
    text.append(user_id.bytes()).append(curve_text()).append(as_text(coordinates_));
    return sm3(text);
}

bool Sm2PublicKey::verify(std::string_view message, std::string_view signature,
                          const Sm2Scheme& scheme) const {
    const auto parsed = parse_sm2_signature(scheme.form, signature);
    if (!parsed) return false;
    const std::string der = to_bytes(*parsed, Sm2SignatureForm::der);
    const Digest256 digest = digest_to_sign(*this, message, scheme);
    KeyContext context = key_->spare_verify.borrow();
    if (context == nullptr) context = context_for<EVP_PKEY_verify_init>(*key_);
    const bool valid =
        EVP_PKEY_verify(context.get(), octets(der), der.size(), digest.data(), digest.size()) == 1;
    if (!valid) ERR_clear_error();
    key_->spare_verify.give_back(std::move(context));
    return valid;
}

Result<std::string> Sm2PublicKey::encrypt(std::string_view plaintext,
                                          Sm2CiphertextForm form) const {
    if (plaintext.empty() || plaintext.size() > sm2_plaintext_bytes_max)
        return refuse(Error::field_range);
    // A key stream of nothing but zeros, as one in 256 single bytes meets, is drawn again (GB/T
    // 32918.4, 6.1 A5); OpenSSL does not look.
    Result<Sm2Ciphertext> sealed;
    do {
        sealed = parse_sm2_ciphertext(Sm2CiphertextForm::asn1, encrypt_asn1(*key_, plaintext));
        ENSURE(sealed.has_value());
    } while (sealed->text == plaintext);
    return to_bytes(*sealed, form);
}

std::string Sm2PrivateKey::sign(std::string_view message, const Sm2Scheme& scheme) const {
    const Digest256 digest = digest_to_sign(public_key_, message, scheme);
    KeyContext context = key_->spare_sign.borrow();
    if (context == nullptr) context = context_for<EVP_PKEY_sign_init>(*key_);
    std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key_->key.get()));
    std::string signature(size, '\0');
    ENSURE(EVP_PKEY_sign(context.get(), octets(signature.data()), &size, digest.data(),
                         digest.size()) == 1);
    signature.resize(size);
    key_->spare_sign.give_back(std::move(context));
    if (scheme.form == Sm2SignatureForm::der) return signature;
    const auto parsed = parse_sm2_signature(Sm2SignatureForm::der, signature);
    ENSURE(parsed.has_value());
    return to_bytes(*parsed, scheme.form);
}

Result<Secret> Sm2PrivateKey::decrypt(std::string_view ciphertext, Sm2CiphertextForm form) const {
    const ErrorQueueGuard errors;
    const auto parsed = parse_sm2_ciphertext(form, ciphertext);
    if (!parsed || parsed->text.size() > sm2_plaintext_bytes_max)
        return refuse(Error::decryption_failed);
    const std::string der = to_bytes(*parsed, Sm2CiphertextForm::asn1);
    const KeyContext context = context_for<EVP_PKEY_decrypt_init>(*key_);
    Secret plaintext = Secret::of_size(parsed->text.size());
    std::size_t size = plaintext.size();
    if (EVP_PKEY_decrypt(context.get(), octets(plaintext.writable().data()), &size, octets(der),
                         der.size()) != 1 ||
        size != plaintext.size())
        return refuse(Error::decryption_failed);
    // A key stream of nothing but zeros (GB/T 32918.4, 7.1 B4).
    if (plaintext.expose() == parsed->text) return refuse(Error::decryption_failed);
    return plaintext;
}

}  // namespace huitong::crypto
