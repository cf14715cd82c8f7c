#include "apps/conform/json/pattern.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <simdjson.h>

#include "wire/json/writer.hpp"

namespace huitong::apps::conform {
namespace {

namespace dom = simdjson::dom;

// A value of a document: its JSON pointer, itself as JSON, and as text when it is one.
struct Leaf {
    std::string pointer;
    std::string shown;
    std::string text;  // of a text its characters, else as shown
};

// Containers show their kind, a list its length, too.
std::string shown(const dom::element& element) {
    dom::array list;
    if (element.get(list) == simdjson::SUCCESS) return fmt::format("a list of {}", list.size());
    if (element.is_object()) return "an object";
    return simdjson::minify(element);
}

std::string text_of(const dom::element& element) {
    std::string_view text;
    return element.get(text) == simdjson::SUCCESS ? std::string(text) : shown(element);
}

// All values, those of a container behind it; nothing when it is no JSON.
std::optional<std::vector<Leaf>> leaves_of(std::string_view json) {
    dom::parser parser;
    dom::element root;
    if (parser.parse(simdjson::padded_string(json)).get(root) != simdjson::SUCCESS)
        return std::nullopt;
    std::vector<Leaf> leaves{
        {"", shown(root), shown(root)}
    };
    std::vector<dom::element> elements{root};
    const auto append = [&](std::size_t of, const dom::element& child, std::string_view name) {
        leaves.push_back(
            {fmt::format("{}/{}", leaves[of].pointer, name), shown(child), text_of(child)});
        elements.push_back(child);
    };
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const dom::element element = elements[i];
        dom::object members;
        dom::array list;
        if (element.get(members) == simdjson::SUCCESS) {
            for (const auto& field : members) append(i, field.value, field.key);
        } else if (element.get(list) == simdjson::SUCCESS) {
            std::size_t index = 0;
            for (const auto& child : list) append(i, child, std::to_string(index++));
        }
    }
    return leaves;
}

}  // namespace

std::string json_escaped(std::string_view value) {
    std::string quoted;
    wire::json::Writer json(quoted);
    json.begin_array();
    json.text(value);
    json.end_array();
    return quoted.substr(2, quoted.size() - 4);
}

std::optional<std::string> find_pattern_defect(std::string_view pattern) {
    std::string filled;
    for (std::size_t at = 0; at < pattern.size();) {
        const bool opens = pattern.substr(at).starts_with("{{");
        const std::size_t end = opens ? pattern.find("}}", at) : at;
        if (end == std::string_view::npos) return "a placeholder is not closed with `}}`";
        filled += opens ? '0' : pattern[at];
        at = opens ? end + 2 : at + 1;
    }
    if (leaves_of(filled)) return std::nullopt;
    return "what is expected is not JSON";
}

std::string text_at(std::string_view body, std::string_view pointer) {
    const auto leaves = leaves_of(body);
    if (!leaves) return {};
    const auto found = std::ranges::find(*leaves, pointer, &Leaf::pointer);
    return found == leaves->end() ? std::string{} : found->text;
}

std::vector<Difference> compare_json(std::string_view pattern, std::string_view body,
                                     Values& values) {
    const auto expected = leaves_of(pattern);
    const auto came = leaves_of(body);
    std::vector<Difference> differences;
    // A parameter may have spoilt it.
    if (!expected) differences.push_back({"what is expected", "JSON", std::string(pattern)});
    if (!came) differences.push_back({"body", "JSON", "no JSON"});
    if (!differences.empty()) return differences;
    for (const Leaf& wanted : *expected) {
        const auto found = std::ranges::find(*came, wanted.pointer, &Leaf::pointer);
        const bool there = found != came->end();
        const bool special = wanted.text.starts_with("{{");
        std::optional<std::string> value;
        if (there) value = special ? found->text : found->shown;
        const std::string& want = special ? wanted.text : wanted.shown;
        const std::string where = wanted.pointer.empty() ? "body" : wanted.pointer;
        if (auto difference = compare(where, want, value, values))
            differences.push_back(*std::move(difference));
    }
    return differences;
}

}  // namespace huitong::apps::conform
