#include "wire/emvqr/karekod.hpp"

#include <charconv>

#include "wire/json/text.hpp"

namespace huitong::wire::emvqr {
namespace {

constexpr unsigned amount_tag = 54;
constexpr std::size_t amount_digits = 12;  // kuruş, zero-filled
constexpr unsigned payee_tag = 61;         // 01 IBAN, 07 name, 10 flow

Shape karekod_shape(const Candidate& candidate) {
    const bool is_payee = candidate.depth == 0 && candidate.tag == payee_tag;
    return is_payee ? Shape::sure_template : Shape::text;
}

constexpr Dialect karekod_dialect{.format_indicator = "750210", .shape_of = karekod_shape};

}  // namespace

std::optional<Money> Karekod::amount() const {
    const auto digits = objects_.value(amount_tag);
    if (!digits) return std::nullopt;
    std::int64_t minor = 0;
    std::from_chars(digits->data(), digits->data() + digits->size(), minor);
    return Money{minor, try_currency};
}

std::string_view Karekod::iban() const {
    return objects_.value(payee_tag, 1).value_or("");
}

std::string_view Karekod::name() const {
    return objects_.value(payee_tag, 7).value_or("");
}

Decoded<Karekod> decode_karekod(std::string_view text) {
    Decoded<Karekod> code;
    Finding found = code->objects_.read(text, karekod_dialect);
    const auto amount = code->objects_.value(amount_tag);
    if (!found && amount &&
        (amount->size() != amount_digits || !json::decimal_digits.holds_all(*amount)))
        found = Defect{DefectCode::amount, place(amount_tag)};
    if (found) code = std::unexpected(*std::move(found));
    return code;
}

}  // namespace huitong::wire::emvqr
