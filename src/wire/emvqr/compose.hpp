// Writes payment codes from trees of objects. What comes out has been read again and keeps every
// rule: an encoder that trusts its caller prints plates that no wallet takes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "wire/emvqr/data_objects.hpp"
#include "wire/emvqr/merchant_code.hpp"

namespace huitong::wire::emvqr {

// An object with its value, or a template with what it holds; a node with children has no value.
struct Node {
    std::uint32_t tag = 0;  // 0-99 in merchant codes; the bytes as a number in consumer codes
    std::string value;
    std::vector<Node> children;

    friend bool operator==(const Node&, const Node&) = default;
};

enum class Order : std::uint8_t {
    ascending,  // by tag, so that equal input gives equal text (emv-qr section 8)
    as_given,
};

// The text of a merchant-presented code. 63 is reckoned and comes last: one that is given is left
// out. Tells what decode_mpm would, and LENGTH for a value of more than 99 characters, BAD_TAG for
// a tag above 99 or a template deeper than codes have them.
Decoded<std::string> encode_mpm(std::span<const Node> nodes, Order order = Order::ascending,
                                Strictness strictness = Strictness::relaxed_where_known);

// The base64 of a consumer-presented code, in the order given. Tells what decode_cpm would, and
// BAD_TAG for a tag of more than three bytes or a template deeper than codes have them.
Decoded<std::string> encode_cpm(std::span<const Node> nodes);

// The trees of what has been read, 63 included.
std::vector<Node> nodes_of(const Objects& objects);
std::vector<Node> nodes_of(const DataObjects& objects);

}  // namespace huitong::wire::emvqr
