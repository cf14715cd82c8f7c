#include "wire/emvqr/schemes.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "wire/emvqr/scheme_table.hpp"
#include "wire/emvqr/unionpay.hpp"
#include "wire/json/text.hpp"

namespace huitong::wire::emvqr {
namespace {

constexpr std::size_t sha256_hex_size = 64;

char small(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool equal_without_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, small, small);
}

// At most one '*', which stands for at least one character; "*@*" has its second at the end, so the
// part behind the first is searched for.
bool matches(std::string_view pattern, std::string_view id) {
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos) return equal_without_case(pattern, id);
    if (!equal_without_case(pattern.substr(0, star), id.substr(0, star))) return false;
    pattern.remove_prefix(star + 1);
    id.remove_prefix(std::min(star, id.size()));
    for (std::size_t taken = 1; taken <= id.size(); ++taken)
        if (matches(pattern, id.substr(taken))) return true;
    return false;
}

bool is_of(const SchemeRow& row, unsigned tag, std::string_view id, std::string_view value) {
    if (tag < row.tag_first || tag > row.tag_last) return false;
    switch (row.mark) {
        case Mark::tag:
            return true;
        case Mark::unionpay_account:
            return parse_unionpay_account(value).has_value();
        case Mark::unique_id:
            return matches(row.id, id);
    }
    std::unreachable();
}

const SchemeRow* scheme_of(unsigned tag, std::string_view id, std::string_view value) {
    const auto* row = std::ranges::find_if(
        scheme_rows, [&](const SchemeRow& r) { return is_of(r, tag, id, value); });
    return row == std::end(scheme_rows) ? nullptr : row;
}

Account account_of(const Objects& objects, const Object& object) {
    const Object* id = objects.find(object, 0);
    Account account{.tag = object.tag, .object = &object};
    if (id != nullptr) account.id = objects.value(*id);
    account.scheme = scheme_of(account.tag, account.id, objects.value(object));
    return account;
}

// The value of sub-tag 00 in a template that has not been walked yet; empty when there is none.
// Counts bytes, which is right unless a text of another script stands before 00; 00 comes first in
// practice.
std::string_view unique_id_in(std::string_view text) {
    while (text.size() >= 4 && json::decimal_digits.holds_all(text.substr(0, 4))) {
        const auto length =
            static_cast<std::size_t>(text[2] - '0') * 10 + static_cast<std::size_t>(text[3] - '0');
        const std::string_view value = text.substr(4, length);
        if (text.starts_with("00")) return value;
        text.remove_prefix(4 + value.size());
    }
    return {};
}

constexpr bool is_nested(const SchemeRow& row, unsigned parent_tag, unsigned tag) {
    if (parent_tag < row.tag_first || parent_tag > row.tag_last) return false;
    return std::ranges::any_of(row.sub_tags, [tag](const SubTag& sub_tag) {
        return sub_tag.is_template && sub_tag.tag == tag;
    });
}

// [template][sub-tag]: whether some scheme has a template there.
constexpr std::array<std::array<bool, 100>, 100> nested_tags = [] {
    std::array<std::array<bool, 100>, 100> nested{};
    for (const SchemeRow& row : scheme_rows)
        for (std::size_t parent = row.tag_first; parent <= row.tag_last; ++parent)
            for (const SubTag& sub_tag : row.sub_tags)
                nested[parent][sub_tag.tag] |= sub_tag.is_template;
    return nested;
}();

// Routes are tried in this order: lower is better.
std::size_t rank(const Account& account, std::string_view country, std::size_t route) {
    if (account.scheme->country == country) return 0;
    return account.tag == unionpay_tag ? 1 : 2 + route;
}

