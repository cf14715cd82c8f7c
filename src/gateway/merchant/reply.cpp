#include "gateway/merchant/reply.hpp"

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

Reply signature_refusal(std::string_view method, std::string_view target,
                        std::string_view signed_text) {
    constexpr Error error = Error::signature_mismatch;
    return {.status = describe(error).http_status,
            .body = wire::wechatpay::sign_error_body(
                {.method = method, .url = target, .sign_message = signed_text}),
            .error = error};
}

}  // namespace huitong::gateway::merchant
