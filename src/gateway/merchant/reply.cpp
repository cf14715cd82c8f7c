#include "gateway/merchant/reply.hpp"

#include "wire/json/writer.hpp"
#include "wire/wechatpay/error_body.hpp"

namespace huitong::gateway::merchant {

Reply refusal(Error error) {
    return {.status = describe(error).http_status,
            .body = wire::wechatpay::error_body(error),
            .error = error};
}

Reply refusal(const wire::json::FieldError& defect) {
    if (defect.issue.empty()) return refusal(defect.error);
    return {.status = describe(defect.error).http_status,
            .body = wire::wechatpay::error_body(defect),
            .error = defect.error};
}

Reply authentication_refusal(const wire::json::FieldError& defect) {
    const ErrorRow& row = describe(defect.error);
    Reply reply{.status = row.http_status, .error = defect.error};
    wire::json::Writer out(reply.body);
    out.begin_object();
    out.text("code", row.wire_code);
    out.text("message", row.text_zh);
    out.begin_object("detail");
    out.text("field", defect.pointer);
    out.text_if("value", defect.value);
    out.text("issue", defect.issue);
    out.text("location", "authorization");
    out.end_object();
    out.end_object();
    return reply;
}

Reply signature_refusal(std::string_view method, std::string_view target,
                        std::string_view signed_text) {
    constexpr Error error = Error::signature_mismatch;
    return {.status = describe(error).http_status,
            .body = wire::wechatpay::sign_error_body(
                {.method = method, .url = target, .sign_message = signed_text}),
            .error = error};
}

}  // namespace huitong::gateway::merchant
