#include "apps/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>

namespace huitong::apps {

Option Option::required() {
    return Option(*option_->required());
}

Option Option::capture_default_str() {
    return Option(*option_->capture_default_str());
}

Option Option::existing_file() {
    return Option(*option_->check(CLI::ExistingFile));
}

Option Option::existing_directory() {
    return Option(*option_->check(CLI::ExistingDirectory));
}

Option Option::one_of(const std::vector<std::string>& names) {
    return Option(*option_->check(CLI::IsMember(names)));
}

template <class T>
Option Option::range(T min, T max) {
    return Option(*option_->check(CLI::Range(min, max)));
}

Command Command::add_subcommand(const std::string& name, const std::string& help) {
    return Command(*app_->add_subcommand(name, help));
}

Command Command::require_subcommand(int count) {
    return Command(*app_->require_subcommand(count));
}

template <class T>
Option Command::add_option(const std::string& name, T& value, const std::string& help) {
    return Option(*app_->add_option(name, value, help));
}

Option Command::add_flag(const std::string& name, bool& value, const std::string& help) {
    return Option(*app_->add_flag(name, value, help));
}

Command Command::footer(const std::string& text) {
    return Command(*app_->footer(text));
}

Command Command::callback(std::function<void()> run) {
    return Command(*app_->callback(std::move(run)));
}

CommandLine::CommandLine(const std::string& description)
    : app_(std::make_unique<CLI::App>(description)) {}

CommandLine::~CommandLine() = default;

void CommandLine::set_version_flag(const std::string& name, const std::string& version) {
    app_->set_version_flag(name, version);
}

std::optional<int> CommandLine::parse(int argc, const char* const* argv) {
    try {
        app_->parse(argc, argv);
    } catch (const CLI::ParseError& end) {
        return app_->exit(end);
    }
    return std::nullopt;
}

// The types of the values that commands take.
template Option Command::add_option(const std::string&, double&, const std::string&);
template Option Command::add_option(const std::string&, std::int64_t&, const std::string&);
template Option Command::add_option(const std::string&, std::string&, const std::string&);
template Option Command::add_option(const std::string&, std::uint32_t&, const std::string&);
template Option Command::add_option(const std::string&, std::uint64_t&, const std::string&);
template Option Command::add_option(const std::string&, std::optional<bool>&, const std::string&);
template Option Command::add_option(const std::string&, std::optional<std::int64_t>&,
                                    const std::string&);
template Option Command::add_option(const std::string&, std::vector<std::string>&,
                                    const std::string&);
template Option Option::range(int, int);
template Option Option::range(std::uint64_t, std::uint64_t);

}  // namespace huitong::apps
