// /metrics: whoever counts something adds a callback, and the page asks all of them when it is
// read. The text is that of the Prometheus exposition format 0.0.4.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace huitong::gateway::observability {

enum class MetricKind : std::uint8_t { counter, gauge };

using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

// Gathers samples by family, so that several sources may report into one.
class MetricsText {
public:
    // Names are ours: letters, digits and underscores. The first call of a name gives its kind and
    // help text. Values of labels are escaped.
    void add(MetricKind kind, std::string_view name, std::string_view help, const Labels& labels,
             double value);
    void counter(std::string_view name, std::string_view help, const Labels& labels,
                 std::uint64_t value);
    void gauge(std::string_view name, std::string_view help, const Labels& labels, double value);

    // All families by name.
    [[nodiscard]] std::string text() const;

private:
    struct Family {
        MetricKind kind;
        std::string help;
        std::string samples;
    };
    void sample(MetricKind kind, std::string_view name, std::string_view help, const Labels& labels,
                const std::string& value);

    std::map<std::string, Family, std::less<>> families_;
};

// Sources are added from any thread and called on the thread that renders; what they refer to must
// outlive the page.
class MetricsPage {
public:
    using Source = std::function<void(MetricsText&)>;

    void add(Source source);
    [[nodiscard]] std::string render() const;

private:
    mutable std::mutex mutex_;
    std::vector<Source> sources_;
};

}  // namespace huitong::gateway::observability
