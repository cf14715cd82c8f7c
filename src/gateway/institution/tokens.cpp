#include "gateway/institution/tokens.hpp"

#include "crypto/aead.hpp"
#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "crypto/random.hpp"

namespace huitong::gateway::institution {
namespace {

constexpr std::string_view purpose = "resolve_token";
constexpr std::uint64_t version = 2;
constexpr std::size_t head_bytes = 1 + 8 + 8 + 1 + 8 + 8 + 8 + 2 + 2;
constexpr std::size_t name_bytes_max = 0xffff;

void put(std::string& out, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = bytes; i-- > 0;) out.push_back(static_cast<char>(value >> (8 * i)));
}

// Big-endian; takes the bytes off the front, which are there.
std::uint64_t take(std::string_view& in, std::size_t bytes) {
    std::uint64_t value = 0;
    for (const char c : in.substr(0, bytes)) value = value << 8 | static_cast<unsigned char>(c);
    in.remove_prefix(bytes);
    return value;
}

Result<crypto::Secret> unsealed(const crypto::Secret& key, std::string_view token) {
    const auto bytes = crypto::from_base64url(token);
    if (!bytes || bytes->size() < crypto::gcm_iv_bytes) return refuse(Error::field_format);
    const std::string_view all = *bytes;
    return crypto::aes_gcm_open(
        key, {.iv = all.substr(0, crypto::gcm_iv_bytes), .associated_data = purpose},
        all.substr(crypto::gcm_iv_bytes));
}

}  // namespace

ResolveTokens::ResolveTokens(const door::DoorSecrets& secrets)
    : key_(crypto::as_text(crypto::hmac_sha256(secrets.code_key, purpose))) {}

Result<std::string> ResolveTokens::seal(const TokenContent& content) const {
    if (content.inner.size() > inner_token_bytes_max || content.payee_name.size() > name_bytes_max)
        return refuse(Error::field_range);
    const Money amount = content.amount.value_or(Money{});
    std::string plain;
    put(plain, version, 1);
    put(plain, static_cast<std::uint64_t>(content.expires_at.ms), 8);
    put(plain, content.asked_by.value, 8);
    put(plain, static_cast<std::uint64_t>(content.code_kind), 1);
    put(plain, content.owner.value, 8);
    put(plain, content.order.value, 8);
    put(plain, static_cast<std::uint64_t>(amount.minor), 8);
    put(plain, amount.currency.numeric, 2);
    put(plain, content.payee_name.size(), 2);
    plain += content.payee_name;
    plain += content.inner;
    const std::string iv = crypto::random_bytes(crypto::gcm_iv_bytes);
    TRY(sealed, crypto::aes_gcm_seal(key_, {.iv = iv, .associated_data = purpose}, plain));
    return crypto::to_base64url(iv + sealed);
}

Result<TokenContent> ResolveTokens::read(std::string_view token, ParticipantId asked_by) const {
    const auto opened = unsealed(key_, token);
    if (!opened || opened->size() < head_bytes) return refuse(Error::resolve_token_unknown);
    std::string_view in = opened->expose();
    if (take(in, 1) != version) return refuse(Error::resolve_token_unknown);
    TokenContent content;
    content.expires_at.ms = static_cast<std::int64_t>(take(in, 8));
    content.asked_by.value = take(in, 8);
    content.code_kind = static_cast<switching::CodeKind>(take(in, 1));
    content.owner.value = take(in, 8);
    content.order.value = take(in, 8);
    const auto minor = static_cast<std::int64_t>(take(in, 8));
    const Currency currency{static_cast<std::uint16_t>(take(in, 2))};
    if (minor != 0) content.amount = Money{minor, currency};
    const std::size_t name_bytes = take(in, 2);
    if (content.asked_by != asked_by || name_bytes > in.size())
        return refuse(Error::resolve_token_unknown);
    content.payee_name = in.substr(0, name_bytes);
    content.inner = in.substr(name_bytes);
    return content;
}

Result<TokenContent> ResolveTokens::open(std::string_view token, ParticipantId asked_by,
                                         Instant now) const {
    TRY(content, read(token, asked_by));
    if (now >= content.expires_at) return refuse(Error::resolve_token_unknown);
    return content;
}

}  // namespace huitong::gateway::institution
