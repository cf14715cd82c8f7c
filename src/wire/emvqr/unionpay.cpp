#include "wire/emvqr/unionpay.hpp"

#include <algorithm>

#include "crypto/bytes.hpp"
#include "wire/json/text.hpp"

namespace huitong::wire::emvqr {
namespace {

constexpr std::size_t institution_size = 8;
constexpr std::size_t account_size = 31;

struct ProductRow {
    std::string_view aid;  // hexadecimal
    UnionPayProduct product;
};
constexpr ProductRow products[] = {
    {"A000000333010101", UnionPayProduct::debit       },
    {"A000000333010102", UnionPayProduct::credit      },
    {"A000000333010103", UnionPayProduct::quasi_credit},
    {"A000000333010106", UnionPayProduct::e_cash      },
};

// 9F10: length of what follows, key index, version, results and class, algorithm, length of the
// wallet id, wallet id.
constexpr std::size_t issuer_data_size = 17;
constexpr char issuer_data_length = 7;
constexpr std::string_view issuer_data_results("\x03\xA0\x00\x00", 4);
constexpr char wallet_id_size = 8;

bool is_institution(std::string_view text) {
    return text.size() == institution_size && json::decimal_digits.holds_all(text);
}

}  // namespace

Result<UnionPayAccount> parse_unionpay_account(std::string_view text) {
    if (text.size() != account_size) return refuse(Error::field_format);
    const UnionPayAccount account{.acquirer = text.substr(0, institution_size),
                                  .forwarder = text.substr(institution_size, institution_size),
                                  .merchant_id = text.substr(2 * institution_size)};
    if (!is_institution(account.acquirer) || !is_institution(account.forwarder))
        return refuse(Error::field_format);
    return account;
}

Result<UnionPayProduct> unionpay_product(std::string_view aid) {
    const std::string text = crypto::to_hex_upper(aid);
    const auto* row = std::ranges::find(products, text, &ProductRow::aid);
    if (row == std::end(products)) return refuse(Error::field_format);
    return row->product;
}

Result<std::string> unionpay_token(std::string_view track_2) {
    std::string digits = crypto::to_hex_upper(track_2);
    while (digits.ends_with('F')) digits.pop_back();
    const std::size_t separator = digits.find('D');
    if (separator == std::string::npos || separator == 0) return refuse(Error::field_format);
    const std::string_view rest = std::string_view(digits).substr(separator + 1);
    std::string token = digits.substr(0, separator);
    if (!json::decimal_digits.holds_all(token) || !json::decimal_digits.holds_all(rest))
        return refuse(Error::field_format);
    return token;
}

Result<IssuerData> parse_issuer_data(std::string_view bytes) {
    if (bytes.size() != issuer_data_size || bytes[0] != issuer_data_length ||
        bytes.substr(3, issuer_data_results.size()) != issuer_data_results ||
        bytes[8] != wallet_id_size)
        return refuse(Error::field_format);
    return IssuerData{.key_index = static_cast<std::uint8_t>(bytes[1]),
                      .version = static_cast<std::uint8_t>(bytes[2]),
                      .algorithm = static_cast<std::uint8_t>(bytes[7]),
                      .wallet_id = bytes.substr(9)};
}

}  // namespace huitong::wire::emvqr
