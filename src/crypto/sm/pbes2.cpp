// PKCS#8 under a password (key_file.hpp):
//
//   SEQUENCE { SEQUENCE { PBES2, SEQUENCE { key derivation, cipher } },
//              OCTET STRING ciphertext }
//   key derivation = SEQUENCE { PBKDF2, SEQUENCE { OCTET STRING salt, INTEGER rounds,
//                                                  INTEGER key bytes, optional,
//                                                  SEQUENCE { HMAC, NULL }, else over SHA-1 } }
//   cipher         = SEQUENCE { AES or SM4 in CBC mode, OCTET STRING IV }
#include <span>

#include "base/ensure.hpp"
#include "crypto/openssl_handles.hpp"
#include "crypto/pem.hpp"
#include "crypto/sm/der.hpp"
#include "crypto/sm/key_file.hpp"
#include "crypto/sm/sm4.hpp"

namespace huitong::crypto {
namespace {

constexpr std::string_view pbes2 = "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
constexpr std::string_view pbkdf2 = "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c";
constexpr std::size_t salt_bytes_max = 1024;

// An algorithm as files and as OpenSSL name it.
struct Named {
    std::string_view object;
    const char* name;
};

constexpr Named digests[] = {
    {"\x2a\x86\x48\x86\xf7\x0d\x02\x07",         "SHA1"  },
    {"\x2a\x86\x48\x86\xf7\x0d\x02\x09",         "SHA256"},
    {"\x2a\x86\x48\x86\xf7\x0d\x02\x0a",         "SHA384"},
    {"\x2a\x86\x48\x86\xf7\x0d\x02\x0b",         "SHA512"},
    {"\x2a\x81\x1c\xcf\x55\x01\x83\x11\x03\x01", "SM3"   },
};
constexpr Named ciphers[] = {
    {"\x60\x86\x48\x01\x65\x03\x04\x01\x02", "AES-128-CBC"},
    {"\x60\x86\x48\x01\x65\x03\x04\x01\x16", "AES-192-CBC"},
    {"\x60\x86\x48\x01\x65\x03\x04\x01\x2a", "AES-256-CBC"},
    {"\x2a\x81\x1c\xcf\x55\x01\x68\x02",     "SM4-CBC"    },
};

Result<const char*> name_of(std::span<const Named> known, std::string_view object) {
    for (const Named& algorithm : known)
        if (algorithm.object == object) return algorithm.name;
    return refuse(Error::field_format);
}

struct Pbes2 {
    std::string_view salt;
    std::uint32_t rounds = 0;
    std::uint32_t key_bytes = 0;  // 0: not said
    const char* digest = "SHA1";
    const char* cipher = nullptr;
    std::string_view iv;
    std::string_view ciphertext;
};

Result<void> parse_derivation(DerReader& algorithm, Pbes2& parsed) {
    CHECK(algorithm.expect_object(pbkdf2));
    TRY(parameters, algorithm.enter(DerTag::sequence));
    CHECK(algorithm.expect_end());
    TRY(salt, parameters.take(DerTag::octet_string));
    TRY(rounds, parameters.take_small_number(0xffff'ffff));
    if (rounds == 0 || salt.size() > salt_bytes_max) return refuse(Error::field_format);
    parsed.salt = salt;
    parsed.rounds = rounds;
    if (parameters.next_is(DerTag::integer)) {
        TRY(key_bytes, parameters.take_small_number(EVP_MAX_KEY_LENGTH));
        parsed.key_bytes = key_bytes;
    }
    if (parameters.at_end()) return {};
    TRY(function, parameters.enter(DerTag::sequence));
    TRY(object, function.take(DerTag::object));
    CHECK(function.take(DerTag::null));
    CHECK(function.expect_end());
    TRY(digest, name_of(digests, object));
    parsed.digest = digest;
    return parameters.expect_end();
}

Result<void> parse_encryption(DerReader& algorithm, Pbes2& parsed) {
    TRY(object, algorithm.take(DerTag::object));
    TRY(cipher, name_of(ciphers, object));
    TRY(iv, algorithm.take(DerTag::octet_string));
    CHECK(algorithm.expect_end());
    if (iv.size() != sm4_block_bytes) return refuse(Error::field_format);  // AES's blocks too.
    parsed.cipher = cipher;
    parsed.iv = iv;
    return {};
}

Result<Pbes2> parse_pbes2(std::string_view der) {
    TRY(items, only_item(DerTag::sequence, der));
    TRY(scheme, items.enter(DerTag::sequence));
    TRY(ciphertext, items.take(DerTag::octet_string));
    CHECK(items.expect_end());
    CHECK(scheme.expect_object(pbes2));
    TRY(parameters, scheme.enter(DerTag::sequence));
    CHECK(scheme.expect_end());
    Pbes2 parsed{.ciphertext = ciphertext};
    TRY(derivation, parameters.enter(DerTag::sequence));
    CHECK(parse_derivation(derivation, parsed));
    TRY(encryption, parameters.enter(DerTag::sequence));
    CHECK(parse_encryption(encryption, parsed));
    CHECK(parameters.expect_end());
    return parsed;
}

Secret derived_key(const Pbes2& file, const Secret& password, std::size_t key_bytes) {
    const EVP_MD* digest = EVP_get_digestbyname(file.digest);
    ENSURE(digest != nullptr);
    Secret key = Secret::of_size(key_bytes);
    ENSURE(PKCS5_PBKDF2_HMAC(
               password.empty() ? "" : password.expose().data(), static_cast<int>(password.size()),
               octets(file.salt), static_cast<int>(file.salt.size()), static_cast<int>(file.rounds),
               digest, static_cast<int>(key_bytes), octets(key.writable().data())) == 1);
    return key;
}

Result<Secret> open_pbes2(const Pbes2& file, const Secret& password) {
    const EVP_CIPHER* cipher = EVP_get_cipherbyname(file.cipher);
    ENSURE(cipher != nullptr);
    const auto key_bytes = static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher));
    if (file.key_bytes != 0 && file.key_bytes != key_bytes) return refuse(Error::key_invalid);
    const Secret key = derived_key(file, password, key_bytes);

    const BorrowedContext context;
    ENSURE(EVP_DecryptInit_ex2(context.get(), cipher, octets(key.expose()), octets(file.iv),
                               nullptr) == 1);
    Secret plaintext = Secret::of_size(file.ciphertext.size() + sm4_block_bytes);
    unsigned char* const to = octets(plaintext.writable().data());
    int written = 0;
    int last = 0;
    ENSURE(EVP_DecryptUpdate(context.get(), to, &written, octets(file.ciphertext),
                             static_cast<int>(file.ciphertext.size())) == 1);
    if (EVP_DecryptFinal_ex(context.get(), to + written, &last) != 1)
        return refuse(Error::decryption_failed);
    plaintext.shorten(static_cast<std::size_t>(written) + static_cast<std::size_t>(last));
    return plaintext;
}

}  // namespace

Result<Secret> open_encrypted_pkcs8(std::string_view pem_or_der, const Secret& password,
                                    std::uint32_t rounds_max) {
    const ErrorQueueGuard errors;
    if (pem_or_der.empty() || pem_or_der.size() > pem_bytes_max || password.size() > pem_bytes_max)
        return refuse(Error::key_invalid);
    const Result<Secret> der = looks_like_pem(pem_or_der)
                                   ? from_pem("ENCRYPTED PRIVATE KEY", pem_or_der)
                                   : Secret(pem_or_der);
    if (!der) return refuse(Error::key_invalid);
    const auto file = parse_pbes2(der->expose());
    ENSURE(rounds_max <= pbkdf2_rounds_max);
    if (!file || file->rounds > rounds_max) return refuse(Error::key_invalid);
    TRY(inside, open_pbes2(*file, password));
    // One wrong password in 256 leaves a padding that looks right.
    if (!only_item(DerTag::sequence, inside.expose())) return refuse(Error::decryption_failed);
    return std::move(inside);
}

}  // namespace huitong::crypto
