// A server of its own (`huitong serve`), as a child process: for what needs institutions apart from
// one another, or one that may be killed.
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>

#include "base/result.hpp"

namespace huitong::apps {

// Where a server's doors are, as it printed them when it came up.
struct ServerDoors {
    std::string merchant_url;
    std::string portal_url;
    std::string institution_url;
    std::string observability_url;
    std::string iso8583_address;    // HOST:PORT; or why it is off
    std::string one_time_password;  // of a first start; else empty
};

// A server's ports, one for each of its doors; 0: any that is free.
struct ServerPorts {
    std::uint16_t merchant = 0, portal = 0, observability = 0, institution = 0, iso8583 = 0;

    // Beginning with this one, without a gap.
    static ServerPorts from(std::uint16_t first);
    // free_port() for each, so that a server keeps its addresses when it starts again.
    static ServerPorts free();
};

// A port of 127.0.0.1 that nobody has, of those that the system gives to no outgoing connection:
// whoever listens at it can do so again later. 0: none was found.
std::uint16_t free_port();

struct ServerPlan {
    std::string folder;                 // holds its configuration, its data and its log
    std::string code = "HOUSE";         // by which other institutions know it
    std::string institution_code = {};  // over ISO 8583; empty: that door is off
    ServerPorts ports = {};
    std::string portal = {};  // the built pages; empty: none
    std::string log_level = "err";
    std::string more = {};  // further settings, as in a configuration file

    [[nodiscard]] std::string store() const { return folder + "/store"; }
    [[nodiscard]] std::string log() const { return folder + "/log.txt"; }
};

// Not for use by several threads at once. The server dies with the thread that started it.
class ServerProcess {
public:
    // Starts one and waits until its doors are open. Fails with peer_unreachable: the log says why.
    static Result<ServerProcess> start(const ServerPlan& plan);

    ServerProcess() = default;
    ServerProcess(ServerProcess&& other) noexcept { *this = std::move(other); }
    ServerProcess& operator=(ServerProcess&& other) noexcept;
    ~ServerProcess();  // kills it, if it still runs

    // Sends the signal, and waits until the process has ended.
    void end(int signal);
    [[nodiscard]] bool running() const { return child_ > 0; }
    [[nodiscard]] pid_t id() const { return child_; }
    [[nodiscard]] const ServerDoors& doors() const { return doors_; }

private:
    bool read_doors(int from);

    pid_t child_ = 0;
    ServerDoors doors_;
};

// The file of this very program.
std::string own_program();

}  // namespace huitong::apps
