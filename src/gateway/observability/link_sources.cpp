#include "gateway/observability/link_sources.hpp"

#include <fmt/format.h>
#include <iterator>

namespace huitong::gateway::observability {
namespace {

using links::ChannelStatus;
using links::LinkState;
using links::LinkStatus;

constexpr const char* duty_names[] = {"none", "request", "commit", "reverse"};
static_assert(std::size(duty_names) == links::duties);

void add_figures(MetricsText& text, const std::string& link, const LinkStatus& status) {
    const Labels labels{
        {"link", link}
    };
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
}

void add_link(MetricsText& text, const std::string& link, const LinkStatus& status) {
    const Labels labels{
        {"link", link}
    };
    text.gauge("huitong_link_up", "1 while signed on and answered.", labels,
               status.state == LinkState::up ? 1 : 0);
    text.counter("huitong_link_calls_total", "Messages to the institution.", labels, status.calls);
    text.counter("huitong_link_failures_total", "Messages without a proven, definite answer.",
                 labels, status.failures);
    text.counter("huitong_link_sign_ons_total", "Sessions begun.", labels, status.sign_ons);
    text.counter("huitong_link_late_total", "Answers that nobody waited for.", labels, status.late);
    text.counter("huitong_link_mac_alarms_total", "Messages with a wrong MAC or signature.", labels,
                 status.mac_alarms);
    text.counter("huitong_link_refused_total",
                 "Commits and reversals that got a no: for an operator to look at.", labels,
                 status.refused);
    add_figures(text, link, status);
    if (!status.last_error.empty())
        text.gauge("huitong_link_last_error_seconds", "When it was, since 1970.",
                   {
                       {"link",  link             },
                       {"error", status.last_error}
        },
                   static_cast<double>(status.last_error_at.ms) / 1e3);
    for (const ChannelStatus& channel : status.channels) {
        const Labels one{
            {"link",    link           },
            {"channel", channel.address}
        };
        text.gauge("huitong_link_channel_up", "1 while the channel can be used.", one,
                   channel.up ? 1 : 0);
    }
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

MetricsPage::Source iso8583_source(const iso8583::DoorCounters& counters) {
    return [&counters](MetricsText& text) {
        const auto counter = [&text](std::string_view name, std::string_view help,
                                     const std::atomic<std::uint64_t>& value) {
            text.counter(fmt::format("huitong_iso8583_{}_total", name), help, {},
                         value.load(std::memory_order_relaxed));
        };
        counter("strangers", "Lines refused because of where they came from.", counters.strangers);
        counter("misplaced", "Messages on a line that does not serve their sender.",
                counters.misplaced);
        counter("frames", "Messages that came.", counters.frames);
        counter("rejects", "Messages sent back unread.", counters.rejects);
        counter("malformed", "Messages answered 30, or dropped.", counters.malformed);
        counter("repeats", "Requests answered as the first time.", counters.repeats);
        counter("late", "Requests that were too old.", counters.late);
        text.gauge("huitong_iso8583_in_flight", "Requests not answered yet.", {},
                   static_cast<double>(counters.asking.load(std::memory_order_relaxed)));
    };
}

MetricsPage::Source courier_source(const links::CourierCounters& counters) {
    return [&counters](MetricsText& text) {
        for (std::size_t duty = 1; duty < links::duties; ++duty) {
            const Labels labels{
                {"duty", duty_names[duty]}
            };
            text.counter("huitong_duties_sent_total", "Messages that payments owed.", labels,
                         counters.sent[duty]);
            text.counter("huitong_duties_answered_total", "With a definite answer.", labels,
                         counters.answered[duty]);
            text.counter("huitong_duties_refused_total", "With a no to what ends a payment.",
                         labels, counters.refused[duty]);
        }
        text.counter("huitong_state_conflicts_total", "Answers that contradict the payment.", {},
                     counters.conflicts);
        text.gauge("huitong_duties_waiting", "Payments that owe a message.", {},
                   static_cast<double>(counters.waiting.load(std::memory_order_relaxed)));
    };
}

MetricsPage::Source links_source(LinkStatuses statuses) {
    return [statuses = std::move(statuses)](MetricsText& text) {
        for (const auto& [link, status] : statuses()) add_link(text, link, status);
    };
}

}  // namespace huitong::gateway::observability
