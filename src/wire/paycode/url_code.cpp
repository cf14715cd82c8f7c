#include "wire/paycode/url_code.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "wire/emvqr/defect.hpp"
#include "wire/json/text.hpp"
#include "wire/paycode/recognise.hpp"

namespace huitong::wire::paycode {
namespace {

constexpr std::string_view unionpay_prefix = "https://qr.95516.com/";
constexpr std::size_t institution_size = 8;
constexpr std::size_t order_digits_max = 32;

constexpr std::string_view digits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// Luhn's digit for any even number of digits: every second one from the right is doubled.
char check_digit(std::string_view text) {
    std::size_t sum = 0;
    bool doubled = true;
    for (std::size_t i = text.size(); i-- > 0; doubled = !doubled) {
        const std::size_t value = digits.find(text[i]) * (doubled ? 2 : 1);
        sum += value / digits.size() + value % digits.size();
    }
    return digits[(digits.size() - sum % digits.size()) % digits.size()];
}

}  // namespace

Result<UnionPayUrl> parse_unionpay_url(std::string_view text) {
    if (recognise(text) != CodeKind::unionpay_url) return refuse(Error::field_format);
    text.remove_prefix(unionpay_prefix.size());
    const std::size_t slash = text.find('/');
    if (slash != institution_size) return refuse(Error::field_format);
    const UnionPayUrl url{.institution = text.substr(0, slash), .order = text.substr(slash + 1)};
    const bool is_number = json::decimal_digits.holds_all(url.order);
    if (!json::decimal_digits.holds_all(url.institution) || url.order.empty() ||
        (is_number && url.order.size() > order_digits_max))
        return refuse(Error::field_format);
    return url;
}

std::string own_url(std::string_view host, const crypto::Block128& code) {
    const std::string text = crypto::to_base62(code);
    return fmt::format("https://{}/q/{}{}", host, text, check_digit(text));
}

Result<crypto::Block128> parse_own_url(std::string_view host, std::string_view text) {
    const KnownHost own{.host = host};
    if (recognise(text, {&own, 1}) != CodeKind::own_url) return refuse(Error::field_format);
    text.remove_prefix(std::string_view("https://").size() + host.size());
    constexpr std::string_view path = "/q/";
    if (!text.starts_with(path) || text.size() != path.size() + crypto::base62_digits + 1)
        return refuse(Error::field_format);
    const std::string_view code = text.substr(path.size(), crypto::base62_digits);
    TRY(number, crypto::from_base62(code));
    if (check_digit(code) != text.back()) return refuse(Error::field_format);
    return number;
}

}  // namespace huitong::wire::paycode
