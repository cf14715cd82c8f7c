#include "crypto/sm/sm4.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "base/ensure.hpp"
#include "crypto/openssl_handles.hpp"

namespace huitong::crypto {
namespace {

const EVP_CIPHER* ecb() {
    static const EVP_CIPHER* const cipher = fetched_cipher("SM4-ECB");
    return cipher;
}
const EVP_CIPHER* cbc() {
    static const EVP_CIPHER* const cipher = fetched_cipher("SM4-CBC");
    return cipher;
}
const EVP_CIPHER* ctr() {
    static const EVP_CIPHER* const cipher = fetched_cipher("SM4-CTR");
    return cipher;
}

enum class Direction : std::uint8_t { decrypt, encrypt };

struct Mode {
    const EVP_CIPHER* cipher;
    std::string_view iv;  // empty for ECB
    Sm4Padding padding;
};

// Refuses with field_range what does not fit the mode.
Result<Secret> transform(const Secret& key, const Mode& mode, Direction direction,
                         std::string_view input) {
    if (key.size() != sm4_key_bytes) return refuse(Error::key_invalid);
    if (input.size() > sm4_message_bytes_max ||
        mode.iv.size() != static_cast<std::size_t>(EVP_CIPHER_get_iv_length(mode.cipher)))
        return refuse(Error::field_range);

    const ErrorQueueGuard errors;
    const BorrowedContext context;
    ENSURE(EVP_CipherInit_ex2(context.get(), mode.cipher, octets(key.expose()), octets(mode.iv),
                              static_cast<int>(direction), nullptr) == 1);
    ENSURE(EVP_CIPHER_CTX_set_padding(context.get(), mode.padding == Sm4Padding::pkcs7) == 1);
    Secret output = Secret::of_size(input.size() + sm4_block_bytes);
    unsigned char* const to = octets(output.writable().data());
    int written = 0;
    int last = 0;
    ENSURE(EVP_CipherUpdate(context.get(), to, &written, octets(input),
                            static_cast<int>(input.size())) == 1);
    if (EVP_CipherFinal_ex(context.get(), to + written, &last) != 1)
        return refuse(Error::field_range);
    output.shorten(static_cast<std::size_t>(written) + static_cast<std::size_t>(last));
    return output;
}

Result<std::string> encrypt(const Secret& key, const Mode& mode, std::string_view plaintext) {
    TRY(ciphertext, transform(key, mode, Direction::encrypt, plaintext));
    return std::string(ciphertext.expose());
}

Result<Secret> decrypt(const Secret& key, const Mode& mode, std::string_view ciphertext) {
    Result<Secret> plaintext = transform(key, mode, Direction::decrypt, ciphertext);
    if (!plaintext && plaintext.error() == Error::field_range)
        return refuse(Error::decryption_failed);
    return plaintext;
}

}  // namespace

Result<std::string> sm4_ecb_encrypt(const Secret& key, Sm4Padding padding,
                                    std::string_view plaintext) {
    return encrypt(key, {.cipher = ecb(), .iv = {}, .padding = padding}, plaintext);
}

Result<Secret> sm4_ecb_decrypt(const Secret& key, Sm4Padding padding, std::string_view ciphertext) {
    return decrypt(key, {.cipher = ecb(), .iv = {}, .padding = padding}, ciphertext);
}

Result<std::string> sm4_cbc_encrypt(const Secret& key, Sm4Chain chain, std::string_view plaintext) {
    return encrypt(key, {.cipher = cbc(), .iv = chain.iv, .padding = chain.padding}, plaintext);
}

Result<Secret> sm4_cbc_decrypt(const Secret& key, Sm4Chain chain, std::string_view ciphertext) {
    return decrypt(key, {.cipher = cbc(), .iv = chain.iv, .padding = chain.padding}, ciphertext);
}

Result<Secret> sm4_ctr(const Secret& key, std::string_view counter, std::string_view text) {
    return transform(key, {.cipher = ctr(), .iv = counter, .padding = Sm4Padding::none},
                     Direction::encrypt, text);
}

Result<Block128> sm4_cmac(const Secret& key, std::string_view message) {
    static EVP_MAC* const cmac = EVP_MAC_fetch(nullptr, "CMAC", nullptr);
    if (key.size() != sm4_key_bytes) return refuse(Error::key_invalid);
    char name[] = "SM4-CBC";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0),
        OSSL_PARAM_construct_end()};
    const MacContext context(EVP_MAC_CTX_new(cmac));
    ENSURE(context != nullptr);
    ENSURE(EVP_MAC_init(context.get(), octets(key.expose()), key.size(), parameters) == 1);
    ENSURE(EVP_MAC_update(context.get(), octets(message), message.size()) == 1);
    Block128 mac{};
    std::size_t size = 0;
    ENSURE(EVP_MAC_final(context.get(), mac.data(), &size, mac.size()) == 1);
    ENSURE(size == mac.size());
    return mac;
}

}  // namespace huitong::crypto
