// A scenario of the conformance kit as its file says it (docs/formats/conformance.md): a head, and
// the statements in their order. What the statements of a protocol mean, its script knows.
//
//     title: A payment is accepted, and completed by its commit
//     clause: institution.yaml, POST /payments
//     needs: mpm_code amount currency
//
//     send POST /payments              <- a statement: words
//       {"request_id": "{{new key}}"}  <- indented: its body
//
// Pure; texts are bounded by scenario_bytes_max.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace huitong::apps::conform {

inline constexpr std::size_t scenario_bytes_max = std::size_t{64} * 1024;

// Why a file is no scenario.
struct Defect {
    std::string file;
    std::size_t line = 0;  // from 1; 0: of the whole
    std::string what;

    friend bool operator==(const Defect&, const Defect&) = default;
};
// "json/pay.txt:12: there is no statement `sned`"
std::string to_text(const Defect& defect);

template <class T>
using Read = std::expected<T, Defect>;

struct BodyLine {
    std::size_t line = 0;
    std::string text;  // without the indent of the body's first line
};

struct Statement {
    std::string file;
    std::size_t line = 0;
    std::vector<std::string> words;  // at least one
    std::vector<BodyLine> body;

    [[nodiscard]] std::string text() const;       // the words
    [[nodiscard]] std::string body_text() const;  // the lines
    [[nodiscard]] std::string place() const;      // "json/pay.txt:12"
    [[nodiscard]] std::unexpected<Defect> defect(std::string what) const;
    [[nodiscard]] std::unexpected<Defect> defect(const BodyLine& at, std::string what) const;
};

struct Scenario {
    std::string name;  // the file's, without folder and ".txt"
    std::string title;
    std::string clause;              // of the standard that asks for it
    std::vector<std::string> needs;  // parameters of the profile
    std::string after;               // the scenario whose statements come first; may be empty
    std::vector<Statement> statements;
};

// `file`: as defects shall name it. Title, clause and one statement are mandatory.
Read<Scenario> parse_scenario(std::string_view file, std::string_view text);

}  // namespace huitong::apps::conform
