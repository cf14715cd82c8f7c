#include "apps/conform/report.hpp"

#include <fmt/format.h>

#include "wire/json/writer.hpp"

namespace huitong::apps::conform {
namespace {

constexpr std::string_view word_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::ok:
            return "ok";
        case Verdict::failed:
            return "FAIL";
        case Verdict::skipped:
            return "skipped";
    }
    return {};
}

// Lines under a label; those after the first are indented as far.
void append_lines(std::string& out, std::string_view label, std::string_view lines) {
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        out += fmt::format("         {:<9} {}\n", label, lines.substr(0, end));
        lines.remove_prefix(std::min(end + 1, lines.size()));
        label = {};
    }
}

std::string failure_text(const Failure& failure) {
    std::string out;
    append_lines(out, "at", failure.place + ": " + failure.step);
    append_lines(out, "sent", failure.sent);
    append_lines(out, "came", failure.came);
    append_lines(out, "expected", failure.expected);
    for (const Difference& each : failure.differences)
        out += fmt::format("       ! {}: expected {}, came {}\n", each.where, each.expected,
                           each.came);
    return out;
}

template <class Write>
std::string object(Write write) {
    std::string out;
    wire::json::Writer json(out);
    json.begin_object();
    write(json);
    json.end_object();
    return out + "\n";
}

void write_scenario(wire::json::Writer& json, const Scenario& scenario) {
    json.text("name", scenario.name);
    json.text("title", scenario.title);
    json.text("clause", scenario.clause);
    json.begin_array("needs");
    for (const std::string& need : scenario.needs) json.text(need);
    json.end_array();
}

void write_failure(wire::json::Writer& json, const Failure& failure) {
    json.begin_object("failure");
    json.text("at", failure.place);
    json.text("step", failure.step);
    json.text("sent", failure.sent);
    json.text("came", failure.came);
    json.text("expected", failure.expected);
    json.begin_array("differences");
    for (const Difference& each : failure.differences) {
        json.begin_object();
        json.text("where", each.where);
        json.text("expected", each.expected);
        json.text("came", each.came);
        json.end_object();
    }
    json.end_array();
    json.end_object();
}

}  // namespace

std::string text_of(const Outcome& outcome) {
    const Scenario& scenario = *outcome.scenario;
    std::string out = fmt::format("{:<8} {:<28} {}  ({})\n", word_of(outcome.verdict),
                                  scenario.name, scenario.title, scenario.clause);
    if (outcome.verdict == Verdict::skipped) append_lines(out, "because", outcome.why_skipped);
    if (outcome.failure) out += failure_text(*outcome.failure);
    return out;
}

std::string text_of(const Counts& counts) {
    return fmt::format("{} scenarios: {} ok, {} FAIL, {} skipped\n",
                       counts.ok + counts.failed + counts.skipped, counts.ok, counts.failed,
                       counts.skipped);
}

std::string text_of(const Scenario& scenario) {
    std::string needs;
    for (const std::string& need : scenario.needs) needs += (needs.empty() ? "" : " ") + need;
    return fmt::format("{:<28} {}  ({})\n{:<28} needs: {}\n", scenario.name, scenario.title,
                       scenario.clause, "", needs.empty() ? "nothing" : needs);
}

std::string json_of(const Outcome& outcome) {
    return object([&](wire::json::Writer& json) {
        json.text("verdict", word_of(outcome.verdict));
        write_scenario(json, *outcome.scenario);
        json.text_if("because", outcome.why_skipped);
        if (outcome.failure) write_failure(json, *outcome.failure);
    });
}

std::string json_of(const Counts& counts) {
    return object([&](wire::json::Writer& json) {
        json.integer("ok", static_cast<std::int64_t>(counts.ok));
        json.integer("failed", static_cast<std::int64_t>(counts.failed));
        json.integer("skipped", static_cast<std::int64_t>(counts.skipped));
    });
}

std::string json_of(const Scenario& scenario) {
    return object([&](wire::json::Writer& json) { write_scenario(json, scenario); });
}

}  // namespace huitong::apps::conform
