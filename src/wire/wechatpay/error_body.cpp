#include "wire/wechatpay/error_body.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "wire/json/text.hpp"
#include "wire/json/writer.hpp"

namespace huitong::wire::wechatpay {
namespace {

using json::Writer;

constexpr std::size_t shown_sign_message_max = 256;  // bytes

// At most `max` bytes, never half a character.
std::string_view cut(std::string_view text, std::size_t max) {
    if (text.size() <= max) return text;
    std::size_t end = 0;
    while (end < max) {
        const std::size_t next =
            std::max<std::size_t>(json::first_character(text.substr(end)).bytes, 1);
        if (end + next > max) break;
        end += next;
    }
    return text.substr(0, end);
}

void write_head(Error error, Writer& out) {
    const ErrorRow& row = describe(error);
    out.text("code", row.wire_code);
    out.text("message", row.text_zh);
}

}  // namespace

std::string error_body(Error error) {
    std::string body;
    Writer out(body);
    out.begin_object();
    write_head(error, out);
    out.end_object();
    return body;
}

std::string error_body(const json::FieldError& defect) {
    if (describe(defect.error).wire_code != "PARAM_ERROR") return error_body(defect.error);
    std::string body;
    Writer out(body);
    out.begin_object();
    write_head(defect.error, out);
    out.begin_object("detail");
    out.text("field", defect.pointer);
    out.text("value", defect.value);
    out.text("issue", defect.issue);
    out.text("location", json::to_text(defect.location));
    out.end_object();
    out.end_object();
    return body;
}

std::string sign_error_body(const SignInformation& information) {
    std::string body;
    Writer out(body);
    out.begin_object();
    write_head(Error::signature_mismatch, out);
    out.begin_object("detail");
    out.text("field", "signature");
    out.text("issue", "sign not match");
    out.text("location", "authorization");
    out.begin_object("sign_information");
    out.text("method", information.method);
    out.text("url", cut(information.url, shown_sign_message_max));
    out.text("truncated_sign_message", cut(information.sign_message, shown_sign_message_max));
    out.integer("sign_message_length", static_cast<std::int64_t>(information.sign_message.size()));
    out.end_object();
    out.end_object();
    out.end_object();
    return body;
}

std::string request_id(const RequestEntropy& entropy) {
    std::string text;
    for (const std::uint8_t byte : entropy)
        fmt::format_to(std::back_inserter(text), "{:02X}", byte);
    return text + "-0";
}

std::string request_id(const RequestEntropy& entropy, Error error) {
    std::string text = request_id(entropy);
    text.pop_back();
    return text + std::to_string(std::max<std::uint32_t>(describe(error).number, 1));
}

}  // namespace huitong::wire::wechatpay
