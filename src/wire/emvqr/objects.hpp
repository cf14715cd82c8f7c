// The objects of a merchant-presented code, TR Karekod included: text in which every object is
//
//     tag 2 digits, length 2 digits (01-99, in characters), value
//
// and some values are templates, made of objects again (emv-qr sections 2 and 6). Objects are a
// flat list in the order of the text, a template before what it holds, and views into the text that
// was read: it must outlive them. Nothing is allocated, whatever comes in.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "wire/emvqr/defect.hpp"

namespace huitong::wire::emvqr {

struct Object {
    std::uint16_t start = 0;   // of the value, in bytes from the beginning of the text
    std::uint16_t size = 0;    // of the value, in bytes
    std::uint8_t tag = 0;      // 0-99
    std::uint8_t depth = 0;    // 0: outermost
    std::uint8_t next = 0;     // index of the first object after this one and what it holds
    bool is_template = false;  // what it holds comes next in the list
};

// Every object has four characters that belong to no other, its tag and its length.
inline constexpr std::size_t objects_max = code_characters_max / 4;

// Objects side by side in a flat list in which a template stands before what it holds: each has
// `next`, the index of the first object after it and what it holds. Of Object, and of DataObject.
template <class T>
class Siblings {
public:
    class Iterator {
    public:
        Iterator(const T* all, std::size_t at) : all_(all), at_(at) {}
        const T& operator*() const { return all_[at_]; }
        Iterator& operator++() {
            at_ = all_[at_].next;
            return *this;
        }
        friend bool operator==(const Iterator&, const Iterator&) = default;

    private:
        const T* all_;
        std::size_t at_;
    };

    Siblings(const T* all, std::size_t first, std::size_t end)
        : all_(all), first_(first), end_(end) {}
    [[nodiscard]] Iterator begin() const { return {all_, first_}; }
    [[nodiscard]] Iterator end() const { return {all_, end_}; }

private:
    const T* all_;
    std::size_t first_;
    std::size_t end_;
};

// Whether a value is a template. Some schemes put plain text where EMVCo has a template: perhaps
// means a template if its objects are whole and 00 is among them.
enum class Shape : std::uint8_t { text, perhaps_template, sure_template };

struct Candidate {
    std::size_t depth = 0;
    unsigned tag = 0;
    std::string_view value;
    unsigned parent_tag = 0;  // of the template around it, if depth is above 0
    std::string_view parent_value;
};

// What one kind of code says of its objects.
struct Dialect {
    std::string_view format_indicator;  // the first object, whole: "000201"
    Shape (*shape_of)(const Candidate& candidate);
};

class Objects {
public:
    // Reads the text, CRC included, and says what is wrong with it first: the length, the format
    // indicator, an object, the CRC. After a defect the objects are those before it.
    Finding read(std::string_view text, const Dialect& dialect);

    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] std::span<const Object> all() const { return {objects_.data(), count_}; }
    [[nodiscard]] Siblings<Object> outermost() const { return {objects_.data(), 0, count_}; }
    [[nodiscard]] Siblings<Object> inside(const Object& parent) const;
    [[nodiscard]] std::string_view value(const Object& object) const {
        return text_.substr(object.start, object.size);
    }

    // Null when there is none.
    [[nodiscard]] const Object* find(unsigned tag) const {
        const std::size_t index = outermost_[tag];
        return index == 0 ? nullptr : &objects_[index - 1];
    }
    [[nodiscard]] const Object* find(const Object& parent, unsigned tag) const;
    // The value of an outermost object, or of one in an outermost template.
    [[nodiscard]] std::optional<std::string_view> value(unsigned tag) const {
        const Object* object = find(tag);
        return object == nullptr ? std::nullopt : std::optional(value(*object));
    }
    [[nodiscard]] std::optional<std::string_view> value(unsigned tag, unsigned inner) const;

private:
    friend class Walker;
    [[nodiscard]] Finding crc_defect() const;

    std::string_view text_;
    std::size_t count_ = 0;
    std::array<std::uint8_t, 100> outermost_{};  // by tag: index + 1; 0: absent
    std::array<Object, objects_max> objects_{};
};

// "54", "62.09": as Defect::at has it.
std::string place(unsigned tag);
std::string place(unsigned tag, unsigned inner);

// Characters of a well-formed text in UTF-8.
std::size_t characters(std::string_view text);

}  // namespace huitong::wire::emvqr
