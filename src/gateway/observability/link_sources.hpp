// The sources of JSON links: the door that institutions ask at, and our links to them.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/institution/link/peer_client.hpp"
#include "gateway/institution/metrics.hpp"
#include "gateway/observability/metrics_page.hpp"

namespace huitong::gateway::observability {

// The metrics must outlive the page.
MetricsPage::Source institution_source(const institution::Metrics& metrics);

// By the institution's code. Asked whenever the page is read: links come and go.
using LinkStatuses = std::function<std::vector<std::pair<std::string, institution::LinkStatus>>()>;
MetricsPage::Source links_source(LinkStatuses statuses);

}  // namespace huitong::gateway::observability
