#include "wire/paycode/recognise.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "wire/emvqr/defect.hpp"
#include "wire/json/text.hpp"

namespace huitong::wire::paycode {
namespace {

using enum CodeKind;

enum class Form : std::uint8_t {
    objects,  // begins so, and two digits follow
    base64,   // begins so, and is base64 to its end
    digits,   // nothing but digits; so many, and the first two in a range
    url,      // scheme and host; a path may follow
};

struct Row {
    CodeKind kind;
    Form form;
    std::string_view start;  // for Form::url the scheme and the host, without the '/' after it
    std::size_t size_min = 0;
    std::size_t size_max = 0;
    int first_two_min = 0;
    int first_two_max = 0;
};

// clang-format off
constexpr Row rows[] = {
    {merchant_presented,        Form::objects, "0002"},
    // 85 05 "CPV01" and then 61 or 62. The end "..MQ" would mean that the code stops there.
    {consumer_presented,        Form::base64,  "hQVDUFYwM"},
    {karekod,                   Form::objects, "7502"},
    {wechat_payment_code,       Form::digits,  "", 18, 18, 10, 15},
    {alipay_payment_code,       Form::digits,  "", 16, 24, 25, 30},
    {unionpay_payment_code,     Form::digits,  "", 19, 19, 62, 62},
    {bestpay_payment_code,      Form::digits,  "", 18, 18, 51, 51},
    {china_mobile_payment_code, Form::digits,  "", 18, 18, 81, 81},
    {ecny_payment_code,         Form::digits,  "", 19, 19, 1,  1},
    {unionpay_url,              Form::url,     "https://qr.95516.com"},
    {alipay_url,                Form::url,     "https://qr.alipay.com"},
    {wechat_url,                Form::url,     "weixin://wxpay"},
    {wechat_url,                Form::url,     "wxp:/"},  // any host: wxp://f2f..
    {wechat_url,                Form::url,     "https://payapp.weixin.qq.com"},
    {wechat_url,                Form::url,     "https://wx.tenpay.com"},
};

constexpr std::string_view names[] = {
    "emv-merchant-presented",
    "emv-consumer-presented",
    "tr-karekod",
    "wechat-payment-code",
    "alipay-payment-code",
    "unionpay-payment-code",
    "bestpay-payment-code",
    "china-mobile-payment-code",
    "ecny-payment-code",
    "unionpay-url",
    "alipay-url",
    "wechat-url",
    "own-url",
    "unknown",
};
// clang-format on
static_assert(std::size(names) == std::size_t{std::to_underlying(unknown)} + 1);

constexpr std::string_view https = "https://";

char small(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool starts_without_case(std::string_view text, std::string_view start) {
    return text.size() >= start.size() &&
           std::ranges::equal(text.substr(0, start.size()), start, {}, small);
}

// Scheme, whole host, then '/': a longer host, a port or a user part is no match.
bool is_url_of(std::string_view text, std::string_view start) {
    return starts_without_case(text, start) && text.substr(start.size()).starts_with('/') &&
           text.size() <= emvqr::code_characters_max &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

bool are_digits(std::string_view text) {
    return json::decimal_digits.holds_all(text);
}

bool is_payment_code_of(const Row& row, std::string_view text) {
    if (text.size() < row.size_min || text.size() > row.size_max || !are_digits(text)) return false;
    const int first_two = (text[0] - '0') * 10 + (text[1] - '0');
    return first_two >= row.first_two_min && first_two <= row.first_two_max;
}

bool is_base64(std::string_view text) {
    constexpr json::CharacterSet alphabet = json::alphanumerics.with("+/");
    const std::size_t end = text.find('=');
    const std::string_view padding = text.substr(std::min(end, text.size()));
    return alphabet.holds_all(text.substr(0, end)) &&
           (padding.empty() || padding == "=" || padding == "==");
}

bool matches(const Row& row, std::string_view text) {
    switch (row.form) {
        case Form::objects:
            return text.starts_with(row.start) && text.size() >= row.start.size() + 2 &&
                   are_digits(text.substr(row.start.size(), 2));
        case Form::base64:
            return text.starts_with(row.start) && is_base64(text);
        case Form::digits:
            return is_payment_code_of(row, text);
        case Form::url:
            return is_url_of(text, row.start);
    }
    std::unreachable();
}

}  // namespace

std::string_view to_text(CodeKind kind) {
    return names[static_cast<std::size_t>(kind)];
}

bool is_payment_code(CodeKind kind) {
    return std::ranges::any_of(
        rows, [kind](const Row& row) { return row.kind == kind && row.form == Form::digits; });
}

CodeKind recognise(std::string_view text, std::span<const KnownHost> configured) {
    for (const Row& row : rows)
        if (matches(row, text)) return row.kind;
    if (!starts_without_case(text, https)) return unknown;
    for (const KnownHost& known : configured)
        if (is_url_of(text.substr(https.size()), known.host)) return known.kind;
    return unknown;
}

}  // namespace huitong::wire::paycode
