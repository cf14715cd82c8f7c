#include "crypto/code_token.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "crypto/openssl_handles.hpp"

namespace huitong::crypto {
namespace {

constexpr std::size_t half = 8;

enum class Direction : int { decrypt = 0, encrypt = 1 };

// The key schedule is made anew each time (a fraction of a microsecond), which keeps CodeTokens
// free of locks and of contexts per thread and key.
Block128 aes_block(const Secret& key, const Block128& input, Direction direction) {
    static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr);
    thread_local const CipherContext context(EVP_CIPHER_CTX_new());
    Block128 output;
    int written = 0;
    ENSURE(EVP_CipherInit_ex2(context.get(), cipher, octets(key.expose()), nullptr,
                              std::to_underlying(direction), nullptr) == 1);
    ENSURE(EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1);
    ENSURE(EVP_CipherUpdate(context.get(), output.data(), &written, input.data(),
                            static_cast<int>(input.size())) == 1);
    ENSURE(written == static_cast<int>(output.size()));
    ENSURE(EVP_CIPHER_CTX_reset(context.get()) == 1);  // Leaves no key behind.
    return output;
}

}  // namespace

CodeTokens::CodeTokens(Secret key, Tag tag) : key_(std::move(key)), tag_(tag) {}

Result<CodeTokens> CodeTokens::make(Secret key, std::string_view purpose) {
    if (key.size() != code_token_key_bytes) return refuse(Error::key_invalid);
    const Digest256 digest = sha256(purpose);
    Tag tag;
    std::copy_n(digest.begin(), tag.size(), tag.begin());
    return CodeTokens(std::move(key), tag);
}

std::string CodeTokens::token_of(std::uint64_t id) const {
    Block128 block;
    for (std::size_t i = 0; i < half; ++i)
        block[i] = static_cast<std::uint8_t>(id >> (8 * (half - 1 - i)));
    std::ranges::copy(tag_, block.begin() + half);
    return to_base62(aes_block(key_, block, Direction::encrypt));
}

Result<std::uint64_t> CodeTokens::open(std::string_view token) const {
    TRY(sealed, from_base62(token));
    const Block128 block = aes_block(key_, sealed, Direction::decrypt);
    if (!equal_in_constant_time(as_text(std::span(block).subspan(half)), as_text(tag_)))
        return refuse(Error::decryption_failed);
    std::uint64_t id = 0;
    for (std::size_t i = 0; i < half; ++i) id = id << 8 | block[i];
    return id;
}

}  // namespace huitong::crypto
