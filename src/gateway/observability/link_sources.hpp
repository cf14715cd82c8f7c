// The sources of interconnection: the doors that institutions ask at, our links to them, and the
// courier that carries payments over those.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/institution/metrics.hpp"
#include "gateway/iso8583/door.hpp"
#include "gateway/links/courier.hpp"
#include "gateway/links/status.hpp"
#include "gateway/observability/metrics_page.hpp"

namespace huitong::gateway::observability {

// The metrics must outlive the page.
MetricsPage::Source institution_source(const institution::Metrics& metrics);

MetricsPage::Source iso8583_source(const iso8583::DoorCounters& counters);
MetricsPage::Source courier_source(const links::CourierCounters& counters);

// By the institution's code. Asked whenever the page is read: links come and go.
using LinkStatuses = std::function<std::vector<std::pair<std::string, links::LinkStatus>>()>;
MetricsPage::Source links_source(LinkStatuses statuses);

}  // namespace huitong::gateway::observability
