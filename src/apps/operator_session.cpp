#include "apps/operator_session.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <utility>

#include "apps/input.hpp"

namespace huitong::apps {
namespace {

// Logs in, does the work, prints the answer or the problem.
int as_operator(const OperatorLogin& login, bool changing_password, const OperatorWork& work) {
    auto caller = Caller::make(login.ca_file);
    if (!caller) {
        fmt::print(stderr, "{}\n", describe(caller.error()).text_en);
        return EXIT_FAILURE;
    }
    OperatorClient client(**caller, login.url);
    const auto must_change = client.log_in(login.name, password_of(login));
    if (must_change && *must_change && !changing_password) {
        fmt::print(
            stderr,
            "this is a one-time password: change it first with `huitong operator password`\n");
        return EXIT_FAILURE;
    }
    const auto answer = must_change ? work(client) : refuse(must_change.error());
    if (!answer) {
        fmt::print(stderr, "{}\n", client.problem());
        return EXIT_FAILURE;
    }
    if (!answer->empty()) fmt::print("{}\n", *answer);
    return EXIT_SUCCESS;
}

}  // namespace

std::string password_of(const OperatorLogin& login) {
    if (!login.password_file.empty()) {
        std::string text = read_file(login.password_file);
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
        return text;
    }
    if (const char* given = std::getenv("HUITONG_OPERATOR_PASSWORD")) return given;
    return ask_secret("password of operator " + login.name);
}

Command OperatorCommands::add(const char* name, const char* help, OperatorWork work,
                              bool changing_password) {
    Command command = parent_.add_subcommand(name, help);
    command.add_option("--url", login_->url, "The portal door of the server").capture_default_str();
    command.add_option("--ca", login_->ca_file, "Authority to trust for https").existing_file();
    command.add_option("--operator", login_->name, "Who you are").capture_default_str();
    command
        .add_option("--password-file", login_->password_file,
                    "Your password; else HUITONG_OPERATOR_PASSWORD, else you are asked")
        .existing_file();
    command.callback(
        [login = login_, work = std::move(work), changing_password, &status = status_] {
            status = as_operator(*login, changing_password, work);
        });
    return command;
}

std::string json_object(const std::function<void(wire::json::Writer&)>& members) {
    std::string text;
    wire::json::Writer json(text);
    json.begin_object();
    members(json);
    json.end_object();
    return text;
}

}  // namespace huitong::apps
