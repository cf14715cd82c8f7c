#include "gateway/door/codes.hpp"

#include <fmt/format.h>
#include <utility>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"

namespace huitong::gateway::door {
namespace {

constexpr std::size_t appid_mark_characters = 5;
constexpr std::size_t openid_characters = 1 + appid_mark_characters + crypto::base62_digits;
static_assert(openid_characters == 28);

// What an openid stands for; the words are part of the tokens' derivation, so they never change.
constexpr std::string_view of_user = "openid";
constexpr std::string_view of_payment = "openid/payment";

// One key a purpose, so that what is learnt about one says nothing about another.
crypto::Secret token_key(const crypto::Secret& key, std::string_view purpose) {
    const auto mac = crypto::hmac_sha256(key, purpose);
    return crypto::Secret(crypto::as_text(mac).substr(0, crypto::code_token_key_bytes));
}

crypto::CodeTokens make_tokens(const crypto::Secret& key, std::string_view purpose) {
    auto tokens = crypto::CodeTokens::make(token_key(key, purpose), purpose);
    ENSURE(tokens.has_value());  // The key has the right length by construction.
    return *std::move(tokens);
}

Result<OrderId> open_order(const crypto::CodeTokens& tokens, std::string_view text) {
    const auto id = tokens.open(text);
    if (!id || *id == 0) return refuse(Error::order_code_unknown);
    return OrderId{*id};
}

// The last digits of a number made from the digest: base62 numbers are uneven at their head.
std::string appid_mark(std::string_view appid) {
    const auto digest = crypto::sha256(appid);
    crypto::Block128 block{};
    std::copy_n(digest.begin(), block.size(), block.begin());
    return crypto::to_base62(block).substr(crypto::base62_digits - appid_mark_characters);
}

std::string openid_text(std::string_view appid, std::string_view token) {
    return fmt::format("o{}{}", appid_mark(appid), token);
}

}  // namespace

OrderCodes::OrderCodes(const crypto::Secret& code_key)
    : codes_(make_tokens(code_key, "code_url")), packages_(make_tokens(code_key, "h5_package")) {}

Result<OrderId> OrderCodes::order_of_code(std::string_view token) const {
    return open_order(codes_, token);
}

Result<OrderId> OrderCodes::order_of_package(std::string_view package) const {
    return open_order(packages_, package);
}

Openids::Openids(const crypto::Secret& openid_key) : key_(token_key(openid_key, "openid")) {}

crypto::CodeTokens Openids::tokens_of(std::string_view whose, std::string_view appid) const {
    auto tokens = crypto::CodeTokens::make(key_.copy(), fmt::format("{}/{}", whose, appid));
    ENSURE(tokens.has_value());
    return *std::move(tokens);
}

std::string Openids::of(std::string_view appid, UserId user) const {
    return openid_text(appid, tokens_of(of_user, appid).token_of(user.value));
}

std::string Openids::of_stranger(std::string_view appid, PaymentId payment) const {
    return openid_text(appid, tokens_of(of_payment, appid).token_of(payment.value));
}

Result<UserId> Openids::user_of(std::string_view appid, std::string_view openid) const {
    constexpr std::size_t head = 1 + appid_mark_characters;
    if (openid.size() != openid_characters || openid.front() != 'o' ||
        openid.substr(1, appid_mark_characters) != appid_mark(appid))
        return refuse(Error::field_format);
    const auto id = tokens_of(of_user, appid).open(openid.substr(head));
    if (!id || *id == 0) return refuse(Error::field_format);
    return UserId{*id};
}

}  // namespace huitong::gateway::door
