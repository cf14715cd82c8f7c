// The data objects of a consumer-presented code (emv-qr section 4): BER-TLV (ISO/IEC 8825-1),
//
//     tag 1-3 bytes, length 1-3 bytes, value
//
// whose tag says by its sixth bit that the value is a template, made of data objects again. They
// are a flat list in the order of the bytes, a template before what it holds.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "wire/emvqr/objects.hpp"

namespace huitong::wire::emvqr {

struct DataObject {
    std::uint32_t tag = 0;     // its bytes as one number: 0x9F26
    std::uint16_t start = 0;   // of the value
    std::uint16_t size = 0;    // of the value
    std::uint8_t depth = 0;    // 0: outermost
    std::uint8_t next = 0;     // index of the first object after this one and what it holds
    bool is_template = false;  // what it holds comes next in the list
};

// Every object has two bytes that belong to no other.
inline constexpr std::size_t data_bytes_max = code_characters_max / 4 * 3;
inline constexpr std::size_t data_objects_max = data_bytes_max / 2;
// The standard's templates lie two deep; what lies deeper than this is kept unread.
inline constexpr std::size_t data_levels_max = 4;

class DataObjects {
public:
    // Takes at most data_bytes_max bytes and tells the first object that is none: TRUNCATED,
    // BAD_TAG (zero, or more than three bytes), BAD_LENGTH (indefinite, or of more than two
    // bytes), DUPLICATE_TAG (only an outermost 61 may come again). After a defect the objects are
    // those before it.
    Finding read(std::string bytes);

    [[nodiscard]] std::span<const DataObject> all() const { return {objects_.data(), count_}; }
    [[nodiscard]] Siblings<DataObject> outermost() const { return {objects_.data(), 0, count_}; }
    [[nodiscard]] Siblings<DataObject> inside(const DataObject& parent) const;
    // Bytes, which live as long as this.
    [[nodiscard]] std::string_view value(const DataObject& object) const {
        return std::string_view(bytes_).substr(object.start, object.size);
    }
    // The first of this tag, or null.
    [[nodiscard]] const DataObject* find(std::uint32_t tag) const;
    [[nodiscard]] const DataObject* find(const DataObject& parent, std::uint32_t tag) const;

private:
    // The bytes themselves, or a template that is being read.
    struct Level {
        std::size_t end = 0;
        std::size_t first = 0;  // index of its first object
    };

    Finding step();
    Finding add(std::uint32_t tag, std::size_t size);
    std::expected<std::uint32_t, DefectCode> take_tag();
    std::expected<std::size_t, DefectCode> take_length();
    [[nodiscard]] bool has_already(std::uint32_t tag) const;
    [[nodiscard]] Defect defect(DefectCode code, std::optional<std::uint32_t> tag) const;

    std::string bytes_;
    std::size_t count_ = 0;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    std::array<Level, data_levels_max> levels_{};
    std::array<DataObject, data_objects_max> objects_{};
};

// "9F26": as Defect::at and the JSON form have it.
std::string data_tag_text(std::uint32_t tag);

}  // namespace huitong::wire::emvqr
