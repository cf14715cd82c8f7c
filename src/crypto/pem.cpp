#include "crypto/pem.hpp"

#include <utility>

#include "crypto/bytes.hpp"

namespace huitong::crypto {
namespace {

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";
constexpr std::string_view dashes = "-----";

bool is_space(char c) {
    return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

// Line ends of any system, and the blanks that copying from a web page leaves.
Secret without_spaces(std::string_view text) {
    Secret packed = Secret::of_size(text.size());
    std::size_t size = 0;
    for (const char c : text)
        if (!is_space(c)) packed.writable()[size++] = c;
    packed.shorten(size);
    return packed;
}

}  // namespace

bool looks_like_pem(std::string_view text) {
    return text.find(begin_mark) != std::string_view::npos;
}

Result<Secret> from_pem(std::string_view label, std::string_view text) {
    if (text.size() > pem_bytes_max) return refuse(Error::field_format);
    const std::string head = std::string(begin_mark).append(label).append(dashes);
    const std::string foot = std::string(end_mark).append(label).append(dashes);
    const std::size_t begin = text.find(head);
    // Two blocks would leave open which one is meant.
    if (begin == std::string_view::npos || text.find(begin_mark) != begin ||
        text.find(begin_mark, begin + head.size()) != std::string_view::npos)
        return refuse(Error::field_format);
    const std::string_view inside = text.substr(begin + head.size());
    const std::size_t end = inside.find(foot);
    if (end == std::string_view::npos) return refuse(Error::field_format);

    return from_pasted_base64(inside.substr(0, end));
}

Result<Secret> from_pasted_base64(std::string_view text) {
    const Secret packed = without_spaces(text);
    TRY(bytes, from_base64(packed.expose()));
    if (bytes.empty()) return refuse(Error::field_format);
    return Secret::take(std::move(bytes));
}

std::string to_pem(std::string_view label, std::string_view der) {
    constexpr std::size_t line_chars = 64;
    std::string digits = to_base64(der);
    std::string text;
    text.reserve(digits.size() + digits.size() / line_chars + 2 * label.size() + 64);
    text.append(begin_mark).append(label).append(dashes).append("\n");
    for (std::size_t i = 0; i < digits.size(); i += line_chars)
        text.append(digits, i, line_chars).append("\n");
    text.append(end_mark).append(label).append(dashes).append("\n");
    wipe(digits);  // It may have been a private key.
    return text;
}

}  // namespace huitong::crypto
