// The 46 bytes before a message of the network dialect (iso8583.md section 4).
//
//     1  length 2E    4  destination id 11   7  batch number 1             10  reject code 5
//     2  version 1    5  source id 11        8  transaction information 8
//     3  total 4      6  reserved 3          9  user information 1
//
// What always holds: a Header keeps every check of its fields 1 to 10; all its bytes are kept.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/iso8583/fault.hpp"

namespace huitong::wire::iso8583 {

class Header {
public:
    static constexpr std::size_t size = 46;
    static constexpr std::size_t reject_code_offset = 41;

    // Checks fields 1 to 10 in this order. `total`: header and body by the frame's prefix, which
    // field 3 must equal; nothing when there is no frame. Fewer than 46 bytes are judged as far as
    // they go and then refused with header_total_length. Offsets in faults count from `bytes`.
    static Checked<Header> parse(std::string_view bytes, std::optional<std::size_t> total);

    // What a sender chooses. The reserved bytes are zero, the total is set by set_total().
    struct Terms {
        bool test = false;
        std::uint8_t version = 2;      // 1 or 2
        std::string_view destination;  // 1 to 11 digits
        std::string_view source;       // 1 to 11 digits
        std::uint8_t batch = 0;
        std::string_view transaction_info = "00000000";  // 8 characters
    };
    // Refuses with the fault of the field that is wrong.
    static Checked<Header> make(const Terms& terms);

    // The header of the answer: destination and source swapped, all else echoed, reject code 00000.
    [[nodiscard]] Header answer() const;
    // Bytes of header and body, above 46 and at most 9999.
    void set_total(std::size_t total);

    [[nodiscard]] bool test() const;
    [[nodiscard]] std::uint8_t version() const;          // 1 or 2
    [[nodiscard]] std::size_t total() const;             // bytes of header and body
    [[nodiscard]] std::string_view destination() const;  // without the spaces behind
    [[nodiscard]] std::string_view source() const;       // likewise
    [[nodiscard]] std::string_view reserved() const;     // 3 bytes
    [[nodiscard]] std::uint8_t batch() const;
    [[nodiscard]] std::string_view transaction_info() const;  // 8 bytes
    [[nodiscard]] std::uint8_t user_info() const;
    [[nodiscard]] std::string_view reject_code() const;  // 5 digits
    // A reject: the message that this header leads came back unread (section 4).
    [[nodiscard]] bool rejects() const { return reject_code() != "00000"; }
    [[nodiscard]] std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }

    friend bool operator==(const Header&, const Header&) = default;

private:
    Header() = default;
    [[nodiscard]] std::string_view part(std::size_t offset, std::size_t length) const {
        return bytes().substr(offset, length);
    }

    std::array<char, size> bytes_{};
};

}  // namespace huitong::wire::iso8583
