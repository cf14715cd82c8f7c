// What all subcommands that administer a running server have in common: they log in as an operator,
// ask the operator door, and print its answer or what is wrong.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "apps/command_line.hpp"
#include "apps/operator_client.hpp"
#include "wire/json/writer.hpp"

namespace huitong::apps {

// Who asks, and where.
struct OperatorLogin {
    std::string url = "http://127.0.0.1:8481";
    std::string ca_file;
    std::string name = "admin";
    std::string password_file;
};
// From the file, the environment or the terminal.
std::string password_of(const OperatorLogin& login);

using OperatorWork = std::function<Result<std::string>(OperatorClient&)>;

// Subcommands of one parent, each with the options that say who asks.
class OperatorCommands {
public:
    // `status`: of the process; set when a subcommand has run.
    OperatorCommands(Command parent, int& status)
        : parent_(parent), login_(std::make_shared<OperatorLogin>()), status_(status) {}

    Command add(const char* name, const char* help, OperatorWork work,
                bool changing_password = false);
    [[nodiscard]] std::shared_ptr<const OperatorLogin> login() const { return login_; }

private:
    Command parent_;
    std::shared_ptr<OperatorLogin> login_;
    int& status_;
};

// A JSON object, written by `members`.
std::string json_object(const std::function<void(wire::json::Writer&)>& members);

}  // namespace huitong::apps
