#include "gateway/iso8583/fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <vector>

#include "base/ensure.hpp"
#include "wire/iso8583/inner.hpp"

namespace huitong::gateway::iso8583 {
namespace {

constexpr std::size_t institution_digits = 11;

bool are_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

template <class Number>
std::optional<Number> number_of(std::string_view digits, int base = 10) {
    Number value{};
    const char* const end = digits.data() + digits.size();
    const auto [at, status] = std::from_chars(digits.data(), end, value, base);
    if (digits.empty() || status != std::errc{} || at != end) return std::nullopt;
    return value;
}

// Clocks differ, and a message of "tomorrow" is not one of a year ago.
constexpr Duration clock_skew = days(1);

// In the year before, this one and the next; 29 February is not in all of them.
std::vector<Instant> moments_of(std::string_view digits, Instant now) {
    std::vector<Instant> moments;
    if (digits.size() != 10 || !are_digits(digits)) return moments;
    const auto two = [&](std::size_t at) { return digits.substr(at, 2); };
    const int this_year = static_cast<int>(business_day(now) / 10'000);
    for (const int year : {this_year - 1, this_year, this_year + 1}) {
        const auto moment = parse_rfc3339(fmt::format("{:04}-{}-{}T{}:{}:{}+08:00", year, two(0),
                                                      two(2), two(4), two(6), two(8)));
        if (moment) moments.push_back(*moment);
    }
    return moments;
}

}  // namespace

std::string_view without_zeros(std::string_view digits) {
    const std::size_t first = digits.find_first_not_of('0');
    return first == std::string_view::npos ? std::string_view{} : digits.substr(first);
}

Fields fields_of(const wire::iso8583::Message& message) {
    Fields fields;
    wire::iso8583::TextBuffer buffer;
    for (unsigned field = message.bitmap().next(1); field != 0;
         field = message.bitmap().next(field))
        fields.emplace_hint(fields.end(), field, message.text(field, buffer));
    return fields;
}

std::string_view text_of(const Fields& fields, unsigned field) {
    const auto found = fields.find(field);
    return found == fields.end() ? std::string_view{} : found->second;
}

wire::iso8583::Checked<void> add_all(wire::iso8583::Builder& builder, const Fields& fields) {
    for (const auto& [field, text] : fields) CHECK(builder.add(field, text));
    return {};
}

std::string match_key(wire::iso8583::Mti mti, const Fields& fields) {
    const bool management = mti.message_class() == 8;
    return fmt::format("{}:{}:{}:{}:{}", mti.message_class(), text_of(fields, 7),
                       text_of(fields, 11), management ? "" : text_of(fields, 32),
                       management ? "" : text_of(fields, 33));
}

std::string OriginalKey::field_90() const {
    return fmt::format("{}{}{}{:0>11}{:0>11}", mti, stan, transmitted_at, acquirer, forwarder);
}

std::string OriginalKey::request_id(Instant now) const {
    const auto moments = moments_of(transmitted_at, now);
    Instant moment = now;
    for (const Instant each : moments) {
        if (each <= now + clock_skew) moment = each;
    }
    const std::uint32_t year = business_day(moment) / 10'000;
    return fmt::format("{:04}{}{}/{}/{}", year, transmitted_at, stan, acquirer, forwarder);
}

OriginalKey key_of(wire::iso8583::Mti mti, const Fields& fields) {
    return {.mti = std::string(mti.text()),
            .stan = std::string(text_of(fields, 11)),
            .transmitted_at = std::string(text_of(fields, 7)),
            .acquirer = std::string(without_zeros(text_of(fields, 32))),
            .forwarder = std::string(without_zeros(text_of(fields, 33)))};
}

Result<OriginalKey> parse_field_90(std::string_view digits) {
    if (digits.size() != 20 + 2 * institution_digits || !are_digits(digits))
        return refuse(Error::field_format);
    return OriginalKey{
        .mti = std::string(digits.substr(0, 4)),
        .stan = std::string(digits.substr(4, 6)),
        .transmitted_at = std::string(digits.substr(10, 10)),
        .acquirer = std::string(without_zeros(digits.substr(20, institution_digits))),
        .forwarder = std::string(without_zeros(digits.substr(31, institution_digits)))};
}

Result<OriginalKey> parse_request_id(std::string_view text, std::string_view mti) {
    constexpr std::size_t year_digits = 4;
    constexpr std::size_t fixed = year_digits + 10 + 6;
    const std::size_t slash = text.find('/', fixed + 1);
    if (text.size() <= fixed || text[fixed] != '/' || slash == std::string_view::npos ||
        !are_digits(text.substr(0, fixed)))
        return refuse(Error::field_format);
    OriginalKey key{.mti = std::string(mti),
                    .stan = std::string(text.substr(14, 6)),
                    .transmitted_at = std::string(text.substr(year_digits, 10)),
                    .acquirer = std::string(text.substr(fixed + 1, slash - fixed - 1)),
                    .forwarder = std::string(text.substr(slash + 1))};
    const bool fits =
        key.acquirer.size() <= institution_digits && key.forwarder.size() <= institution_digits;
    if (!fits || !are_digits(key.acquirer) || !are_digits(key.forwarder))
        return refuse(Error::field_format);
    return key;
}

std::string month_to_second(Instant moment) {
    return to_compact(moment).substr(4);
}

Result<Instant> moment_near(std::string_view digits, Instant now) {
    const auto moments = moments_of(digits, now);
    if (moments.empty()) return refuse(Error::field_format);
    return *std::ranges::min_element(moments, {},
                                     [&](Instant moment) { return std::abs((moment - now).ms); });
}

Result<Money> money_of(const Fields& fields) {
    const auto minor = number_of<std::int64_t>(text_of(fields, 4));
    const auto numeric = number_of<std::uint16_t>(text_of(fields, 49));
    if (!minor || !numeric) return refuse(Error::field_format);
    TRY(currency, currency_of(*numeric));
    return Money{*minor, currency};
}

void set_money(Fields& fields, Money money) {
    fields[4] = fmt::format("{:012}", money.minor);
    fields[49] = fmt::format("{:03}", money.currency.numeric);
}

std::string reference_of(PaymentId id) {
    constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    std::string text(12, '0');
    std::uint64_t rest = id.value;
    for (std::size_t i = text.size(); i-- > 0; rest /= digits.size())
        text[i] = digits[rest % digits.size()];
    ENSURE(rest == 0);  // 36^12 is 62 bits, which ids reach in the year 2089.
    return text;
}

Result<PaymentId> payment_of_reference(std::string_view reference) {
    const bool capitals = std::ranges::none_of(reference, [](char c) { return c >= 'a'; });
    const auto id = number_of<std::uint64_t>(reference, 36);
    if (reference.size() != 12 || !capitals || !id || *id == 0) return refuse(Error::field_format);
    return PaymentId{*id};
}

std::string usage_text(std::string_view usage, std::string_view content) {
    return fmt::format("AS{}{:03}{}", usage, content.size(), content);
}

std::optional<std::string> usage_in(const wire::iso8583::Dialect& dialect, const Fields& fields,
                                    std::string_view usage) {
    std::optional<std::string> found;
    const auto take = [&](const wire::iso8583::Element& element) {
        if (element.name == usage && !found) found = element.content;
    };
    walk_inner(dialect.inner_of(48), text_of(fields, 48),
               [&](const wire::iso8583::Element& element) {
                   take(element);
                   if (element.name == "AS") walk_element(element, take);
               });
    return found;
}

std::string padded(std::string_view text, std::size_t length) {
    std::string out(text.substr(0, length));
    out.resize(length, ' ');
    return out;
}

}  // namespace huitong::gateway::iso8583
