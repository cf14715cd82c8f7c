// Merchants and the keys that they and the platform sign with.
#pragma once

#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/record.hpp"

namespace huitong::acquiring {

enum class MerchantStatus : std::uint8_t { active = 0, frozen = 1 };
// How the merchant checks our signatures (wechatpay-v3 2.4).
enum class KeyMode : std::uint8_t { public_key = 0, certificate = 1 };
// The international algorithms, RSA and AES, or the national ones, SM2, SM3 and SM4 (2.7).
enum class KeyFamily : std::uint8_t { rsa = 0, sm2 = 1 };

struct MerchantTerms {
    MerchantId id;
    std::string mchid;  // 8 to 10 digits, unique
    ParticipantId institution;
    AccountId unsettled;
    AccountId available;
    AccountId frozen;
    Instant created_at;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "merchant_id", self.id);
        v(2, "mchid", self.mchid);
        v(3, "institution_id", self.institution);
        v(4, "unsettled_account_id", self.unsettled);
        v(5, "available_account_id", self.available);
        v(6, "frozen_account_id", self.frozen);
        v(7, "created_at", self.created_at);
    }
    friend bool operator==(const MerchantTerms&, const MerchantTerms&) = default;
};

struct MerchantState {
    MerchantStatus status = MerchantStatus::active;
    KeyMode key_mode = KeyMode::public_key;
    std::string name;
    std::vector<std::string> appids;
    Sealed apiv3_key;
    std::string notify_url;  // where refund notices go when the refund names no other; may be empty
    // Of its notices; an answer is of the family that asked.
    KeyFamily key_family = KeyFamily::rsa;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "status", self.status);
        v(2, "key_mode", self.key_mode);
        v(3, "name", self.name);
        v(4, "appids", self.appids);
        v(5, "apiv3_key", self.apiv3_key);
        v(6, "notify_url", self.notify_url);
        v(7, "key_family", self.key_family);
    }
    friend bool operator==(const MerchantState&, const MerchantState&) = default;
};

struct Merchant {
    using IdType = MerchantId;
    using Terms = MerchantTerms;
    using State = MerchantState;

    MerchantTerms terms;
    MerchantState state;

    [[nodiscard]] MerchantId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const { return {0, terms.mchid}; }
    friend bool operator==(const Merchant&, const Merchant&) = default;
};

// A merchant's certificate or public key, by which its requests are verified.
struct MerchantKeyTerms {
    KeyId id;
    MerchantId merchant;
    std::string serial;  // upper hex, unique among all merchants and the platform
    std::string public_key_pem;
    Instant not_before;
    Instant not_after;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "key_id", self.id);
        v(2, "merchant_id", self.merchant);
        v(3, "serial", self.serial);
        v(4, "public_key_pem", self.public_key_pem);
        v(5, "not_before", self.not_before);
        v(6, "not_after", self.not_after);
    }
    friend bool operator==(const MerchantKeyTerms&, const MerchantKeyTerms&) = default;
};

struct KeyState {
    bool revoked = false;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "revoked", self.revoked);
    }
    friend bool operator==(const KeyState&, const KeyState&) = default;
};

struct MerchantKey {
    using IdType = KeyId;
    using Terms = MerchantKeyTerms;
    using State = KeyState;

    MerchantKeyTerms terms;
    KeyState state;

    [[nodiscard]] KeyId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const { return {0, terms.serial}; }
    friend bool operator==(const MerchantKey&, const MerchantKey&) = default;
};

// The platform's own key pair: a certificate for merchants in certificate mode, a public-key id for
// the others.
struct PlatformKeyTerms {
    KeyId id;
    std::string serial;         // of the certificate, upper hex
    std::string public_key_id;  // PUB_KEY_ID_ and 28 digits
    std::string certificate_pem;
    std::string public_key_pem;
    Sealed private_key;
    Instant not_before;
    Instant not_after;
    KeyFamily key_family = KeyFamily::rsa;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "key_id", self.id);
        v(2, "serial", self.serial);
        v(3, "public_key_id", self.public_key_id);
        v(4, "certificate_pem", self.certificate_pem);
        v(5, "public_key_pem", self.public_key_pem);
        v(6, "private_key", self.private_key);
        v(7, "not_before", self.not_before);
        v(8, "not_after", self.not_after);
        v(9, "key_family", self.key_family);
    }
    friend bool operator==(const PlatformKeyTerms&, const PlatformKeyTerms&) = default;
};

struct PlatformKey {
    using IdType = KeyId;
    using Terms = PlatformKeyTerms;
    using State = KeyState;

    PlatformKeyTerms terms;
    KeyState state;

    [[nodiscard]] KeyId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const { return {0, terms.serial}; }
    friend bool operator==(const PlatformKey&, const PlatformKey&) = default;
};

}  // namespace huitong::acquiring
