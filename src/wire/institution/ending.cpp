#include "wire/institution/ending.hpp"

namespace huitong::wire::institution {
namespace {

constexpr json::CountRule commit_count{.min = 1, .max = commits_max};
constexpr json::TextRule code_word_rule{.max = 64, .alphabet = &request_id_characters};
constexpr std::string_view acknowledged = "ACKNOWLEDGED";
constexpr std::string_view refused = "REFUSED";

CommitResult read_result(ObjectReader& element) {
    CommitResult result;
    std::string word;
    element.required_string("request_id", request_id_rule, result.request_id);
    element.required_string("result", {.max = 16}, word);
    if (!word.empty() && word != acknowledged && word != refused)
        element.refuse("result", Error::field_range, "is none of the words that are defined");
    if (word == refused) {
        element.required_string("code", code_word_rule, result.code);
        element.required_string("message", message_rule, result.message);
    }
    element.finish();
    return result;
}

}  // namespace

Parsed<Commits> parse_commits(std::string_view body) {
    Report report;
    Commits commits;
    ObjectReader root = json::read_object(body, report);
    if (!root.has("request_ids")) root.missing("request_ids");
    root.optional_strings("request_ids", commit_count, request_id_rule, commits.request_ids);
    root.finish();
    return report.into(std::move(commits));
}

std::string to_json(const Commits& commits) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.begin_array("request_ids");
    for (const std::string& id : commits.request_ids) json.text(id);
    json.end_array();
    json.end_object();
    return body;
}

Parsed<CommitResults> parse_commit_results(std::string_view body) {
    Report report;
    CommitResults all;
    ObjectReader root = json::read_object(body, report);
    for (ObjectReader& element : root.required_objects("results", commit_count))
        all.results.push_back(read_result(element));
    root.finish();
    return report.into(std::move(all));
}

std::string to_json(const CommitResults& all) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.begin_array("results");
    for (const CommitResult& result : all.results) {
        json.begin_object();
        json.text("request_id", result.request_id);
        json.text("result", result.acknowledged() ? acknowledged : refused);
        if (!result.acknowledged()) {
            json.text("code", result.code);
            json.text("message", result.message);
        }
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return body;
}

Parsed<Reversal> parse_reversal(std::string_view body) {
    Report report;
    Reversal reversal;
    ObjectReader root = json::read_object(body, report);
    root.required_string("request_id", request_id_rule, reversal.request_id);
    root.finish();
    return report.into(std::move(reversal));
}

std::string to_json(const Reversal& reversal) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.text("request_id", reversal.request_id);
    json.end_object();
    return body;
}

}  // namespace huitong::wire::institution
