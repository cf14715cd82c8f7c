#include "crypto/sm/sm4_gcm.hpp"

#include <openssl/modes.h>

#include "base/ensure.hpp"
#include "crypto/openssl_handles.hpp"

namespace huitong::crypto {
namespace {

constexpr std::size_t block_bytes = 16;

void start_counter(EVP_CIPHER_CTX* key_stream, const unsigned char* counter) {
    ENSURE(EVP_EncryptInit_ex2(key_stream, nullptr, nullptr, counter, nullptr) == 1);
}

void add_key_stream(EVP_CIPHER_CTX* key_stream, const unsigned char* in, unsigned char* out,
                    std::size_t size) {
    int written = 0;
    ENSURE(EVP_EncryptUpdate(key_stream, out, &written, in, static_cast<int>(size)) == 1);
}

// The two shapes in which libcrypto asks for SM4, with types of its own. `key` is our context.
//
// A block is encrypted as the key stream over zeros.
void encrypt_block(const unsigned char in[block_bytes], unsigned char out[block_bytes],
                   const void* key) {
    constexpr unsigned char zeros[block_bytes] = {};
    auto* const key_stream = static_cast<EVP_CIPHER_CTX*>(const_cast<void*>(key));
    start_counter(key_stream, in);
    add_key_stream(key_stream, zeros, out, block_bytes);
}

// The counter is one of 32 bits here and of 128 bits in SM4-CTR. They agree as long as it does not
// wrap, and with a 12-byte IV it starts at 1: after 64 GiB.
static_assert(gcm_iv_bytes == 12 && gcm_message_bytes_max / block_bytes < 0xffff'ffff);
void encrypt_counters(const unsigned char* in, unsigned char* out, std::size_t blocks,
                      const void* key, const unsigned char counter[block_bytes]) {
    auto* const key_stream = static_cast<EVP_CIPHER_CTX*>(const_cast<void*>(key));
    start_counter(key_stream, counter);
    add_key_stream(key_stream, in, out, blocks * block_bytes);
}

// One message under one key.
class Gcm {
public:
    Gcm(const Secret& key, const GcmContext& gcm) {
        static const EVP_CIPHER* const ctr = fetched_cipher("SM4-CTR");
        constexpr unsigned char any_counter[block_bytes] = {};
        ENSURE(EVP_EncryptInit_ex2(key_stream_.get(), ctr, octets(key.expose()), any_counter,
                                   nullptr) == 1);
        state_.reset(CRYPTO_gcm128_new(key_stream_.get(), encrypt_block));
        ENSURE(state_ != nullptr);
        CRYPTO_gcm128_setiv(state_.get(), octets(gcm.iv), gcm.iv.size());
        ENSURE(CRYPTO_gcm128_aad(state_.get(), octets(gcm.associated_data),
                                 gcm.associated_data.size()) == 0);
    }

    void encrypt(std::string_view plaintext, char* ciphertext) {
        ENSURE(CRYPTO_gcm128_encrypt_ctr32(state_.get(), octets(plaintext), octets(ciphertext),
                                           plaintext.size(), encrypt_counters) == 0);
    }
    void decrypt(std::string_view ciphertext, char* plaintext) {
        ENSURE(CRYPTO_gcm128_decrypt_ctr32(state_.get(), octets(ciphertext), octets(plaintext),
                                           ciphertext.size(), encrypt_counters) == 0);
    }
    void write_tag(char* tag) { CRYPTO_gcm128_tag(state_.get(), octets(tag), gcm_tag_bytes); }
    // In constant time.
    [[nodiscard]] bool tag_is(std::string_view tag) {
        return CRYPTO_gcm128_finish(state_.get(), octets(tag), tag.size()) == 0;
    }

private:
    BorrowedContext key_stream_;
    Handle<GCM128_CONTEXT, CRYPTO_gcm128_release> state_;
};

}  // namespace

std::string compose_sm4_gcm_seal(const Secret& key, const GcmContext& gcm,
                                 std::string_view plaintext) {
    Gcm state(key, gcm);
    std::string sealed(plaintext.size() + gcm_tag_bytes, '\0');
    state.encrypt(plaintext, sealed.data());
    state.write_tag(sealed.data() + plaintext.size());
    return sealed;
}

Result<Secret> compose_sm4_gcm_open(const Secret& key, const GcmContext& gcm,
                                    std::string_view ciphertext_and_tag) {
    const std::size_t size = ciphertext_and_tag.size() - gcm_tag_bytes;
    Gcm state(key, gcm);
    Secret plaintext = Secret::of_size(size);
    state.decrypt(ciphertext_and_tag.substr(0, size), plaintext.writable().data());
    if (!state.tag_is(ciphertext_and_tag.substr(size))) return refuse(Error::decryption_failed);
    return plaintext;
}

}  // namespace huitong::crypto
