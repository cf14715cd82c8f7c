#include "gateway/merchant/signing_mistakes.hpp"

#include <algorithm>

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

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
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
    for (const std::string_view base : official_bases)
        out.target(std::string(base) + target,
                   "The URL was signed with scheme and host; sign path and query only.");
    out.target(target.substr(std::min<std::size_t>(1, target.size())),
               "The URL was signed without its first '/'.");
    if (target.starts_with("/v3/"))
        out.target(target.substr(3), "The URL was signed without '/v3'.");
    out.target(target + "?", "The URL was signed with a '?' at its end.");
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
    out.method(request.method == "GET" ? "POST" : "GET",
               "Another method was signed than was sent.");
    const std::string& right = out.right();
    out.add_text(right.substr(0, right.size() - 1),
                 "The line feed after the last line of the signed text was left out.");
    out.add_text(replaced(right, "\n", "\\n"),
                 "The signed text has a backslash and an 'n' instead of line feeds.");
    out.add_text(replaced(right, "\n", "\r\n"),
                 "The lines of the signed text end with CR LF instead of LF.");
    return out.take();
}

}  // namespace huitong::gateway::merchant
