// What a message's MAC covers, and the MAC of a message made and checked (iso8583.md sections 9 and
// 11). Which key and algorithm a link uses, and which messages must have a MAC, the door knows.
#pragma once

#include <string>
#include <string_view>

#include "crypto/card/block_mac.hpp"
#include "wire/iso8583/builder.hpp"
#include "wire/iso8583/message.hpp"

namespace huitong::wire::iso8583 {

// The field that carries the message's MAC: 128, or 64 when that is the one it has; 0: none.
unsigned mac_field_of(const Message& message);

// The bytes that the MAC of a message covers. Of MacKind::whole they are in the message, else they
// are put together in `buffer`: MTI and fields as sent with their length digits, each cleaned,
// joined by spaces. Empty when the dialect has no MAC.
std::string_view mac_data(const Message& message, std::string& buffer);

// Checks field 128 or 64, in constant time: mac_mismatch also when the message has none. Of a key
// message only the four bytes of the MAC: the check value is compared by whoever has the new key.
Checked<void> verify_mac(const Message& message, crypto::BlockMac& mac, std::string& buffer);

// Adds the MAC as the last field to what was built. `check_value` is that of the new key in a key
// message, 4 bytes; else it is not used.
Checked<void> add_mac(Builder& builder, crypto::BlockMac& mac, std::string& buffer,
                      std::string_view check_value = {});

}  // namespace huitong::wire::iso8583
