// Digests and message authentication codes.
//
// The one-shot functions are the fast path for whole messages: each thread keeps a context, so a
// call costs the hashing and little else. They may be called from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "crypto/secret.hpp"

namespace huitong::crypto {

using Digest160 = std::array<std::uint8_t, 20>;
using Digest256 = std::array<std::uint8_t, 32>;

enum class DigestAlgorithm : std::uint8_t { sha256, sm3 };

// Only for what the merchant contract's bills and OAEP demand; never for a new purpose.
Digest160 sha1(std::string_view message);
Digest256 sha256(std::string_view message);
// GB/T 32905-2016.
Digest256 sm3(std::string_view message);
// RFC 2104. For many messages under one key, Hmac is twice as fast.
Digest256 hmac_sha256(const Secret& key, std::string_view message);
Digest256 hmac_sm3(const Secret& key, std::string_view message);

// A message that comes in parts. finish() gives the digest and starts a new message.
class RunningDigest {
public:
    static RunningDigest sha256();
    static RunningDigest sm3();

    RunningDigest(RunningDigest&&) noexcept;
    RunningDigest& operator=(RunningDigest&&) noexcept;
    ~RunningDigest();

    RunningDigest& update(std::string_view part);
    [[nodiscard]] Digest256 finish();

private:
    struct Impl;
    explicit RunningDigest(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// HMAC under one key, which is digested once. One thread at a time.
class Hmac {
public:
    Hmac(DigestAlgorithm algorithm, const Secret& key);
    Hmac(Hmac&&) noexcept;
    Hmac& operator=(Hmac&&) noexcept;
    ~Hmac();

    [[nodiscard]] Digest256 mac(std::string_view message);
    // In constant time. A shortened MAC is a wrong one.
    [[nodiscard]] bool verify(std::string_view message, std::string_view mac_to_check);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huitong::crypto
