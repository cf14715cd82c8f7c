#include "gateway/iso8583/member.hpp"

#include <algorithm>
#include <chrono>

#include "base/ensure.hpp"
#include "gateway/iso8583/response_code.hpp"

namespace huitong::gateway::iso8583 {
namespace {

using wire::iso8583::Header;
using wire::iso8583::Mti;

constexpr std::uint32_t complaints_max = 3;  // then the key is made anew (iso8583.md section 11)

std::int64_t steady_us() {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

// Field 60 as far as its MAC algorithm, which says 4 for SM4 (iso8583.md section 5).
constexpr std::string_view additional_data_sm4 = "000000000000000000004";
static_assert(additional_data_sm4.size() == 4 + 11 + 6);

bool is_key_message(Mti mti, const Fields& fields) {
    const bool from_switch = mti.text() == "0800" || mti.text() == "0810";
    return from_switch && fields.contains(53) && text_of(fields, 70) == "101";
}

bool complains_of_key(std::string_view code) {
    return code == mac_wrong || code == key_failure || code == "99";
}

}  // namespace

Member::Member(Parts parts, MemberOptions options)
    : parts_(std::move(parts)),
      options_(options),
      pending_(options.waiting_max),
      given_(options.given_max) {
    totals_.institution = parts_.id;
}

void Member::attach(const LinePtr& line) {
    bool first = false;
    {
        const std::lock_guard lock(mutex_);
        if (closed_) return line->shut();
        if (is_here(line)) return;
        lines_.push_back(line);
        first = line->dialled() && !signed_on_ && !signing_ && !signed_off_;
    }
    if (first) sign_on();
}

void Member::detach(const LinePtr& line) {
    const std::lock_guard lock(mutex_);
    std::erase(lines_, line);
    if (!lines_.empty()) return;
    signing_ = keying_ = false;
    set_signed_on(false);
}

void Member::set_signed_on(bool on) {
    if (on && !signed_on_) ++totals_.sign_ons;
    signed_on_ = on;
    totals_.become(on ? links::LinkState::up : links::LinkState::down, parts_.clock.now());
}

bool Member::has(const LinePtr& line) const {
    const std::lock_guard lock(mutex_);
    return is_here(line);
}

bool Member::is_here(const LinePtr& line) const {
    return std::ranges::find(lines_, line) != lines_.end();
}

LinePtr Member::next_line() {
    return lines_.empty() ? nullptr : lines_[next_++ % lines_.size()];
}

void Member::close() {
    std::vector<Answered> left;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        set_signed_on(false);
        left = pending_.all();
        for (const LinePtr& line : std::exchange(lines_, {})) line->shut();
    }
    for (Answered& done : left) done(refuse(Error::shutting_down));
}

void Member::ask(Mti mti, const Fields& fields, Duration wait, Answered done) {
    const std::string key = match_key(mti, fields);
    const auto built = frame(mti, fields);
    LinePtr line;
    Result<void> may = {};
    {
        const std::lock_guard lock(mutex_);
        line = next_line();
        const std::int64_t now_us = steady_us();
        if (!built) may = refuse(built.error());
        if (line == nullptr) may = refuse(Error::peer_unreachable);
        if (may) may = pending_.add(key, now_us, now_us / 1'000 + wait.ms, done);
        if (may) ++totals_.calls;
        if (!may) note(may.error());
    }
    if (!may) return done(refuse(may.error()));
    line->send(*built);
}

Result<std::string> Member::frame(Mti mti, const Fields& fields, const Header* header) {
    const std::lock_guard lock(mutex_);
    wire::iso8583::Builder builder(parts_.dialect);
    builder.start(mti);
    const bool key_message = is_key_message(mti, fields);
    WorkingKey* const key = key_message ? keys_.offered() : keys_.current();
    const bool maced = key != nullptr && (key_message || mti.message_class() != 8);
    Fields all = fields;
    if (maced && !key_message && key->algorithm == crypto::MacAlgorithm::sm4_cbc)
        all.try_emplace(60, additional_data_sm4);
    if (!add_all(builder, all)) return refuse(Error::field_format);
    std::string buffer;
    if (maced && !add_mac(builder, key->mac, buffer, key->check_value()))
        return refuse(Error::field_format);
    const auto ours = Header::make(
        {.test = options_.test, .destination = parts_.code, .source = parts_.own_code});
    ENSURE(header != nullptr || ours);  // Codes are 8 to 11 digits.
    const auto finished = builder.finish({.header = header != nullptr ? header : &*ours});
    if (!finished) return refuse(Error::field_format);
    return std::string(*finished);
}

void Member::send(const LinePtr& preferred, std::string frame) {
    LinePtr line = preferred;
    {
        const std::lock_guard lock(mutex_);
        if (!is_here(preferred)) line = next_line();
    }
    if (line != nullptr) line->send(std::move(frame));
}

Result<void> Member::check_mac(const wire::iso8583::Message& message) {
    const std::lock_guard lock(mutex_);
    if (!keys_.active() && keys_.offered() == nullptr) {
        if (!options_.mac_required) return {};
        return refuse(Error::key_invalid);
    }
    if (keys_.verify(message, parts_.clock.now())) return {};
    ++totals_.mac_alarms;
    note(Error::signature_mismatch);
    return refuse(Error::signature_mismatch);
}

void Member::take_answer(const wire::iso8583::Message& message) {
    const Mti mti = message.mti();
    Answer answer{mti, fields_of(message)};
    // An answer whose MAC is wrong is as good as lost (iso8583.md section 8).
    if (mti.message_class() != 8 && !check_mac(message)) return;
    const std::string_view code = text_of(answer.fields, 39);
    std::optional<Pending::Taken> taken;
    bool renew = false;
    {
        const std::lock_guard lock(mutex_);
        std::string buffer;
        WorkingKey* const offered = keys_.offered();
        if (is_key_message(mti, answer.fields) && message.has(128) && offered != nullptr &&
            !verify_mac(message, offered->mac, buffer)) {
            ++totals_.mac_alarms;
            return;
        }
        taken = pending_.take(match_key(mti, answer.fields));
        if (!taken) {
            ++totals_.late;
            return;
        }
        count_answer(code, steady_us() - taken->since_us);
        renew = key_complaints_ >= complaints_max;
        if (renew) key_complaints_ = 0;
    }
    taken->done(std::move(answer));
    if (renew) renew_key();
}

void Member::count_answer(std::string_view code, std::int64_t took_us) {
    const bool definite = outcome_of(code).outcome != Outcome::unknown;
    const Instant now = parts_.clock.now();
    if (definite) {
        statistics_.answered(now, static_cast<std::uint64_t>(took_us));
    } else {
        ++totals_.failures;
        statistics_.failed(now);
    }
    key_complaints_ = complains_of_key(code) ? key_complaints_ + 1 : 0;
}

void Member::take_reject(const wire::iso8583::Envelope& reject) {
    std::optional<Pending::Taken> taken;
    {
        const std::lock_guard lock(mutex_);
        const bool readable = reject.original_header && !reject.original_fault;
        if (readable) {
            const auto& original = reject.message;
            taken = pending_.take(match_key(original.mti(), fields_of(original)));
        }
        if (!taken) ++totals_.late;
        note(Error::peer_refused);
    }
    if (taken) taken->done(refuse(Error::peer_refused));
}

bool Member::signed_on() const {
    const std::lock_guard lock(mutex_);
    return signed_on_;
}

Given::Seen Member::see(const std::string& key, const std::string& digest) {
    const std::lock_guard lock(mutex_);
    return given_.see(key, digest);
}

void Member::given(const std::string& key, std::string frame) {
    const std::lock_guard lock(mutex_);
    given_.answered(key, std::move(frame));
}

void Member::forget(const std::string& key) {
    const std::lock_guard lock(mutex_);
    given_.forget(key);
}

void Member::tick(std::int64_t now_ms) {
    std::vector<Answered> late;
    {
        const std::lock_guard lock(mutex_);
        late = pending_.expired(now_ms);
        totals_.failures += late.size();
        for (std::size_t i = 0; i < late.size(); ++i) statistics_.failed(parts_.clock.now());
        if (!late.empty()) note(Error::peer_timeout);
    }
    for (Answered& done : late) done(refuse(Error::peer_timeout));
    keep_up(now_ms);
}

void Member::note_error(Error error) {
    const std::lock_guard lock(mutex_);
    note(error);
}

void Member::note(Error error) {
    totals_.last_error = describe(error).name;
    totals_.last_error_at = parts_.clock.now();
}

void Member::note_refusal() {
    const std::lock_guard lock(mutex_);
    ++totals_.refused;
    note(Error::peer_refused);
}

links::LinkStatus Member::status() const {
    const std::lock_guard lock(mutex_);
    links::LinkStatus status = totals_;
    status.figures = statistics_.figures(parts_.clock.now());
    status.key_since = keys_.since();
    for (const LinePtr& line : lines_) {
        if (!line->dialled())
            status.channels.push_back({.address = line->peer().to_string(), .up = true});
    }
    return status;
}

}  // namespace huitong::gateway::iso8583
