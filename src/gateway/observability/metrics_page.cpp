#include "gateway/observability/metrics_page.hpp"

#include <cmath>
#include <fmt/format.h>

namespace huitong::gateway::observability {
namespace {

void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '"') {
            out += "\\\"";
        } else if (c == '\n') {
            out += "\\n";
        } else {
            out += c;
        }
    }
}

std::string number_text(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    return fmt::format("{}", value);
}

}  // namespace

void MetricsText::sample(MetricKind kind, std::string_view name, std::string_view help,
                         const Labels& labels, const std::string& value) {
    auto family = families_.find(name);
    if (family == families_.end())
        family = families_.emplace(name, Family{kind, std::string(help), {}}).first;
    std::string& out = family->second.samples;
    out += name;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        out += i == 0 ? '{' : ',';
        out += labels[i].first;
        out += "=\"";
        append_escaped(out, labels[i].second);
        out += '"';
    }
    if (!labels.empty()) out += '}';
    out += ' ';
    out += value;
    out += '\n';
}

void MetricsText::add(MetricKind kind, std::string_view name, std::string_view help,
                      const Labels& labels, double value) {
    sample(kind, name, help, labels, number_text(value));
}

void MetricsText::counter(std::string_view name, std::string_view help, const Labels& labels,
                          std::uint64_t value) {
    sample(MetricKind::counter, name, help, labels, std::to_string(value));
}

void MetricsText::gauge(std::string_view name, std::string_view help, const Labels& labels,
                        double value) {
    add(MetricKind::gauge, name, help, labels, value);
}

std::string MetricsText::text() const {
    std::string out;
    for (const auto& [name, family] : families_) {
        const std::string_view kind = family.kind == MetricKind::counter ? "counter" : "gauge";
        out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, family.help, name, kind);
        out += family.samples;
    }
    return out;
}

void MetricsPage::add(Source source) {
    const std::lock_guard lock(mutex_);
    sources_.push_back(std::move(source));
}

std::string MetricsPage::render() const {
    const std::lock_guard lock(mutex_);
    MetricsText text;
    for (const Source& source : sources_) source(text);
    return text.text();
}

}  // namespace huitong::gateway::observability
