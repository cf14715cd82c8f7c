// Logs: one JSON object a line, on standard error. Texts hold names and ids, never personal data or
// secrets.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace huitong::apps {

using LogFields = std::initializer_list<std::pair<std::string_view, std::string>>;

// "trace", "debug", "info", "warn", "err" or "off".
void set_log_level(const std::string& level);
void log_info(std::string_view event, LogFields fields = {});
void log_error(std::string_view event, LogFields fields = {});

}  // namespace huitong::apps
