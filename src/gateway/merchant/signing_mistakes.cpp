#include "gateway/merchant/signing_mistakes.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>

#include "wire/json/text.hpp"
#include "wire/wechatpay/uri.hpp"

namespace huitong::gateway::merchant {
namespace {

using wire::wechatpay::Authorization;

constexpr std::string_view official_bases[] = {"https://api.mch.weixin.qq.com",
                                               "https://api2.mch.weixin.qq.com"};

// Copies JSON; between tokens every white space goes, and `after` follows each ',' and ':'.
std::string respaced(std::string_view json, std::string_view after) {
    std::string out;
    out.reserve(json.size());
    bool quoted = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (!quoted && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) continue;
        out += c;
        if (quoted && c == '\\' && i + 1 < json.size()) out += json[++i];
        if (c == '"') quoted = !quoted;
        if (!quoted && (c == ',' || c == ':')) out += after;
    }
    return out;
}

// JSON with a line a member, as people like to read it: `indent` spaces a level, a space after ':'.
std::string pretty(std::string_view json, std::size_t indent) {
    std::string out;
    std::size_t depth = 0;
    bool quoted = false;
    const auto line = [&] { out.append("\n").append(depth * indent, ' '); };
    const std::string compact = without_spaces(json);
    for (std::size_t i = 0; i < compact.size(); ++i) {
        const char c = compact[i];
        const char next = i + 1 < compact.size() ? compact[i + 1] : '\0';
        const bool close = c == '}' || c == ']';
        const bool open = c == '{' || c == '[';
        if (!quoted && close && depth > 0 && !out.ends_with('{') && !out.ends_with('[')) {
            --depth;
            line();
        }
        out += c;
        if (quoted && c == '\\' && next != '\0') out += compact[++i];
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (open && next != '}' && next != ']') ++depth;
        if (c == ',' || (open && next != '}' && next != ']')) line();
        if (c == ':') out += ' ';
    }
    return out;
}

// The object with its members in the order of their names, as maps of some languages write it. The
// members of objects inside stay as they are.
std::string sorted(std::string_view json) {
    const std::string compact = without_spaces(json);
    if (!compact.starts_with('{') || !compact.ends_with('}')) return compact;
    std::vector<std::string> members(1);
    std::size_t depth = 0;
    bool quoted = false;
    for (std::size_t i = 1; i + 1 < compact.size(); ++i) {
        const char c = compact[i];
        if (c == '"') quoted = !quoted;
        if (!quoted && (c == '{' || c == '[')) ++depth;
        if (!quoted && (c == '}' || c == ']') && depth > 0) --depth;
        if (!quoted && depth == 0 && c == ',') {
            members.emplace_back();
            continue;
        }
        members.back() += c;
        if (quoted && c == '\\' && i + 2 < compact.size()) members.back() += compact[++i];
    }
    std::ranges::sort(members);
    std::string out = "{";
    for (const std::string& member : members) out.append(out.size() > 1 ? "," : "").append(member);
    return out + "}";
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

void append_utf16(std::string& out, std::uint32_t code) {
    if (code < 0x10000) {
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
        return;
    }
    const std::uint32_t rest = code - 0x10000;
    fmt::format_to(std::back_inserter(out), "\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10U),
                   0xDC00 + (rest & 0x3FFU));
}

// Every character outside ASCII as an escape, as some languages write JSON.
std::string ascii_only(std::string_view json) {
    std::string out;
    while (!json.empty()) {
        const auto next = wire::json::first_character(json);
        const std::size_t bytes = std::max<std::size_t>(next.bytes, 1);
        if (next.bytes > 1) {
            append_utf16(out, next.code);
        } else {
            out += json[0];
        }
        json.remove_prefix(bytes);
    }
    return out;
}

// The escapes of characters of two and three bytes undone; all other bytes stay.
std::string without_escapes(const std::string& json) {
    std::string out;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const std::string digits = json.substr(i, 2) == "\\u" ? json.substr(i + 2, 4) : "";
        const bool hex = digits.size() == 4 &&
                         digits.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
        const auto code = hex ? static_cast<std::uint32_t>(std::stoul(digits, nullptr, 16)) : 0;
        if (code < 0x80 || (code >= 0xD800 && code <= 0xDFFF)) {
            out += json[i];
            if (json[i] == '\\' && i + 1 < json.size()) out += json[++i];
            continue;
        }
        if (code >= 0x800) out += static_cast<char>(0xE0U | (code >> 12U));
        out += static_cast<char>(code >= 0x800 ? 0x80U | ((code >> 6U) & 0x3FU)
                                               : 0xC0U | (code >> 6U));
        out += static_cast<char>(0x80U | (code & 0x3FU));
        i += 5;
    }
    return out;
}

// The three characters that some writers of JSON escape for the sake of HTML.
std::string html_safe(const std::string& json) {
    return replaced(replaced(replaced(json, "<", "\\u003c"), ">", "\\u003e"), "&", "\\u0026");
}
std::string html_unsafe(const std::string& json) {
    return replaced(replaced(replaced(json, "\\u003c", "<"), "\\u003e", ">"), "\\u0026", "&");
}

// Percent escapes with digits of the other case.
std::string recased_escapes(std::string target, std::string (*recase)(std::string)) {
    for (std::size_t at = target.find('%'); at != std::string::npos; at = target.find('%', at + 1))
        target.replace(at, std::min<std::size_t>(3, target.size() - at),
                       recase(target.substr(at, 3)));
    return target;
}

// What many programs escape in a path or query, and this client did not.
std::string escaped(std::string target) {
    for (const std::string_view c : {"|", "*", "@", ":", ","})
        target = replaced(std::move(target), c, wire::wechatpay::percent_encode(c));
    return target;
}

std::string lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

std::string upper(std::string text) {
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

class Collector {
public:
    Collector(const RequestParts& request, const Authorization& authorization)
        : request_(request), authorization_(authorization), right_(text(request)) {}

    // The request as the client may have seen it.
    void add(const RequestParts& imagined, std::string_view what) {
        add_text(text(imagined), what);
    }
    void add_text(std::string signed_text, std::string_view what) {
        const auto same = [&](const SigningMistake& m) { return m.signed_text == signed_text; };
        if (signed_text == right_ || std::ranges::any_of(found_, same)) return;
        found_.push_back({std::move(signed_text), what});
    }
    void body(std::string imagined, std::string_view what) {
        RequestParts other = request_;
        other.body = std::move(imagined);
        add(other, what);
    }
    void target(std::string imagined, std::string_view what) {
        RequestParts other = request_;
        other.target = std::move(imagined);
        add(other, what);
    }
    void method(std::string imagined, std::string_view what) {
        RequestParts other = request_;
        other.method = std::move(imagined);
        add(other, what);
    }
    [[nodiscard]] const std::string& right() const { return right_; }
    [[nodiscard]] const Authorization& authorization() const { return authorization_; }
    std::vector<SigningMistake> take() { return std::move(found_); }

private:
    [[nodiscard]] std::string text(const RequestParts& request) const {
        return wire::wechatpay::string_to_sign({.method = request.method,
                                                .target = request.target,
                                                .timestamp = authorization_.timestamp,
                                                .nonce = authorization_.nonce,
                                                .body = request.body});
    }

    const RequestParts& request_;
    const Authorization& authorization_;
    std::string right_;
    std::vector<SigningMistake> found_;
};

// The body as another writer of JSON puts it.
void add_rewritten(Collector& out, const std::string& body) {
    constexpr std::string_view escapes =
        "The body was signed with characters written as \\u escapes, but sent with the characters "
        "themselves: sign the very bytes that are sent.";
    out.body(ascii_only(body), escapes);
    out.body(with_spaces(ascii_only(body)), escapes);
    out.body(without_spaces(ascii_only(body)), escapes);
    out.body(html_safe(body), escapes);
    constexpr std::string_view rewritten =
        "The body was parsed and written anew for signing: sign the very bytes that are sent.";
    for (const std::size_t indent : {2U, 4U}) out.body(pretty(body, indent), rewritten);
    out.body(sorted(body), rewritten);
    out.body(with_spaces(sorted(body)), rewritten);
    constexpr std::string_view characters =
        "The body was signed with characters as they are, but sent with \\u escapes: sign the very "
        "bytes that are sent.";
    out.body(without_escapes(body), characters);
    out.body(without_spaces(without_escapes(body)), characters);
    out.body(html_unsafe(body), characters);
}

void add_bodies(Collector& out, const std::string& body) {
    if (body.ends_with('\n'))
        out.body(body.substr(0, body.size() - 1),
                 "The body was signed without the line feed at its end that was sent.");
    out.body(body + "\n", "The body was signed with a line feed at its end that was not sent.");
    out.body(without_spaces(body),
             "The body was signed without the spaces that were sent: sign the "
             "very bytes that are sent.");
    out.body(with_spaces(body),
             "The body was signed with spaces after ',' and ':' that were not "
             "sent: sign the very bytes that are sent.");
    out.body("", "The body was left out of the signed text.");
    if (body.empty())
        out.body("{}", "An empty JSON object was signed where no body was sent: sign nothing.");
    if (body.starts_with(byte_order_mark))
        out.body(body.substr(byte_order_mark.size()),
                 "The body was signed without the byte order mark that was sent: send none.");
    out.body(std::string(byte_order_mark) + body,
             "The body was signed with a byte order mark at its start that was not sent.");
    add_rewritten(out, body);
    out.body(replaced(body, "/", "\\/"),
             "The body was signed with '/' written as '\\/', but sent "
             "without.");
    out.body(replaced(body, "\\/", "/"),
             "The body was signed with plain '/', but sent with '\\/'.");
    out.body(replaced(body, "\r\n", "\n"), "The body's line ends were changed on the way.");
}

void add_targets(Collector& out, const std::string& target) {
    const std::size_t mark = target.find('?');
    if (mark != std::string::npos)
        out.target(target.substr(0, mark), "The query was left out of the signed URL.");
    if (const auto decoded = wire::wechatpay::percent_decode(target))
        out.target(*decoded, "The URL was signed with its percent-escapes decoded.");
    out.target(escaped(target), "The URL was signed with percent-escapes, but sent without.");
    constexpr std::string_view case_differs =
        "The URL was signed with percent-escapes in another case than was sent.";
    out.target(recased_escapes(target, lower), case_differs);
    out.target(recased_escapes(target, upper), case_differs);
    for (const std::string_view base : official_bases)
        out.target(std::string(base) + target,
                   "The URL was signed with scheme and host; sign path and query only.");
    out.target(target.substr(std::min<std::size_t>(1, target.size())),
               "The URL was signed without its first '/'.");
    if (target.starts_with("/v3/"))
        out.target(target.substr(3), "The URL was signed without '/v3'.");
    out.target(target + "?", "The URL was signed with a '?' at its end.");
    out.target(target + "/", "The URL was signed with a '/' at its end that was not sent.");
}

// The lines of time and nonce changed places, or the clock was read twice.
void add_times(Collector& out) {
    const Authorization& said = out.authorization();
    const std::string time = fmt::format("\n{}\n{}\n", said.timestamp, said.nonce);
    out.add_text(replaced(out.right(), time, fmt::format("\n{}\n{}\n", said.nonce, said.timestamp)),
                 "The nonce was signed before the timestamp; the timestamp comes first.");
    for (const std::int64_t off : {-1, 1, -2, 2, -3, 3})
        out.add_text(replaced(out.right(), time,
                              fmt::format("\n{}\n{}\n", said.timestamp + off, said.nonce)),
                     "Another timestamp was signed than was sent: read the clock once a request.");
}

}  // namespace

std::string without_spaces(std::string_view json) {
    return respaced(json, "");
}

std::string with_spaces(std::string_view json) {
    return respaced(json, " ");
}

std::vector<SigningMistake> signing_mistakes(const RequestParts& request,
                                             const Authorization& authorization) {
    Collector out(request, authorization);
    add_bodies(out, request.body);
    add_targets(out, request.target);
    out.method(lower(request.method), "The method was signed in lower case.");
    out.method(upper(request.method), "The method was signed in upper case, but sent otherwise.");
    for (const char* const method : {"GET", "POST", "PUT", "DELETE", "PATCH"})
        out.method(method, "Another method was signed than was sent.");
    add_times(out);
    const std::string& right = out.right();
    out.add_text(right.substr(0, right.size() - 1),
                 "The line feed after the last line of the signed text was left out.");
    if (request.body.empty())
        out.add_text(right.substr(0, right.size() - 2),
                     "The empty line of the body and the line feed before it were left out.");
    out.add_text(replaced(right, "\n", "\\n"),
                 "The signed text has a backslash and an 'n' instead of line feeds.");
    out.add_text(replaced(right, "\n", "\r\n"),
                 "The lines of the signed text end with CR LF instead of LF.");
    return out.take();
}

}  // namespace huitong::gateway::merchant
