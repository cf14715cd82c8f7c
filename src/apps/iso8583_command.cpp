// iso8583 decode, iso8583 encode: frames as hexadecimal lines to JSON lines and back, for whoever
// looks at a link or writes one. Shows everything as it is: the data are the caller's own.
#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "apps/command_line.hpp"
#include "apps/commands.hpp"
#include "apps/input.hpp"
#include "crypto/bytes.hpp"
#include "wire/iso8583/json_form.hpp"
#include "wire/iso8583/mac.hpp"

namespace huitong::apps {
namespace {

using namespace wire::iso8583;
using crypto::MacAlgorithm;

constexpr const char* key_variable = "HUITONG_MAC_KEY_HEX";

struct Options {
    std::string profile;
    std::string dialect_file;
    std::string key_file;
    std::string algorithm = "auto";
    bool open = false;
};

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view spaces = " \t\r\n";
    const std::size_t start = std::min(text.find_first_not_of(spaces), text.size());
    return text.substr(start, text.find_last_not_of(spaces) + 1 - start);
}

std::string profile_names() {
    std::string names;
    for (const Dialect& dialect : builtin_dialects())
        names += (names.empty() ? "" : ", ") + dialect.name;
    return names;
}

// Nothing when there is none; then the reason is printed.
std::optional<Dialect> chosen_dialect(const Options& options) {
    if (!options.dialect_file.empty()) {
        auto loaded = load_dialect(read_file(options.dialect_file));
        if (loaded) return std::move(*loaded);
        fmt::print(stderr, "{}: {}\n", options.dialect_file, to_text(loaded.error()));
        return std::nullopt;
    }
    if (const Dialect* dialect = builtin_dialect(options.profile)) return *dialect;
    fmt::print(stderr, "--profile is one of {}; or give --dialect\n", profile_names());
    return std::nullopt;
}

// Field 60.3, sixth character: 4 says SM4 (iso8583.md section 11).
bool says_sm4(const Message& message) {
    constexpr std::size_t offset = 20;
    const std::string_view additional = message.wire(60);
    return additional.size() > offset && additional[offset] == '4';
}

MacAlgorithm algorithm_for(const Options& options, const crypto::Secret& key,
                           const Message& message) {
    const bool whole = message.dialect().mac == MacKind::whole;
    if (options.algorithm == "sm4" || (options.algorithm == "auto" && says_sm4(message)))
        return whole ? MacAlgorithm::pos_ecb_sm4 : MacAlgorithm::sm4_cbc;
    if (key.size() == key_bytes(crypto::BlockAlgorithm::des))
        return whole ? MacAlgorithm::pos_ecb_des : MacAlgorithm::x9_9;
    return whole ? MacAlgorithm::pos_ecb_triple_des : MacAlgorithm::x9_19;
}

// Messages without a MAC pass; which must have one, a link knows.
Checked<void> check_mac(const Options& options, const crypto::Secret& key, const Message& message) {
    const unsigned field = mac_field_of(message);
    if (field == 0) return {};
    auto mac = crypto::BlockMac::make(algorithm_for(options, key, message), key);
    // SM4 with a single-length key: nobody made such a MAC.
    if (!mac) return fault(FaultCode::mac_mismatch, field, message.offset(field));
    std::string buffer;
    return verify_mac(message, *mac, buffer);
}

// Empty when none is given; nothing, with a reason printed, when it is no key. The key is never an
// argument, which others could see.
std::optional<crypto::Secret> given_key(const Options& options) {
    const char* variable = std::getenv(key_variable);
    std::string text = variable == nullptr ? "" : variable;
    if (!options.key_file.empty()) text = read_file(options.key_file);
    auto bytes = crypto::from_hex(trimmed(text));
    crypto::wipe(text);
    const std::size_t size = bytes ? bytes->size() : 1;
    if (size == 8 || size == 16 || (size == 0 && options.key_file.empty()))
        return crypto::Secret::take(std::move(*bytes));
    fmt::print(stderr, "the MAC key is not 8 or 16 bytes in hexadecimal\n");
    return std::nullopt;
}

// One line's answer: a result, or a JSON object that says what is wrong.
struct Line {
    bool good = false;
    std::string text;
};

Line decoded_line(const Dialect& dialect, const Options& options, const crypto::Secret& key,
                  std::string_view hex) {
    Envelope envelope;
    Line line;
    const auto frame = crypto::from_hex(hex);
    if (!frame) {
        append_json(JsonRefusal{.fault = {}, .reason = "the line is not hexadecimal"}, line.text);
        return line;
    }
    auto verdict = decode_frame(dialect, *frame, envelope);
    if (verdict && !key.empty() && envelope.kind == Envelope::Kind::message)
        verdict = check_mac(options, key, envelope.message);
    line.good = verdict.has_value();
    if (line.good) {
        append_json(dialect, envelope, {.open = options.open}, line.text);
    } else {
        append_json(verdict.error(), line.text);
    }
    return line;
}

Line encoded_line(const Dialect& dialect, std::string_view json) {
    Line line;
    const auto frame = frame_of_json(dialect, json);
    line.good = frame.has_value();
    if (line.good) {
        line.text = crypto::to_hex_upper(*frame);
    } else {
        append_json(frame.error(), line.text);
    }
    return line;
}

template <class Translate>
int for_each_line(Translate translate) {
    int status = EXIT_SUCCESS;
    for (std::string text; std::getline(std::cin, text);) {
        const std::string_view line = trimmed(text);
        if (line.empty()) continue;
        const Line answer = translate(line);
        if (!answer.good) status = EXIT_FAILURE;
        fmt::print("{}\n", answer.text);
    }
    return status;
}

int decode(const Options& options) {
    const auto dialect = chosen_dialect(options);
    const auto key = given_key(options);
    if (!dialect || !key) return EXIT_FAILURE;
    return for_each_line(
        [&](std::string_view line) { return decoded_line(*dialect, options, *key, line); });
}

int encode(const Options& options) {
    const auto dialect = chosen_dialect(options);
    if (!dialect) return EXIT_FAILURE;
    return for_each_line([&](std::string_view line) { return encoded_line(*dialect, line); });
}

Command add_direction(Command iso8583, Options& options, const char* name, const char* help) {
    Command command = iso8583.add_subcommand(name, help);
    command.add_option("--profile", options.profile, "The dialect: " + profile_names());
    command.add_option("--dialect", options.dialect_file, "A dialect's file, instead of a profile")
        .existing_file();
    return command;
}

}  // namespace

void add_iso8583(Command app, int& status) {
    Command iso8583 = app.add_subcommand("iso8583", "Messages of ISO 8583 as JSON, and back");
    iso8583.require_subcommand(1);
    auto options = std::make_shared<Options>();
    Command command = add_direction(
        iso8583, *options, "decode",
        "Frames as hexadecimal lines on standard input become JSON lines. A bad line becomes an "
        "object with \"error\", and the exit status says that there was one");
    command.add_flag("--open", options->open, "Open what is inside fields 48, 54, 55, 60, 63, 90");
    command
        .add_option("--mac-key-hex", options->key_file,
                    fmt::format("Check MACs: a file with the key in hexadecimal; or the variable "
                                "{}",
                                key_variable))
        .existing_file();
    command
        .add_option("--mac-algorithm", options->algorithm,
                    "des: single or double, as the key is long; auto: SM4 where field 60 says so")
        .one_of({"auto", "des", "sm4"})
        .capture_default_str();
    command.callback([options, &status] { status = decode(*options); });

    command = add_direction(iso8583, *options, "encode",
                            "JSON lines on standard input become frames as hexadecimal lines");
    command.callback([options, &status] { status = encode(*options); });
}

}  // namespace huitong::apps
