#include "wire/emvqr/merchant_code.hpp"

#include <algorithm>
#include <utility>

#include "base/ensure.hpp"
#include "wire/emvqr/amount.hpp"
#include "wire/emvqr/rules.hpp"
#include "wire/emvqr/schemes.hpp"

namespace huitong::wire::emvqr {
namespace {

bool equal_letters(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

}  // namespace

std::string_view to_text(InitiationMethod method) {
    switch (method) {
        case InitiationMethod::unspecified:
            return "unspecified";
        case InitiationMethod::static_code:
            return "static";
        case InitiationMethod::dynamic_code:
            return "dynamic";
    }
    std::unreachable();
}

InitiationMethod MerchantCode::method() const {
    const auto method = objects_.value(1);
    if (!method) return InitiationMethod::unspecified;
    return *method == "12" ? InitiationMethod::dynamic_code : InitiationMethod::static_code;
}

Currency MerchantCode::currency() const {
    const auto currency = parse_currency(objects_.value(53).value_or(""));
    ENSURE(currency.has_value());
    return *currency;
}

std::optional<Money> MerchantCode::amount() const {
    const auto text = objects_.value(54);
    return text ? std::optional(*parse_amount(*text, currency())) : std::nullopt;
}

std::optional<Money> MerchantCode::fixed_fee() const {
    const auto text = objects_.value(56);
    return text ? std::optional(*parse_amount(*text, currency())) : std::nullopt;
}

std::optional<std::uint32_t> MerchantCode::percentage_fee_ppm() const {
    const auto text = objects_.value(57);
    return text ? std::optional(*parse_percentage_ppm(*text)) : std::nullopt;
}

std::string_view MerchantCode::country() const {
    return objects_.value(58).value_or("");
}

std::string_view MerchantCode::category() const {
    return objects_.value(52).value_or("");
}

MerchantCode::Shown MerchantCode::shown(std::string_view language) const {
    Shown shown{.name = objects_.value(59).value_or(""), .city = objects_.value(60).value_or("")};
    const auto given = objects_.value(64, 0);
    if (!given || !equal_letters(*given, language)) return shown;
    shown.name = objects_.value(64, 1).value_or(shown.name);
    shown.city = objects_.value(64, 2).value_or(shown.city);
    return shown;
}

Finding decode_into(std::string_view text, Strictness strictness, MerchantCode& code) {
    if (Finding found = code.objects_.read(text, merchant_dialect)) return found;
    Finding strict = judge(code.objects_, Presence::all);
    const bool strictly = strictness == Strictness::strict || !strict || !is_of_persons(*strict) ||
                          !has_relaxed_scheme(code.objects_);
    if (strictly) return strict;
    if (Finding found = judge(code.objects_, Presence::person)) return found;
    code.strict_defect_ = std::move(strict);
    return {};
}

Decoded<MerchantCode> decode_mpm(std::string_view text, Strictness strictness) {
    // Filled where it is returned: it is a kilobyte that need not be moved.
    Decoded<MerchantCode> code;
    if (Finding found = decode_into(text, strictness, *code))
        code = std::unexpected(*std::move(found));
    return code;
}

}  // namespace huitong::wire::emvqr
