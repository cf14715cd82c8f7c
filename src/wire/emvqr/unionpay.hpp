// UnionPay's own forms: the merchant account of tags 15 and 16 (emv-qr section 3) and
// what its payer codes carry (section 4).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace huitong::wire::emvqr {

inline constexpr unsigned unionpay_tag = 15;

// Tags 15 and 16: exactly 31 characters. Views into the text that was parsed.
struct UnionPayAccount {
    std::string_view acquirer;     // 8 digits, the last four a region: 0344 Hong Kong
    std::string_view forwarder;    // 8 digits
    std::string_view merchant_id;  // 15 characters, filled up as registered

    friend bool operator==(const UnionPayAccount&, const UnionPayAccount&) = default;
};

// Refuses with field_format anything else; other networks' software takes any text here, so a code
// with such a text is good and its account is opaque.
Result<UnionPayAccount> parse_unionpay_account(std::string_view text);

// The application of a payer code, by its AID (tag 4F).
enum class UnionPayProduct : std::uint8_t { debit, credit, quasi_credit, e_cash };
// Refuses with field_format an AID that is none of these.
Result<UnionPayProduct> unionpay_product(std::string_view aid);

// The token before the separator of track 2 (tag 57): the token service knows the card behind it.
// Refuses with field_format what is not digits, D and digits, packed with F on the right.
Result<std::string> unionpay_token(std::string_view track_2);

// Issuer application data, tag 9F10: what the account institution needs to check the cryptogram.
struct IssuerData {
    std::uint8_t key_index = 0;
    std::uint8_t version = 0;
    std::uint8_t algorithm = 0;  // 1 3DES, 4 SM4
    std::string_view wallet_id;  // 8 characters

    friend bool operator==(const IssuerData&, const IssuerData&) = default;
};
Result<IssuerData> parse_issuer_data(std::string_view bytes);

}  // namespace huitong::wire::emvqr
