#include "gateway/iso8583/lines/allow_list.hpp"

#include <algorithm>

namespace huitong::gateway::iso8583 {
namespace {

constexpr std::size_t code_digits_min = 8;
constexpr std::size_t code_digits_max = 11;

bool is_institution_code(std::string_view text) {
    const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    return digits && text.size() >= code_digits_min && text.size() <= code_digits_max;
}

}  // namespace

Result<AllowList> AllowList::parse(const std::vector<std::string>& entries) {
    AllowList list;
    for (const std::string& entry : entries) {
        const auto at = entry.find('@');
        const bool pinned = at != std::string::npos;
        std::string institution = pinned ? entry.substr(0, at) : std::string();
        if (pinned && !is_institution_code(institution)) return refuse(Error::field_format);
        const auto network = http::Network::parse(pinned ? entry.substr(at + 1) : entry);
        if (!network) return refuse(Error::field_format);
        list.entries_.push_back({*network, std::move(institution)});
    }
    return list;
}

AllowList AllowList::loopback() {
    return *parse({"127.0.0.0/8", "::1"});
}

bool AllowList::admits(const http::Address& address) const {
    return std::ranges::any_of(entries_,
                               [&](const Entry& entry) { return entry.network.contains(address); });
}

bool AllowList::admits(const http::Address& address, std::string_view institution) const {
    const bool pinned = std::ranges::any_of(
        entries_, [&](const Entry& entry) { return entry.institution == institution; });
    return std::ranges::any_of(entries_, [&](const Entry& entry) {
        const bool speaks = pinned ? entry.institution == institution : entry.institution.empty();
        return speaks && entry.network.contains(address);
    });
}

}  // namespace huitong::gateway::iso8583
