// Our own merchant codes (emv-qr section 8): the static plate on a shop's wall and the dynamic code
// of one order. Objects ascend by tag, so equal terms give equal text.
#pragma once

#include <optional>
#include <string>

#include "wire/emvqr/compose.hpp"

namespace huitong::wire::emvqr {

struct PlateTerms {
    // Our template: a tag of 26 to 51, our reverse-domain id by configuration, the merchant's
    // number with us.
    std::uint32_t own_tag = 26;
    std::string own_id;
    std::string merchant_id;
    // Tag 15, if the merchant takes UnionPay.
    std::string unionpay_account;
    // The national scheme's template, if the merchant is registered there; it must fit the scheme's
    // form (misfit).
    std::optional<Node> national = std::nullopt;

    std::string category = "0000";  // ISO 18245; 0000: none
    Currency currency = cny;
    std::string country;  // ISO 3166, two capitals
    std::string name;
    std::string city;
};

// What a code of one order has besides. The server knows when the order expires.
struct OrderTerms {
    Money amount;          // in the plate's currency
    std::string order;     // 62.05
    std::string terminal;  // 62.07; empty: none
};

// Tell what encode_mpm does, strictly, and at a national template what misfit does. A tag 15 that
// is not of UnionPay's form is told as FORMAT.
Decoded<std::string> static_plate(const PlateTerms& plate);
Decoded<std::string> dynamic_code(const PlateTerms& plate, const OrderTerms& order);

}  // namespace huitong::wire::emvqr
