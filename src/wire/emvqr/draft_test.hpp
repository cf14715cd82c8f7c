// Merchant-presented codes for tests, written by a second hand: objects as text, the CRC bit by
// bit.
#pragma once

#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace huitong::wire::emvqr::testing {

inline std::uint16_t slow_crc(std::string_view bytes) {
    unsigned crc = 0xFFFF;
    for (const char byte : bytes) {
        for (unsigned bit = 0x80; bit != 0; bit >>= 1U) {
            const bool one =
                ((static_cast<std::uint8_t>(byte) & bit) != 0) != ((crc & 0x8000U) != 0);
            crc = (crc << 1U & 0xFFFFU) ^ (one ? 0x1021U : 0U);
        }
    }
    return static_cast<std::uint16_t>(crc);
}

inline std::string object(std::string_view tag, std::string_view ascii) {
    return fmt::format("{}{:02}{}", tag, ascii.size(), ascii);
}

inline std::string sealed(std::string text) {
    text += "6304";
    return text + fmt::format("{:04X}", slow_crc(text));
}

// A good code of a Hong Kong shop, to be spoiled in one place.
class Draft {
public:
    Draft& set(std::string_view tag, std::string_view ascii) {
        return raw(tag, object(tag, ascii));
    }
    // The object's text as it is.
    Draft& raw(std::string_view tag, std::string_view text) {
        for (auto& [name, old] : objects_)
            if (name == tag) return old = text, *this;
        objects_.emplace_back(tag, text);
        return *this;
    }
    Draft& drop(std::string_view tag) { return raw(tag, ""); }

    [[nodiscard]] std::string unsealed() const {
        std::string text;
        for (const auto& [tag, one] : objects_) text += one;
        return text;
    }
    [[nodiscard]] std::string text() const { return sealed(unsealed()); }

private:
    std::vector<std::pair<std::string, std::string>> objects_{
        {"00", "000201"                             },
        {"01", "010212"                             },
        {"15", "15312031034400010344MERCHANT0000001"},
        {"52", "52045411"                           },
        {"53", "5303344"                            },
        {"54", "540512.34"                          },
        {"58", "5802HK"                             },
        {"59", "5909TEST MART"                      },
        {"60", "6009HONG KONG"                      },
    };
};

}  // namespace huitong::wire::emvqr::testing
