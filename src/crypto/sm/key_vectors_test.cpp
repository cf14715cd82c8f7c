// SM2 certificates, key files, and what was met in the field: their groups of sm.json.
#include <map>
#include <vector>

#include "base/instant.hpp"
#include "crypto/aead.hpp"
#include "crypto/certificate.hpp"
#include "crypto/pem.hpp"
#include "crypto/sm/key_file.hpp"
#include "crypto/sm/sm2_model_test.hpp"
#include "crypto/sm/vectors_test.hpp"

namespace huitong::crypto {
namespace {

class SmKeyVectors : public SmVectors {
protected:
    // The certificates of the group by their names; whoever does not parse is not among them.
    std::map<std::string, Certificate> certificates() {
        simdjson::dom::object named;
        std::map<std::string, Certificate> parsed;
        EXPECT_EQ(all_["groups"]["sm2_certificate"]["certificates"].get(named), simdjson::SUCCESS);
        for (const auto& [name, pem] : named)
            if (auto certificate = Certificate::parse(text_of(pem).value_or("")))
                parsed.emplace(name, *certificate);
        return parsed;
    }
};

// Certificates have the default user id: whoever asks for another one gets a no.
bool has_default_user_id(const SmVector& v) {
    return v.bytes("user_id") == Sm2UserId().bytes();
}

bool chain_holds(const SmVector& v, const std::map<std::string, Certificate>& known) {
    const auto leaf = known.find(v.text("leaf"));
    const auto anchor = known.find(v.text("trust_anchor"));
    if (leaf == known.end() || anchor == known.end()) return false;
    std::vector<Certificate> intermediates;
    for (const element name : v.list("intermediates").get_array()) {
        const auto found = known.find(text_of(name).value_or(""));
        if (found != known.end()) intermediates.push_back(found->second);
    }
    const auto now = parse_rfc3339(v.text("at"));
    EXPECT_TRUE(now);
    const bool sign = v.text("purpose") == "sign";
    EXPECT_TRUE(sign || v.text("purpose") == "encrypt");
    return holds({.intermediates = intermediates,
                  .anchor = anchor->second,
                  .use = sign ? CertificateUse::sign : CertificateUse::encrypt,
                  .now = now.value_or(Instant{})},
                 leaf->second);
}

TEST_F(SmKeyVectors, Certificates) {
    const auto known = certificates();
    EXPECT_FALSE(known.empty());
    run("sm2_certificate",
        [&known](const SmVector& v) { return has_default_user_id(v) && chain_holds(v, known); });
}

Result<Sm2PrivateKey> private_key_of(const SmVector& v, const std::string& format) {
    const std::string data = v.text("data");
    if (format == "pkcs8_pem" || format == "sec1_pem") return Sm2PrivateKey::load(data);
    if (format == "raw_hex") return Sm2PrivateKey::from_number(Secret(v.bytes("data")));
    const Secret password(v.text("password"));
    if (format == "cfca_sm2_base64") {
        TRY(opened, open_cfca_key_file(data, password));
        return opened.key;
    }
    EXPECT_EQ(format, "encrypted_pkcs8_pem");
    TRY(opened, open_encrypted_pkcs8(data, password));
    return Sm2PrivateKey::load(opened.expose());
}

Result<Sm2PublicKey> public_key_of(const SmVector& v, const std::string& format) {
    if (format == "spki_pem") return Sm2PublicKey::load(v.text("data"));
    if (format == "spki_base64") return Sm2PublicKey::load(v.base64("data"));
    if (format == "raw_xy_hex") return Sm2PublicKey::from_coordinates(v.bytes("data"));
    EXPECT_TRUE(format == "raw_point_hex" || format == "compressed_point_hex") << format;
    return Sm2PublicKey::from_point(v.bytes("data"));
}

TEST_F(SmKeyVectors, KeyFormats) {
    run("key_format", [](const SmVector& v) {
        const std::string format = v.text("format");
        if (v.text("kind") == "public") {
            const auto key = public_key_of(v, format);
            return key && key->point() == v.bytes("pub") &&
                   Sm2PublicKey::load(key->to_pem()) == *key;
        }
        EXPECT_EQ(v.text("kind"), "private");
        const auto key = private_key_of(v, format);
        if (!key || key->number().expose() != v.bytes("d")) return false;
        const auto again = PrivateKey::load(key->to_pem().expose());
        return key->public_key().point() == v.bytes("pub") && again && again->sm2() != nullptr &&
               again->public_key() == PublicKey(key->public_key());
    });
}

bool notice_opens(const SmVector& v) {
    const std::string nonce = v.text("nonce");
    const std::string data = v.text("associated_data");
    const auto opened =
        sm4_gcm_open(sm4_key_of(Secret(v.text("apiv3_key"))),
                     {.iv = nonce, .associated_data = data}, v.base64("ciphertext_base64"));
    return opened && (!v.has("plaintext") || opened->expose() == v.text("plaintext"));
}

bool verifies_with_certificate(const SmVector& v) {
    const auto certificate = Certificate::parse(v.text("certificate"));
    const auto key = certificate ? certificate->public_key() : refuse(Error::certificate_invalid);
    return key && key->sm2() != nullptr &&
           key->verify(v.text("message"), v.base64("signature_der_base64"));
}

bool decrypts(const SmVector& v) {
    const auto key = PrivateKey::load(v.text("private_key"));
    const auto opened = key ? key->decrypt(v.base64("ciphertext_der_base64"))
                            : Result<Secret>(refuse(Error::key_invalid));
    return opened && (!v.has("plaintext") || opened->expose() == v.text("plaintext"));
}

bool certificate_parses(const SmVector& v) {
    const auto certificate = Certificate::parse(v.text("certificate"));
    return certificate &&
           canonical_serial(certificate->serial()) == canonical_serial(v.text("serial"));
}

bool key_file_opens(const SmVector& v) {
    const auto opened = open_cfca_key_file(v.text("data_base64"), Secret(v.text("password")));
    return opened && opened->key.number().expose() == v.bytes("d");
}

bool is_issued_by(const SmVector& v) {
    const auto certificate = Certificate::parse(v.text("certificate"));
    const auto issuer = Certificate::parse(v.text("issuer"));
    const auto key = issuer ? issuer->public_key() : refuse(Error::certificate_invalid);
    return certificate && key && has_default_user_id(v) && certificate->issued_by(*key);
}

// No curve of ours: what the model says on it shows that the model can be believed.
bool model_signs_on_other_curve(const SmVector& v) {
    const Sm2Model::Curve curve{v.bytes("p"), v.bytes("a"),  v.bytes("b"),
                                v.bytes("n"), v.bytes("gx"), v.bytes("gy")};
    const Sm2Model model(curve);
    const std::string z = model.z(v.bytes("user_id"), model.multiply(v.bytes("d")));
    const Digest256 e = sm3(z + v.bytes("msg"));
    const std::string signature = model.sign(v.bytes("d"), as_text(e), v.bytes("k"));
    EXPECT_EQ(to_hex(signature), v.text("raw"));
    return signature == v.bytes("raw");
}

TEST_F(SmKeyVectors, FromTheField) {
    static const std::map<std::string, bool (*)(const SmVector&)> kinds = {
        {"sm4_gcm_notify",               notice_opens              },
        {"sm2_verify_with_certificate",  verifies_with_certificate },
        {"sm2_decrypt",                  decrypts                  },
        {"certificate_parse",            certificate_parses        },
        {"cfca_sm2_key_file",            key_file_opens            },
        {"certificate_issued_by",        is_issued_by              },
        {"sm2_sign_known_k_other_curve", model_signs_on_other_curve},
    };
    run("field_samples", [](const SmVector& v) {
        const auto kind = kinds.find(v.text("kind"));
        EXPECT_NE(kind, kinds.end()) << "unknown kind " << v.text("kind");
        return kind != kinds.end() && kind->second(v);
    });
}

// A group that nobody runs would look like one that passes.
TEST_F(SmKeyVectors, HaveNoGroupThatIsLeftOut) {
    static const std::set<std::string> run_by_some_test = {
        "sm3",
        "hmac_sm3",
        "sm4_block",
        "sm4_cbc",
        "sm4_ecb",
        "sm4_ctr",
        "sm4_gcm",
        "sm4_cmac",
        "sm2_verify",
        "sm2_sign_known_k",
        "sm2_key",
        "sm2_encrypt_known_k",
        "sm2_decrypt_reject",
        "wechat_v3_notify",
        "sm2_certificate",
        "key_format",
        "field_samples",
    };
    simdjson::dom::object groups;
    ASSERT_EQ(all_["groups"].get(groups), simdjson::SUCCESS);
    for (const auto& [name, group] : groups)
        EXPECT_TRUE(run_by_some_test.contains(std::string(name))) << name;
}

}  // namespace
}  // namespace huitong::crypto
