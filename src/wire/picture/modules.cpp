#include "wire/picture/modules.hpp"

#include <cerrno>
#include <memory>
#include <qrencode.h>
#include <string>
#include <utility>

namespace huitong::wire::picture {
namespace {

constexpr int smallest_version = 0;  // The library takes the smallest that holds the text.
constexpr int keep_case = 1;
constexpr unsigned dark_bit = 1;  // The other bits say what a module is for.

QRecLevel level_of(Correction correction) {
    switch (correction) {
        case Correction::low:
            return QR_ECLEVEL_L;
        case Correction::medium:
            return QR_ECLEVEL_M;
        case Correction::quartile:
            return QR_ECLEVEL_Q;
        case Correction::high:
            return QR_ECLEVEL_H;
    }
    std::unreachable();
}

}  // namespace

Result<Modules> Modules::of(std::string_view text, Correction correction) {
    if (text.empty() || text.contains('\0')) return refuse(Error::field_format);
    // Stretches of digits and capitals are packed more closely than other bytes.
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString(std::string(text).c_str(), smallest_version, level_of(correction),
                            QR_MODE_8, keep_case),
        &QRcode_free);
    if (code == nullptr) return refuse(errno == ERANGE ? Error::field_range : Error::overloaded);
    const auto side = static_cast<std::size_t>(code->width);
    std::vector<bool> dark(side * side);
    for (std::size_t i = 0; i < dark.size(); ++i) dark[i] = (code->data[i] & dark_bit) != 0;
    return Modules(side, std::move(dark));
}

}  // namespace huitong::wire::picture
