// What the door says to a request, before it is signed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "wire/json/field_error.hpp"

namespace huitong::gateway::merchant {

struct Reply {
    int status = 200;
    std::string body;  // JSON; empty for 204
    std::optional<Error> error = {};
    std::string_view allow = {};  // methods of the path, for a 405
};

inline Reply yes(std::string body) {
    return {.status = 200, .body = std::move(body)};
}
inline Reply done() {
    return {.status = 204};
}

// A refusal in the contract's form (3.1).
Reply refusal(Error error);
// With detail, unless the issue is empty or the code has none.
Reply refusal(const wire::json::FieldError& defect);
// The request is not authentic, and its defect names the part of Authorization that is to blame.
Reply authentication_refusal(const wire::json::FieldError& defect);
// The signature is wrong: with what it should have been made over.
Reply signature_refusal(std::string_view method, std::string_view target,
                        std::string_view signed_text);

}  // namespace huitong::gateway::merchant
