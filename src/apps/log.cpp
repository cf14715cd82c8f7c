#include "apps/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "engine/heart.hpp"
#include "wire/json/writer.hpp"

namespace huitong::apps {
namespace {

spdlog::logger& logger() {
    static const auto made = [] {
        auto fresh = spdlog::stderr_logger_mt("huitong");
        fresh->set_pattern("%v");
        return fresh;
    }();
    return *made;
}

void log(spdlog::level::level_enum level, std::string_view event, LogFields fields) {
    if (!logger().should_log(level)) return;
    std::string line;
    wire::json::Writer json(line);
    json.begin_object();
    json.text("time", to_rfc3339(engine::SystemClock().now()));
    const auto name = spdlog::level::to_string_view(level);
    json.text("level", {name.data(), name.size()});
    json.text("event", event);
    for (const auto& [key, value] : fields) json.text(key, value);
    json.end_object();
    logger().log(level, line);
}

}  // namespace

void set_log_level(const std::string& level) {
    logger().set_level(spdlog::level::from_str(level));
}
void log_info(std::string_view event, LogFields fields) {
    log(spdlog::level::info, event, fields);
}
void log_error(std::string_view event, LogFields fields) {
    log(spdlog::level::err, event, fields);
}

}  // namespace huitong::apps
