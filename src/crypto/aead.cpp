#include "crypto/aead.hpp"

#include "base/ensure.hpp"
#include "crypto/openssl_handles.hpp"

namespace huitong::crypto {
namespace {

const EVP_CIPHER* fetched_cipher(const char* name) {
    const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, name, nullptr);
    ENSURE(cipher != nullptr);
    return cipher;
}

// Null when no AES-GCM of ours has a key of this length.
const EVP_CIPHER* cipher_for(std::size_t key_bytes) {
    static const EVP_CIPHER* const aes_128 = fetched_cipher("AES-128-GCM");
    static const EVP_CIPHER* const aes_256 = fetched_cipher("AES-256-GCM");
    if (key_bytes == 16) return aes_128;
    return key_bytes == 32 ? aes_256 : nullptr;
}

bool lengths_fit(const GcmContext& context, std::size_t message_bytes) {
    return context.iv.size() == gcm_iv_bytes && message_bytes <= gcm_message_bytes_max &&
           context.associated_data.size() <= gcm_message_bytes_max;
}

// The thread's context, which is reset after each use so that no key schedule stays behind.
class BorrowedContext {
public:
    BorrowedContext() : context_(of_thread()) {}
    ~BorrowedContext() { EVP_CIPHER_CTX_reset(context_); }
    BorrowedContext(const BorrowedContext&) = delete;
    BorrowedContext& operator=(const BorrowedContext&) = delete;
    [[nodiscard]] EVP_CIPHER_CTX* get() const { return context_; }

private:
    static EVP_CIPHER_CTX* of_thread() {
        thread_local const CipherContext context(EVP_CIPHER_CTX_new());
        return context.get();
    }
    EVP_CIPHER_CTX* context_;
};

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

}  // namespace

Result<std::string> aes_gcm_seal(const Secret& key, const GcmContext& gcm,
                                 std::string_view plaintext) {
    const EVP_CIPHER* cipher = cipher_for(key.size());
    if (cipher == nullptr) return refuse(Error::key_invalid);
    if (!lengths_fit(gcm, plaintext.size())) return refuse(Error::field_range);

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

Result<Secret> aes_gcm_open(const Secret& key, const GcmContext& gcm,
                            std::string_view ciphertext_and_tag) {
    const EVP_CIPHER* cipher = cipher_for(key.size());
    if (cipher == nullptr) return refuse(Error::key_invalid);
    if (ciphertext_and_tag.size() < gcm_tag_bytes || !lengths_fit(gcm, ciphertext_and_tag.size()))
        return refuse(Error::decryption_failed);

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

}  // namespace huitong::crypto
