// TR Karekod, the Turkish code (emv-qr section 6): objects, templates and CRC as in EMV's merchant
// codes, with tags of its own. It is read to be recognised, shown and routed; EMV's rules are not
// its rules.
#pragma once

#include <optional>
#include <string_view>

#include "base/money.hpp"
#include "wire/emvqr/objects.hpp"

namespace huitong::wire::emvqr {

inline constexpr Currency try_currency{949};

class Karekod {
public:
    [[nodiscard]] const Objects& objects() const { return objects_; }
    // Tag 54; nothing when the payer enters it.
    [[nodiscard]] std::optional<Money> amount() const;
    // 61.01 and 61.07; empty when absent.
    [[nodiscard]] std::string_view iban() const;
    [[nodiscard]] std::string_view name() const;

private:
    friend Decoded<Karekod> decode_karekod(std::string_view text);
    Objects objects_;
};

// Tells a defect of the format indicator (75), an object or the CRC, and AMOUNT when 54 is not
// twelve digits. The text must outlive the value.
Decoded<Karekod> decode_karekod(std::string_view text);

}  // namespace huitong::wire::emvqr
