// A JSON document as a flat list of nodes: node 0 is the root object, and the children of a
// container lie side by side, so that nothing here recurses on what a stranger sent. Keeps
// simdjson out of everybody's includes. Only reader.cpp uses it.
//
// Texts point into the thread's parser: they die with the next parse() on the thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace huitong::wire::json {

enum class Kind : std::uint8_t {
    null,
    boolean,
    integer,
    huge_integer,  // from 2^63 to 2^64 - 1
    fraction,      // any number with a point or an exponent
    text,
    object,
    array,
};

struct Node {
    Kind kind = Kind::null;
    bool known = false;        // somebody has asked for this member
    std::string_view key;      // of a member of an object, unescaped
    std::string_view text;     // of Kind::text, unescaped
    std::int64_t integer = 0;  // of Kind::integer; 0 or 1 of Kind::boolean
    std::size_t first = 0;     // of a container: where its children begin
    std::size_t count = 0;     // of a container
};

class Nodes {
public:
    struct Defect {
        Error error;
        std::string_view issue;
        std::string pointer = {};  // of the member, where it is known
    };

    static Nodes& of_thread();

    // Replaces the document. Nothing when the body is a JSON object within the limits.
    std::optional<Defect> parse(std::string_view body);
    void make_empty_object();

    Node& operator[](std::size_t index) { return nodes_[index]; }
    // The first member of this name.
    [[nodiscard]] std::optional<std::size_t> member(std::size_t object,
                                                    std::string_view name) const;
    // The node's value as an error body may show it.
    [[nodiscard]] std::string shown(std::size_t index) const;

private:
    std::vector<Node> nodes_;
};

}  // namespace huitong::wire::json
