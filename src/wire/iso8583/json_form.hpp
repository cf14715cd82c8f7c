// Messages as JSON for people and tools, and back (iso8583.md section 13): texts as texts, bytes as
// capital hexadecimal.
//
//     {"header":{..},"mti":"0200","bitmap_hex":"F23A..","fields":{"2":"6250..","3":"000000",..}}
//
// What always holds: frame -> JSON -> frame gives the same bytes, unknown usages and bytes that are
// no text included; how a second bitmap that says nothing survives is why bitmap_hex is there.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "wire/iso8583/envelope.hpp"

namespace huitong::wire::iso8583 {

struct JsonOptions {
    // Fields with an inside become objects: "raw" is the field's own form, the other members are
    // what was found inside, for reading only.
    bool open = false;
};

// Appends one object on one line.
void append_json(const Dialect& dialect, const Envelope& envelope, JsonOptions options,
                 std::string& out);

// Appends {"error":"FIELD_LENGTH","field":2,"offset":78} and, of a header's fault, the reject code.
void append_json(const Fault& fault, std::string& out);

// Why a JSON text is no message.
struct JsonRefusal {
    std::optional<Fault> fault;  // nothing when the JSON itself is wrong
    std::string reason;          // then: what and where

    friend bool operator==(const JsonRefusal&, const JsonRefusal&) = default;
};
void append_json(const JsonRefusal& refusal, std::string& out);

// The frame that append_json() describes so. total_length is reckoned, but of a header alone; raw
// wins over what stands beside it. Members nobody knows are refused.
std::expected<std::string, JsonRefusal> frame_of_json(const Dialect& dialect,
                                                      std::string_view json);

}  // namespace huitong::wire::iso8583
