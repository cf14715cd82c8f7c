// Who may open a line to us. Sign-on has no MAC (iso8583.md section 11), so whoever has a line
// could sign an institution off: a stranger gets none, and an institution may be pinned to its
// addresses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "gateway/http/address.hpp"

namespace huitong::gateway::iso8583 {

class AllowList {
public:
    // Nobody.
    AllowList() = default;
    // "10.1.0.0/16", "192.0.2.7", or "44190440@10.1.2.3": lines from there speak for this
    // institution alone, and it has none from elsewhere. Refuses with field_format.
    static Result<AllowList> parse(const std::vector<std::string>& entries);
    // Programs on this machine.
    static AllowList loopback();

    [[nodiscard]] bool empty() const { return entries_.empty(); }
    // May there be a line from this address at all?
    [[nodiscard]] bool admits(const http::Address& address) const;
    // May it speak for this institution?
    [[nodiscard]] bool admits(const http::Address& address, std::string_view institution) const;

private:
    struct Entry {
        http::Network network;
        std::string institution;  // empty: any that has no entry of its own
    };
    std::vector<Entry> entries_;
};

}  // namespace huitong::gateway::iso8583
