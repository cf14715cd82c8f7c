#include <array>
#include <fmt/format.h>

#include "crypto/bytes.hpp"
#include "gateway/merchant/signing_mistakes.hpp"

namespace huitong::gateway::merchant {
namespace {

constexpr std::array<std::string_view, 5> pair_names = {"mchid", "nonce_str", "timestamp",
                                                        "serial_no", "signature"};

constexpr std::string_view digits = "0123456789";
constexpr std::string_view nonce_characters =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-";
constexpr std::size_t nonce_max = 64;
constexpr std::string_view hexadecimal = "0123456789ABCDEFabcdef";

bool holds_only(std::string_view text, std::string_view characters) {
    return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

std::size_t count(std::string_view text, const std::string& piece) {
    std::size_t found = 0;
    for (std::size_t at = text.find(piece); at != std::string_view::npos;
         at = text.find(piece, at + piece.size()))
        ++found;
    return found;
}

// Whatever stands between name=" and the next quote.
std::string_view value_of(std::string_view header, std::string_view name) {
    const std::string mark = fmt::format("{}=\"", name);
    const std::size_t at = header.find(mark);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = header.substr(at + mark.size());
    return rest.substr(0, rest.find('"'));
}

void append_name(std::string& names, std::string_view name) {
    names += names.empty() ? "" : ", ";
    names += name;
}

void judge_pairs(std::string_view header, std::vector<std::string>& out) {
    std::string missing, unquoted;
    for (const std::string_view name : pair_names) {
        const std::size_t quoted = count(header, fmt::format("{}=\"", name));
        if (quoted > 1) out.push_back(fmt::format("{} is given more than once.", name));
        if (quoted > 0) continue;
        append_name(header.contains(name) ? unquoted : missing, name);
    }
    if (!unquoted.empty())
        out.push_back(fmt::format(
            "These values do not stand in double quotes right behind their name and =: {}.",
            unquoted));
    if (!missing.empty()) out.push_back(fmt::format("The header lacks: {}.", missing));
}

void judge_values(std::string_view header, std::vector<std::string>& out) {
    const auto wrong = [&](std::string_view name, std::string_view characters) {
        const bool given = header.contains(fmt::format("{}=\"", name));
        return given && !holds_only(value_of(header, name), characters);
    };
    if (wrong("mchid", digits)) out.emplace_back("mchid must be decimal digits.");
    if (wrong("nonce_str", nonce_characters) || value_of(header, "nonce_str").size() > nonce_max)
        out.emplace_back("nonce_str must be 1 to 64 of 0-9 A-Z a-z and -.");
    if (wrong("timestamp", digits)) out.emplace_back("timestamp must be whole seconds, in digits.");
    if (wrong("serial_no", hexadecimal))
        out.emplace_back(
            "serial_no must be the hexadecimal serial number of the merchant's certificate; "
            "PUB_KEY_ID_.. is the platform's and belongs into Wechatpay-Serial.");
    const std::string_view signature = value_of(header, "signature");
    if (signature.empty() || crypto::from_base64(signature)) return;
    out.emplace_back(holds_only(signature, hexadecimal)
                         ? "The signature is written in hexadecimal; it must be base64."
                         : "The signature is not standard base64, with + and / and = at its end.");
}

}  // namespace

std::vector<std::string> header_mistakes(std::string_view header) {
    std::vector<std::string> out;
    bool names_some = false;
    for (const std::string_view name : pair_names) names_some |= header.contains(name);
    if (!names_some) return out;
    const std::string_view first = header.substr(0, header.find_first_of(" ="));
    if (header.starts_with("Authorization"))
        out.emplace_back("The header's name was given too; only its value is wanted.");
    const std::string_view rest = header.substr(first.size());
    if (rest.starts_with("=") || rest.starts_with("  "))
        out.emplace_back("The header must begin with the scheme and one space.");
    judge_pairs(header, out);
    judge_values(header, out);
    return out;
}

}  // namespace huitong::gateway::merchant