std::optional<Instant> instant_of(Expiry expiry, std::string_view text) {
    if (!json::decimal_digits.holds_all(text)) return std::nullopt;
    if (expiry == Expiry::unix_ms && text.size() == 13) {
        std::int64_t ms = 0;
        std::from_chars(text.data(), text.data() + text.size(), ms);
        return Instant{ms};
    }
    if (expiry != Expiry::date || text.size() != 8) return std::nullopt;
    const auto end =
        parse_rfc3339(std::string(text.substr(0, 4)) + "-" + std::string(text.substr(4, 2)) + "-" +
                      std::string(text.substr(6, 2)) + "T23:59:59+08:00");
    return end ? std::optional(*end) : std::nullopt;
}

}  // namespace

std::span<const SchemeRow> schemes() {
    return scheme_rows;
}

std::vector<Account> accounts_of(const Objects& objects) {
    std::vector<Account> accounts;
    for (const Object& object : objects.outermost())
        if (object.tag >= 2 && object.tag <= 51) accounts.push_back(account_of(objects, object));
    return accounts;
}

std::vector<std::string_view> scheme_names(const Objects& objects) {
    std::vector<std::string_view> names;
    for (const Account& account : accounts_of(objects))
        if (account.scheme != nullptr &&
            std::ranges::find(names, account.scheme->name) == names.end())
            names.push_back(account.scheme->name);
    return names;
}

bool has_relaxed_scheme(const Objects& objects) {
    return std::ranges::any_of(accounts_of(objects), [](const Account& account) {
        return account.scheme != nullptr && account.scheme->relaxed;
    });
}

std::optional<Account> choose_account(const MerchantCode& code,
                                      std::span<const std::string_view> routes) {
    std::optional<Account> best;
    std::size_t best_rank = 0;
    for (const Account& account : accounts_of(code.objects())) {
        if (account.scheme == nullptr) continue;
        const auto route = std::ranges::find(routes, account.scheme->name);
        if (route == routes.end()) continue;
        const std::size_t its_rank =
            rank(account, code.country(), static_cast<std::size_t>(route - routes.begin()));
        if (best && best_rank <= its_rank) continue;
        best = account;
        best_rank = its_rank;
    }
    return best;
}

Finding misfit(const Account& account, const Objects& objects) {
    if (account.scheme == nullptr) return {};
    for (const SubTag& rule : account.scheme->sub_tags) {
        const Object* object = objects.find(*account.object, rule.tag);
        if (object == nullptr) continue;
        const std::string_view value = objects.value(*object);
        const std::size_t size = characters(value);
        if (size > rule.size_max) return Defect{DefectCode::length, place(account.tag, rule.tag)};
        const bool fits =
            size >= rule.size_min && (!rule.digits || json::decimal_digits.holds_all(value));
        if (!fits) return Defect{DefectCode::format, place(account.tag, rule.tag)};
    }
    return {};
}

std::optional<Instant> expires(const Objects& objects) {
    for (const Account& account : accounts_of(objects)) {
        if (account.scheme == nullptr || account.scheme->expiry == Expiry::never) continue;
        const auto text = objects.value(account.scheme->expiry_tag, account.scheme->expiry_inner);
        if (text) return instant_of(account.scheme->expiry, *text);
    }
    return std::nullopt;
}

bool is_nested_template(const Candidate& candidate) {
    // Asked for each object inside an account template, and almost always no.
    if (!nested_tags[candidate.parent_tag][candidate.tag]) return false;
    const std::string_view id = unique_id_in(candidate.parent_value);
    return std::ranges::any_of(scheme_rows, [&](const SchemeRow& row) {
        return is_nested(row, candidate.parent_tag, candidate.tag) && matches(row.id, id);
    });
}

bool is_plain_form(unsigned tag, std::string_view value) {
    constexpr json::CharacterSet hex = json::decimal_digits.with("ABCDEFabcdef");
    return value.size() == sha256_hex_size && hex.holds_all(value) &&
           std::ranges::find(scheme_rows, tag, &SchemeRow::plain_tag) != std::end(scheme_rows);
}

}  // namespace huitong::wire::emvqr
