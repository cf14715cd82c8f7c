// Strict reading of a JSON object against a schema that the caller spells out member by member:
//
//     Report report;
//     ObjectReader root = read_object(body, report);
//     root.required_string("description", {.max = 127}, request.description);
//     if (auto amount = root.required_object("amount")) {
//         amount->required_integer("total", {.min = 1, .max = amount_minor_max}, request.total);
//         amount->finish();
//     }
//     root.finish();
//     return report.into(std::move(request));
//
// What always holds: a defect of the outside never stops the reading, it lands in the Report (the
// first one stays); a null member counts as absent; finish() refuses members nobody asked for and
// members given twice; an integer is a JSON number without point and exponent.
//
// Readers and the text they look at live in buffers of the thread: they die with the next
// read_object() on it. Values handed out are copies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/json/field_error.hpp"
#include "wire/json/text.hpp"

namespace huitong::wire::json {

// Larger bodies are refused before a byte of them is parsed. The largest message of the merchant
// contract is a refund with some hundred goods lines.
inline constexpr std::size_t body_bytes_max = 256 * 1024;
inline constexpr std::size_t depth_max = 16;
// Members of one object: bounds the search for duplicates.
inline constexpr std::size_t members_max = 64;

struct IntegerRule {
    std::int64_t min = 0;
    std::int64_t max = 0;
};

// Elements of an array.
struct CountRule {
    std::size_t min = 1;
    std::size_t max = 0;
};

class ObjectReader {
public:
    void required_string(std::string_view name, const TextRule& rule, std::string& out);
    // Leaves `out` as it is when the member is absent.
    void optional_string(std::string_view name, const TextRule& rule, std::string& out);
    void required_integer(std::string_view name, IntegerRule rule, std::int64_t& out);
    void optional_integer(std::string_view name, IntegerRule rule,
                          std::optional<std::int64_t>& out);
    void required_boolean(std::string_view name, bool& out);
    void optional_boolean(std::string_view name, std::optional<bool>& out);
    // Nothing when absent or not an object. The caller ends each reader it gets with finish().
    std::optional<ObjectReader> required_object(std::string_view name);
    std::optional<ObjectReader> optional_object(std::string_view name);
    // One reader per element; empty when absent or defective.
    std::vector<ObjectReader> optional_objects(std::string_view name, CountRule rule);
    std::vector<ObjectReader> required_objects(std::string_view name, CountRule rule);
    void optional_strings(std::string_view name, CountRule count, const TextRule& rule,
                          std::vector<std::string>& out);

    // For objects whose members have no fixed names, which end without finish(): every name as it
    // was given, whether a member is an object, and its text without a rule.
    [[nodiscard]] std::vector<std::string> names() const;
    [[nodiscard]] bool is_object(std::string_view name) const;
    void any_string(std::string_view name, std::string& out);

    // Given and not null.
    [[nodiscard]] bool has(std::string_view name) const;
    // Reports that the caller's own rule about this member is broken.
    void refuse(std::string_view name, Error error, std::string_view issue);
    void missing(std::string_view name);
    // Refuses unknown and repeated members. Every reader ends with it.
    void finish();

private:
    friend ObjectReader read_object(std::string_view body, Report& report);
    ObjectReader(Report& report, std::size_t node, std::string pointer)
        : report_(&report), node_(node), pointer_(std::move(pointer)) {}

    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
    std::optional<std::size_t> take(std::string_view name);
    std::optional<std::size_t> need(std::string_view name);
    std::optional<std::size_t> array(std::optional<std::size_t> node, std::string_view name,
                                     CountRule rule);
    std::optional<ObjectReader> object(std::optional<std::size_t> node, std::string_view name);
    std::vector<ObjectReader> objects(std::optional<std::size_t> node, std::string_view name,
                                      CountRule rule);
    void text(std::size_t node, std::string_view name, const TextRule& rule, std::string& out);
    void integer(std::size_t node, std::string_view name, IntegerRule rule, std::int64_t& out);
    void boolean(std::size_t node, std::string_view name, bool& out);
    [[nodiscard]] std::string pointer_to(std::string_view name) const;
    void wrong_type(std::size_t node, std::string pointer, std::string_view issue);

    Report* report_;
    std::size_t node_;  // index into the thread's nodes
    std::string pointer_;
};

// Parses the body. When it is not a JSON object the report says so, and the reader is that of an
// empty object whose findings come too late to count.
ObjectReader read_object(std::string_view body, Report& report);

}  // namespace huitong::wire::json
