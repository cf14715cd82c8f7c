#include "crypto/card/block_cipher.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "crypto/openssl_handles.hpp"

namespace huitong::crypto {
namespace {

const EVP_CIPHER* fetched_cipher(const char* name) {
    const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, name, nullptr);
    ENSURE(cipher != nullptr);
    return cipher;
}

const EVP_CIPHER* cipher_for(BlockAlgorithm algorithm) {
    static const EVP_CIPHER* const triple_des = fetched_cipher("DES-EDE-ECB");
    static const EVP_CIPHER* const sm4 = fetched_cipher("SM4-ECB");
    return algorithm == BlockAlgorithm::sm4 ? sm4 : triple_des;
}

enum Direction : std::uint8_t { decrypting, encrypting };

CipherContext context_for(BlockAlgorithm algorithm, const Secret& key, Direction direction) {
    CipherContext context(EVP_CIPHER_CTX_new());
    ENSURE(context != nullptr);
    ENSURE(EVP_CipherInit_ex2(context.get(), cipher_for(algorithm), octets(key.expose()), nullptr,
                              direction, nullptr) == 1);
    ENSURE(EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1);
    return context;
}

void transform(EVP_CIPHER_CTX* context, std::span<char> blocks) {
    int written = 0;
    ENSURE(EVP_CipherUpdate(context, octets(blocks.data()), &written, octets(blocks.data()),
                            static_cast<int>(blocks.size())) == 1);
    ENSURE(static_cast<std::size_t>(written) == blocks.size());
}

// E(k) = E(k) D(k) E(k).
Secret doubled(const Secret& key) {
    Secret both = Secret::of_size(2 * key.size());
    std::ranges::copy(key.expose(), both.writable().begin());
    std::ranges::copy(key.expose(),
                      both.writable().begin() + static_cast<std::ptrdiff_t>(key.size()));
    return both;
}

bool is_whole(const BlockCipher& cipher, std::string_view bytes) {
    return !bytes.empty() && bytes.size() % cipher.block_bytes() == 0;
}

}  // namespace

struct BlockCipher::Impl {
    BlockAlgorithm algorithm;
    CipherContext encryption;
    CipherContext decryption;
};

BlockCipher::BlockCipher(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BlockCipher::BlockCipher(BlockCipher&&) noexcept = default;
BlockCipher& BlockCipher::operator=(BlockCipher&&) noexcept = default;
BlockCipher::~BlockCipher() = default;

Result<BlockCipher> BlockCipher::make(BlockAlgorithm algorithm, const Secret& key) {
    if (key.size() != key_bytes(algorithm)) return refuse(Error::key_invalid);
    const Secret schedule = algorithm == BlockAlgorithm::des ? doubled(key) : key.copy();
    return BlockCipher(
        std::make_unique<Impl>(Impl{.algorithm = algorithm,
                                    .encryption = context_for(algorithm, schedule, encrypting),
                                    .decryption = context_for(algorithm, schedule, decrypting)}));
}

BlockAlgorithm BlockCipher::algorithm() const {
    return impl_->algorithm;
}

void BlockCipher::encrypt(std::span<char> blocks) {
    ENSURE(blocks.size() % block_bytes() == 0);
    transform(impl_->encryption.get(), blocks);
}

void BlockCipher::decrypt(std::span<char> blocks) {
    ENSURE(blocks.size() % block_bytes() == 0);
    transform(impl_->decryption.get(), blocks);
}

Result<Secret> unwrap_key(BlockCipher& master, std::string_view wrapped) {
    if (!is_whole(master, wrapped)) return refuse(Error::field_range);
    Secret key(wrapped);
    master.decrypt(key.writable());
    return key;
}

Result<std::string> wrap_key(BlockCipher& master, const Secret& key) {
    if (!is_whole(master, key.expose())) return refuse(Error::field_range);
    std::string wrapped(key.expose());
    master.encrypt(wrapped);
    return wrapped;
}

std::array<char, check_value_bytes> check_value(BlockCipher& cipher) {
    std::array<char, block_bytes_max> block{};
    cipher.encrypt(std::span(block).first(cipher.block_bytes()));
    std::array<char, check_value_bytes> value{};
    std::copy_n(block.begin(), value.size(), value.begin());
    return value;
}

}  // namespace huitong::crypto
