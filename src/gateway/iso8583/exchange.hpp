// Requests in flight on a link, over all its connections, and the answers it has given
// (iso8583.md section 8). Pure and bounded; its owner's lock guards it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/iso8583/fields.hpp"

namespace huitong::gateway::iso8583 {

// What the other side answered; errors: peer_timeout (no answer, or none that was right),
// peer_refused (it came back unread: nothing was done), peer_unreachable (never sent).
struct Answer {
    wire::iso8583::Mti mti;
    Fields fields;
};
using Answered = std::move_only_function<void(Result<Answer>)>;

// Our own requests that wait for their answers, by match_key().
class Pending {
public:
    explicit Pending(std::size_t waiting_max) : waiting_max_(waiting_max) {}

    // overloaded; id_taken: the same message is on its way already. Then `done` is not taken.
    Result<void> add(const std::string& key, std::int64_t now_us, std::int64_t until_ms,
                     Answered& done);
    struct Taken {
        Answered done;
        std::int64_t since_us;
    };
    // Nothing when nobody waits under this key.
    std::optional<Taken> take(const std::string& key);
    // Those whose time is up.
    std::vector<Answered> expired(std::int64_t now_ms);
    std::vector<Answered> all();
    [[nodiscard]] std::size_t size() const { return waiting_.size(); }

private:
    struct Waiting {
        Answered done;
        std::int64_t since_us;
        std::int64_t until_ms;
    };
    std::size_t waiting_max_;
    std::unordered_map<std::string, Waiting> waiting_;
    std::multimap<std::int64_t, std::string> due_;
};

// Requests of the other side: whether one is new, under way, or was answered.
class Given {
public:
    explicit Given(std::size_t kept_max) : kept_max_(kept_max) {}

    enum class Is : std::uint8_t {
        fresh,      // and from now on under way
        under_way,  // the answer to the first serves this one
        answered,   // with the answer that is told
        other,      // the key was used with other content
    };
    struct Seen {
        Is is;
        std::string answer;
    };
    Seen see(const std::string& key, const std::string& digest);
    // The answer, as it was sent.
    void answered(const std::string& key, std::string answer);
    // It was no answer for good: a repeat is judged anew.
    void forget(const std::string& key) { entries_.erase(key); }

private:
    struct Entry {
        std::string digest;
        std::string answer;  // empty: under way
        std::uint64_t number;
    };
    std::size_t kept_max_;
    std::unordered_map<std::string, Entry> entries_;
    // The oldest first; of what was forgotten and seen again only the last number counts.
    std::deque<std::pair<std::uint64_t, std::string>> order_;
    std::uint64_t last_number_ = 0;
};

}  // namespace huitong::gateway::iso8583
