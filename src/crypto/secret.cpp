#include "crypto/secret.hpp"

#include <algorithm>
#include <openssl/crypto.h>
#include <utility>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"

namespace huitong::crypto {

void wipe(std::string& text) noexcept {
    text.resize(text.capacity());  // Earlier, longer contents may lie behind the end.
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

Secret::Secret(std::string_view bytes) : Secret(of_size(bytes.size())) {
    std::ranges::copy(bytes, bytes_.get());
}

Secret Secret::take(std::string&& bytes) {
    Secret secret{std::string_view(bytes)};
    wipe(bytes);
    return secret;
}

Secret Secret::take(std::span<std::uint8_t> bytes) {
    Secret secret{as_text(bytes)};
    OPENSSL_cleanse(bytes.data(), bytes.size());
    return secret;
}

Secret Secret::of_size(std::size_t size) {
    Secret secret;
    secret.bytes_ = std::make_unique<char[]>(size);
    secret.size_ = size;
    return secret;
}

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    wipe_bytes();
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
    return *this;
}

Secret::~Secret() {
    wipe_bytes();
}

void Secret::shorten(std::size_t size) {
    ENSURE(size <= size_);
    OPENSSL_cleanse(bytes_.get() + size, size_ - size);
    size_ = size;
}

void Secret::wipe_bytes() noexcept {
    if (bytes_) OPENSSL_cleanse(bytes_.get(), size_);
}

bool operator==(const Secret& a, const Secret& b) {
    return equal_in_constant_time(a.expose(), b.expose());
}

}  // namespace huitong::crypto
