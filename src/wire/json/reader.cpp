#include "wire/json/reader.hpp"

#include <fmt/format.h>
#include <utility>

#include "base/ensure.hpp"
#include "wire/json/nodes.hpp"

namespace huitong::wire::json {

ObjectReader read_object(std::string_view body, Report& report) {
    Nodes& nodes = Nodes::of_thread();
    if (auto defect = nodes.parse(body)) {
        report.add({defect->error, std::move(defect->pointer), "", std::string(defect->issue),
                    Location::body});
        nodes.make_empty_object();
    }
    return {report, 0, ""};
}

std::string ObjectReader::pointer_to(std::string_view name) const {
    return pointer_ + pointer_step(name);
}

std::optional<std::size_t> ObjectReader::find(std::string_view name) const {
    return Nodes::of_thread().member(node_, name);
}

bool ObjectReader::has(std::string_view name) const {
    const auto node = find(name);
    return node && Nodes::of_thread()[*node].kind != Kind::null;
}

std::vector<std::string> ObjectReader::names() const {
    Nodes& nodes = Nodes::of_thread();
    const Node& self = nodes[node_];
    std::vector<std::string> names;
    for (std::size_t i = self.first; i < self.first + self.count; ++i)
        names.emplace_back(nodes[i].key);
    return names;
}

bool ObjectReader::is_object(std::string_view name) const {
    const auto node = find(name);
    return node && Nodes::of_thread()[*node].kind == Kind::object;
}

void ObjectReader::any_string(std::string_view name, std::string& out) {
    const auto node = need(name);
    if (!node) return;
    const Node& found = Nodes::of_thread()[*node];
    if (found.kind != Kind::text) return wrong_type(*node, pointer_to(name), "is not a string");
    out = found.text;
}

// The member if it is there and not null. Either way it is a known member from now on.
std::optional<std::size_t> ObjectReader::take(std::string_view name) {
    const auto node = find(name);
    if (!node) return std::nullopt;
    Nodes& nodes = Nodes::of_thread();
    nodes[*node].known = true;
    if (nodes[*node].kind == Kind::null) return std::nullopt;
    return node;
}

std::optional<std::size_t> ObjectReader::need(std::string_view name) {
    auto node = take(name);
    if (!node) missing(name);
    return node;
}

void ObjectReader::missing(std::string_view name) {
    if (!report_->clean()) return;
    report_->add({Error::field_missing, pointer_to(name), "", "is required", Location::body});
}

void ObjectReader::refuse(std::string_view name, Error error, std::string_view issue) {
    if (!report_->clean()) return;
    const auto node = find(name);
    report_->add({error, pointer_to(name), node ? Nodes::of_thread().shown(*node) : "",
                  std::string(issue), Location::body});
}

void ObjectReader::wrong_type(std::size_t node, std::string pointer, std::string_view issue) {
    if (!report_->clean()) return;
    report_->add({Error::field_format, std::move(pointer), Nodes::of_thread().shown(node),
                  std::string(issue), Location::body});
}

void ObjectReader::text(std::size_t node, std::string_view name, const TextRule& rule,
                        std::string& out) {
    const Node& found = Nodes::of_thread()[node];
    const auto defect = found.kind == Kind::text
                            ? judge(found.text, rule)
                            : TextDefect{Error::field_format, "is not a string"};
    if (!defect) {
        out = found.text;
        return;
    }
    if (!report_->clean()) return;
    report_->add({defect->error, pointer_to(name),
                  rule.secret ? "" : Nodes::of_thread().shown(node), std::string(defect->issue),
                  Location::body});
}

void ObjectReader::required_string(std::string_view name, const TextRule& rule, std::string& out) {
    if (const auto node = need(name)) text(*node, name, rule, out);
}

void ObjectReader::optional_string(std::string_view name, const TextRule& rule, std::string& out) {
    if (const auto node = take(name)) text(*node, name, rule, out);
}

void ObjectReader::integer(std::size_t node, std::string_view name, IntegerRule rule,
                           std::int64_t& out) {
    const Node& found = Nodes::of_thread()[node];
    const bool huge = found.kind == Kind::huge_integer;  // Above 2^63 - 1, hence above every max.
    if (found.kind != Kind::integer && !huge)
        return wrong_type(node, pointer_to(name), "is not an integer");
    if (huge || found.integer < rule.min || found.integer > rule.max)
        return refuse(name, Error::field_range, "is out of range");
    out = found.integer;
}

void ObjectReader::required_integer(std::string_view name, IntegerRule rule, std::int64_t& out) {
    if (const auto node = need(name)) integer(*node, name, rule, out);
}

void ObjectReader::optional_integer(std::string_view name, IntegerRule rule,
                                    std::optional<std::int64_t>& out) {
    if (const auto node = take(name)) integer(*node, name, rule, out.emplace(0));
}

void ObjectReader::boolean(std::size_t node, std::string_view name, bool& out) {
    const Node& found = Nodes::of_thread()[node];
    if (found.kind != Kind::boolean) return wrong_type(node, pointer_to(name), "is not a boolean");
    out = found.integer != 0;
}

void ObjectReader::required_boolean(std::string_view name, bool& out) {
    if (const auto node = need(name)) boolean(*node, name, out);
}

void ObjectReader::optional_boolean(std::string_view name, std::optional<bool>& out) {
    if (const auto node = take(name)) boolean(*node, name, out.emplace(false));
}

std::optional<ObjectReader> ObjectReader::object(std::optional<std::size_t> node,
                                                 std::string_view name) {
    if (!node) return std::nullopt;
    if (Nodes::of_thread()[*node].kind != Kind::object) {
        wrong_type(*node, pointer_to(name), "is not an object");
        return std::nullopt;
    }
    return ObjectReader{*report_, *node, pointer_to(name)};
}

std::optional<ObjectReader> ObjectReader::required_object(std::string_view name) {
    return object(need(name), name);
}

std::optional<ObjectReader> ObjectReader::optional_object(std::string_view name) {
    return object(take(name), name);
}

std::optional<std::size_t> ObjectReader::array(std::optional<std::size_t> node,
                                               std::string_view name, CountRule rule) {
    if (!node) return std::nullopt;
    const Node& found = Nodes::of_thread()[*node];
    if (found.kind != Kind::array) {
        wrong_type(*node, pointer_to(name), "is not an array");
        return std::nullopt;
    }
    if (found.count < rule.min || found.count > rule.max) {
        refuse(name, Error::field_range, "has too few or too many elements");
        return std::nullopt;
    }
    return node;
}

std::vector<ObjectReader> ObjectReader::objects(std::optional<std::size_t> node,
                                                std::string_view name, CountRule rule) {
    std::vector<ObjectReader> readers;
    const auto list = array(node, name, rule);
    if (!list) return readers;
    const Node& found = Nodes::of_thread()[*list];
    const std::string pointer = pointer_to(name);
    for (std::size_t i = 0; i < found.count; ++i) {
        const std::size_t element = found.first + i;
        std::string element_pointer = fmt::format("{}/{}", pointer, i);
        if (Nodes::of_thread()[element].kind == Kind::object) {
            readers.push_back({*report_, element, std::move(element_pointer)});
        } else {
            wrong_type(element, std::move(element_pointer), "is not an object");
        }
    }
    return readers;
}

std::vector<ObjectReader> ObjectReader::optional_objects(std::string_view name, CountRule rule) {
    return objects(take(name), name, rule);
}

std::vector<ObjectReader> ObjectReader::required_objects(std::string_view name, CountRule rule) {
    return objects(need(name), name, rule);
}

void ObjectReader::optional_strings(std::string_view name, CountRule count, const TextRule& rule,
                                    std::vector<std::string>& out) {
    const auto list = array(take(name), name, count);
    if (!list) return;
    const Node& found = Nodes::of_thread()[*list];
    ObjectReader elements{*report_, *list, pointer_to(name)};  // Their names are their indices.
    out.resize(found.count);
    for (std::size_t i = 0; i < found.count; ++i)
        elements.text(found.first + i, std::to_string(i), rule, out[i]);
}

void ObjectReader::finish() {
    if (!report_->clean()) return;
    Nodes& nodes = Nodes::of_thread();
    const Node& self = nodes[node_];
    for (std::size_t i = self.first; i < self.first + self.count; ++i) {
        if (nodes[i].known) continue;
        const bool repeated = find(nodes[i].key) != i;
        // The value is not shown: it may be a password whose name was mistyped.
        report_->add({repeated ? Error::field_format : Error::field_unknown,
                      pointer_ + pointer_step(printable(nodes[i].key)), "",
                      repeated ? "is given more than once" : "is not defined here",
                      Location::body});
        return;
    }
}

}  // namespace huitong::wire::json
