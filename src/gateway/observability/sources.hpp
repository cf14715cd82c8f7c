// The sources that every server has. All numbers they refer to must outlive the page.
#pragma once

#include <functional>
#include <string>

#include "engine/heart.hpp"
#include "gateway/door/work_pool.hpp"
#include "gateway/http/metrics.hpp"
#include "gateway/merchant/metrics.hpp"
#include "gateway/observability/metrics_page.hpp"

namespace huitong::gateway::observability {

struct BuildInfo {
    std::string version;
    std::string commit;
};

MetricsPage::Source build_source(BuildInfo build);
// CPU seconds, memory, open files and start time, from /proc.
MetricsPage::Source process_source();
MetricsPage::Source heart_source(const engine::HeartCounters& counters);
// `door`: merchant, wallet, operator, ..
MetricsPage::Source http_source(std::string door, const http::Metrics& metrics);
MetricsPage::Source merchant_source(const merchant::Metrics& metrics);
// What waits in a pool and the CPU it has used.
MetricsPage::Source pool_source(std::string pool, const door::WorkPool& work);
// CPU microseconds by name of thread, such as Heart::cpu_microseconds.
MetricsPage::Source threads_source(
    std::function<std::vector<std::pair<std::string, std::uint64_t>>()> cpu_microseconds);
// Any number that is asked when the page is read, such as a courier's backlog.
MetricsPage::Source gauge_source(std::string name, std::string help, std::function<double()> value);

}  // namespace huitong::gateway::observability
