// Keeps one line to an address: dials, and dials again 2^n s after it was lost, at most 60
// (iso8583.md section 8). Names are looked up anew each time.
#pragma once

#include "gateway/http/resolver.hpp"
#include "gateway/iso8583/lines/line.hpp"
#include "gateway/links/channel_address.hpp"

namespace huitong::gateway::iso8583 {

struct DiallerOptions {
    LineOptions line;
    Duration pause_first = seconds(1);
    Duration pause_max = seconds(60);
};

class Dialler final : public http::Actor, public LineOwner {
public:
    struct Parts {
        std::shared_ptr<http::Mailbox> mailbox;  // of the thread that owns it
        http::Resolver& resolver;                // both outlive the I/O threads
        LineOwner& owner;
        const wire::iso8583::Dialect& dialect;
    };
    // From any thread: begins soon.
    static std::shared_ptr<Dialler> start(Parts parts, links::ChannelAddress to,
                                          DiallerOptions options);
    // From any thread: closes the line and dials no more.
    void stop();

    void opened(const LinePtr& line) override;
    void received(const LinePtr& line, std::string_view frame) override;
    void closed(const LinePtr& line) override;
    void on_deadline() override { dial(); }
    void on_stop() override { ended_ = true; }

private:
    Dialler(Parts parts, links::ChannelAddress to, DiallerOptions options)
        : parts_(std::move(parts)), to_(std::move(to)), options_(options) {}
    void dial();
    void resolved(Result<http::Addresses> addresses);
    void rest();
    std::shared_ptr<Dialler> self() {
        return std::static_pointer_cast<Dialler>(shared_from_this());
    }

    Parts parts_;
    links::ChannelAddress to_;
    DiallerOptions options_;
    http::IoThread* thread_ = nullptr;
    std::uint64_t id_ = 0;
    LinePtr line_;
    std::size_t attempts_ = 0;  // since a line was open
    std::size_t address_ = 0;   // which of the name's addresses is tried next
    bool ended_ = false;
};

}  // namespace huitong::gateway::iso8583
