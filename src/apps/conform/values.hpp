// The texts that a scenario's placeholders stand for: parameters of the profile, what was made
// fresh, what was captured from an answer.
//
//     {{name}}            what is known under it
//     {{new name}}        made fresh, and known from then on
//     {{zeros 12 name}}   with zeros in front, so long
//     {{length 3 name}}   the number of its bytes in so many digits, then the text itself
//
// and, as the whole of what is expected somewhere:
//
//     {{any}}             whatever stands there
//     {{absent}}          nothing stands there
//     {{capture name}}    whatever stands there, known from then on
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace huitong::apps::conform {

// Where a text is written: what the three last placeholders are for.
enum class Side : std::uint8_t { sent, expected };

// Whether every placeholder of a text is known by then; adds those that it makes known. The defect,
// or nothing.
std::optional<std::string> find_defect(std::string_view text, Side side,
                                       std::set<std::string>& known);

// How a value is written into a text: in JSON, its quotes are escaped.
using Escape = std::string (*)(std::string_view);
std::string plain(std::string_view value);

class Values {
public:
    // Makes what `{{new name}}` asks for.
    using Fresh = std::function<std::string(const std::string& name)>;
    explicit Values(Fresh fresh) : fresh_(std::move(fresh)) {}

    void set(const std::string& name, std::string text) { texts_[name] = std::move(text); }
    // Empty when unknown.
    [[nodiscard]] std::string text(const std::string& name) const;
    // A text in which find_defect() found none. What is for the expected side stays as it is; what
    // no answer has brought is empty.
    std::string expand(std::string_view with, Escape escape = plain);

private:
    Fresh fresh_;
    std::map<std::string, std::string> texts_;
};

// What was expected at a place, and came there.
struct Difference {
    std::string where;
    std::string expected;
    std::string came;
};

// Compares what came at a place with an expanded text, and captures. `came`: nothing is there.
std::optional<Difference> compare(const std::string& where, const std::string& expected,
                                  const std::optional<std::string>& came, Values& values);

}  // namespace huitong::apps::conform
