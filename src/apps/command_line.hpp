// The command line: which commands there are, with which options. It is CLI11 behind two handles,
// because CLI11 is one large header, whose templates and virtual functions took longer to compile
// in every source that named it than that source's own code. Only command_line.cpp names it.
//
// The names are CLI11's, and so are texts, errors and exit codes. CommandLine owns everything; the
// handles are pointers into it, to be copied freely while it lives, so calls chain with dots.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace huitong::apps {

// An option, a flag or an argument by position of one command. The command's CLI::App owns it.
class Option {
public:
    explicit Option(CLI::Option& option) : option_(&option) {}

    Option required();
    // Shows in the help what the variable holds now.
    Option capture_default_str();

    // Checks of what is typed; a wrong value ends the program with a message.
    Option existing_file();
    Option existing_directory();
    Option one_of(const std::vector<std::string>& names);
    // The keys of a table that says what each name stands for.
    template <class T>
    Option one_of(const std::map<std::string, T>& table) {
        std::vector<std::string> names;
        for (const auto& [name, meaning] : table) names.push_back(name);
        return one_of(names);
    }
    // Both ends included. The help names T, which need not be the variable's type.
    template <class T>
    Option range(T min, T max);

private:
    CLI::Option* option_;
};

// A command, also the program itself, with its options and its subcommands. The parent's CLI::App
// owns it, the program's is CommandLine's.
class Command {
public:
    explicit Command(CLI::App& app) : app_(&app) {}

    Command add_subcommand(const std::string& name, const std::string& help);
    Command require_subcommand(int count);
    // A name with dashes is an option's, one without an argument's by position. The value is
    // written when the line is parsed and has to live until then. A type that is not among the
    // instances at the end of command_line.cpp is added there.
    template <class T>
    Option add_option(const std::string& name, T& value, const std::string& help = "");
    Option add_flag(const std::string& name, bool& value, const std::string& help = "");
    Command footer(const std::string& text);
    // Called when the command was chosen and all of the line is right.
    Command callback(std::function<void()> run);

private:
    CLI::App* app_;
};

// The whole line of the program: owner of all commands and options.
class CommandLine {
public:
    explicit CommandLine(const std::string& description);
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;
    ~CommandLine();

    [[nodiscard]] Command root() { return Command(*app_); }
    void set_version_flag(const std::string& name, const std::string& version);
    // Parses and calls back the chosen commands. The exit status when the program ends here: help
    // or the version was asked for, or the line is wrong; the text is then printed.
    [[nodiscard]] std::optional<int> parse(int argc, const char* const* argv);

private:
    std::unique_ptr<CLI::App> app_;
};

}  // namespace huitong::apps
