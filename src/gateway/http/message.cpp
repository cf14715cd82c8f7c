#include "gateway/http/message.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace huitong::gateway::http {
namespace {

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

struct Phrase {
    int status;
    std::string_view text;
};

constexpr Phrase phrases[] = {
    {200, "OK"                             },
    {201, "Created"                        },
    {202, "Accepted"                       },
    {204, "No Content"                     },
    {302, "Found"                          },
    {304, "Not Modified"                   },
    {400, "Bad Request"                    },
    {401, "Unauthorized"                   },
    {403, "Forbidden"                      },
    {404, "Not Found"                      },
    {405, "Method Not Allowed"             },
    {408, "Request Timeout"                },
    {409, "Conflict"                       },
    {413, "Content Too Large"              },
    {415, "Unsupported Media Type"         },
    {422, "Unprocessable Content"          },
    {429, "Too Many Requests"              },
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"          },
    {501, "Not Implemented"                },
    {502, "Bad Gateway"                    },
    {503, "Service Unavailable"            },
    {504, "Gateway Timeout"                },
    {505, "HTTP Version Not Supported"     },
};

// The phrase means nothing to a program (RFC 9112 section 4), so an unknown one is no matter.
std::string_view reason_phrase(int status) {
    const auto* const found = std::ranges::find(phrases, status, &Phrase::status);
    return found == std::end(phrases) ? "Status" : found->text;
}

void append_number(std::string& out, std::size_t number) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, end);
}

// A value that could end its line early, made harmless. Nearly none can: memchr is quick to see it.
void append_harmless(std::string& out, std::string_view text) {
    const auto start = static_cast<std::ptrdiff_t>(out.size());
    out.append(text);
    for (const char c : {'\r', '\n', '\0'}) {
        if (text.contains(c)) std::replace(out.begin() + start, out.end(), c, ' ');
    }
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    append_harmless(out, name);
    out.append(": ");
    append_harmless(out, value);
    out.append("\r\n");
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

Headers::Headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    for (const auto& [name, value] : fields) add(name, value);
}

void Headers::add(std::string_view name, std::string_view value) {
    if (fields_.empty()) {  // What an ordinary request brings, so that nothing grows by doubling.
        text_.reserve(1024);
        fields_.reserve(16);
    }
    const auto offset = [this] { return static_cast<std::uint32_t>(text_.size()); };
    Field field{.name = offset(), .value = 0, .end = 0};
    text_.append(name);
    field.value = offset();
    text_.append(value);
    field.end = offset();
    fields_.push_back(field);
}

std::pair<std::string_view, std::string_view> Headers::at(std::size_t index) const {
    const auto& field = fields_.at(index);
    const std::string_view all = text_;
    return {all.substr(field.name, field.value - field.name),
            all.substr(field.value, field.end - field.value)};
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (const auto field = at(i); same_name(field.first, name)) return field.second;
    }
    return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
    std::size_t found = 0;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (same_name(at(i).first, name)) ++found;
    }
    return found;
}

std::string_view Request::path() const {
    std::string_view rest = target;
    if (!rest.starts_with('/') && rest.contains("://")) {  // Absolute form, RFC 9112 section 3.2.2.
        rest.remove_prefix(rest.find("://") + 3);
        const auto slash = rest.find_first_of("/?");
        if (slash == rest.npos || rest[slash] == '?') return "/";
        rest.remove_prefix(slash);
    }
    return rest.substr(0, rest.find('?'));
}

std::string_view Request::query() const {
    const std::string_view all = target;
    const auto mark = all.find('?');
    return mark == all.npos ? std::string_view{} : all.substr(mark + 1);
}

std::string_view Request::header(std::string_view name) const {
    return headers.find(name).value_or(std::string_view{});
}

void append_response(std::string& out, const Response& response, Framing framing) {
    const bool empty = response.status == 204 || response.status == 304;
    out.append("HTTP/1.1 ");
    append_number(out, static_cast<std::size_t>(std::clamp(response.status, 100, 999)));
    out.append(" ").append(reason_phrase(response.status)).append("\r\n");
    for (const auto& [name, value] : response.headers) {
        if (same_name(name, "Content-Length") || same_name(name, "Connection")) continue;
        if (empty && same_name(name, "Content-Type")) continue;
        append_field(out, name, value);
    }
    if (framing.connection_close) out.append("Connection: close\r\n");
    if (!empty) {
        out.append("Content-Length: ");
        append_number(out, response.body.size());
        out.append("\r\n");
    }
    out.append("\r\n");
    if (!empty && !framing.body_omitted) out.append(response.body);
}

void append_request(std::string& out, const RequestHead& head) {
    out.append(head.method).append(" ").append(head.target).append(" HTTP/1.1\r\n");
    append_field(out, "Host", head.host);
    for (const auto& [name, value] : head.headers) {
        const bool ours = same_name(name, "Host") || same_name(name, "Content-Length") ||
                          same_name(name, "Transfer-Encoding");
        if (!ours) append_field(out, name, value);
    }
    if (head.body_bytes > 0 || (head.method != "GET" && head.method != "HEAD")) {
        out.append("Content-Length: ");
        append_number(out, head.body_bytes);
        out.append("\r\n");
    }
    out.append("\r\n");
}

}  // namespace huitong::gateway::http
