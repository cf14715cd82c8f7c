// Runs every vector of wechatpay-v3.json, or of another file of the same form in the folder that
// HUITONG_VECTORS names. What the file says about keys and encodings is under "conventions" in it.
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <gtest/gtest.h>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <simdjson.h>
#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "base/vector_file_test.hpp"
#include "crypto/aead.hpp"
#include "crypto/bytes.hpp"
#include "crypto/certificate.hpp"
#include "crypto/digest.hpp"
#include "crypto/key.hpp"

namespace huitong::crypto {
namespace {

using simdjson::dom::object;

std::optional<std::string> bytes(element parent, std::string_view name) {
    const auto encoded = text(parent, name);
    if (!encoded) return std::nullopt;
    auto decoded = from_base64(*encoded);
    return decoded ? std::optional(*std::move(decoded)) : std::nullopt;
}

// A vector, or a vector with some members replaced by those of a `must_fail` item.
class Vector {
public:
    Vector(element all, element base, std::optional<element> changed = std::nullopt)
        : all_(all), base_(base), changed_(changed) {}

    // From the change, else from the vector, else from its "inputs".
    [[nodiscard]] std::optional<element> find(std::string_view name) const {
        if (changed_)
            if (auto value = member(*changed_, name)) return value;
        if (auto value = member(base_, name)) return value;
        const auto inputs = member(base_, "inputs");
        return inputs ? member(*inputs, name) : std::nullopt;
    }
    [[nodiscard]] std::optional<std::string> get(std::string_view name) const {
        return text_of(find(name));
    }
    [[nodiscard]] std::optional<std::string> get_any(
        std::initializer_list<std::string_view> names) const {
        for (const std::string_view name : names)
            if (auto value = get(name)) return value;
        return std::nullopt;
    }
    [[nodiscard]] std::string get_or_empty(std::string_view name) const {
        return get(name).value_or("");
    }

    // The answer printed in the vector. A must_fail item changes the question, so the old answer
    // is compared only if the item brings its own: otherwise any success is a failure.
    [[nodiscard]] std::optional<std::string> wanted(std::string_view name) const {
        if (!changed_) return get(name);
        return text(*changed_, name);
    }
    [[nodiscard]] bool is_change() const { return changed_.has_value(); }

    // Header names are compared without case; a change may replace single headers.
    [[nodiscard]] std::optional<std::string> header(std::string_view name) const {
        if (changed_)
            if (auto value = header_in(*changed_, name)) return value;
        return header_in(base_, name);
    }

    // `key` names an entry of the file's keys, or is such an entry itself.
    [[nodiscard]] std::optional<element> key() const {
        const auto key = find("key");
        if (!key || key->is_object()) return key;
        return member(*member(all_, "keys"), text_of(key).value_or(""));
    }

private:
    static std::optional<std::string> header_in(element vector, std::string_view name) {
        const auto headers = member(vector, "headers");
        object members;
        if (!headers || headers->get(members) != simdjson::SUCCESS) return std::nullopt;
        for (const auto& [key, value] : members)
            if (std::ranges::equal(key, name, [](unsigned char a, unsigned char b) {
                    return std::tolower(a) == std::tolower(b);
                }))
                return text_of(value);
        return std::nullopt;
    }

