#include "wire/emvqr/defect.hpp"

#include <fmt/format.h>
#include <iterator>
#include <utility>

namespace huitong::wire::emvqr {
namespace {

struct Row {
    DefectCode code;
    std::string_view name;
    std::string_view text;
};

using enum DefectCode;

// clang-format off
constexpr Row rows[] = {
    {too_long, "TOO_LONG", "is longer than 512 characters"},
    {base64, "BASE64", "is not base64"},
    {format_indicator_not_first, "FORMAT_INDICATOR_NOT_FIRST",
     "does not begin with the format indicator"},
    {format_indicator, "FORMAT_INDICATOR", "is not a format that we know"},
    {truncated, "TRUNCATED", "ends before its length says"},
    {bad_tag, "BAD_TAG", "is no tag, or none that may stand here"},
    {bad_length, "BAD_LENGTH", "has a length that is no length"},
    {empty_value, "EMPTY_VALUE", "is empty"},
    {duplicate_tag, "DUPLICATE_TAG", "is given twice"},
    {crc_missing, "CRC_MISSING", "is missing: the code has no checksum"},
    {crc_not_last, "CRC_NOT_LAST", "is not the last object"},
    {crc_format, "CRC_FORMAT", "is not four hexadecimal digits"},
    {crc_mismatch, "CRC_MISMATCH", "is the checksum of another text"},
    {initiation_method, "INITIATION_METHOD", "is neither 11 nor 12"},
    {no_account, "NO_ACCOUNT", "names no account (tags 02 to 51)"},
    {no_guid, "NO_GUID", "is an account template without its unique id (00)"},
    {missing, "MISSING", "is missing"},
    {format, "FORMAT", "has the wrong characters or the wrong length"},
    {length, "LENGTH", "is too long"},
    {amount, "AMOUNT", "is not an amount of the code's currency"},
    {tip_indicator, "TIP_INDICATOR", "is none of 01, 02, 03"},
    {tip_value, "TIP_VALUE", "is missing, unexpected or out of range"},
    {no_application, "NO_APPLICATION", "is missing: the code offers no card"},
    {no_aid, "NO_AID", "is an application without its id (4F)"},
    {json, "JSON", "is not JSON of the documented form"},
    {code_unsupported, "CODE_UNSUPPORTED", "is no kind of code that we know"},
};
// clang-format on

const Row& row_of(DefectCode code) {
    return rows[static_cast<std::size_t>(code)];
}

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < std::size(rows); ++i)
        if (rows[i].code != static_cast<DefectCode>(i)) return false;
    return std::size(rows) == std::size_t{std::to_underlying(code_unsupported)} + 1;
}
static_assert(is_in_order());

}  // namespace

std::string_view to_text(DefectCode code) {
    return row_of(code).name;
}

std::string_view explain(DefectCode code) {
    return row_of(code).text;
}

std::string to_text(const Defect& defect) {
    const std::string_view name = to_text(defect.code);
    return defect.at.empty() ? std::string(name) : fmt::format("{}:{}", name, defect.at);
}

}  // namespace huitong::wire::emvqr
