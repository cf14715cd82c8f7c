// What stands inside a field: BER-TLV, usages, tags, sub-fields, blocks (iso8583.md sections 5, 9
// and 10). One walk serves the judge, JSON and the doors. Nothing is copied.
//
// Unknown tags and usages are never a fault: a payment does not fail for what a partner added
// (section 5). A known one whose length is wrong is.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "wire/iso8583/dialect/rules.hpp"
#include "wire/iso8583/fault.hpp"

namespace huitong::wire::iso8583 {

// Nothing when the content keeps the rule; tlv_truncated or subfield_length.
std::optional<FaultCode> check_inner(const InnerRule& rule, std::string_view content);

// Shape::parts and Shape::blocks need no more than the length; packed digits are judged so.
std::optional<FaultCode> check_inner_length(const InnerRule& rule, std::size_t units);

// One thing found inside. Of a part the name is the rule's, else the tag or usage as sent.
struct Element {
    std::string_view name;
    std::string_view content;
    Shape shape = Shape::none;  // of the content: usages or tags, to be walked in turn
};

// Calls `see` for each element, as far as the content is well formed. Of a usage that the rule does
// not know the content is what its length says, or all the rest.
void walk_inner(const InnerRule& rule, std::string_view content,
                const std::function<void(const Element&)>& see);
// The same for an element whose content is usages or tags.
void walk_element(const Element& element, const std::function<void(const Element&)>& see);

// Takes the first data object; padding bytes 00 before it are skipped. Nothing, and `rest` empty,
// when only padding is left; nothing and `rest` not empty when tag, length or value is cut off, the
// length has more than three bytes or is indefinite, or the tag more than four.
struct DataObject {
    std::string_view tag;
    std::string_view value;
};
std::optional<DataObject> take_data_object(std::string_view& rest);

}  // namespace huitong::wire::iso8583
