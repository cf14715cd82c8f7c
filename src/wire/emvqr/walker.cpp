#include "wire/emvqr/walker.hpp"

#include <cstring>
#include <utility>

#include "base/ensure.hpp"
#include "wire/json/text.hpp"

namespace huitong::wire::emvqr {
namespace {

constexpr unsigned not_a_number = 100;  // of two digits

bool is_ascii(std::string_view text) {
    std::uint64_t bits = 0;
    for (; text.size() >= sizeof bits; text.remove_prefix(sizeof bits)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), sizeof word);
        bits |= word;
    }
    for (const char c : text) bits |= static_cast<std::uint8_t>(c);
    return (bits & 0x8080'8080'8080'8080U) == 0;
}

}  // namespace

Walker::Walker(const Dialect& dialect, Objects& objects)
    : dialect_(dialect), objects_(objects), text_(objects.text_), ascii_(is_ascii(text_)) {
    levels_[0].end = text_.size();
}

Finding Walker::walk() {
    for (;;) {
        while (at_ == levels_[depth_].end) {
            if (depth_ == 0) return {};
            close();
        }
        if (Finding found = step(); found && !forgive()) return found;
    }
}

// One object, header first. A template is entered; other values are passed over.
Finding Walker::step() {
    Level& level = levels_[depth_];
    const std::size_t left = level.end - at_;
    const unsigned tag = left >= 2 ? number_at(at_) : not_a_number;
    if (left < header_size) return defect(DefectCode::truncated, tag);
    if (tag == not_a_number) return defect(DefectCode::bad_tag, tag);
    const unsigned length = number_at(at_ + 2);
    if (length == not_a_number) return defect(DefectCode::bad_length, tag);
    if (length == 0) return defect(DefectCode::empty_value, tag);
    const auto size = bytes_of(length);
    if (!size) return defect(size.error(), tag);
    if (level.seen[tag]) return defect(DefectCode::duplicate_tag, tag);
    level.seen[tag] = true;
    add(tag, *size);
    return {};
}

void Walker::add(unsigned tag, std::size_t size) {
    ENSURE(objects_.count_ < objects_max);
    const std::size_t start = at_ + header_size;
    const std::size_t index = objects_.count_++;
    objects_.objects_[index] = {.start = static_cast<std::uint16_t>(start),
                                .size = static_cast<std::uint16_t>(size),
                                .tag = static_cast<std::uint8_t>(tag),
                                .depth = static_cast<std::uint8_t>(depth_),
                                .next = static_cast<std::uint8_t>(index + 1)};
    if (depth_ == 0) objects_.outermost_[tag] = static_cast<std::uint8_t>(index + 1);
    Candidate candidate{.depth = depth_, .tag = tag, .value = text_.substr(start, size)};
    if (depth_ > 0) {
        const Object& parent = objects_.objects_[levels_[depth_].parent];
        candidate.parent_tag = parent.tag;
        candidate.parent_value = objects_.value(parent);
    }
    const Shape shape = dialect_.shape_of(candidate);
    if (shape == Shape::text) {
        at_ = start + size;
        return;
    }
    ENSURE(depth_ + 1 < levels_max);
    levels_[++depth_] = {
        .end = start + size, .parent = index, .perhaps = shape == Shape::perhaps_template};
    at_ = start;
}

// The end of a template is reached.
void Walker::close() {
    const Level& level = levels_[depth_];
    if (level.perhaps && !level.seen[0]) return leave_as_text(depth_);
    Object& parent = objects_.objects_[level.parent];
    parent.is_template = true;
    parent.next = static_cast<std::uint8_t>(objects_.count_);
    --depth_;
}

// A defect in what was perhaps a template says that it is none.
bool Walker::forgive() {
    for (std::size_t depth = depth_; depth > 0; --depth) {
        if (!levels_[depth].perhaps) continue;
        leave_as_text(depth);
        return true;
    }
    return false;
}

void Walker::leave_as_text(std::size_t depth) {
    objects_.count_ = levels_[depth].parent + 1;
    at_ = levels_[depth].end;
    depth_ = depth - 1;
}

unsigned Walker::number_at(std::size_t at) const {
    const auto tens = static_cast<unsigned>(text_[at]) - '0';
    const auto ones = static_cast<unsigned>(text_[at + 1]) - '0';
    return tens > 9 || ones > 9 ? not_a_number : tens * 10 + ones;
}

// How many bytes of the value that comes next so many characters take.
std::expected<std::size_t, DefectCode> Walker::bytes_of(std::size_t characters) const {
    const std::size_t start = at_ + header_size;
    std::string_view rest = text_.substr(start, levels_[depth_].end - start);
    if (ascii_ || is_ascii(rest.substr(0, characters))) {
        if (characters > rest.size()) return std::unexpected(DefectCode::truncated);
        return characters;
    }
    for (std::size_t i = 0; i < characters; ++i) {
        if (rest.empty()) return std::unexpected(DefectCode::truncated);
        const json::Character next = json::first_character(rest);
        if (next.bytes == 0) return std::unexpected(DefectCode::format);
        rest.remove_prefix(next.bytes);
    }
    return levels_[depth_].end - start - rest.size();
}

// At the object of this tag, or at the template around it when there is no tag.
Defect Walker::defect(DefectCode code, unsigned tag) const {
    std::string at;
    for (std::size_t depth = 1; depth <= depth_; ++depth)
        at += place(objects_.objects_[levels_[depth].parent].tag) + ".";
    if (tag != not_a_number) {
        at += place(tag);
    } else if (!at.empty()) {
        at.pop_back();
    }
    return {code, std::move(at)};
}

}  // namespace huitong::wire::emvqr
