#include "apps/conform/iso8583/script.hpp"

#include <fmt/format.h>

#include "base/result.hpp"
#include "crypto/bytes.hpp"
#include "wire/iso8583/envelope.hpp"

namespace huitong::apps::conform {
namespace {

constexpr std::size_t raw_bytes_max = 10'000;

using Act = decltype(CardStep::act);

bool is_mti(const std::string& text) {
    return wire::iso8583::Mti::parse(text).has_value();
}

std::optional<std::string> bytes_of(std::string_view hex) {
    const auto bytes = crypto::from_hex(hex);
    if (!bytes || bytes->empty() || bytes->size() > raw_bytes_max) return std::nullopt;
    return *bytes;
}

std::optional<unsigned> field_of(std::string_view digits) {
    const auto number = number_of(digits);
    if (!number || *number < 2 || *number > wire::iso8583::field_max) return std::nullopt;
    return static_cast<unsigned>(*number);
}

// "4 000000002800": the field's number, and all behind one blank.
std::optional<FieldLine> field_line(const BodyLine& line) {
    const std::size_t blank = line.text.find(' ');
    const auto field = field_of(line.text.substr(0, blank));
    if (!field || blank == std::string::npos) return std::nullopt;
    return FieldLine{line.line, *field, line.text.substr(blank + 1)};
}

// "spoil 4 78" or "byte 50 39".
std::optional<Patch> patch_of(const BodyLine& line) {
    const std::size_t first = line.text.find(' ');
    const std::size_t second = line.text.find(' ', first + 1);
    if (first == std::string::npos || second == std::string::npos) return std::nullopt;
    const std::string word = line.text.substr(0, first);
    const std::string number = line.text.substr(first + 1, second - first - 1);
    const auto bytes = bytes_of(line.text.substr(second + 1));
    const auto offset = number_of(number);
    if (!bytes || !offset || *offset < 0) return std::nullopt;
    if (word == "byte") return Patch{.offset = static_cast<std::size_t>(*offset), .bytes = *bytes};
    const auto field = field_of(number);
    if (word != "spoil" || !field) return std::nullopt;
    return Patch{.field = *field, .bytes = *bytes};
}

bool take_word(std::string_view word, CardSend& send) {
    if (const auto code = value_of(word, "from")) {
        send.from = *code;
        return true;
    }
    if (const auto code = value_of(word, "to")) {
        send.to = *code;
        return true;
    }
    if (const auto digits = value_of(word, "cut")) {
        const auto number = number_of(*digits);
        if (!number || *number < 1) return false;
        send.cut = static_cast<std::size_t>(*number);
        return true;
    }
    const auto mac = value_of(word, "mac");
    if (mac == "none") send.mac = CardSend::Mac::none;
    if (mac == "wrong") send.mac = CardSend::Mac::wrong;
    if (mac == "old") send.mac = CardSend::Mac::old;
    return mac && send.mac != CardSend::Mac::right;
}

Read<Act> send_of(const Statement& statement) {
    const std::vector<std::string>& words = statement.words;
    if (words.size() < 2 || !is_mti(words[1]))
        return statement.defect("`send` needs a message type");
    CardSend send{.mti = words[1]};
    for (std::size_t i = 2; i < words.size(); ++i) {
        const bool names = words[i] == "like" || words[i] == "as";
        if (names && i + 1 < words.size()) {
            (words[i] == "like" ? send.like : send.as) = words[i + 1];
            ++i;
            continue;
        }
        if (!take_word(words[i], send))
            return statement.defect(fmt::format("`send` has no word `{}`", words[i]));
    }
    for (const BodyLine& line : statement.body) {
        if (auto patch = patch_of(line)) {
            send.patches.push_back(*std::move(patch));
        } else if (auto field = field_line(line)) {
            send.fields.push_back(*std::move(field));
        } else {
            return statement.defect(line,
                                    "is neither `FIELD TEXT`, `spoil FIELD HEX` nor "
                                    "`byte OFFSET HEX`");
        }
    }
    return send;
}

Read<Act> expect_message(const Statement& statement) {
    const std::vector<std::string>& words = statement.words;
    CardExpect expect{.mti = words[1], .unmaced = words.size() > 2};
    if (words.size() > 3 || (expect.unmaced && words[2] != "unmaced"))
        return statement.defect("behind the message type stands `unmaced` or nothing");
    for (const BodyLine& line : statement.body) {
        auto field = field_line(line);
        if (!field) return statement.defect(line, "is not `FIELD TEXT`");
        expect.fields.push_back(*std::move(field));
    }
    return expect;
}

Read<Act> expect_of(const Statement& statement) {
    const std::vector<std::string>& words = statement.words;
    if (words.size() > 1 && is_mti(words[1])) return expect_message(statement);
    if (!statement.body.empty())
        return statement.defect(statement.body.front(), "this statement has no body");
    if (words.size() == 3 && words[1] == "reject" && words[2].size() == 5)
        return ExpectReject{words[2]};
    if (words.size() == 2 && words[1] == "closed") return ExpectClosed{};
    if (words.size() == 4 && words[1] == "nothing") {
        if (const auto time = duration_of(std::span(words).subspan(2))) return ExpectNothing{*time};
    }
    return statement.defect(
        "`expect` needs a message type, `reject CODE`, `closed` or `nothing N s`");
}

Read<Act> plain_act(const Statement& statement) {
    const std::vector<std::string>& words = statement.words;
    if (!statement.body.empty())
        return statement.defect(statement.body.front(), "this statement has no body");
    const std::string text = statement.text();
    if (text == "connect") return Connect{};
    if (text == "disconnect") return Disconnect{};
    if (text == "repeat") return CardRepeat{};
    if (text == "take key") return TakeKey{};
    if (words[0] == "raw" && words.size() == 2) {
        if (auto bytes = bytes_of(words[1])) return Raw{*std::move(bytes)};
        return statement.defect("`raw` needs bytes in hexadecimal");
    }
    if (words[0] == "wait") {
        if (const auto time = duration_of(std::span(words).subspan(1))) return CardWait{*time};
        return statement.defect("`wait` needs a time such as `2 s` or `500 ms`, up to 10 minutes");
    }
    return statement.defect(fmt::format("there is no statement `{}`", text));
}

Read<Act> act_of(const Statement& statement) {
    if (statement.words[0] == "send") return send_of(statement);
    if (statement.words[0] == "expect") return expect_of(statement);
    return plain_act(statement);
}

}  // namespace

Read<CardScript> iso8583_script(const Scenario& scenario) {
    CardScript script;
    std::set<std::string> known(scenario.needs.begin(), scenario.needs.end());
    known.insert({"us", "peer"});
    std::set<std::string> messages;
    bool sent = false;
    for (const Statement& statement : scenario.statements) {
        const bool expects = statement.words[0] == "expect";
        CHECK(check_placeholders(statement, expects ? Side::expected : Side::sent, known));
        TRY(act, act_of(statement));
        if (const auto* send = std::get_if<CardSend>(&act)) {
            if (!send->like.empty() && !messages.contains(send->like))
                return statement.defect(fmt::format("no message was sent as {}", send->like));
            messages.insert(send->as);
            sent = true;
        }
        if (std::holds_alternative<CardRepeat>(act) && !sent)
            return statement.defect("nothing was sent yet");
        script.push_back({statement, std::move(act)});
    }
    return script;
}

}  // namespace huitong::apps::conform
