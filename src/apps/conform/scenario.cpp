#include "apps/conform/scenario.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace huitong::apps::conform {
namespace {

constexpr std::string_view blanks = " \t\r";

// Where a word ends that begins at `at`: a placeholder's blanks are no end.
std::size_t end_of_word(std::string_view text, std::size_t at) {
    for (;;) {
        const std::size_t blank = std::min(text.find_first_of(blanks, at), text.size());
        const std::size_t opens = text.find("{{", at);
        if (opens >= blank) return blank;
        const std::size_t closes = text.find("}}", opens);
        if (closes == std::string_view::npos) return text.size();
        at = closes + 2;
    }
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    for (std::size_t at = text.find_first_not_of(blanks); at < text.size();
         at = text.find_first_not_of(blanks, at)) {
        const std::size_t end = end_of_word(text, at);
        words.emplace_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

std::string name_of(std::string_view file) {
    const std::size_t slash = file.rfind('/');
    const std::string_view base = file.substr(slash == std::string_view::npos ? 0 : slash + 1);
    return std::string(base.substr(0, base.rfind(".txt")));
}

// Takes one line after another.
class ScenarioReader {
public:
    explicit ScenarioReader(std::string_view file) : file_(file) { scenario_.name = name_of(file); }

    // Nothing, or what is wrong with it.
    std::string take(std::size_t number, std::string_view line) {
        const std::string_view text = trimmed(line);
        const bool indented = !line.empty() && blanks.contains(line.front());
        if (text.empty()) return {};
        if (indented) return body(number, line);
        if (text.front() == '#') return {};
        indent_ = 0;
        const std::size_t colon = text.find(": ");
        const bool heads = colon < text.find(' ');
        if (heads) return head(text.substr(0, colon), trimmed(text.substr(colon + 1)));
        scenario_.statements.push_back({.file = file_, .line = number, .words = words_of(text)});
        return {};
    }
    Read<Scenario> finish(std::size_t lines) {
        if (scenario_.title.empty()) return missing("a line `title: ..`", lines);
        if (scenario_.clause.empty()) return missing("a line `clause: ..`", lines);
        if (scenario_.statements.empty()) return missing("a statement", lines);
        return std::move(scenario_);
    }

private:
    std::string body(std::size_t number, std::string_view line) {
        if (scenario_.statements.empty()) return "an indented line belongs to a statement";
        const std::size_t spaces = line.find_first_not_of(blanks);
        if (indent_ == 0) indent_ = spaces;
        line.remove_prefix(std::min(indent_, spaces));
        scenario_.statements.back().body.push_back(
            {number, std::string(line.substr(0, line.find_last_not_of(blanks) + 1))});
        return {};
    }
    std::string head(std::string_view name, std::string_view value) {
        if (!scenario_.statements.empty()) return "the head ends where the statements begin";
        if (name == "needs") {
            scenario_.needs = words_of(value);
            return {};
        }
        std::string* const text = name == "title"    ? &scenario_.title
                                  : name == "clause" ? &scenario_.clause
                                  : name == "after"  ? &scenario_.after
                                                     : nullptr;
        if (text == nullptr) return fmt::format("a head has no `{}`", name);
        if (!text->empty()) return fmt::format("`{}` is said twice", name);
        *text = value;
        return {};
    }
    [[nodiscard]] Read<Scenario> missing(std::string_view what, std::size_t lines) const {
        return std::unexpected(Defect{file_, lines, fmt::format("{} is missing", what)});
    }

    std::string file_;
    Scenario scenario_;
    std::size_t indent_ = 0;  // of the body that is read
};

}  // namespace

std::string to_text(const Defect& defect) {
    if (defect.line == 0) return fmt::format("{}: {}", defect.file, defect.what);
    return fmt::format("{}:{}: {}", defect.file, defect.line, defect.what);
}

std::string Statement::text() const {
    return fmt::format("{}", fmt::join(words, " "));
}

std::string Statement::body_text() const {
    std::string all;
    for (const BodyLine& each : body) all += (all.empty() ? "" : "\n") + each.text;
    return all;
}

std::string Statement::place() const {
    return fmt::format("{}:{}", file, line);
}

std::unexpected<Defect> Statement::defect(std::string what) const {
    return std::unexpected(Defect{file, line, std::move(what)});
}

std::unexpected<Defect> Statement::defect(const BodyLine& at, std::string what) const {
    return std::unexpected(Defect{file, at.line, std::move(what)});
}

Read<Scenario> parse_scenario(std::string_view file, std::string_view text) {
    const std::string name(file);
    if (text.size() > scenario_bytes_max)
        return std::unexpected(
            Defect{name, 1, fmt::format("is longer than {} bytes", scenario_bytes_max)});
    ScenarioReader reader(file);
    std::size_t number = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (std::string what = reader.take(++number, text.substr(0, end)); !what.empty())
            return std::unexpected(Defect{name, number, std::move(what)});
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return reader.finish(std::max<std::size_t>(number, 1));
}

}  // namespace huitong::apps::conform
