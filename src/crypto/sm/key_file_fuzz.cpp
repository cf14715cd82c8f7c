// Key files under a password: nothing crashes or takes long, and what opens is a key.
#include <string>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/sm/key_file.hpp"

using namespace huitong::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::uint32_t quick_rounds = 2'048;
    const std::string_view text = as_text({data, size});
    const Secret password("123456");
    if (const auto opened = open_encrypted_pkcs8(text, password, quick_rounds))
        (void)PrivateKey::load(opened->expose());
    if (const auto opened = open_cfca_key_file(text, password))
        ENSURE(opened->certificate.public_key() == PublicKey(opened->key.public_key()));
    return 0;
}
