// What is behind a code (api/institution.yaml, POST /resolve). Bytes <-> values; a parser refuses
// with the first defect.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wire/institution/fields.hpp"

namespace huitong::wire::institution {

// A code as it was scanned.
struct Resolve {
    std::string code;

    friend bool operator==(const Resolve&, const Resolve&) = default;
};
Parsed<Resolve> parse_resolve(std::string_view body);
std::string to_json(const Resolve& resolve);

// Whom the code would pay. The token stands for the payee and the amount in the payment.
struct Resolution {
    std::string payee_name;  // as the payer is shown it; masked for a person
    PayeeKind payee_kind = PayeeKind::merchant;
    CodeKind code_kind = CodeKind::merchant_dynamic;
    std::optional<Money> amount;  // nothing: the payer enters it
    std::string subject;
    std::string resolve_token;
    Instant expires_at;  // of the token

    friend bool operator==(const Resolution&, const Resolution&) = default;
};
Parsed<Resolution> parse_resolution(std::string_view body);
std::string to_json(const Resolution& resolution);

}  // namespace huitong::wire::institution
