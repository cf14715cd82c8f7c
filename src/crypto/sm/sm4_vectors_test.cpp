// SM3 and SM4: the groups of sm.json that need no key pair.
#include <algorithm>

#include "crypto/aead.hpp"
#include "crypto/digest.hpp"
#include "crypto/sm/sm4.hpp"
#include "crypto/sm/vectors_test.hpp"

namespace huitong::crypto {
namespace {

class Sm4Vectors : public SmVectors {};

TEST_F(Sm4Vectors, Digests) {
    run("sm3", [](const SmVector& v) {
        const std::string part = v.bytes("msg");
        std::string message;
        RunningDigest running = RunningDigest::sm3();
        for (std::uint64_t i = 0; i < v.count("repeat"); ++i) {
            message += part;
            running.update(part);
        }
        const std::string wanted = v.bytes("digest");
        return as_text(sm3(message)) == wanted && as_text(running.finish()) == wanted;
    });
}

TEST_F(Sm4Vectors, HmacUnderSm3) {
    run("hmac_sm3", [](const SmVector& v) {
        const Secret key(v.bytes("key"));
        Hmac hmac(DigestAlgorithm::sm3, key);
        return as_text(hmac_sm3(key, v.bytes("msg"))) == v.bytes("mac") &&
               hmac.verify(v.bytes("msg"), v.bytes("mac"));
    });
}

TEST_F(Sm4Vectors, SingleBlocks) {
    run("sm4_block", [](const SmVector& v) {
        const Secret key(v.bytes("key"));
        std::string forth = v.bytes("pt");
        std::string back = v.bytes("ct");
        for (std::uint64_t i = 0; i < v.count("iterations"); ++i) {
            forth = sm4_ecb_encrypt(key, Sm4Padding::none, forth).value_or("");
            const auto opened = sm4_ecb_decrypt(key, Sm4Padding::none, back);
            back = opened ? opened->expose() : "";
        }
        return forth == v.bytes("ct") && back == v.bytes("pt");
    });
}

Sm4Padding padding_of(const SmVector& v) {
    EXPECT_TRUE(v.text("padding") == "none" || v.text("padding") == "pkcs7");
    return v.text("padding") == "none" ? Sm4Padding::none : Sm4Padding::pkcs7;
}

// Whether it opens, and, where a plaintext is printed, to this and sealed as printed.
bool both_ways(const SmVector& v, const Result<std::string>& sealed, const Result<Secret>& opened) {
    if (!opened) return false;
    return !v.has("pt") || (opened->expose() == v.bytes("pt") && sealed == v.bytes("ct"));
}

TEST_F(Sm4Vectors, Chains) {
    run("sm4_cbc", [](const SmVector& v) {
        const Secret key(v.bytes("key"));
        const std::string iv = v.bytes("iv");
        const Sm4Chain chain{.iv = iv, .padding = padding_of(v)};
        const std::string plaintext = v.has("pt") ? v.bytes("pt") : "";
        return both_ways(v, sm4_cbc_encrypt(key, chain, plaintext),
                         sm4_cbc_decrypt(key, chain, v.bytes("ct")));
    });
}

TEST_F(Sm4Vectors, BlocksForThemselves) {
    run("sm4_ecb", [](const SmVector& v) {
        const Secret key(v.bytes("key"));
        const std::string plaintext = v.has("pt") ? v.bytes("pt") : "";
        return both_ways(v, sm4_ecb_encrypt(key, padding_of(v), plaintext),
                         sm4_ecb_decrypt(key, padding_of(v), v.bytes("ct")));
    });
}

TEST_F(Sm4Vectors, Counters) {
    run("sm4_ctr", [](const SmVector& v) {
        const Secret key(v.bytes("key"));
        const auto there = sm4_ctr(key, v.bytes("iv"), v.bytes("pt"));
        const auto back = sm4_ctr(key, v.bytes("iv"), v.bytes("ct"));
        return there && back && there->expose() == v.bytes("ct") && back->expose() == v.bytes("pt");
    });
}

TEST_F(Sm4Vectors, Galois) {
    run("sm4_gcm", [](const SmVector& v) {
        const Secret key(v.bytes("key"));
        const std::string iv = v.bytes("iv");
        const std::string data = v.bytes("aad");
        const std::string sealed = v.bytes("ct") + v.bytes("tag");
        const GcmContext context{.iv = iv, .associated_data = data};
        const auto opened = sm4_gcm_open(key, context, sealed);
        if (!opened) return false;
        return !v.has("pt") || (opened->expose() == v.bytes("pt") &&
                                sm4_gcm_seal(key, context, opened->expose()) == sealed);
    });
}

TEST_F(Sm4Vectors, Cmac) {
    run("sm4_cmac", [](const SmVector& v) {
        const auto mac = sm4_cmac(Secret(v.bytes("key")), v.bytes("msg"));
        return mac && as_text(*mac) == v.bytes("mac");
    });
}

TEST_F(Sm4Vectors, NoticesOfTheMerchantContract) {
    run("wechat_v3_notify", [](const SmVector& v) {
        const Secret key = sm4_key_of(Secret(v.text("apiv3_key")));
        const std::string nonce = v.text("nonce");
        const std::string data = v.text("associated_data");
        const GcmContext context{.iv = nonce, .associated_data = data};
        const auto opened = sm4_gcm_open(key, context, v.base64("ciphertext_base64"));
        if (!opened) return false;
        if (v.has("sm4_key") && key.expose() != v.bytes("sm4_key")) return false;
        return opened->expose() == v.text("plaintext") &&
               sm4_gcm_seal(key, context, v.text("plaintext")) == v.base64("ciphertext_base64");
    });
}

}  // namespace
}  // namespace huitong::crypto
