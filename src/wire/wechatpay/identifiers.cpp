#include "wire/wechatpay/identifiers.hpp"

#include <charconv>
#include <fmt/format.h>

#include "base/ensure.hpp"
#include "wire/json/text.hpp"
#include "wire/wechatpay/routes.hpp"
#include "wire/wechatpay/uri.hpp"

namespace huitong::wire::wechatpay {
namespace {

constexpr std::string_view transaction_prefix = "4200";
constexpr std::string_view refund_prefix = "50";
constexpr std::string_view prepay_prefix = "wx";
constexpr std::size_t time_digits = 14;
constexpr std::size_t id_digits = 19;
constexpr std::size_t prepay_characters = 36;
static_assert(prepay_prefix.size() + time_digits + id_digits + 1 == prepay_characters);

constexpr std::string_view code_prefix = "weixin://wxpay/bizpayurl?pr=";
constexpr std::string_view new_code_prefix = "weixin://pay.weixin.qq.com/bizpayurl/up?pr=";
constexpr std::string_view group_name = "&groupid=";

constexpr json::CharacterSet token_characters = json::alphanumerics;
constexpr json::CharacterSet package_characters = json::alphanumerics.with("-_");

// ISO/IEC 7812-1 annex B: every second digit from the right is doubled.
char luhn_digit(std::string_view digits) {
    int sum = 0;
    bool doubled = true;
    for (std::size_t i = digits.size(); i-- > 0; doubled = !doubled) {
        const int digit = digits[i] - '0';
        const int weighted = doubled ? digit * 2 : digit;
        sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

bool is_token(std::string_view text) {
    return text.size() >= 7 && text.size() <= 32 && token_characters.holds_all(text);
}

bool is_package(std::string_view text) {
    return !text.empty() && text.size() <= 64 && package_characters.holds_all(text);
}

Result<Instant> parse_compact(std::string_view digits) {
    return parse_rfc3339(fmt::format("{}-{}-{}T{}:{}:{}+08:00", digits.substr(0, 4),
                                     digits.substr(4, 2), digits.substr(6, 2), digits.substr(8, 2),
                                     digits.substr(10, 2), digits.substr(12, 2)));
}

// One name=value pair of a link; the same name twice is refused.
Result<void> store(H5Link& link, std::string_view pair) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) return refuse(Error::field_format);
    const std::string_view name = pair.substr(0, equals);
    const std::string_view value = pair.substr(equals + 1);
    if (name == "prepay_id" && !link.prepay.order.named()) {
        TRY(prepay, parse_prepay_id(value));
        link.prepay = prepay;
        return {};
    }
    if (name == "package" && link.package.empty() && is_package(value)) {
        link.package = value;
        return {};
    }
    if (name == "redirect_url" && link.redirect_url.empty()) {
        TRY(url, percent_decode(value));
        if (!is_web_url(url)) return refuse(Error::field_format);
        link.redirect_url = url;
        return {};
    }
    return refuse(Error::field_format);
}

}  // namespace

std::string transaction_id(PaymentId payment) {
    return to_digits28(transaction_prefix, payment.value);
}

Result<PaymentId> parse_transaction_id(std::string_view text) {
    TRY(id, parse_digits28(transaction_prefix, text));
    return PaymentId{id};
}

std::string refund_id(RefundId refund) {
    return to_digits28(refund_prefix, refund.value);
}

Result<RefundId> parse_refund_id(std::string_view text) {
    TRY(id, parse_digits28(refund_prefix, text));
    return RefundId{id};
}

std::string to_text(const PrepayId& id) {
    ENSURE(id.order.named());
    const std::string digits = fmt::format("{}{:019}", to_compact(id.created), id.order.value);
    ENSURE(digits.size() == time_digits + id_digits);
    return fmt::format("{}{}{}", prepay_prefix, digits, luhn_digit(digits));
}

Result<PrepayId> parse_prepay_id(std::string_view text) {
    if (text.size() != prepay_characters || !text.starts_with(prepay_prefix))
        return refuse(Error::field_format);
    const std::string_view digits = text.substr(prepay_prefix.size(), time_digits + id_digits);
    if (!json::decimal_digits.holds_all(digits) || text.back() != luhn_digit(digits))
        return refuse(Error::field_format);
    std::uint64_t order = 0;
    const char* const end = digits.data() + digits.size();
    std::from_chars(digits.data() + time_digits, end, order);  // 19 digits always fit.
    if (order == 0 || order >> 63U != 0) return refuse(Error::field_format);
    TRY(created, parse_compact(digits.substr(0, time_digits)));
    return PrepayId{OrderId{order}, created};
}

std::string code_url(std::string_view token) {
    ENSURE(is_token(token));
    return fmt::format("{}{}", code_prefix, token);
}

Result<std::string> parse_code_url(std::string_view text) {
    if (text.starts_with(code_prefix)) {
        text.remove_prefix(code_prefix.size());
    } else if (text.starts_with(new_code_prefix)) {
        text.remove_prefix(new_code_prefix.size());
        const std::size_t group = text.find(group_name);
        if (group != std::string_view::npos) {
            const std::string_view number = text.substr(group + group_name.size());
            if (number.empty() || number.size() > 8 || !json::decimal_digits.holds_all(number))
                return refuse(Error::field_format);
            text = text.substr(0, group);
        }
    } else {
        return refuse(Error::field_format);
    }
    if (!is_token(text)) return refuse(Error::field_format);
    return std::string(text);
}

std::string h5_url(std::string_view base, const H5Link& link) {
    ENSURE(is_package(link.package));
    std::string url = fmt::format("{}{}?prepay_id={}&package={}", base, h5_path,
                                  to_text(link.prepay), link.package);
    if (!link.redirect_url.empty()) url += "&redirect_url=" + percent_encode(link.redirect_url);
    return url;
}

Result<H5Link> parse_h5_url(std::string_view text) {
    if (!text.starts_with('/')) {
        if (!is_web_url(text)) return refuse(Error::field_format);
        const std::size_t path = text.find('/', text.find("//") + 2);
        if (path == std::string_view::npos) return refuse(Error::field_format);
        text.remove_prefix(path);
    }
    const Target target = split_target(text);
    if (target.path != h5_path) return refuse(Error::field_format);
    H5Link link;
    for (std::string_view rest = target.query; !rest.empty();) {
        const std::size_t end = rest.find('&');
        CHECK(store(link, rest.substr(0, end)));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    if (!link.prepay.order.named() || link.package.empty()) return refuse(Error::field_format);
    return link;
}

}  // namespace huitong::wire::wechatpay
