// EMV merchant-presented codes (MPM, emv-qr section 2): the text of a plate or a till's screen as a
// value that keeps every rule of the standard, and the way back.
//
// What always holds: a MerchantCode has passed every check, in strict or in relaxed form, so its
// accessors cannot fail. It is made of views into the text that was decoded, which must outlive it.
// A valid CRC says nothing of honesty: resolve the merchant with its acquirer before debiting.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/money.hpp"
#include "wire/emvqr/objects.hpp"

namespace huitong::wire::emvqr {

enum class Strictness : std::uint8_t {
    // Person-to-person codes of schemes with a relaxed mark may lack 52, 59 and 60.
    relaxed_where_known,
    strict,
};

// A value of 62.01 to 62.08 that the app asks the payer for.
inline constexpr std::string_view ask_payer = "***";

enum class InitiationMethod : std::uint8_t {
    unspecified,
    static_code,   // 11: many payments
    dynamic_code,  // 12: one payment
};

// "unspecified", "static", "dynamic".
std::string_view to_text(InitiationMethod method);

class MerchantCode {
public:
    [[nodiscard]] const Objects& objects() const { return objects_; }
    // Why a strict reader refuses the code, which lacks what its scheme lets persons leave out.
    [[nodiscard]] const Finding& strict_defect() const { return strict_defect_; }
    [[nodiscard]] bool relaxed() const { return strict_defect_.has_value(); }

    [[nodiscard]] InitiationMethod method() const;
    [[nodiscard]] Currency currency() const;
    // Nothing when the payer enters it.
    [[nodiscard]] std::optional<Money> amount() const;
    // Tag 56: what the merchant adds for itself; reported apart (emv-qr section 3).
    [[nodiscard]] std::optional<Money> fixed_fee() const;
    [[nodiscard]] std::optional<std::uint32_t> percentage_fee_ppm() const;
    [[nodiscard]] std::string_view country() const;
    // Empty when a relaxed code lacks it.
    [[nodiscard]] std::string_view category() const;

    // Merchant's name and city, in the payer's language when the code has them in it (tag 64).
    struct Shown {
        std::string_view name;
        std::string_view city;
    };
    // The language as two letters of ISO 639, in either case.
    [[nodiscard]] Shown shown(std::string_view language) const;

private:
    friend Finding decode_into(std::string_view text, Strictness strictness, MerchantCode& code);

    Objects objects_;
    Finding strict_defect_;
};

// Checks in the order of emv-qr section 2 and tells the first defect. A code that is relaxed is
// judged as its scheme judges it: what the scheme lets it leave out is no defect.
Decoded<MerchantCode> decode_mpm(std::string_view text,
                                 Strictness strictness = Strictness::relaxed_where_known);

}  // namespace huitong::wire::emvqr
