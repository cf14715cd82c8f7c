// qr: payment codes on the command line. decode and encode take a line and give a line, so that
// another program can talk to them through pipes; draw makes a picture.
#include <cstdlib>
#include <fmt/format.h>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "apps/command_line.hpp"
#include "apps/commands.hpp"
#include "apps/input.hpp"
#include "wire/json/reader.hpp"
#include "wire/paycode/json_form.hpp"
#include "wire/picture/formats.hpp"

namespace huitong::apps {
namespace {

using wire::emvqr::Order;
using wire::emvqr::Strictness;
using wire::paycode::ReadAs;

struct LineOptions {
    std::vector<std::string> lines;  // empty: standard input's
    std::string as = "any";
    bool strict = false;
    bool keep_order = false;

    [[nodiscard]] Strictness strictness() const {
        return strict ? Strictness::strict : Strictness::relaxed_where_known;
    }
};

// A line that is longer than any that can be good is cut: what is left of it is still too long.
constexpr std::size_t line_bytes_max = wire::json::body_bytes_max + 1;

// Answers each line with a line. A bad one does not stop the others; the exit code tells of it.
int answer_lines(const LineOptions& options,
                 const std::function<wire::paycode::Line(const std::string&)>& answer) {
    int status = EXIT_SUCCESS;
    const auto one = [&](const std::string& line) {
        const wire::paycode::Line answered = answer(line);
        fmt::print("{}\n", answered.text);
        if (!answered.good) status = EXIT_FAILURE;
    };
    for (const std::string& line : options.lines) one(line);
    if (!options.lines.empty()) return status;
    for (std::string line; read_line(std::cin, line, line_bytes_max);) one(line);
    return status;
}

const std::map<std::string, ReadAs>& ways_to_read() {
    static const std::map<std::string, ReadAs> ways{
        {"any",                ReadAs::any               },
        {"merchant-presented", ReadAs::merchant_presented},
        {"consumer-presented", ReadAs::consumer_presented},
        {"tr-karekod",         ReadAs::karekod           }
    };
    return ways;
}

int decode(const LineOptions& options) {
    const ReadAs as = ways_to_read().at(options.as);  // The command line has checked it.
    return answer_lines(options, [&options, as](const std::string& line) {
        return wire::paycode::decode_to_json(line, as, options.strictness());
    });
}

int encode(const LineOptions& options) {
    const Order order = options.keep_order ? Order::as_given : Order::ascending;
    return answer_lines(options, [&options, order](const std::string& line) {
        return wire::paycode::encode_from_json(line, order, options.strictness());
    });
}

struct DrawOptions {
    std::string text;  // empty: a line of standard input
    std::string format = "terminal";
    std::string correction = "medium";
    std::string output;  // empty: standard output
    std::size_t scale = 8;
};

wire::picture::Correction correction_of(const std::string& name) {
    using enum wire::picture::Correction;
    const std::map<std::string, wire::picture::Correction> corrections{
        {"low",      low     },
        {"medium",   medium  },
        {"quartile", quartile},
        {"high",     high    }
    };
    return corrections.at(name);  // The command line has checked it.
}

int draw(DrawOptions options) {
    if (options.text.empty()) (void)read_line(std::cin, options.text, line_bytes_max);
    const auto modules =
        wire::picture::Modules::of(options.text, correction_of(options.correction));
    if (!modules) {
        fmt::print(stderr, "huitong qr draw: no picture holds this text of {} bytes\n",
                   options.text.size());
        return EXIT_FAILURE;
    }
    const std::string picture = options.format == "svg" ? wire::picture::to_svg(*modules)
                                : options.format == "png"
                                    ? wire::picture::to_png(*modules, options.scale)
                                    : wire::picture::to_terminal(*modules);
    if (write_file(options.output, picture)) return EXIT_SUCCESS;
    fmt::print(stderr, "huitong qr draw: cannot write {}\n", options.output);
    return EXIT_FAILURE;
}

void add_decode(Command qr, int& status) {
    auto options = std::make_shared<LineOptions>();
    Command command = qr.add_subcommand(
        "decode",
        "Codes to JSON, a line each: what a code says, or what is wrong with it and where");
    command.add_option("code", options->lines, "Codes; without any, the lines of standard input");
    command.add_option("--as", options->as, "Read as this; any: as what it is recognised to be")
        .one_of(ways_to_read())
        .capture_default_str();
    command.add_flag("--strict", options->strict,
                     "Refuse person-to-person codes that lack what EMVCo makes mandatory");
    command.footer("The exit code is 1 when a code is not valid; every line is answered.");
    command.callback([options, &status] { status = decode(*options); });
}

void add_encode(Command qr, int& status) {
    auto options = std::make_shared<LineOptions>();
    Command command = qr.add_subcommand(
        "encode",
        "JSON to codes, a line each: an object with tags or data_objects, as decode prints");
    command.add_option("json", options->lines, "JSON; without any, the lines of standard input");
    command.add_flag("--keep-order", options->keep_order,
                     "Keep the order of the tags; by default they ascend");
    command.add_flag("--strict", options->strict,
                     "Refuse person-to-person codes that lack what EMVCo makes mandatory");
    command.footer(
        "A line that is no code is answered by JSON with its error; the exit code is then 1.");
    command.callback([options, &status] { status = encode(*options); });
}

void add_draw(Command qr, int& status) {
    auto options = std::make_shared<DrawOptions>();
    Command command = qr.add_subcommand("draw", "A text as a QR picture");
    command.add_option("text", options->text, "The text; without it, a line of standard input");
    command.add_option("--format", options->format)
        .one_of({"svg", "png", "terminal"})
        .capture_default_str();
    command.add_option("--correction", options->correction, "How much of it may be covered")
        .one_of({"low", "medium", "quartile", "high"})
        .capture_default_str();
    command.add_option("--scale", options->scale, "Pixels of a module in a PNG")
        .range(std::size_t{1}, wire::picture::scale_max)
        .capture_default_str();
    command.add_option("--output", options->output, "File; without it, standard output");
    command.callback([options, &status] { status = draw(*options); });
}

}  // namespace

void add_qr(Command app, int& status) {
    Command qr = app.add_subcommand("qr", "Payment codes: read, write, draw");
    qr.require_subcommand(1);
    add_decode(qr, status);
    add_encode(qr, status);
    add_draw(qr, status);
}

}  // namespace huitong::apps
