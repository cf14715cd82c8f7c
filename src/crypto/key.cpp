#include "crypto/key.hpp"

namespace huitong::crypto {
namespace {

// The functions that differ between the families by name only.
Result<std::string> encrypt_with(const RsaPublicKey& key, std::string_view plaintext) {
    return key.encrypt_oaep_sha1(plaintext);
}
Result<std::string> encrypt_with(const Sm2PublicKey& key, std::string_view plaintext) {
    return key.encrypt(plaintext);
}
Result<Secret> decrypt_with(const RsaPrivateKey& key, std::string_view ciphertext) {
    return key.decrypt_oaep_sha1(ciphertext);
}
Result<Secret> decrypt_with(const Sm2PrivateKey& key, std::string_view ciphertext) {
    return key.decrypt(ciphertext);
}

}  // namespace

Result<PublicKey> PublicKey::load(std::string_view pem_or_der) {
    if (auto sm2 = Sm2PublicKey::load(pem_or_der)) return *std::move(sm2);
    TRY(rsa, RsaPublicKey::load(pem_or_der));
    return rsa;
}

KeyAlgorithm PublicKey::algorithm() const {
    return rsa() != nullptr ? KeyAlgorithm::rsa : KeyAlgorithm::sm2;
}

bool PublicKey::verify(std::string_view message, std::string_view signature) const {
    return std::visit([&](const auto& key) { return key.verify(message, signature); }, key_);
}

Result<std::string> PublicKey::encrypt(std::string_view plaintext) const {
    return std::visit([&](const auto& key) { return encrypt_with(key, plaintext); }, key_);
}

std::string PublicKey::to_pem() const {
    return std::visit([](const auto& key) { return key.to_pem(); }, key_);
}

std::string PublicKey::to_der() const {
    return std::visit([](const auto& key) { return key.to_der(); }, key_);
}

const KeyImpl& PublicKey::impl() const {
    return std::visit([](const auto& key) -> const KeyImpl& { return key.impl(); }, key_);
}

Result<PrivateKey> PrivateKey::load(std::string_view pem_or_der) {
    if (auto sm2 = Sm2PrivateKey::load(pem_or_der)) return *std::move(sm2);
    TRY(rsa, RsaPrivateKey::load(pem_or_der));
    return rsa;
}

PrivateKey PrivateKey::generate(KeyAlgorithm algorithm) {
    if (algorithm == KeyAlgorithm::sm2) return Sm2PrivateKey::generate();
    return RsaPrivateKey::generate();
}

KeyAlgorithm PrivateKey::algorithm() const {
    return rsa() != nullptr ? KeyAlgorithm::rsa : KeyAlgorithm::sm2;
}

std::string PrivateKey::sign(std::string_view message) const {
    return std::visit([&](const auto& key) { return key.sign(message); }, key_);
}

Result<Secret> PrivateKey::decrypt(std::string_view ciphertext) const {
    return std::visit([&](const auto& key) { return decrypt_with(key, ciphertext); }, key_);
}

PublicKey PrivateKey::public_key() const {
    return std::visit([](const auto& key) { return PublicKey(key.public_key()); }, key_);
}

Secret PrivateKey::to_pem() const {
    return std::visit([](const auto& key) { return key.to_pem(); }, key_);
}

Secret PrivateKey::to_der() const {
    return std::visit([](const auto& key) { return key.to_der(); }, key_);
}

const KeyImpl& PrivateKey::impl() const {
    return std::visit([](const auto& key) -> const KeyImpl& { return key.impl(); }, key_);
}

}  // namespace huitong::crypto
