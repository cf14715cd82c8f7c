// Secret: bytes that must not leak, such as keys, passwords and decrypted personal data.
//
// It owns its bytes, overwrites them when it dies, and can neither be printed nor logged nor turned
// into a string by accident: whoever needs the bytes says expose(). A move hands over the buffer
// itself, so the moved-from object holds nothing. A copy must be asked for by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace huitong::crypto {

// Overwrites the characters in a way that the optimiser keeps, then empties the string.
void wipe(std::string& text) noexcept;

class Secret {
public:
    Secret() = default;
    // Copies the bytes; the caller's own copy stays the caller's care.
    explicit Secret(std::string_view bytes);
    // Takes the bytes over: the source is wiped.
    static Secret take(std::string&& bytes);
    static Secret take(std::span<std::uint8_t> bytes);
    // `size` zero bytes, to be filled through writable().
    static Secret of_size(std::size_t size);

    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    [[nodiscard]] Secret copy() const { return Secret(expose()); }
    // The bytes, as long as this object lives and is not moved from.
    [[nodiscard]] std::string_view expose() const { return {bytes_.get(), size_}; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }

    [[nodiscard]] std::span<char> writable() { return {bytes_.get(), size_}; }
    // Cuts off and wipes what lies behind the first `size` bytes.
    void shorten(std::size_t size);

    // In constant time for equal lengths.
    friend bool operator==(const Secret& a, const Secret& b);
    template <class Stream>
    friend Stream& operator<<(Stream&, const Secret&) = delete;

private:
    void wipe_bytes() noexcept;

    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
};

}  // namespace huitong::crypto
