// The institutions linked over ISO 8583, as the directory has them: a Member and diallers for each.
// One whose code or master key changes becomes a new Member, with new lines; other channels are
// dialled beside the lines that stay. Any thread.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

#include "crypto/seal.hpp"
#include "gateway/http/io_threads.hpp"
#include "gateway/iso8583/lines/dialler.hpp"
#include "gateway/iso8583/member.hpp"

namespace huitong::gateway::iso8583 {

using MemberPtr = std::shared_ptr<Member>;

class Members {
public:
    struct Parts {
        std::function<std::shared_ptr<const engine::Directory>()> directory;
        engine::Clock& clock;
        http::IoThreads& io;
        const crypto::MasterKey& master;
        LineOwner& owner;
        const wire::iso8583::Dialect& dialect;
    };
    struct Options {
        std::string own_code;
        MemberOptions member;
        DiallerOptions dialler;
        std::size_t lines_per_channel;
    };
    Members(Parts parts, Options options);

    // Null when there is none that is active.
    MemberPtr find(ParticipantId id);
    MemberPtr find(std::string_view code);
    std::vector<MemberPtr> all();
    std::vector<links::LinkStatus> statuses();
    // From now on channels are dialled.
    void dial();
    // Follows the directory if it has changed, and ends what is linked no longer.
    void refresh();
    // Ends what waits on all links.
    void close();

private:
    // A dialled line knows whose it is.
    struct Channel final : LineOwner {
        Channel(LineOwner& whom, MemberPtr of, std::string to)
            : owner(whom), member(std::move(of)), address(std::move(to)) {}
        void opened(const LinePtr& line) override {
            up = true;
            line->serve(member->code());
            member->attach(line);
        }
        void received(const LinePtr& line, std::string_view frame) override {
            owner.received(line, frame);
        }
        void closed(const LinePtr& line) override {
            up = false;
            owner.closed(line);
        }
        LineOwner& owner;
        MemberPtr member;
        std::string address;
        std::atomic<bool> up = false;
        std::shared_ptr<Dialler> dialler;
    };
    struct Entry {
        MemberPtr member;
        switching::ParticipantState state;  // what it was made of
        std::vector<Channel*> channels;
    };

    MemberPtr make(const switching::Participant& participant);
    // Dials what its state names and is not dialled yet, and no more what it does not name.
    void dial(Entry& entry);
    void drop(Entry& entry);
    void follow();

    Parts parts_;
    Options options_;
    http::Resolver resolver_;
    std::mutex mutex_;
    std::uint64_t version_ = 0;
    bool dials_ = false;
    std::map<ParticipantId, Entry> entries_;
    std::vector<MemberPtr> dropped_;  // to be closed without the lock
    // For ever: lines may outlive what they were dialled for by a moment.
    std::deque<Channel> channels_;
    std::size_t next_thread_ = 0;
};

}  // namespace huitong::gateway::iso8583
