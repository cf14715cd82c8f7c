// Network management: sign-on, sign-off, line test, date change and keys (iso8583.md sections 5, 8
// and 11). Messages of this class have no MAC but those that bring a key.
#include <algorithm>

#include "gateway/iso8583/member.hpp"
#include "gateway/iso8583/response_code.hpp"

namespace huitong::gateway::iso8583 {
namespace {

using wire::iso8583::Header;
using wire::iso8583::Message;
using wire::iso8583::Mti;

// Field 70.
constexpr std::string_view sign_on_code = "001";
constexpr std::string_view sign_off_code = "002";
constexpr std::string_view key_code = "101";
constexpr std::string_view date_starts = "201";
constexpr std::string_view date_done = "202";
constexpr std::string_view line_test = "301";
constexpr std::string_view not_supported = "40";

constexpr std::int64_t retry_ms = 5'000;
constexpr std::uint32_t tests_lost_max = 3;

bool is_yes(const Result<Answer>& answer) {
    return answer && text_of(answer->fields, 39) == approved;
}

}  // namespace

// The fields that all have: by a member its own code in 33, by the switch the member's in 100.
Fields Member::management(std::string_view code) {
    Fields fields;
    const std::lock_guard lock(mutex_);
    const std::string stan = std::to_string(++last_stan_ % 1'000'000);
    fields[7] = month_to_second(parts_.clock.now());
    fields[11] = std::string(6 - stan.size(), '0') + stan;
    fields[parts_.is_switch ? 33 : 100] = parts_.is_switch ? parts_.own_code : parts_.code;
    fields[70] = code;
    return fields;
}

void Member::management_ask(std::string_view mti, const Fields& fields, Answered done) {
    ask(*Mti::parse(mti), fields, options_.management_wait, std::move(done));
}

void Member::sign_on() {
    {
        const std::lock_guard lock(mutex_);
        if (signing_) return;
        signing_ = true;
        signed_off_ = false;
    }
    management_ask("0820", management(sign_on_code), [this](Result<Answer> answer) {
        const std::lock_guard lock(mutex_);
        signing_ = false;
        if (is_yes(answer)) set_signed_on(true);
    });
}

void Member::sign_off() {
    {
        const std::lock_guard lock(mutex_);
        signed_off_ = true;
        set_signed_on(false);
    }
    management_ask("0820", management(sign_off_code), [](const Result<Answer>&) {});
}

void Member::renew_key(crypto::BlockAlgorithm kind) {
    {
        const std::lock_guard lock(mutex_);
        if (keying_ || parts_.master_key.empty()) return;
        keying_ = true;
    }
    if (parts_.is_switch) return request_key(kind);
    deliver_key(kind);
}

void Member::request_key(crypto::BlockAlgorithm kind) {
    Fields fields = management(key_code);
    fields[53] = field_53_of(kind);
    // The key itself comes in a message of its own.
    management_ask("0820", fields, [this](const Result<Answer>&) {
        const std::lock_guard lock(mutex_);
        keying_ = false;
    });
}

void Member::deliver_key(crypto::BlockAlgorithm kind) {
    Fields fields = management(key_code);
    fields.erase(33);
    fields[100] = parts_.code;
    auto delivery = iso8583::deliver_key(parts_.master_key, kind, parts_.clock.now());
    {
        const std::lock_guard lock(mutex_);
        if (!delivery) {
            keying_ = false;
            return note(delivery.error());
        }
        keys_.offer(std::move(delivery->key));
    }
    fields.merge(delivery->fields);
    management_ask("0800", fields, [this](const Result<Answer>& answer) {
        const std::lock_guard lock(mutex_);
        keying_ = false;
        if (is_yes(answer)) keys_.activate(parts_.clock.now());
    });
}

// The other side signs on or off.
std::string_view Member::sign(bool on) {
    const std::lock_guard lock(mutex_);
    set_signed_on(on);
    return approved;
}

// Its check value and its MAC prove the key in one go.
std::string_view Member::take_key(const Message& message, const Fields& fields) {
    auto key = received_key(parts_.master_key, fields, parts_.clock.now());
    const std::lock_guard lock(mutex_);
    if (!key && key.error() == Error::not_permitted) return not_supported;
    std::string buffer;
    const bool proven = key && message.wire(128).ends_with(key->check_value()) &&
                        verify_mac(message, key->mac, buffer).has_value();
    if (!proven) {
        ++totals_.mac_alarms;
        note(Error::key_invalid);
        return key_failure;
    }
    keys_.offer(std::move(*key));
    return approved;
}

// The other side asks for a new key, of a kind that it may name.
std::string_view Member::key_request(const Fields& fields, crypto::BlockAlgorithm& kind) const {
    if (parts_.master_key.empty()) return key_failure;
    if (!fields.contains(53)) return approved;
    const auto asked = kind_of(text_of(fields, 53));
    if (!asked) return asked.error() == Error::not_permitted ? not_supported : format_error;
    // The request has no MAC: it must not bring the link down to single DES.
    const bool weaker = *asked == crypto::BlockAlgorithm::des && kind != *asked;
    if (weaker) return not_supported;
    kind = *asked;
    return approved;
}

void Member::take_management(const LinePtr& line, const Header& header, const Message& message) {
    const Fields fields = fields_of(message);
    const std::string_view what = text_of(fields, 70);
    const bool brings_key = message.mti().text() == "0800" && what == key_code;
    std::string_view code = not_supported;
    if (what == line_test || what == date_starts || what == date_done) code = approved;
    if (what == sign_on_code || what == sign_off_code) code = sign(what == sign_on_code);
    if (brings_key) code = take_key(message, fields);
    const bool asks_key = what == key_code && !brings_key;
    crypto::BlockAlgorithm kind = options_.key_kind;
    if (asks_key) code = key_request(fields, kind);

    Fields answer;
    for (const unsigned field : {7U, 11U, 15U, 33U, 53U, 70U, 100U}) {
        if (const auto found = fields.find(field); found != fields.end()) answer.insert(*found);
    }
    answer[39] = code;
    // What refuses a key is not under it.
    if (brings_key && code != approved) answer.erase(53);
    const Header back = header.answer();
    const auto built = frame(message.mti().answer(), answer, &back);
    if (built) line->send(*built);

    bool deliver = false;
    {
        const std::lock_guard lock(mutex_);
        if (brings_key && code == approved) keys_.activate(parts_.clock.now());
        const bool lacks = what == sign_on_code && !keys_.active();
        deliver = code == approved && !parts_.is_switch && (asks_key || lacks);
    }
    if (deliver) renew_key(kind);
}

// Signs on again, tests lines, renews a key that is missing or old.
void Member::keep_up(std::int64_t now_ms) {
    bool sign = false;
    bool key = false;
    {
        const std::lock_guard lock(mutex_);
        if (lines_.empty()) return;
        const bool due = now_ms - tried_ms_ >= retry_ms;
        const bool dials = std::ranges::any_of(lines_, [](auto& line) { return line->dialled(); });
        sign = due && dials && !signed_on_ && !signing_ && !signed_off_;
        const auto since = keys_.since();
        const bool old =
            since && !parts_.is_switch && parts_.clock.now() - *since > options_.key_age_max;
        key = due && signed_on_ && !keying_ && (!since || old);
        if (sign || key) tried_ms_ = now_ms;
    }
    if (sign) sign_on();
    if (key) renew_key();
    test_lines(now_ms);
}

// Three tests without an answer in a row: the lines are made anew (iso8583.md section 8).
void Member::test_lines(std::int64_t now_ms) {
    {
        const std::lock_guard lock(mutex_);
        const Duration every = options_.line_test_every;
        if (every.ms == 0 || !signed_on_ || now_ms - tested_ms_ < every.ms) return;
        tested_ms_ = now_ms;
    }
    management_ask("0820", management(line_test), [this](const Result<Answer>& answer) {
        std::vector<LinePtr> lost;
        {
            const std::lock_guard lock(mutex_);
            tests_lost_ = answer ? 0 : tests_lost_ + 1;
            if (tests_lost_ < tests_lost_max) return;
            tests_lost_ = 0;
            lost = lines_;
        }
        for (const LinePtr& line : lost) line->shut();
    });
}

}  // namespace huitong::gateway::iso8583
