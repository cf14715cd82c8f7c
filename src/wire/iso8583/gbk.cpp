#include "wire/iso8583/gbk.hpp"

#include <cstdint>
#include <iconv.h>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "wire/json/text.hpp"

namespace huitong::wire::iso8583 {
namespace {

using crypto::octet;

constexpr std::uint32_t stray_base = 0xF700;

bool is_pair(std::string_view bytes) {
    return bytes.size() >= 2 && octet(bytes[0]) >= 0x81 && octet(bytes[0]) <= 0xFE &&
           octet(bytes[1]) >= 0x40 && octet(bytes[1]) <= 0xFE && octet(bytes[1]) != 0x7F;
}

// One of the C library's converters, opened once per thread.
class Converter {
public:
    Converter(const char* to, const char* from) : handle_(iconv_open(to, from)) {
        ENSURE(handle_ != closed());  // The C library of every platform that we name has GBK.
    }
    ~Converter() { iconv_close(handle_); }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;

    // One character; empty when the other character set lacks it.
    std::string operator()(std::string_view character) {
        char out[8];
        char* from = const_cast<char*>(character.data());  // iconv's signature; it only reads.
        char* to = out;
        std::size_t left = character.size();
        std::size_t room = sizeof out;
        const std::size_t replaced = iconv(handle_, &from, &left, &to, &room);
        if (replaced != 0 || left != 0) {
            iconv(handle_, nullptr, nullptr, nullptr, nullptr);
            return {};
        }
        return {out, sizeof out - room};
    }

private:
    static iconv_t closed() { return reinterpret_cast<iconv_t>(-1); }
    iconv_t handle_;
};

std::string to_utf8(std::string_view pair) {
    thread_local Converter converter("UTF-8", "GBK");
    return converter(pair);
}
std::string to_gbk(std::string_view character) {
    thread_local Converter converter("GBK", "UTF-8");
    return converter(character);
}

// U+F700 to U+F7FF are three bytes: EF 9C..9F xx.
void append_stray(std::string& out, char byte) {
    const std::uint32_t code = stray_base + octet(byte);
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
}

}  // namespace

std::string utf8_of_gbk(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        std::size_t taken = 1;
        if (octet(bytes.front()) < 0x80) {
            text += bytes.front();
        } else {
            // Only a pair that comes back as itself: some pairs share a Unicode character.
            const std::string character = is_pair(bytes) ? to_utf8(bytes.substr(0, 2)) : "";
            const bool sure = !character.empty() && to_gbk(character) == bytes.substr(0, 2);
            sure ? void(text += character) : append_stray(text, bytes.front());
            taken = sure ? 2 : 1;
        }
        bytes.remove_prefix(taken);
    }
    return text;
}

std::optional<std::string> gbk_of_utf8(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size());
    while (!text.empty()) {
        const json::Character character = json::first_character(text);
        if (character.bytes == 0) return std::nullopt;
        if (character.code < 0x80) {
            bytes += text.front();
        } else if (character.code >= stray_base + 0x80 && character.code <= stray_base + 0xFF) {
            bytes += static_cast<char>(character.code - stray_base);
        } else {
            const std::string pair = to_gbk(text.substr(0, character.bytes));
            if (pair.empty()) return std::nullopt;
            bytes += pair;
        }
        text.remove_prefix(character.bytes);
    }
    return bytes;
}

bool is_printable_gbk(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::uint8_t first = octet(bytes.front());
        if (first < 0x20 || first == 0x7F) return false;
        if (first >= 0x80 && !is_pair(bytes)) return false;
        bytes.remove_prefix(first >= 0x80 ? 2 : 1);
    }
    return true;
}

}  // namespace huitong::wire::iso8583
