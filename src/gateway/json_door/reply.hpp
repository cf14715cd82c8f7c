// Answers of the JSON doors: {"code","message","detail"?} for a no, in Chinese or English as the
// client prefers (api/wallet.yaml, api/operator.yaml).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "gateway/http/message.hpp"
#include "wire/json/field_error.hpp"

namespace huitong::gateway::json_door {

using wire::json::FieldError;
using wire::json::Location;
using wire::json::Parsed;

enum class Language : std::uint8_t { chinese, english };

// By Accept-Language: English when it is preferred to Chinese, else Chinese.
Language language_of(const http::Request& request);

// What these doors call an error. A few differ from the merchant contract's words.
std::string_view code_of(Error error);
std::string_view message_of(Error error, Language language);

http::Response refusal(Error error, Language language);
http::Response refusal(const FieldError& defect, Language language);
http::Response json_answer(int status, std::string body);
http::Response no_content();

// For http::ServerOptions::error_writer of a server that serves such doors.
http::Response refuse_broken(Error error, const http::Request& request);

}  // namespace huitong::gateway::json_door
