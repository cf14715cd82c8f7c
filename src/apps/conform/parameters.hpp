// What scenarios need from whoever tests: codes that can be paid, amounts. Each scenario takes a
// value of its own of what it needs.
#pragma once

#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "apps/conform/player.hpp"

namespace huitong::apps::conform {

class Parameters {
public:
    // The next value; nothing: there is none any more.
    using Source = std::function<std::optional<std::string>()>;

    // The same for every scenario, such as a plate's code.
    static Source always(std::string text);
    // One for each, such as codes of orders, which can be paid once.
    static Source each(std::vector<std::string> texts);
    // The first line of what a shell command prints, run anew for each: a payer code lives for a
    // minute.
    static Source printed_by(std::string command);

    void set(const std::string& name, Source source) { sources_[name] = std::move(source); }
    // A value of each. Otherwise why not: the names of all that are missing, or what is used up.
    std::expected<Texts, std::string> take(const std::vector<std::string>& names);

private:
    std::map<std::string, Source> sources_;
};

}  // namespace huitong::apps::conform
