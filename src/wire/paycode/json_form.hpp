// Payment codes as lines of JSON, in the form of the test vectors: what `huitong qr` prints and
// takes. docs/formats/payment-codes.md shows it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wire/emvqr/compose.hpp"

namespace huitong::wire::paycode {

// As what a text is read.
enum class ReadAs : std::uint8_t {
    any,  // as recognise() says; an unknown text as the code that it resembles
    merchant_presented,
    consumer_presented,
    karekod,
};

struct Line {
    std::string text;
    bool good = false;
};

// One JSON object without line feeds. `good` when the text is a code that may be paid: of a known
// kind and, if it is EMV's or TR Karekod, free of defects.
Line decode_to_json(std::string_view text, ReadAs as, emvqr::Strictness strictness);

// The code of an object with `tags` (merchant-presented) or `data_objects` (consumer-presented);
// other members are ignored, so that what decode_to_json prints can be given back. When there is no
// such code the line is JSON that says why.
Line encode_from_json(std::string_view json, emvqr::Order order, emvqr::Strictness strictness);

}  // namespace huitong::wire::paycode
