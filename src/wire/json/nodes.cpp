#include "wire/json/nodes.hpp"

#include <cstring>
#include <simdjson.h>
#include <utility>

#include "base/ensure.hpp"
#include "wire/json/field_error.hpp"
#include "wire/json/huge_number.hpp"
#include "wire/json/reader.hpp"

namespace huitong::wire::json {
namespace {

namespace dom = simdjson::dom;

// simdjson reads some bytes past the end, so the body is copied into a buffer with room for that.
struct Machine {
    dom::parser parser{body_bytes_max};
    std::vector<std::uint8_t> padded;
    std::vector<dom::element> elements;  // side by side with Nodes::nodes_
    bool ready = parser.allocate(16 * 1024, depth_max) == simdjson::SUCCESS;
};

Machine& machine() {
    thread_local Machine of_thread;
    return of_thread;
}

Nodes::Defect explain(simdjson::error_code code) {
    switch (code) {
        case simdjson::CAPACITY:
            return {Error::body_too_large, "the body is too large"};
        case simdjson::DEPTH_ERROR:
            return {Error::body_malformed, "the body is nested too deeply"};
        case simdjson::UTF8_ERROR:
            return {Error::body_malformed, "the body is not valid UTF-8"};
        case simdjson::NUMBER_ERROR:
            return {Error::body_malformed, "a number is malformed"};
        case simdjson::MEMALLOC:
            return {Error::overloaded, "out of memory"};
        default:  // A library's code: new ones may come.
            return {Error::body_malformed, "the body is not valid JSON"};
    }
}

// Why the body was not parsed; a number that is too large gets its member's name.
Nodes::Defect explain(simdjson::error_code code, std::string_view body) {
    if (code == simdjson::NUMBER_ERROR) {
        if (auto pointer = pointer_of_huge_number(body))
            return {Error::field_range, "is out of range", *std::move(pointer)};
    }
    return explain(code);
}

// The value of an element whose type is known to be T.
template <class T>
T taken(const dom::element& element) {
    T value{};
    ENSURE(element.get(value) == simdjson::SUCCESS);
    return value;
}

// The node of a scalar; containers get their children later.
Node scalar(const dom::element& element, std::string_view key) {
    Node node;
    node.key = key;
    switch (element.type()) {
        case dom::element_type::NULL_VALUE:
            break;
        case dom::element_type::BOOL:
            node.kind = Kind::boolean;
            node.integer = taken<bool>(element) ? 1 : 0;
            break;
        case dom::element_type::INT64:
            node.kind = Kind::integer;
            node.integer = taken<std::int64_t>(element);
            break;
        case dom::element_type::UINT64:
            node.kind = Kind::huge_integer;
            break;
        case dom::element_type::DOUBLE:
            node.kind = Kind::fraction;
            break;
        case dom::element_type::STRING:
            node.kind = Kind::text;
            node.text = taken<std::string_view>(element);
            break;
        case dom::element_type::OBJECT:
            node.kind = Kind::object;
            break;
        case dom::element_type::ARRAY:
            node.kind = Kind::array;
            break;
    }
    return node;
}

// Appends the children of the container at `index` to both lists.
void expand(std::vector<Node>& nodes, std::vector<dom::element>& elements, std::size_t index) {
    const dom::element element = elements[index];
    const std::size_t first = nodes.size();
    const auto append = [&](const dom::element& child, std::string_view key) {
        nodes.push_back(scalar(child, key));
        elements.push_back(child);
    };
    dom::object members;
    dom::array list;
    if (element.get(members) == simdjson::SUCCESS) {
        for (const auto& field : members) append(field.value, field.key);
    } else if (element.get(list) == simdjson::SUCCESS) {
        for (const auto& child : list) append(child, {});
    }
    nodes[index].first = first;
    nodes[index].count = nodes.size() - first;
}

}  // namespace

Nodes& Nodes::of_thread() {
    thread_local Nodes nodes;
    return nodes;
}

void Nodes::make_empty_object() {
    nodes_.assign(1, Node{});
    nodes_[0].kind = Kind::object;
    nodes_[0].first = 1;
}

std::optional<Nodes::Defect> Nodes::parse(std::string_view body) {
    Machine& m = machine();
    if (body.size() > body_bytes_max) return explain(simdjson::CAPACITY);
    if (!m.ready) return explain(simdjson::MEMALLOC);
    m.padded.resize(body.size() + simdjson::SIMDJSON_PADDING);
    if (!body.empty()) std::memcpy(m.padded.data(), body.data(), body.size());
    std::memset(m.padded.data() + body.size(), 0, simdjson::SIMDJSON_PADDING);
    dom::element root;
    if (const auto code = m.parser.parse(m.padded.data(), body.size(), false).get(root))
        return explain(code, body);
    if (!root.is_object()) return Defect{Error::body_malformed, "the body is not a JSON object"};

    nodes_.assign(1, scalar(root, {}));
    m.elements.assign(1, root);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        expand(nodes_, m.elements, i);
        if (nodes_[i].kind == Kind::object && nodes_[i].count > members_max)
            return Defect{Error::body_malformed, "an object has too many members"};
    }
    return std::nullopt;
}

std::optional<std::size_t> Nodes::member(std::size_t object, std::string_view name) const {
    const Node& node = nodes_[object];
    for (std::size_t i = node.first; i < node.first + node.count; ++i) {
        if (nodes_[i].key == name) return i;
    }
    return std::nullopt;
}

std::string Nodes::shown(std::size_t index) const {
    const Node& node = nodes_[index];
    switch (node.kind) {
        case Kind::null:
            return "null";
        case Kind::boolean:
            return node.integer != 0 ? "true" : "false";
        case Kind::integer:
            return std::to_string(node.integer);
        case Kind::huge_integer:
        case Kind::fraction:
            return printable(simdjson::minify(machine().elements[index]));
        case Kind::text:
            return printable(node.text);
        case Kind::object:
            return "{...}";
        case Kind::array:
            return "[...]";
    }
    std::unreachable();
}

}  // namespace huitong::wire::json
