#include "apps/conform/json/script.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "apps/conform/json/pattern.hpp"
#include "base/result.hpp"

namespace huitong::apps::conform {
namespace {

constexpr std::size_t spaces_max = std::size_t{16} * 1024 * 1024;

using Act = decltype(JsonStep::act);

// A word of `send` behind the path; false: it is none.
bool take_word(std::string_view word, JsonSend& send) {
    const auto text = [&](std::string_view name, std::string& to) {
        const auto value = value_of(word, name);
        if (value) to = *value;
        return value.has_value();
    };
    std::string value;
    if (word == "mac" || word == "mac-sha256" || word == "bare") {
        send.by = word == "mac"    ? JsonSend::By::hmac_sm3
                  : word == "bare" ? JsonSend::By::nothing
                                   : JsonSend::By::hmac_sha256;
        return true;
    }
    if (text("participant", send.participant) || text("serial", send.serial) ||
        text("session", send.session))
        return true;
    if (text("clock", value)) {
        const auto number = number_of(value);
        send.skew_s = number.value_or(0);
        return number.has_value();
    }
    if (text("spaces", value)) {
        const auto number = number_of(value);
        const bool fits = number && *number > 0 && static_cast<std::size_t>(*number) <= spaces_max;
        if (fits) send.spaces = static_cast<std::size_t>(*number);
        return fits;
    }
    send.nonce_again = send.nonce_again || word == "nonce=again";
    if (word == "proof=wrong") send.proof = JsonSend::Proof::wrong;
    if (word == "proof=other-body") send.proof = JsonSend::Proof::other_body;
    return word == "nonce=again" || word == "proof=wrong" || word == "proof=other-body";
}

Read<Act> send_of(const Statement& statement) {
    const std::vector<std::string>& words = statement.words;
    if (words.size() < 3) return statement.defect("`send` needs a method and a path");
    if (words[1] != "GET" && words[1] != "POST")
        return statement.defect(fmt::format("`{}` is neither GET nor POST", words[1]));
    if (!words[2].starts_with('/')) return statement.defect("a path begins with `/`");
    JsonSend send{.method = words[1], .path = words[2], .body = statement.body_text()};
    for (std::size_t i = 3; i < words.size(); ++i) {
        if (!take_word(words[i], send))
            return statement.defect(fmt::format("`send` has no word `{}`", words[i]));
    }
    return send;
}

Read<Act> expect_of(const Statement& statement) {
    std::span<const std::string> words = statement.words;
    const auto status = words.size() > 1 ? number_of(words[1]) : std::nullopt;
    if (!status || *status < 200 || *status > 599)
        return statement.defect("`expect` needs a status from 200 to 599");
    JsonExpect expect{.status = static_cast<int>(*status), .pattern = statement.body_text()};
    words = words.subspan(2);
    if (!words.empty() && words[0] == "unproven") {
        expect.unproven = true;
        words = words.subspan(1);
    }
    if (!words.empty()) {
        const auto within = duration_of(words.subspan(1));
        if (words[0] != "within" || !within)
            return statement.defect("behind the status stand `unproven` and `within N s`");
        expect.within = *within;
    }
    if (!expect.pattern.empty()) {
        if (const auto defect = find_pattern_defect(expect.pattern))
            return statement.defect(statement.body.front(), *defect);
    }
    return expect;
}

Read<Act> act_of(const Statement& statement) {
    const std::vector<std::string>& words = statement.words;
    if (words[0] == "send") return send_of(statement);
    if (words[0] == "expect") return expect_of(statement);
    if (!statement.body.empty())
        return statement.defect(statement.body.front(), "this statement has no body");
    if (words[0] == "repeat" && words.size() == 1) return Repeat{};
    if (words[0] == "wait") {
        const auto time = duration_of(std::span(words).subspan(1));
        if (time) return Wait{*time};
        return statement.defect("`wait` needs a time such as `2 s` or `500 ms`, up to 10 minutes");
    }
    return statement.defect(fmt::format("there is no statement `{}`", statement.text()));
}

}  // namespace

Read<JsonScript> json_script(const Scenario& scenario) {
    JsonScript script;
    std::set<std::string> known(scenario.needs.begin(), scenario.needs.end());
    known.insert({"us", "peer_serial"});
    bool sent = false;
    for (const Statement& statement : scenario.statements) {
        const bool expects = statement.words[0] == "expect";
        CHECK(check_placeholders(statement, expects ? Side::expected : Side::sent, known));
        TRY(act, act_of(statement));
        if ((expects || statement.words[0] == "repeat") && !sent)
            return statement.defect("nothing was sent yet");
        if (const auto* send = std::get_if<JsonSend>(&act)) {
            sent = true;
            if (send->by_mac() && (!known.contains("session") || !known.contains("session_key")))
                return statement.defect("a MAC needs a session: sign on, and capture `session`");
        }
        script.push_back({statement, std::move(act)});
    }
    return script;
}

}  // namespace huitong::apps::conform
