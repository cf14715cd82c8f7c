#include "gateway/observability/link_sources.hpp"

#include <fmt/format.h>

namespace huitong::gateway::observability {
namespace {

using institution::BreakerState;
using institution::ChannelStatus;
using institution::LinkStatus;

std::string_view to_text(BreakerState state) {
    switch (state) {
        case BreakerState::closed:
            return "closed";
        case BreakerState::open:
            return "open";
        case BreakerState::half_open:
            return "half_open";
    }
    std::unreachable();
}

void add_channel(MetricsText& text, const std::string& link, const ChannelStatus& channel) {
    for (const auto state : {BreakerState::closed, BreakerState::open, BreakerState::half_open}) {
        const Labels labels{
            {"link",    link          },
            {"channel", channel.url   },
            {"state",   to_text(state)}
        };
        text.gauge("huitong_link_breaker", "1 for the state of the channel's circuit breaker.",
                   labels, state == channel.breaker ? 1 : 0);
    }
    const Labels labels{
        {"link",    link       },
        {"channel", channel.url}
    };
    text.gauge("huitong_link_signed_on", "1 while there is a session.", labels,
               channel.signed_on_until ? 1 : 0);
}

void add_link(MetricsText& text, const std::string& link, const LinkStatus& status) {
    const Labels labels{
        {"link", link}
    };
    text.counter("huitong_link_calls_total", "Messages to the institution.", labels, status.calls);
    text.counter("huitong_link_failures_total", "Messages without a proven answer.", labels,
                 status.failures);
    text.counter("huitong_link_sign_ons_total", "Sessions begun.", labels, status.sign_ons);
    text.gauge("huitong_link_success_ratio", "Of the last five minutes.", labels,
               static_cast<double>(status.figures.success_ppm()) / 1e6);
    const auto latency = [&](std::string_view quantile, std::uint64_t us) {
        text.gauge("huitong_link_latency_seconds", "Until the answer; of the last five minutes.",
                   {
                       {"link",     link    },
                       {"quantile", quantile}
        },
                   static_cast<double>(us) / 1e6);
    };
    latency("0.5", status.figures.p50_us);
    latency("0.99", status.figures.p99_us);
    for (const ChannelStatus& channel : status.channels) add_channel(text, link, channel);
}

}  // namespace

MetricsPage::Source institution_source(const institution::Metrics& metrics) {
    return [&metrics](MetricsText& text) {
        const auto counter = [&text](std::string_view name, std::string_view help,
                                     const std::atomic<std::uint64_t>& value) {
            text.counter(fmt::format("huitong_institution_{}_total", name), help, {},
                         value.load(std::memory_order_relaxed));
        };
        counter("maced", "Requests with a right MAC.", metrics.maced);
        counter("signed", "Requests with a right signature.", metrics.signed_by);
        counter("unproven", "Requests refused for want of proof.", metrics.unproven);
        counter("repeats", "Requests that came again byte by byte.", metrics.repeats);
        counter("commits", "Payments in commit messages.", metrics.commits);
        counter("held", "Requests that waited for another institution.", metrics.held);
        counter("sign_ons", "Sessions begun here.", metrics.sign_ons);
        text.gauge("huitong_institution_in_flight", "Requests not answered yet.", {},
                   static_cast<double>(metrics.in_flight.load(std::memory_order_relaxed)));
    };
}

MetricsPage::Source links_source(LinkStatuses statuses) {
    return [statuses = std::move(statuses)](MetricsText& text) {
        for (const auto& [link, status] : statuses()) add_link(text, link, status);
    };
}

}  // namespace huitong::gateway::observability
