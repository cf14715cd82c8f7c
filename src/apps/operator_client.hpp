// The operator door as the command line uses it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/caller.hpp"

namespace huitong::apps {

class OperatorClient {
public:
    // `url`: of the portal door, such as http://127.0.0.1:8481. Everything below fails with
    // peer_refused when the door says no; problem() then holds its words.
    OperatorClient(Caller& caller, std::string url) : caller_(caller), url_(std::move(url)) {}

    // Logs in; says whether a one-time password must be changed first.
    Result<bool> log_in(const std::string& name, const std::string& password);
    Result<void> change_password(const std::string& old, const std::string& fresh);
    // Any request of api/operator.yaml; the body of the answer.
    Result<std::string> request(const std::string& method, const std::string& path,
                                const std::string& body = {});

    [[nodiscard]] const std::string& problem() const { return problem_; }
    // The status of the last answer; 409 tells that something is there already.
    [[nodiscard]] int status() const { return status_; }

private:
    Caller& caller_;
    std::string url_;
    std::string token_;
    std::string problem_;
    int status_ = 0;
};

}  // namespace huitong::apps
