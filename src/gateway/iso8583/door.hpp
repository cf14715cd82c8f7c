// The ISO 8583 door: banks and card networks ask here over TCP in the network dialect, and are
// asked over the same lines (iso8583.md sections 4 to 8 and 11).
//
//     I/O thread   frame -> header, institution, MAC -> command ------> heart (decides, commits)
//     I/O thread   0210, 0230, 0430 with MAC and header <-------------- its mailbox
//     I/O thread   decided later: links::Waiters, until `hold`; then 98
//
// What always holds: a message is checked in the order of section 13 and its MAC before any
// business; a line serves one institution, from where that may call; one that can't be read comes
// back behind a reject header, or is answered 30; a 0200 that is seen again gets its first answer;
// advices are judged by the heart, which remembers them for ever.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "crypto/seal.hpp"
#include "gateway/door/heart_port.hpp"
#include "gateway/http/io_threads.hpp"
#include "gateway/iso8583/lines/allow_list.hpp"
#include "gateway/iso8583/lines/dialler.hpp"
#include "gateway/iso8583/link.hpp"
#include "gateway/iso8583/member.hpp"
#include "gateway/links/waiters.hpp"

namespace huitong::gateway::iso8583 {

// What stands behind the code of an MPM purchase.
struct Payee {
    switching::CodeKind code_kind = switching::CodeKind::merchant_dynamic;
    ParticipantId owner;  // not named: hosted here
    OrderId order;        // of a payee hosted here
    std::string code;     // what a linked owner knows its payee by
};
// Called once, on any thread. Errors such as code_unowned, order_code_unknown, order_code_expired.
using PayeeFound = std::move_only_function<void(Result<Payee>)>;
using FindPayee = std::function<void(ParticipantId from, std::string code, PayeeFound)>;
// Whose payer code it is; not named: a user's of ours. code_unowned.
using FindPayer = std::function<Result<ParticipantId>(ParticipantId from, std::string_view code)>;

struct DoorOptions {
    std::string own_code;  // our institution code, 8 to 11 digits: fields 32, 33 and 100
    DiallerOptions dialler;
    MemberOptions member;
    LinkOptions link;
    std::size_t lines_per_channel = 1;  // that we dial
    std::size_t lines_max = 1'000;      // that we accept
    AllowList allow;                    // empty: programs on this machine, on a loopback address
    Duration hold = seconds(40);        // longer than the heart waits for another institution
    Duration request_age_max = seconds(25);  // of a 0200's field 7: then 68, never a late debit
    Duration tick = milliseconds(100);
    std::size_t asking_max = 20'000;  // requests between arrival and answer; beyond: 96
};

struct DoorCounters {
    std::atomic<std::uint64_t> strangers{0};  // lines refused when they came
    std::atomic<std::uint64_t> misplaced{0};  // messages on a line that does not serve their sender
    std::atomic<std::uint64_t> frames{0};
    std::atomic<std::uint64_t> rejects{0};    // sent back behind a reject header
    std::atomic<std::uint64_t> malformed{0};  // answered 30, or dropped
    std::atomic<std::uint64_t> repeats{0};    // answered as the first time
    std::atomic<std::uint64_t> late{0};       // too old: 68
    std::atomic<std::uint64_t> asking{0};
};

class Iso8583Door {
public:
    // All of it outlives the door.
    struct Parts {
        door::HeartPort heart;
        engine::Clock& clock;
        http::IoThreads& io;
        const crypto::MasterKey& master;
        links::Waiters& waiters;
        FindPayee find_payee;
        FindPayer find_payer;
    };
    Iso8583Door(Parts parts, DoorOptions options);
    // Only after the I/O threads, the courier and the heart have stopped.
    ~Iso8583Door();
    Iso8583Door(const Iso8583Door&) = delete;
    Iso8583Door& operator=(const Iso8583Door&) = delete;

    // Dials the channels of all institutions linked over ISO 8583, and follows the directory.
    void start();
    // Accepts lines; the port, or listen_failed. Once.
    Result<std::uint16_t> listen(const std::string& address, std::uint16_t port);

    // Signs off everywhere, and waits until what was asked is answered; whether it was, in time.
    bool drain(Duration at_most);

    // Null: it is not linked over ISO 8583, or has no institution code. Any thread.
    std::shared_ptr<Iso8583Link> link(ParticipantId institution);
    std::shared_ptr<Member> member(ParticipantId institution);
    [[nodiscard]] std::vector<links::LinkStatus> statuses();
    [[nodiscard]] const DoorCounters& counters() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huitong::gateway::iso8583
