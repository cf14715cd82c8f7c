// FieldError: the first defect of a message, precise enough to repair it by, and Report, which
// collects it. Parsers judge members in the order of their documentation and keep only the first
// defect, because the merchant contract's error body has room for one (wechatpay-v3 3.1).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace huitong::wire::json {

enum class Location : std::uint8_t { body, query, path, header };

// "body", "query", "path", "header": the member `location` of an error body.
std::string_view to_text(Location location);

struct FieldError {
    Error error = Error::field_format;
    std::string pointer;  // JSON pointer (RFC 6901), such as /amount/total; empty: the whole
    std::string value;    // what was sent, made short and printable; empty when nothing was
    std::string issue;    // one English clause
    Location location = Location::body;

    friend bool operator==(const FieldError&, const FieldError&) = default;
};

template <class T>
using Parsed = std::expected<T, FieldError>;

// A client's text made fit for an error body or a log: at most 64 characters, every control
// character and every malformed byte replaced by '?'.
std::string printable(std::string_view text);

// One step of a JSON pointer with its escapes: "/" + name.
std::string pointer_step(std::string_view name);

// Keeps the first defect. Readers share one and go on reading after a defect: what they read then
// is thrown away by into(), so no parser needs an early return per member.
class Report {
public:
    void add(FieldError defect) {
        if (!first_) first_ = std::move(defect);
    }
    [[nodiscard]] bool clean() const { return !first_; }
    [[nodiscard]] const std::optional<FieldError>& first() const { return first_; }

    // The value, unless a defect was found.
    template <class T>
    [[nodiscard]] Parsed<T> into(T value) {
        if (first_) return std::unexpected(std::move(*first_));
        return value;
    }

private:
    std::optional<FieldError> first_;
};

}  // namespace huitong::wire::json