    element all_;
    element base_;
    std::optional<element> changed_;
};

// The private key of a key entry, where it is printed.
std::optional<PrivateKey> private_key(std::optional<element> key) {
    const auto der = key ? bytes(*key, "pkcs8") : std::nullopt;
    if (!der) return std::nullopt;
    auto loaded = PrivateKey::load(*der);
    return loaded ? std::optional(*loaded) : std::nullopt;
}

std::optional<PublicKey> public_key(std::optional<element> key) {
    if (!key) return std::nullopt;
    if (const auto der = bytes(*key, "spki"))
        if (auto loaded = PublicKey::load(*der)) return *loaded;
    if (const auto der = bytes(*key, "x509"))
        if (auto certificate = Certificate::parse(*der))
            if (auto loaded = certificate->public_key()) return *loaded;
    if (const auto loaded = private_key(key)) return loaded->public_key();
    return std::nullopt;
}

// The three texts that the contract signs (wechatpay-v3 1.1, 1.2, 1.5): each part ends in \n.
std::string lines(std::initializer_list<std::string> parts) {
    std::string joined;
    for (const std::string& part : parts) joined.append(part).append("\n");
    return joined;
}

std::optional<std::string> nonce_of(const Vector& v) {
    return v.get_any({"nonce", "nonce_str", "nonceStr"});
}

std::optional<std::string> built_string(const Vector& v) {
    const auto time = v.get_any({"timestamp", "timeStamp"});
    const auto nonce = nonce_of(v);
    if (!time || !nonce) return std::nullopt;
    const auto url = v.get_any({"url", "target", "path"});
    if (const auto method = v.get("method"); method && url)
        return lines({*method, *url, *time, *nonce, v.get_or_empty("body")});
    const auto package = v.get_any({"package", "prepay_id", "prepayid"});
    if (const auto appid = v.get_any({"appid", "appId"}); appid && package)
        return lines({*appid, *time, *nonce, *package});
    return lines({*time, *nonce, v.get_or_empty("body")});
}

// A signature is good when it verifies and, as RSA's scheme is deterministic, when the private key
// makes the very same one.
bool signature_holds(const Vector& v, const std::string& message,
                     std::optional<std::string> coded) {
    const auto signature = coded ? from_base64(*coded) : refuse(Error::field_missing);
    const auto key = public_key(v.key());
    if (!signature || !key || !key->verify(message, *signature)) return false;
    const auto signer = private_key(v.key());
    if (!signer) return true;
    const std::string made = signer->sign(message);
    return signer->rsa() != nullptr ? made == *signature : key->verify(message, made);
}

bool request_or_pay_sign(const Vector& v) {
    auto message = built_string(v);
    if (const auto wanted = v.wanted("string_to_sign")) {
        if (message && *message != *wanted) return false;
        message = wanted;
    }
    // A changed key or signature of a vector that only prints the whole text.
    if (!message) message = v.get("string_to_sign");
    const auto signature = v.get("signature");
    if (!signature && !v.is_change()) return message && built_string(v) == message;
    return message && signature_holds(v, *message, signature);
}

bool plain_signature(const Vector& v) {
    const auto message = v.get("message");
    return message &&
           signature_holds(v, *message, v.get_any({"signature", "signature_der_base64"}));
}

bool string_to_sign(const Vector& v) {
    const auto message = built_string(v);
    const auto wanted = v.get_any({"expect", "string_to_sign"});
    return message && wanted && *message == *wanted;
}

bool authorization_format(const Vector& v) {
    static const std::set<std::string> five = {"mchid", "nonce_str", "timestamp", "serial_no",
                                               "signature"};
    std::set<std::string> seen;
    simdjson::dom::array names;
    if (const auto order = v.find("header_params_order_seen"))
        if (order->get(names) == simdjson::SUCCESS)
            for (const element name : names) seen.insert(text_of(name).value_or(""));
    return string_to_sign(v) && (seen.empty() || seen == five);
}

bool serial_fits(const Vector& v) {
    const auto sent = v.header("Wechatpay-Serial");
    const auto key = v.key();
    const auto own = key ? text(*key, "serial") : std::nullopt;
    // In public-key mode the header holds the name of a key, which no certificate bears.
    if (!sent || !own || sent->starts_with("PUB_KEY_ID_")) return true;
    const auto canonical = canonical_serial(*sent);
    return canonical && canonical == canonical_serial(*own);
}

bool response_verify(const Vector& v) {
    const auto time = v.header("Wechatpay-Timestamp");
    const auto nonce = v.header("Wechatpay-Nonce");
    const auto scheme = v.header("Wechatpay-Signature-Type");
    if (!time || !nonce || (scheme && *scheme != "WECHATPAY2-SHA256-RSA2048")) return false;
    const std::string message = lines({*time, *nonce, v.get_or_empty("body")});
    if (const auto wanted = v.wanted("string_to_verify"); wanted && *wanted != message)
        return false;
    return serial_fits(v) && signature_holds(v, message, v.header("Wechatpay-Signature"));
}

// The encrypted object of notices and certificate answers: nothing when it does not open.
std::optional<std::string> open_resource(element resource, const std::string& key) {
    const auto ciphertext = bytes(resource, "ciphertext");
    const auto nonce = text(resource, "nonce");
    if (text(resource, "algorithm") != "AEAD_AES_256_GCM" || !ciphertext || !nonce)
        return std::nullopt;
    const std::string data = text(resource, "associated_data").value_or("");
    const auto plain =
        aes_gcm_open(Secret(key), {.iv = *nonce, .associated_data = data}, *ciphertext);
    if (!plain) return std::nullopt;
    return std::string(plain->expose());
}

bool legal_apiv3_key(std::string_view key) {
    return key.size() == 32 && std::ranges::all_of(key, [](unsigned char c) {
               return c < 128 && std::isalnum(c) != 0;
           });
}

bool key_legality_fits(const Vector& v, std::string_view key) {
    const auto printed = v.find("legal_apiv3_key");
    bool legal = false;
    if (!printed || printed->get(legal) != simdjson::SUCCESS) return true;
    return legal == legal_apiv3_key(key);
}

bool notification(const Vector& v) {
    if (!response_verify(v)) return false;  // The signature comes before the body is read.
    simdjson::dom::parser parser;
    element body;
    if (parser.parse(v.get_or_empty("body")).get(body) != simdjson::SUCCESS) return false;
    const auto key = v.get_any({"resource_key", "apiv3_key"});
    const auto resource = member(body, "resource");
    if (!key || !resource || !key_legality_fits(v, *key)) return false;
    const auto plain = open_resource(*resource, *key);
    const auto wanted = v.wanted("plaintext");
    return plain && (!wanted || *plain == *wanted);
}

bool aes_gcm(const Vector& v, std::optional<std::size_t> key_bytes) {
    const auto key = v.get_any({"apiv3_key", "key"});
    const auto nonce = nonce_of(v);
    const auto coded = v.get("ciphertext");
    if (!key || !nonce || !coded || !key_legality_fits(v, *key)) return false;
    const auto ciphertext = from_base64(*coded);
    if (!ciphertext || (key_bytes && key->size() != *key_bytes)) return false;
    const std::string data = v.get_or_empty("associated_data");
    const GcmContext context{.iv = *nonce, .associated_data = data};
    const auto plain = aes_gcm_open(Secret(*key), context, *ciphertext);
    if (!plain || aes_gcm_seal(Secret(*key), context, plain->expose()) != *ciphertext) return false;
    const auto wanted = v.wanted("plaintext");
    return !wanted || plain->expose() == *wanted;
}

bool sm4_gcm(const Vector& v) {
    const auto apiv3_key = v.get("apiv3_key");
    const auto nonce = nonce_of(v);
    const auto ciphertext = from_base64(v.get_or_empty("ciphertext"));
    if (!apiv3_key || !nonce || !ciphertext) return false;
    const Secret key = sm4_key_of(Secret(*apiv3_key));
    if (const auto wanted = v.wanted("sm4_key_hex"); wanted && *wanted != to_hex(key.expose()))
        return false;
    const std::string data = v.get_or_empty("associated_data");
    const GcmContext context{.iv = *nonce, .associated_data = data};
    const auto plain = sm4_gcm_open(key, context, *ciphertext);
    if (!plain || sm4_gcm_seal(key, context, plain->expose()) != *ciphertext) return false;
    const auto wanted = v.wanted("plaintext");
    return !wanted || plain->expose() == *wanted;
}

// One item of GET /v3/certificates: opens, and the certificate is what the item says it is.
bool certificate_item(const Vector& v, element item, const std::string& key) {
    const auto resource = member(item, "encrypt_certificate");
    const auto pem = resource ? open_resource(*resource, key) : std::nullopt;
    const auto certificate = pem ? Certificate::parse(*pem) : refuse(Error::field_missing);
    if (!certificate || !certificate->public_key()) return false;
    const auto same_time = [&item](std::string_view name, Instant t) {
        return parse_rfc3339(text(item, name).value_or("")) == t;
    };
    if (text(item, "serial_no") != certificate->serial() ||
        !same_time("effective_time", certificate->not_before()) ||
        !same_time("expire_time", certificate->not_after()))
        return false;
    const auto serial = v.get("serial_no");
    const auto wanted = v.wanted("plaintext");
    return !serial || *serial != certificate->serial() || !wanted || *wanted == *pem;
}

bool certificates_response(const Vector& v) {
    simdjson::dom::parser parser;
    element body;
    simdjson::dom::array data;
    const auto key = v.get("apiv3_key");
    if (!key || parser.parse(v.get_or_empty("response_body")).get(body) != simdjson::SUCCESS ||
        body["data"].get(data) != simdjson::SUCCESS || data.size() == 0)
        return false;
    bool named = !v.get("serial_no");
    for (const element item : data) {
        if (!certificate_item(v, item, *key)) return false;
        named = named || text(item, "serial_no") == v.get("serial_no");
    }
    return named;
}

bool rsa_decrypt(const Vector& v,
                 Result<Secret> (RsaPrivateKey::*decrypt)(std::string_view) const) {
    const auto key = private_key(v.key());
    const auto ciphertext = from_base64(v.get_or_empty("ciphertext"));
    if (!key || key->rsa() == nullptr || !ciphertext) return false;
    const auto plain = (key->rsa()->*decrypt)(*ciphertext);
    const auto wanted = v.wanted("plaintext");
    return plain && (!wanted || plain->expose() == *wanted);
}

bool sm2_decrypt(const Vector& v) {
    const auto key = private_key(v.key());
    const auto ciphertext = from_base64(v.get_or_empty("ciphertext"));
    if (!key || key->sm2() == nullptr || !ciphertext) return false;
    const auto plain = key->decrypt(*ciphertext);
    const auto wanted = v.wanted("plaintext");
    return plain && (!wanted || plain->expose() == *wanted);
}

bool sha(const Vector& v) {
    const auto message = v.get("message");
    if (!message) return false;
    int compared = 0;
    const auto same = [&](std::string_view name, auto digest) {
        const auto wanted = v.get(name);
        compared += wanted ? 1 : 0;
        return !wanted || from_hex(*wanted) == std::string(as_text(digest));
    };
    return same("sha1", sha1(*message)) && same("sha256", sha256(*message)) &&
           same("sm3", sm3(*message)) && compared > 0;
}

// Whether the vector's claim holds; nothing for a kind that this test does not know.
std::optional<bool> holds(const std::string& kind, const Vector& v) {
    if (kind == "request-sign" || kind == "pay-sign") return request_or_pay_sign(v);
    if (kind == "response-verify") return response_verify(v);
    if (kind == "notification") return notification(v);
    if (kind == "authorization-format") return authorization_format(v);
    if (kind == "string-to-sign") return string_to_sign(v);
    if (kind == "rsa-sha256-pkcs1v15" || kind == "sm2-with-sm3-verify") return plain_signature(v);
    if (kind == "aes-256-gcm") return aes_gcm(v, 32);
    if (kind == "aes-gcm") return aes_gcm(v, std::nullopt);
    if (kind == "certificates-response") return certificates_response(v);
    if (kind == "rsa-oaep-sha1-decrypt") return rsa_decrypt(v, &RsaPrivateKey::decrypt_oaep_sha1);
    if (kind == "rsa-pkcs1v15-decrypt") return rsa_decrypt(v, &RsaPrivateKey::decrypt_pkcs1v15);
    if (kind == "sm2-decrypt-asn1-c1c3c2") return sm2_decrypt(v);
    if (kind == "sm4-gcm") return sm4_gcm(v);
    if (kind == "sha") return sha(v);
    return std::nullopt;
}

// Kinds of other modules: version 2 signatures, bills, payer codes.
bool elsewhere(std::string_view kind) {
    return kind == "v2-sign" || kind == "bill-csv" || kind == "payment-code-class" ||
           kind.starts_with("aes-256-ecb-");
}

class WechatpayVectors : public VectorFile {
protected:
    WechatpayVectors() : VectorFile("wechatpay-v3.json") {}
};

TEST_F(WechatpayVectors, EveryVectorHoldsAndEveryChangedOneFails) {
    simdjson::dom::array vectors;
    ASSERT_TRUE(member(all_, "keys"));
    ASSERT_EQ(all_["vectors"].get(vectors), simdjson::SUCCESS);
    std::map<std::string, int> run, changed, skipped;
    for (const element vector : vectors) {
        const std::string kind = text(vector, "kind").value_or("");
        SCOPED_TRACE(text(vector, "id").value_or("without id") + ", " + kind);
        if (elsewhere(kind)) {
            ++skipped[kind];
            continue;
        }
        bool valid = true;
        if (const auto printed = member(vector, "valid")) {
            ASSERT_EQ(printed->get(valid), simdjson::SUCCESS);
        }
        const auto held = holds(kind, Vector(all_, vector));
        ASSERT_TRUE(held) << "unknown kind";
        EXPECT_EQ(*held, valid);
        ++run[kind];
        simdjson::dom::array must_fail;
        if (vector["must_fail"].get(must_fail) != simdjson::SUCCESS) continue;
        for (const element change : must_fail) {
            EXPECT_FALSE(*holds(kind, Vector(all_, vector, change))) << simdjson::minify(change);
            ++changed[kind];
        }
    }
    EXPECT_FALSE(run.empty());
    for (const auto& [kind, count] : run)
        std::printf("%-24s %3d run, %3d must fail\n", kind.c_str(), count, changed[kind]);
    for (const auto& [kind, count] : skipped)
        std::printf("%-24s %3d left to other modules\n", kind.c_str(), count);
}

TEST_F(WechatpayVectors, ThePartsOfEveryKeyBelongTogether) {
    object keys;
    ASSERT_EQ(all_["keys"].get(keys), simdjson::SUCCESS);
    for (const auto& [name, key] : keys) {
        SCOPED_TRACE(name);
        if (const auto der = bytes(key, "x509")) {
            const auto certificate = Certificate::parse(*der);
            ASSERT_TRUE(certificate);
            const auto serial = text(key, "serial");
            EXPECT_EQ(certificate->serial(), serial.value_or(certificate->serial()));
            const auto certified = certificate->public_key();
            EXPECT_TRUE(certified && *certified == public_key(key));
        }
        const auto loaded = public_key(key);
        ASSERT_TRUE(loaded);
        if (member(key, "pkcs8")) {
            const auto signer = private_key(key);
            ASSERT_TRUE(signer);
            EXPECT_EQ(signer->public_key(), *loaded);
        }
    }
}

}  // namespace
}  // namespace huitong::crypto
