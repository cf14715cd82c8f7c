// How a requester ends what it asked for: commits, many in one message, and reversals, one a
// message (api/institution.yaml). Bytes <-> values; a parser refuses with the first defect.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/institution/fields.hpp"

namespace huitong::wire::institution {

inline constexpr std::size_t commits_max = 500;  // of one message

struct Commits {
    std::vector<std::string> request_ids;  // 1 to commits_max

    friend bool operator==(const Commits&, const Commits&) = default;
};
Parsed<Commits> parse_commits(std::string_view body);
std::string to_json(const Commits& commits);

// What became of one of them: acknowledged, unless there is a code of the error table.
struct CommitResult {
    std::string request_id;
    std::string code;     // empty: acknowledged
    std::string message;  // for people

    [[nodiscard]] bool acknowledged() const { return code.empty(); }
    friend bool operator==(const CommitResult&, const CommitResult&) = default;
};
struct CommitResults {
    std::vector<CommitResult> results;  // in the order of the request

    friend bool operator==(const CommitResults&, const CommitResults&) = default;
};
Parsed<CommitResults> parse_commit_results(std::string_view body);
std::string to_json(const CommitResults& results);

// Also the answer, which acknowledges it: a no is an error.
struct Reversal {
    std::string request_id;

    friend bool operator==(const Reversal&, const Reversal&) = default;
};
Parsed<Reversal> parse_reversal(std::string_view body);
std::string to_json(const Reversal& reversal);

}  // namespace huitong::wire::institution
