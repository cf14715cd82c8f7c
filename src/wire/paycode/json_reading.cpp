#include <charconv>
#include <fmt/format.h>
#include <optional>
#include <utility>

#include "crypto/bytes.hpp"
#include "wire/json/reader.hpp"
#include "wire/json/writer.hpp"
#include "wire/paycode/json_form.hpp"

namespace huitong::wire::paycode {
namespace {

using emvqr::Defect;
using emvqr::DefectCode;
using emvqr::Finding;
using emvqr::Node;
using Nodes = std::vector<Node>;

constexpr std::size_t data_tag_digits_max = 6;

std::optional<std::uint32_t> number_of(std::string_view text, int base) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// The members of `tags`, or of a template in it, whose place is `at`. JSON is read to a limited
// depth, so the calls are bounded.
Finding read_tags(json::ObjectReader& reader, const std::string& at, Nodes& nodes) {
    for (const std::string& name : reader.names()) {
        const auto tag = name.size() == 2 ? number_of(name, 10) : std::nullopt;
        if (!tag) return Defect{DefectCode::bad_tag, at};
        Node node{.tag = *tag};
        const std::string inner = at.empty() ? name : fmt::format("{}.{}", at, name);
        if (!reader.is_object(name)) {
            reader.any_string(name, node.value);
        } else if (auto members = reader.optional_object(name)) {
            if (Finding found = read_tags(*members, inner, node.children)) return found;
        }
        nodes.push_back(std::move(node));
    }
    return {};
}

// A member of hexadecimal digits; reports what is wrong with it.
std::string read_hex(json::ObjectReader& reader, std::string_view name, std::size_t digits_max) {
    std::string digits;
    reader.any_string(name, digits);
    auto bytes = crypto::from_hex(digits);
    if (bytes && digits.size() <= digits_max) return *std::move(bytes);
    reader.refuse(name, Error::field_format, "is not hexadecimal, or too long");
    return {};
}

// The elements of `data_objects`, or of `children`. Bounded as read_tags is.
Nodes read_data(std::vector<json::ObjectReader> readers) {
    Nodes nodes;
    for (json::ObjectReader& reader : readers) {
        Node node;
        for (const char byte : read_hex(reader, "tag", data_tag_digits_max))
            node.tag = node.tag << 8U | static_cast<std::uint8_t>(byte);
        if (reader.has("children")) {
            node.children = read_data(
                reader.required_objects("children", {.min = 0, .max = emvqr::data_objects_max}));
        } else {
            node.value = read_hex(reader, "value", 2 * emvqr::data_bytes_max);
        }
        reader.finish();
        nodes.push_back(std::move(node));
    }
    return nodes;
}

Line refused(const Defect& defect, std::string_view issue) {
    Line line;
    json::Writer json(line.text);
    json.begin_object();
    json.boolean("valid", false);
    json.text("error", to_text(defect.code));
    json.text("at", defect.at);
    json.text("issue", issue);
    json.end_object();
    return line;
}

Line refused(const json::FieldError& error) {
    return refused({DefectCode::json, error.pointer}, error.issue);
}

Line answer(emvqr::Decoded<std::string> text) {
    if (!text) return refused(text.error(), explain(text.error().code));
    return {.text = *std::move(text), .good = true};
}

}  // namespace

Line encode_from_json(std::string_view json, emvqr::Order order, emvqr::Strictness strictness) {
    json::Report report;
    json::ObjectReader root = json::read_object(json, report);
    const bool is_consumer = root.has("data_objects");
    Nodes nodes;
    Finding found;
    if (is_consumer) {
        nodes = read_data(root.required_objects("data_objects", {.max = emvqr::data_objects_max}));
    } else if (auto tags = root.required_object("tags")) {
        found = read_tags(*tags, "", nodes);
    }
    if (const auto& first = report.first()) return refused(*first);
    if (found) return refused(*found, explain(found->code));
    return answer(is_consumer ? emvqr::encode_cpm(nodes)
                              : emvqr::encode_mpm(nodes, order, strictness));
}

}  // namespace huitong::wire::paycode
