#include "wire/emvqr/consumer_code.hpp"

#include "crypto/bytes.hpp"
#include "wire/emvqr/rules.hpp"

namespace huitong::wire::emvqr {
namespace {

constexpr std::string_view indicator_place = "85";
constexpr char indicator_tag = '\x85';
constexpr std::string_view indicator(
    "\x85\x05"
    "CPV01");

}  // namespace

std::vector<const DataObject*> ConsumerCode::applications() const {
    std::vector<const DataObject*> found;
    for (const DataObject& object : objects_.outermost())
        if (object.tag == application_tag) found.push_back(&object);
    return found;
}

std::optional<std::string_view> ConsumerCode::value(const DataObject& application,
                                                    std::uint32_t tag) const {
    const DataObject* common = objects_.find(common_tag);
    const auto inside = [&](const DataObject* parent, std::uint32_t inner) {
        return parent == nullptr ? nullptr : objects_.find(*parent, inner);
    };
    for (const DataObject* parent :
         {&application, inside(&application, application_transparent_tag), common,
          inside(common, common_transparent_tag)})
        if (const DataObject* object = inside(parent, tag)) return objects_.value(*object);
    return std::nullopt;
}

Decoded<ConsumerCode> decode_cpm(std::string_view text) {
    const auto no = [](DefectCode code, std::string_view at) {
        return std::unexpected(Defect{code, std::string(at)});
    };
    if (text.size() > code_characters_max) return no(DefectCode::too_long, "");
    auto bytes = crypto::from_base64(text);
    if (!bytes) return no(DefectCode::base64, "");
    if (!bytes->starts_with(indicator_tag))
        return no(DefectCode::format_indicator_not_first, indicator_place);
    if (!bytes->starts_with(indicator)) return no(DefectCode::format_indicator, indicator_place);
    Decoded<ConsumerCode> code;
    Finding found = code->objects_.read(*std::move(bytes));
    if (!found) found = judge(code->objects_);
    if (found) code = std::unexpected(*std::move(found));
    return code;
}

}  // namespace huitong::wire::emvqr
