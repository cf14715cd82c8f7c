// The payment schemes that use merchant-presented codes, as one table of data (emv-qr sections 2, 3
// and 5): which tag, which unique id, which sub-tags, which money. A new scheme is a row.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.hpp"
#include "wire/emvqr/merchant_code.hpp"

namespace huitong::wire::emvqr {

// A sub-tag of a scheme's template and what it may hold.
struct SubTag {
    std::uint8_t tag = 0;
    std::string_view name;       // snake_case, as the JSON form shows it
    std::uint8_t size_min = 1;   // characters
    std::uint8_t size_max = 99;  // characters
    bool digits = false;         // digits only
    bool is_template = false;    // made of objects again
};

// How an account shows that it is of a scheme.
enum class Mark : std::uint8_t {
    tag,               // by its tag alone: a card network's
    unionpay_account,  // by its tag and the form of emv-qr section 3
    unique_id,         // by its tag and sub-tag 00
};

// Where a scheme writes until when its code is good.
enum class Expiry : std::uint8_t {
    never,
    unix_ms,  // 13 digits
    date,     // YYYYMMDD: to the end of that day, UTC+8
};

struct SchemeRow {
    std::string_view name;
    std::uint8_t tag_first = 0;
    std::uint8_t tag_last = 0;
    Mark mark = Mark::unique_id;
    std::string_view id;       // compared without case; '*' stands for at least one character
    std::string_view country;  // ISO 3166; empty: of no country
    std::array<std::uint16_t, 2> currencies = {};  // ISO 4217; 0: any
    bool relaxed = false;                          // person codes may lack 52, 59 and 60
    std::span<const SubTag> sub_tags;
    Expiry expiry = Expiry::never;
    std::uint8_t expiry_tag = 0;    // the template that has it
    std::uint8_t expiry_inner = 0;  // and the tag in it
    std::uint8_t plain_tag = 0;     // a template of EMVCo's where it puts a SHA-256 as hex text
};

std::span<const SchemeRow> schemes();

// One way to be paid that a code offers.
struct Account {
    std::uint8_t tag = 0;
    std::string_view id;                // sub-tag 00; empty for a card network's account
    const SchemeRow* scheme = nullptr;  // null: a scheme that we do not know
    const Object* object = nullptr;     // in the code that was asked
};

// All accounts of tags 02 to 51, in the code's order.
std::vector<Account> accounts_of(const Objects& objects);

// Each known scheme's name once, in the code's order.
std::vector<std::string_view> scheme_names(const Objects& objects);

bool has_relaxed_scheme(const Objects& objects);

// The account to pay by (emv-qr section 2): of those whose scheme has a route, the country's own
// before UnionPay's tag 15 before the others, which stand in the order of the routes.
std::optional<Account> choose_account(const MerchantCode& code,
                                      std::span<const std::string_view> routes);

// The first sub-tag that the scheme's own form forbids: LENGTH or FORMAT. Readers are lenient and
// do not ask; who writes codes asks.
Finding misfit(const Account& account, const Objects& objects);

// Until when the code is good, if its scheme says so. The caller has the clock: a KHQR code that is
// dynamic must have a moment, and it must lie in the future.
std::optional<Instant> expires(const Objects& objects);

// Whether an object inside an account template is a template of the template's scheme.
bool is_nested_template(const Candidate& candidate);
// Whether the value is what some scheme puts plainly where EMVCo has a template.
bool is_plain_form(unsigned tag, std::string_view value);

}  // namespace huitong::wire::emvqr
