// Everything that this process keeps of one institution linked over ISO 8583: its lines, whether
// it is signed on, its keys, what we asked it and what it was told.
//
// Both sides of the link use it: Iso8583Link asks, Iso8583Door answers, over the same lines. Any
// thread; completions and owners are called without its lock.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/heart.hpp"
#include "gateway/iso8583/exchange.hpp"
#include "gateway/iso8583/lines/line.hpp"
#include "gateway/iso8583/working_keys.hpp"
#include "gateway/links/status.hpp"
#include "wire/iso8583/envelope.hpp"

namespace huitong::gateway::iso8583 {

struct MemberOptions {
    bool test = false;                       // the header's test bit
    Duration management_wait = seconds(30);  // for an 0830 or 0810
    Duration line_test_every = seconds(60);  // while signed on; 0: never
    Duration key_age_max = hours(24);        // then we deliver a new one
    // Of keys that we ask for, and of those that we deliver unless asked for another kind.
    crypto::BlockAlgorithm key_kind = crypto::BlockAlgorithm::triple_des;
    bool mac_required = true;  // payments are refused as long as there is no key
    std::size_t waiting_max = 10'000;
    std::size_t given_max = 50'000;  // answers kept for repeats, about 400 bytes each
};

class Member {
public:
    struct Parts {
        const wire::iso8583::Dialect& dialect;
        engine::Clock& clock;
        std::string own_code;  // institution codes, 8 to 11 digits
        std::string code;
        ParticipantId id;
        bool is_switch;             // then it gives the keys, and we ask for them
        crypto::Secret master_key;  // empty: there is none
    };
    Member(Parts parts, MemberOptions options);

    [[nodiscard]] ParticipantId id() const { return parts_.id; }
    [[nodiscard]] const std::string& code() const { return parts_.code; }
    [[nodiscard]] const std::string& own_code() const { return parts_.own_code; }
    [[nodiscard]] const wire::iso8583::Dialect& dialect() const { return parts_.dialect; }

    // A line of this institution is open; known ones are not added again. Over one that we dialled
    // we sign on.
    void attach(const LinePtr& line);
    void detach(const LinePtr& line);
    // A line serves one member all its life, not the one that follows it under the same code.
    [[nodiscard]] bool has(const LinePtr& line) const;
    // Expires what waits, tests lines, renews keys. To be called several times a second.
    void tick(std::int64_t now_ms);
    // It is linked no longer: closes its lines, ends what waits, and takes nothing more.
    void close();

    // Sends over one of the lines and waits for the answer. The same key while it waits:
    // id_taken. Else as Answer lists.
    void ask(wire::iso8583::Mti mti, const Fields& fields, Duration wait, Answered done);
    void sign_on();
    void sign_off();
    // Makes the other side's key and ours a new one, whoever gives keys here.
    void renew_key() { renew_key(options_.key_kind); }

    // What came in, decoded, on the thread of its line.
    void take_answer(const wire::iso8583::Message& message);
    void take_reject(const wire::iso8583::Envelope& reject);
    void take_management(const LinePtr& line, const wire::iso8583::Header& header,
                         const wire::iso8583::Message& message);

    // Of a request: may it be looked at? Counts alarms. key_invalid: there is no key;
    // signature_mismatch: the MAC is wrong.
    Result<void> check_mac(const wire::iso8583::Message& message);
    [[nodiscard]] bool signed_on() const;
    // A frame with MAC and header; `header` of an answer, else one of ours. frame_too_long and the
    // like are our bugs or a field of the other side's that we can't echo: field_format.
    Result<std::string> frame(wire::iso8583::Mti mti, const Fields& fields,
                              const wire::iso8583::Header* header = nullptr);
    // Over this line if it is still open, else over another.
    void send(const LinePtr& preferred, std::string frame);

    Given::Seen see(const std::string& key, const std::string& digest);
    void given(const std::string& key, std::string frame);
    void forget(const std::string& key);

    // An answer that says nothing definite although it came.
    void note_error(Error error);
    // A commit or reversal of ours got a no.
    void note_refusal();
    // Of its channels only the lines that came to us: who dials knows the others.
    [[nodiscard]] links::LinkStatus status() const;

private:
    [[nodiscard]] bool is_here(const LinePtr& line) const;  // under the lock
    [[nodiscard]] LinePtr next_line();
    [[nodiscard]] Fields management(std::string_view code);
    void management_ask(std::string_view mti, const Fields& fields, Answered done);
    std::string_view sign(bool on);
    std::string_view take_key(const wire::iso8583::Message& message, const Fields& fields);
    void renew_key(crypto::BlockAlgorithm kind);
    void deliver_key(crypto::BlockAlgorithm kind);
    void request_key(crypto::BlockAlgorithm kind);
    std::string_view key_request(const Fields& fields, crypto::BlockAlgorithm& kind) const;
    void keep_up(std::int64_t now_ms);
    void test_lines(std::int64_t now_ms);
    void set_signed_on(bool on);
    void count_answer(std::string_view code, std::int64_t took_us);
    void note(Error error);

    Parts parts_;
    MemberOptions options_;

    mutable std::mutex mutex_;
    std::vector<LinePtr> lines_;
    std::size_t next_ = 0;
    bool signed_on_ = false;
    bool signing_ = false;     // our 0820 is on its way
    bool keying_ = false;      // likewise, or our 0800
    bool signed_off_ = false;  // by us: no sign-on by itself
    bool closed_ = false;
    WorkingKeys keys_;
    Pending pending_;
    Given given_;
    std::uint32_t last_stan_ = 0;
    std::int64_t tested_ms_ = 0;
    std::int64_t tried_ms_ = 0;  // to sign on
    std::uint32_t tests_lost_ = 0;
    std::uint32_t key_complaints_ = 0;  // A0, 99 or A7 in a row
    links::LinkStatistics statistics_;
    links::LinkStatus totals_;
};

}  // namespace huitong::gateway::iso8583
