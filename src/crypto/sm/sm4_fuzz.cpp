// SM4 ciphertexts from outside: nothing crashes, and whatever opens is what sealing gives again.
#include <algorithm>
#include <string>

#include "base/ensure.hpp"
#include "crypto/aead.hpp"
#include "crypto/bytes.hpp"
#include "crypto/sm/sm4.hpp"

using namespace huitong::crypto;

namespace {

void try_modes(const Secret& key, std::string_view iv, std::string_view text) {
    for (const auto padding : {Sm4Padding::none, Sm4Padding::pkcs7}) {
        const Sm4Chain chain{.iv = iv, .padding = padding};
        if (const auto opened = sm4_cbc_decrypt(key, chain, text))
            ENSURE(sm4_cbc_encrypt(key, chain, opened->expose()) == text);
        if (const auto opened = sm4_ecb_decrypt(key, padding, text))
            ENSURE(sm4_ecb_encrypt(key, padding, opened->expose()) == text);
    }
    if (const auto opened = sm4_ctr(key, iv, text))
        ENSURE(sm4_ctr(key, iv, opened->expose())->expose() == text);
    (void)sm4_cmac(key, text);
}

void try_gcm(const Secret& key, const GcmContext& context, std::string_view text) {
    if (const auto opened = sm4_gcm_open(key, context, text))
        ENSURE(sm4_gcm_seal(key, context, opened->expose()) == text);
    if (const auto sealed = sm4_gcm_seal(key, context, text))
        ENSURE(sm4_gcm_open(key, context, *sealed)->expose() == text);
}

}  // namespace

// The first byte says where the IV ends, so that IVs of all lengths come.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Secret key(std::string(sm4_key_bytes, 'k'));
    if (size == 0) return 0;
    const std::string_view rest = as_text({data + 1, size - 1});
    const std::size_t iv_bytes = std::min<std::size_t>(data[0] & 0x1f, rest.size());
    const std::string_view iv = rest.substr(0, iv_bytes);
    const std::string_view text = rest.substr(iv_bytes);
    try_modes(key, iv, text);
    try_gcm(key, {.iv = iv, .associated_data = iv.substr(iv.size() / 2)}, text);
    return 0;
}
