#include "wire/emvqr/compose.hpp"

#include <algorithm>

#include "crypto/bytes.hpp"
#include "wire/emvqr/consumer_code.hpp"
#include "wire/emvqr/crc.hpp"
#include "wire/emvqr/walker.hpp"

namespace huitong::wire::emvqr {
namespace {

constexpr std::string_view crc_header = "6304";
constexpr std::size_t length_max = 99;       // characters
constexpr std::size_t short_length = 0x7F;   // the longest that one byte says
constexpr std::size_t byte_length = 0xFF;    // and the longest of two, 81 first
constexpr std::size_t word_length = 0xFFFF;  // of three, 82 first

std::string two_digits(std::size_t number) {
    return place(static_cast<unsigned>(number));
}

// Puts the place of a template before that of a defect in it.
Finding inside(std::string outer, Finding found) {
    if (found) found->at = found->at.empty() ? std::move(outer) : outer + "." + found->at;
    return found;
}

std::vector<const Node*> in_order(std::span<const Node> nodes, Order order) {
    std::vector<const Node*> ordered;
    ordered.reserve(nodes.size());
    for (const Node& node : nodes) ordered.push_back(&node);
    if (order == Order::ascending)
        std::ranges::stable_sort(ordered, {}, [](const Node* node) { return node->tag; });
    return ordered;
}

// Appends the objects and all that they hold, depth templates deep. As deep as codes go, and no
// deeper: so the calls are bounded.
Finding append_objects(std::string& text, std::span<const Node> nodes, Order order,
                       std::size_t depth) {
    if (depth == levels_max) return Defect{DefectCode::bad_tag, ""};
    for (const Node* node : in_order(nodes, order)) {
        if (depth == 0 && node->tag == crc_tag) continue;
        if (node->tag > 99) return Defect{DefectCode::bad_tag, ""};
        const std::size_t start = text.size();
        text += two_digits(node->tag) + "00";
        if (node->children.empty()) {
            text += node->value;
        } else if (Finding found = append_objects(text, node->children, order, depth + 1)) {
            return inside(two_digits(node->tag), std::move(found));
        }
        const std::size_t length = characters(std::string_view(text).substr(start + header_size));
        if (length > length_max) return Defect{DefectCode::length, two_digits(node->tag)};
        text.replace(start + 2, 2, two_digits(length));
    }
    return {};
}

std::string big_endian(std::size_t number) {
    std::string bytes;
    for (; number != 0; number >>= 8U) bytes.insert(bytes.begin(), static_cast<char>(number));
    return bytes;
}

std::string ber_length(std::size_t length) {
    if (length <= short_length) return {static_cast<char>(length)};
    return (length <= byte_length ? '\x81' : '\x82') + big_endian(length);
}

// As append_objects, in BER.
Finding append_data(std::string& bytes, std::span<const Node> nodes, std::size_t depth) {
    if (depth == data_levels_max) return Defect{DefectCode::bad_tag, ""};
    for (const Node& node : nodes) {
        if (node.tag > 0xFFFFFF || node.tag == 0) return Defect{DefectCode::bad_tag, ""};
        std::string value = node.value;
        if (!node.children.empty()) {
            value.clear();
            if (Finding found = append_data(value, node.children, depth + 1))
                return inside(data_tag_text(node.tag), std::move(found));
        }
        if (value.size() > word_length) return Defect{DefectCode::length, data_tag_text(node.tag)};
        bytes += big_endian(node.tag) + ber_length(value.size()) + value;
    }
    return {};
}

// The lists have a template before what it holds, so the open templates are a stack.
template <class List>
std::vector<Node> trees_of(const List& objects) {
    std::vector<Node> trees;
    std::vector<std::vector<Node>*> open{&trees};
    for (const auto& object : objects.all()) {
        open.resize(object.depth + 1U);
        Node& node = open.back()->emplace_back(Node{.tag = object.tag});
        if (object.is_template) {
            open.push_back(&node.children);
        } else {
            node.value = objects.value(object);
        }
    }
    return trees;
}

}  // namespace

Decoded<std::string> encode_mpm(std::span<const Node> nodes, Order order, Strictness strictness) {
    std::string text;
    text.reserve(code_characters_max);
    if (Finding found = append_objects(text, nodes, order, 0))
        return std::unexpected(*std::move(found));
    text += crc_header;
    const auto digits = crc_digits(crc16(text));
    text.append(digits.data(), digits.size());
    if (auto read = decode_mpm(text, strictness); !read) return std::unexpected(read.error());
    return text;
}

Decoded<std::string> encode_cpm(std::span<const Node> nodes) {
    std::string bytes;
    if (Finding found = append_data(bytes, nodes, 0)) return std::unexpected(*std::move(found));
    std::string text = crypto::to_base64(bytes);
    if (auto read = decode_cpm(text); !read) return std::unexpected(read.error());
    return text;
}

std::vector<Node> nodes_of(const Objects& objects) {
    return trees_of(objects);
}

std::vector<Node> nodes_of(const DataObjects& objects) {
    return trees_of(objects);
}

}  // namespace huitong::wire::emvqr
