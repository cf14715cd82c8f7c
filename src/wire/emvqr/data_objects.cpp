#include "wire/emvqr/data_objects.hpp"

#include <fmt/format.h>
#include <utility>

#include "base/ensure.hpp"

namespace huitong::wire::emvqr {
namespace {

constexpr std::uint32_t application_template = 0x61;
constexpr std::size_t tag_bytes_max = 3;
constexpr std::uint8_t long_tag = 0x1F;   // the low five bits: more bytes follow
constexpr std::uint8_t more = 0x80;       // another byte of the tag follows
constexpr std::uint8_t one_byte = 0x81;   // the length is in the byte that follows
constexpr std::uint8_t two_bytes = 0x82;  // and in two

// The sixth bit of a tag's first byte.
bool is_constructed(std::uint32_t tag) {
    while (tag > 0xFF) tag >>= 8U;
    return (tag & 0x20U) != 0;
}

}  // namespace

Finding DataObjects::read(std::string bytes) {
    ENSURE(bytes.size() <= data_bytes_max);
    bytes_ = std::move(bytes);
    count_ = at_ = depth_ = 0;
    levels_[0] = {.end = bytes_.size(), .first = 0};
    for (;;) {
        while (at_ == levels_[depth_].end) {
            if (depth_ == 0) return {};
            DataObject& parent = objects_[levels_[depth_].first - 1];
            parent.next = static_cast<std::uint8_t>(count_);
            --depth_;
        }
        if (Finding found = step()) return found;
    }
}

Finding DataObjects::step() {
    const auto tag = take_tag();
    if (!tag) return defect(tag.error(), std::nullopt);
    const auto size = take_length();
    if (!size) return defect(size.error(), *tag);
    if (*size > levels_[depth_].end - at_) return defect(DefectCode::truncated, *tag);
    return add(*tag, *size);
}

Finding DataObjects::add(std::uint32_t tag, std::size_t size) {
    const bool may_come_again = depth_ == 0 && tag == application_template;
    if (!may_come_again && has_already(tag)) return defect(DefectCode::duplicate_tag, tag);
    ENSURE(count_ < data_objects_max);
    const bool is_template = is_constructed(tag) && depth_ + 1 < data_levels_max;
    objects_[count_] = {.tag = tag,
                        .start = static_cast<std::uint16_t>(at_),
                        .size = static_cast<std::uint16_t>(size),
                        .depth = static_cast<std::uint8_t>(depth_),
                        .next = static_cast<std::uint8_t>(count_ + 1),
                        .is_template = is_template};
    ++count_;
    if (is_template) {
        levels_[++depth_] = {.end = at_ + size, .first = count_};
    } else {
        at_ += size;
    }
    return {};
}

std::expected<std::uint32_t, DefectCode> DataObjects::take_tag() {
    std::uint32_t tag = 0;
    for (std::size_t i = 0; i < tag_bytes_max; ++i) {
        if (at_ == levels_[depth_].end) return std::unexpected(DefectCode::truncated);
        const auto byte = static_cast<std::uint8_t>(bytes_[at_++]);
        tag = tag << 8U | byte;
        if (tag == 0) break;  // The end of a value of indefinite length, which there is none of.
        const bool ends = i == 0 ? (byte & long_tag) != long_tag : (byte & more) == 0;
        if (ends) return tag;
    }
    return std::unexpected(DefectCode::bad_tag);
}

std::expected<std::size_t, DefectCode> DataObjects::take_length() {
    const std::size_t left = levels_[depth_].end - at_;
    if (left == 0) return std::unexpected(DefectCode::truncated);
    const auto byte = [this](std::size_t i) {
        return std::size_t{static_cast<std::uint8_t>(bytes_[at_ + i])};
    };
    const std::size_t first = byte(0);
    if (first > two_bytes || first == more) return std::unexpected(DefectCode::bad_length);
    const std::size_t taken = first < more ? 1 : first == one_byte ? 2 : 3;
    if (left < taken) return std::unexpected(DefectCode::truncated);
    const std::size_t length = taken == 1 ? first : taken == 2 ? byte(1) : byte(1) << 8U | byte(2);
    at_ += taken;
    return length;
}

bool DataObjects::has_already(std::uint32_t tag) const {
    for (const DataObject& object :
         Siblings<DataObject>(objects_.data(), levels_[depth_].first, count_))
        if (object.tag == tag) return true;
    return false;
}

// At the object of this tag, or at the template around it when there is no tag.
Defect DataObjects::defect(DefectCode code, std::optional<std::uint32_t> tag) const {
    std::string at;
    for (std::size_t depth = 1; depth <= depth_; ++depth)
        at += (depth > 1 ? "." : "") + data_tag_text(objects_[levels_[depth].first - 1].tag);
    if (tag) at += (at.empty() ? "" : ".") + data_tag_text(*tag);
    return {code, std::move(at)};
}

Siblings<DataObject> DataObjects::inside(const DataObject& parent) const {
    const auto index = static_cast<std::size_t>(&parent - objects_.data());
    return {objects_.data(), index + 1, parent.next};
}

const DataObject* DataObjects::find(std::uint32_t tag) const {
    for (const DataObject& object : outermost())
        if (object.tag == tag) return &object;
    return nullptr;
}

const DataObject* DataObjects::find(const DataObject& parent, std::uint32_t tag) const {
    for (const DataObject& object : inside(parent))
        if (object.tag == tag) return &object;
    return nullptr;
}

std::string data_tag_text(std::uint32_t tag) {
    return fmt::format("{:02X}", tag);
}

}  // namespace huitong::wire::emvqr
