#include "apps/conform/parameters.hpp"

#include <array>
#include <cstdio>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace huitong::apps::conform {
namespace {

constexpr std::size_t printed_bytes_max = 4096;

std::optional<std::string> first_line_of(const std::string& command) {
    // The command is the tester's own: the profile is their file.
    std::FILE* const pipe = ::popen(command.c_str(), "re");
    if (pipe == nullptr) return std::nullopt;
    std::string printed;
    std::array<char, 256> buffer{};
    while (printed.size() < printed_bytes_max) {
        const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe);
        if (got == 0) break;
        printed.append(buffer.data(), got);
    }
    const bool good = ::pclose(pipe) == 0;
    printed.resize(std::min(printed.find_first_of("\r\n"), printed.size()));
    if (!good || printed.empty()) return std::nullopt;
    return printed;
}

}  // namespace

Parameters::Source Parameters::always(std::string text) {
    return [text = std::move(text)] { return std::optional(text); };
}

Parameters::Source Parameters::each(std::vector<std::string> texts) {
    return [texts = std::move(texts), next = std::size_t{0}]() mutable {
        return next < texts.size() ? std::optional(texts[next++]) : std::nullopt;
    };
}

Parameters::Source Parameters::printed_by(std::string command) {
    return [command = std::move(command)] { return first_line_of(command); };
}

std::expected<Texts, std::string> Parameters::take(const std::vector<std::string>& names) {
    std::vector<std::string> missing;
    for (const std::string& name : names) {
        if (!sources_.contains(name)) missing.push_back(name);
    }
    if (!missing.empty())
        return std::unexpected(
            fmt::format("the profile has no parameter {}", fmt::join(missing, ", ")));
    Texts texts;
    for (const std::string& name : names) {
        auto text = sources_[name]();
        if (!text) return std::unexpected(fmt::format("no value of {} is left", name));
        texts[name] = *std::move(text);
    }
    return texts;
}

}  // namespace huitong::apps::conform
