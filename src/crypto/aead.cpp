#include "crypto/aead.hpp"

#include "base/ensure.hpp"
#include "crypto/digest.hpp"
#include "crypto/openssl_handles.hpp"
#include "crypto/sm/sm4_gcm.hpp"

namespace huitong::crypto {
namespace {

// Null when no AES-GCM of ours has a key of this length.
const EVP_CIPHER* cipher_for(std::size_t key_bytes) {
    static const EVP_CIPHER* const aes_128 = fetched_cipher("AES-128-GCM");
    static const EVP_CIPHER* const aes_256 = fetched_cipher("AES-256-GCM");
    if (key_bytes == 16) return aes_128;
    return key_bytes == 32 ? aes_256 : nullptr;
}

// Null in OpenSSL 3.0, which has SM4 and GCM but not the two together; newer ones have.
const EVP_CIPHER* sm4_cipher() {
    static const EVP_CIPHER* const cipher = [] {
        const ErrorQueueGuard errors;
        return EVP_CIPHER_fetch(nullptr, "SM4-GCM", nullptr);
    }();
    return cipher;
}

bool lengths_fit(const GcmContext& context, std::size_t message_bytes) {
    return context.iv.size() == gcm_iv_bytes && message_bytes <= gcm_message_bytes_max &&
           context.associated_data.size() <= gcm_message_bytes_max;
}

// The lengths were checked, so a failure here can only be memory.
void add_associated_data(EVP_CIPHER_CTX* context, std::string_view data) {
    if (data.empty()) return;
    int written = 0;
    ENSURE(EVP_CipherUpdate(context, nullptr, &written, octets(data),
                            static_cast<int>(data.size())) == 1);
}

void transform(EVP_CIPHER_CTX* context, std::string_view input, char* output) {
    if (input.empty()) return;
    int written = 0;
    ENSURE(EVP_CipherUpdate(context, octets(output), &written, octets(input),
                            static_cast<int>(input.size())) == 1);
    ENSURE(static_cast<std::size_t>(written) == input.size());
}

std::string seal(const EVP_CIPHER* cipher, const Secret& key, const GcmContext& gcm,
                 std::string_view plaintext) {
    const BorrowedContext context;
    ENSURE(EVP_EncryptInit_ex2(context.get(), cipher, octets(key.expose()), octets(gcm.iv),
                               nullptr) == 1);
    add_associated_data(context.get(), gcm.associated_data);
    std::string sealed(plaintext.size() + gcm_tag_bytes, '\0');
    transform(context.get(), plaintext, sealed.data());
    char* tag = sealed.data() + plaintext.size();
    int written = 0;
    ENSURE(EVP_EncryptFinal_ex(context.get(), octets(tag), &written) == 1);
    ENSURE(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, gcm_tag_bytes, tag) == 1);
    return sealed;
}

Result<Secret> open(const EVP_CIPHER* cipher, const Secret& key, const GcmContext& gcm,
                    std::string_view ciphertext_and_tag) {
    const BorrowedContext context;
    ENSURE(EVP_DecryptInit_ex2(context.get(), cipher, octets(key.expose()), octets(gcm.iv),
                               nullptr) == 1);
    add_associated_data(context.get(), gcm.associated_data);
    const std::size_t size = ciphertext_and_tag.size() - gcm_tag_bytes;
    Secret plaintext = Secret::of_size(size);
    transform(context.get(), ciphertext_and_tag.substr(0, size), plaintext.writable().data());
    std::string tag(ciphertext_and_tag.substr(size));
    ENSURE(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, gcm_tag_bytes, tag.data()) ==
           1);
    unsigned char nothing[1];
    int written = 0;
    const ErrorQueueGuard errors;
    if (EVP_DecryptFinal_ex(context.get(), nothing, &written) != 1)
        return refuse(Error::decryption_failed);
    return plaintext;
}

bool can_be_opened(const GcmContext& gcm, std::string_view ciphertext_and_tag) {
    return ciphertext_and_tag.size() >= gcm_tag_bytes &&
           lengths_fit(gcm, ciphertext_and_tag.size());
}

}  // namespace

Result<std::string> aes_gcm_seal(const Secret& key, const GcmContext& gcm,
                                 std::string_view plaintext) {
    const EVP_CIPHER* cipher = cipher_for(key.size());
    if (cipher == nullptr) return refuse(Error::key_invalid);
    if (!lengths_fit(gcm, plaintext.size())) return refuse(Error::field_range);
    return seal(cipher, key, gcm, plaintext);
}

Result<Secret> aes_gcm_open(const Secret& key, const GcmContext& gcm,
                            std::string_view ciphertext_and_tag) {
    const EVP_CIPHER* cipher = cipher_for(key.size());
    if (cipher == nullptr) return refuse(Error::key_invalid);
    if (!can_be_opened(gcm, ciphertext_and_tag)) return refuse(Error::decryption_failed);
    return open(cipher, key, gcm, ciphertext_and_tag);
}

Result<std::string> sm4_gcm_seal(const Secret& key, const GcmContext& gcm,
                                 std::string_view plaintext) {
    if (key.size() != sm4_gcm_key_bytes) return refuse(Error::key_invalid);
    if (!lengths_fit(gcm, plaintext.size())) return refuse(Error::field_range);
    if (const EVP_CIPHER* cipher = sm4_cipher()) return seal(cipher, key, gcm, plaintext);
    return compose_sm4_gcm_seal(key, gcm, plaintext);
}

Result<Secret> sm4_gcm_open(const Secret& key, const GcmContext& gcm,
                            std::string_view ciphertext_and_tag) {
    if (key.size() != sm4_gcm_key_bytes) return refuse(Error::key_invalid);
    if (!can_be_opened(gcm, ciphertext_and_tag)) return refuse(Error::decryption_failed);
    if (const EVP_CIPHER* cipher = sm4_cipher()) return open(cipher, key, gcm, ciphertext_and_tag);
    return compose_sm4_gcm_open(key, gcm, ciphertext_and_tag);
}

Secret sm4_key_of(const Secret& apiv3_key) {
    Digest256 digest = sm3(apiv3_key.expose());
    Secret key = Secret::take(digest);
    key.shorten(sm4_gcm_key_bytes);
    return key;
}

}  // namespace huitong::crypto
