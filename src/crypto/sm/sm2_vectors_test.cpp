// SM2 signatures, ciphertexts and keys: their groups of sm.json. Where the file gives a k, which
// nobody can give us, the model computes the vector again, and takes apart what we make ourselves.
#include "crypto/sm/sm2.hpp"
#include "crypto/sm/sm2_model_test.hpp"
#include "crypto/sm/vectors_test.hpp"

namespace huitong::crypto {
namespace {

class Sm2Vectors : public SmVectors {};

using Point = Sm2Model::Point;

Point point_of(std::string_view public_key) {
    return {std::string(public_key.substr(1, 32)), std::string(public_key.substr(33))};
}

Sm2Scheme scheme_of(const SmVector& v, Sm2SignatureForm form) {
    const auto user_id = Sm2UserId::make(v.bytes("user_id"));
    EXPECT_TRUE(user_id);
    return {.user_id = user_id.value_or(Sm2UserId()), .form = form};
}

constexpr auto der = Sm2SignatureForm::der;
constexpr auto raw = Sm2SignatureForm::raw;

// The vector against the model.
bool model_agrees(const Sm2Model& model, const SmVector& v) {
    const std::string d = v.bytes("d");
    const Point key = point_of(v.bytes("pub"));
    const std::string z = model.z(v.bytes("user_id"), key);
    const std::string e(as_text(sm3(z + v.bytes("msg"))));
    return model.multiply(d).x == key.x && z == v.bytes("z") && e == v.bytes("e") &&
           model.sign(d, e, v.bytes("k")) == v.bytes("raw");
}

// Our own signature, for which the model finds the k that we drew, and signs with it again.
bool ours_is_one(const Sm2Model& model, const SmVector& v, const Sm2PrivateKey& key) {
    const std::string d(key.number().expose());
    const std::string signature = key.sign(v.bytes("msg"), scheme_of(v, raw));
    return signature.size() == 64 && signature != v.bytes("raw") &&
           model.sign(d, v.bytes("e"), model.k_of(d, signature)) == signature;
}

TEST_F(Sm2Vectors, SignaturesOfAKnownK) {
    const Sm2Model model;
    run("sm2_sign_known_k", [&model](const SmVector& v) {
        const auto key = Sm2PrivateKey::from_number(Secret(v.bytes("d")));
        if (!key) return false;
        const Sm2PublicKey open_key = key->public_key();
        const auto in_der = parse_sm2_signature(der, v.bytes("der"));
        const auto in_raw = parse_sm2_signature(raw, v.bytes("raw"));
        return model_agrees(model, v) && ours_is_one(model, v, *key) &&
               open_key.point() == v.bytes("pub") && v.base64("der_base64") == v.bytes("der") &&
               as_text(open_key.z(scheme_of(v, raw).user_id)) == v.bytes("z") &&
               open_key.verify(v.bytes("msg"), v.bytes("raw"), scheme_of(v, raw)) &&
               open_key.verify(v.bytes("msg"), v.bytes("der"), scheme_of(v, der)) &&  //
               in_der && to_bytes(*in_der, raw) == v.bytes("raw") &&                  //
               in_raw && to_bytes(*in_raw, der) == v.bytes("der");
    });
}

TEST_F(Sm2Vectors, SignaturesToVerify) {
    run("sm2_verify", [](const SmVector& v) {
        const auto key = Sm2PublicKey::from_point(v.bytes("pub"));
        EXPECT_TRUE(key);
        const std::string encoding = v.text("encoding");
        EXPECT_TRUE(encoding == "raw" || encoding == "der");
        return key && key->verify(v.bytes("msg"), v.bytes("sig"),
                                  scheme_of(v, encoding == "raw" ? raw : der));
    });
}

TEST_F(Sm2Vectors, Keys) {
    run("sm2_key", [](const SmVector& v) {
        std::optional<Sm2PublicKey> computed, given;
        if (v.has("d")) {
            const auto key = Sm2PrivateKey::from_number(Secret(v.bytes("d")));
            if (!key) return false;
            computed = key->public_key();
        }
        for (const std::string_view name : {"pub", "pub_compressed"}) {
            if (!v.has(name)) continue;
            const auto key = Sm2PublicKey::from_point(v.bytes(name));
            if (!key || (computed && *key != *computed)) return false;
            computed = *key;
        }
        EXPECT_TRUE(computed) << "neither d nor pub";
        return true;
    });
}

constexpr auto c1c3c2 = Sm2CiphertextForm::c1c3c2;

// One of the forms that the file knows, and what it is without its 04.
struct Form {
    std::string_view name;
    Sm2CiphertextForm form;
    std::optional<Sm2CiphertextForm> bare;
};
constexpr Form forms[] = {
    {"der",    Sm2CiphertextForm::asn1,   std::nullopt                  },
    {"c1c3c2", Sm2CiphertextForm::c1c3c2, Sm2CiphertextForm::c1c3c2_bare},
    {"c1c2c3", Sm2CiphertextForm::c1c2c3, Sm2CiphertextForm::c1c2c3_bare},
};

bool opens(const Sm2PrivateKey& key, const std::string& ciphertext, Sm2CiphertextForm form,
           const std::string& plaintext) {
    const auto opened = key.decrypt(ciphertext, form);
    return opened && opened->expose() == plaintext;
}

// The vector in one form, its change into the order of today, and one of our own.
bool form_holds(const SmVector& v, const Sm2PrivateKey& key, const Form& form) {
    const std::string ciphertext = v.bytes(form.name);
    const std::string plaintext = v.bytes("pt");
    const auto parsed = parse_sm2_ciphertext(form.form, ciphertext);
    if (!parsed || to_bytes(*parsed, c1c3c2) != v.bytes("c1c3c2") ||
        to_bytes(*parsed, form.form) != ciphertext || !opens(key, ciphertext, form.form, plaintext))
        return false;
    if (form.bare && !opens(key, ciphertext.substr(1), *form.bare, plaintext)) return false;
    const auto ours = key.public_key().encrypt(plaintext, form.form);
    return ours && *ours != ciphertext && opens(key, *ours, form.form, plaintext);
}

TEST_F(Sm2Vectors, CiphertextsOfAKnownK) {
    const Sm2Model model;
    run("sm2_encrypt_known_k", [&model](const SmVector& v) {
        const auto key = Sm2PrivateKey::from_number(Secret(v.bytes("d")));
        if (!key || key->public_key().point() != v.bytes("pub")) return false;
        const std::string plaintext = v.bytes("pt");
        if (model.encrypt(point_of(v.bytes("pub")), plaintext, v.bytes("k")) != v.bytes("c1c3c2"))
            return false;
        for (const Form& form : forms)
            if (!form_holds(v, *key, form)) return false;
        const auto ours = key->public_key().encrypt(plaintext, c1c3c2);
        return ours && model.decrypt(v.bytes("d"), *ours) == plaintext;
    });
}

TEST_F(Sm2Vectors, CiphertextsToRefuse) {
    run("sm2_decrypt_reject", [](const SmVector& v) {
        const auto key = Sm2PrivateKey::from_number(Secret(v.bytes("d")));
        EXPECT_TRUE(key);
        const auto* const form = std::ranges::find(forms, v.text("encoding"), &Form::name);
        EXPECT_NE(form, std::end(forms));
        if (!key || form == std::end(forms)) return false;
        const auto opened = key->decrypt(v.bytes("ct"), form->form);
        EXPECT_TRUE(opened || opened.error() == Error::decryption_failed);
        return opened.has_value();
    });
}

}  // namespace
}  // namespace huitong::crypto
