#include "wire/wechatpay/certificates.hpp"

#include "wire/json/writer.hpp"

namespace huitong::wire::wechatpay {

std::string certificates_body(std::span<const CertificateView> certificates) {
    std::string body;
    json::Writer out(body);
    out.begin_object();
    out.begin_array("data");
    for (const CertificateView& view : certificates) {
        out.begin_object();
        out.text("serial_no", view.serial);
        out.text("effective_time", to_rfc3339(view.effective_time));
        out.text("expire_time", to_rfc3339(view.expire_time));
        out.begin_object("encrypt_certificate");
        out.text("algorithm", aead_of(view.algorithm));
        out.text("nonce", view.nonce);
        out.text("associated_data", certificate_associated_data);
        out.text("ciphertext", view.ciphertext_base64);
        out.end_object();
        out.end_object();
    }
    out.end_array();
    out.end_object();
    return body;
}

}  // namespace huitong::wire::wechatpay
