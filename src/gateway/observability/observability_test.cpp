#include <gtest/gtest.h>

#include "gateway/observability/door.hpp"
#include "gateway/observability/link_sources.hpp"
#include "gateway/observability/sources.hpp"

namespace huitong::gateway::observability {
namespace {

http::Request asking(std::string method, std::string target) {
    http::Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    return request;
}

std::string header(const http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return "";
}

TEST(MetricsText, KeepsAFamilyTogetherHoweverManyReportIntoIt) {
    MetricsText text;
    text.counter("b_total", "Bees.",
                 {
                     {"hive", "one"}
    },
                 3);
    text.gauge("a", "Ants.", {}, 1.5);
    text.counter("b_total", "ignored",
                 {
                     {"hive", "t\"w\\o\n"},
                     {"kind", "x"        }
    },
                 18446744073709551615U);
    EXPECT_EQ(text.text(),
              "# HELP a Ants.\n# TYPE a gauge\na 1.5\n"
              "# HELP b_total Bees.\n# TYPE b_total counter\n"
              "b_total{hive=\"one\"} 3\n"
              "b_total{hive=\"t\\\"w\\\\o\\n\",kind=\"x\"} 18446744073709551615\n");
}

TEST(Sources, TellWhatTheNumbersAre) {
    engine::HeartCounters heart;
    heart.committed = 12;
    heart.stored = 5;
    heart.entries = 9;
    http::Metrics wallet;
    wallet.requests = 7;
    wallet.answers_by_class[2] = 6;
    http::Metrics merchant;
    merchant.requests = 8;
    MetricsPage page;
    page.add(build_source({.version = "1.2.3", .commit = "abc"}));
    page.add(heart_source(heart));
    page.add(http_source("wallet", wallet));
    page.add(http_source("merchant", merchant));
    page.add(process_source());
    page.add(gauge_source("huitong_notices_waiting", "Backlog.", [] { return 4.0; }));
    page.add(threads_source([] {
        return std::vector<std::pair<std::string, std::uint64_t>>{
            {"heart", 1'500'000}
        };
    }));
    const std::string text = page.render();
    for (const char* line : {"huitong_build_info{version=\"1.2.3\",commit=\"abc\"} 1\n",
                             "huitong_tables_lag_entries 7\n", "huitong_heart_entries_total 9\n",
                             "huitong_http_requests_total{door=\"wallet\"} 7\n"
                             "huitong_http_requests_total{door=\"merchant\"} 8\n",
                             "huitong_http_answers_total{door=\"wallet\",status=\"2xx\"} 6\n",
                             "huitong_notices_waiting 4\n", "process_resident_memory_bytes ",
                             "huitong_thread_cpu_seconds_total{thread=\"heart\"} 1.5\n"}) {
        EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
    }
    EXPECT_EQ(text.find("# TYPE huitong_http_requests_total"),
              text.rfind("# TYPE huitong_http_requests_total"));
}

TEST(Sources, TellHowLinksFare) {
    institution::Metrics door;
    door.maced = 3;
    iso8583::DoorCounters lines;
    lines.strangers = 2;
    links::CourierCounters courier;
    courier.refused[static_cast<std::size_t>(links::Duty::reverse)] = 1;
    links::LinkStatus status{.calls = 10, .failures = 1, .refused = 1};
    status.figures = {.calls = 4, .failures = 1, .p50_us = 1'500, .p99_us = 20'000};
    status.channels.push_back({.address = "https://east", .up = false});
    status.become(links::LinkState::up, {});
    status.last_error = "peer_timeout";
    status.last_error_at = {1'790'000'000'500};
    MetricsPage page;
    page.add(institution_source(door));
    page.add(iso8583_source(lines));
    page.add(courier_source(courier));
    page.add(links_source([status] {
        return std::vector<std::pair<std::string, links::LinkStatus>>{
            {"EAST", status}
        };
    }));
    const std::string text = page.render();
    for (const char* line :
         {"huitong_institution_maced_total 3\n", "huitong_link_calls_total{link=\"EAST\"} 10\n",
          "huitong_link_success_ratio{link=\"EAST\"} 0.75\n", "quantile=\"0.99\"} 0.02\n",
          "huitong_link_up{link=\"EAST\"} 1\n", "huitong_link_refused_total{link=\"EAST\"} 1\n",
          "huitong_link_channel_up{link=\"EAST\",channel=\"https://east\"} 0\n",
          "huitong_iso8583_strangers_total 2\n",
          "huitong_link_last_error_seconds{link=\"EAST\",error=\"peer_timeout\"} 1790000000.5\n",
          "huitong_duties_refused_total{duty=\"reverse\"} 1\n"})
        EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
}

TEST(ObservabilityDoor, SaysWhetherTheServerIsReadyAndWhyNot) {
    const MetricsPage page;
    std::vector<std::string> reasons{"recovering"};
    ObservabilityDoor door(page, [&reasons] { return reasons; });
    auto answer = door.answer(asking("GET", "/readyz"));
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.body, R"({"ready":false,"reasons":["recovering"]})");
    reasons.clear();
    answer = door.answer(asking("GET", "/readyz"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"ready":true})");
    door.drain();
    answer = door.answer(asking("GET", "/readyz"));
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.body, R"({"ready":false,"reasons":["draining"]})");
    EXPECT_EQ(door.answer(asking("GET", "/healthz")).body, "ok\n");
}

TEST(ObservabilityDoor, KnowsThreePathsAndOneMethod) {
    MetricsPage page;
    page.add(gauge_source("g", "G.", [] { return 1.0; }));
    const ObservabilityDoor door(page, [] { return std::vector<std::string>{}; });
    const auto metrics = door.answer(asking("GET", "/metrics?x=1"));
    EXPECT_EQ(metrics.status, 200);
    EXPECT_EQ(header(metrics, "Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_EQ(metrics.body, "# HELP g G.\n# TYPE g gauge\ng 1\n");
    EXPECT_EQ(door.answer(asking("POST", "/metrics")).status, 405);
    EXPECT_EQ(header(door.answer(asking("POST", "/metrics")), "Allow"), "GET, HEAD");
    for (const char* path : {"/", "/metrics/", "/healthz%2f", "/Metrics"})
        EXPECT_EQ(door.answer(asking("GET", path)).status, 404) << path;
}

}  // namespace
}  // namespace huitong::gateway::observability
