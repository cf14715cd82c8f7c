// EMV consumer-presented codes (CPM, emv-qr section 4): base64 of BER-TLV that a payer shows to a
// till. The till passes it on unread: it carries a token and a cryptogram that is good once, not a
// card number.
//
// What always holds: a ConsumerCode has passed every rule. It owns its bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "wire/emvqr/data_objects.hpp"

namespace huitong::wire::emvqr {

class ConsumerCode {
public:
    [[nodiscard]] const DataObjects& objects() const { return objects_; }
    // Templates 61, one for each card offered, in the order of the code.
    [[nodiscard]] std::vector<const DataObject*> applications() const;
    // What an application has under this tag: in itself, in its transparent template 63, or for all
    // applications in 62 or its 64.
    [[nodiscard]] std::optional<std::string_view> value(const DataObject& application,
                                                        std::uint32_t tag) const;

private:
    friend Decoded<ConsumerCode> decode_cpm(std::string_view text);
    DataObjects objects_;
};

// Checks in this order and tells the first defect: length, base64, the format indicator 85, every
// object, applications (61) with their ids (4F), tags that stand where they may not, formats.
Decoded<ConsumerCode> decode_cpm(std::string_view text);

}  // namespace huitong::wire::emvqr
