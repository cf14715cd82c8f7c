// The inside of the ISO 8583 door. Included by its sources only.
#pragma once

#include "gateway/iso8583/door.hpp"
#include "gateway/iso8583/lines/line_listener.hpp"
#include "gateway/iso8583/members.hpp"

namespace huitong::gateway::iso8583 {

// A message that asks for business, kept until it is answered.
struct Asked {
    Asked(MemberPtr whose, LinePtr over, wire::iso8583::Header with,
          const wire::iso8583::Message& message, std::shared_ptr<DoorCounters> counted)
        : member(std::move(whose)),
          line(std::move(over)),
          header(with),
          mti(message.mti()),
          fields(fields_of(message)),
          kind(kind_of(mti, fields)),
          counters(std::move(counted)) {
        ++counters->asking;
    }
    Asked(const Asked&) = delete;
    Asked& operator=(const Asked&) = delete;
    ~Asked() { --counters->asking; }

    MemberPtr member;
    LinePtr line;
    wire::iso8583::Header header;
    wire::iso8583::Mti mti;
    Fields fields;
    MessageKind kind;
    std::shared_ptr<DoorCounters> counters;  // Who waits may outlive the door.
    std::string key;                         // of a 0200 that is remembered
};
using AskedPtr = std::shared_ptr<Asked>;

// Hands the heart's answers to an I/O thread.
class IoMailbox final : public engine::Mailbox {
public:
    explicit IoMailbox(http::IoThreads& io) : io_(io) {}
    void deliver(std::vector<engine::RequestPtr> answered) override;

private:
    http::IoThreads& io_;
};

class Iso8583Door::Impl final : public LineOwner {
public:
    Impl(Parts parts, DoorOptions options);

    void start();
    Result<std::uint16_t> listen(const std::string& address, std::uint16_t port);
    std::shared_ptr<Iso8583Link> link(ParticipantId institution);
    Members& members() { return members_; }
    void tick(std::int64_t now_ms);
    [[nodiscard]] const DoorOptions& options() const { return options_; }
    [[nodiscard]] const DoorCounters& counters() const { return *counters_; }

    // door.cpp: whose message it is, and what can't be read.
    void opened(const LinePtr&) override {}  // Its first message says whose it is.
    void received(const LinePtr& line, std::string_view frame) override;
    void closed(const LinePtr& line) override;

private:
    bool serves(const LinePtr& line, const Member& member);
    void refuse_frame(const LinePtr& line, std::string_view frame, wire::iso8583::Fault fault);
    void reject(const LinePtr& line, std::string_view frame, std::string_view code);
    void answer_unread(const LinePtr& line, std::string_view frame);

    // business.cpp
    void business(AskedPtr asked, const wire::iso8583::Message& message);
    // The code to answer with, when it is not to be asked for at all; empty: go on.
    std::string_view forbids(const Asked& asked);
    void pay(const AskedPtr& asked);
    void complete(const AskedPtr& asked);
    void refund(const AskedPtr& asked);
    void reverse(const AskedPtr& asked);
    void request(const AskedPtr& asked, switching::RequestPayment command);
    using Then = std::function<void(Result<switching::Payment>)>;
    void submit(engine::Command command, Then then);
    void wait(const AskedPtr& asked, const Result<switching::Payment>& payment);
    void finish(const AskedPtr& asked, std::string_view code,
                const switching::Payment* payment = nullptr);
    [[nodiscard]] Asking asking(const Asked& asked) const;

    Parts parts_;
    DoorOptions options_;
    std::shared_ptr<DoorCounters> counters_ = std::make_shared<DoorCounters>();
    const wire::iso8583::Dialect& dialect_;
    IoMailbox mailbox_;
    std::shared_ptr<std::atomic<std::size_t>> accepted_ =
        std::make_shared<std::atomic<std::size_t>>(0);
    Members members_;
};

}  // namespace huitong::gateway::iso8583
