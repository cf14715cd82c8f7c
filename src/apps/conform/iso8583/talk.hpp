// A member of the network as a scenario wants it: builds frames, right or wrong, keeps the keys
// that it was given, and finds the answers among all that comes. Line tests of the other side are
// answered by the way.
#pragma once

#include <deque>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/conform/iso8583/line.hpp"
#include "apps/conform/iso8583/player.hpp"
#include "apps/conform/iso8583/script.hpp"
#include "gateway/iso8583/working_keys.hpp"
#include "wire/iso8583/envelope.hpp"

namespace huitong::apps::conform {

using gateway::iso8583::Fields;

// A message to be sent, expanded.
struct CardMessage {
    std::string mti;
    Fields fields;
    CardSend::Mac mac = CardSend::Mac::right;
    std::string from;
    std::string to;
    std::vector<Patch> patches;
};

// A frame that came. Views of the envelope point into the bytes.
struct Heard {
    std::string bytes;
    wire::iso8583::Envelope envelope;
    bool readable = false;

    [[nodiscard]] bool rejects() const;
    [[nodiscard]] std::string mti() const;  // empty when it can't be read, or of a reject
    [[nodiscard]] Fields fields() const;
};
using HeardPtr = std::shared_ptr<const Heard>;

class CardTalk {
public:
    CardTalk(const Iso8583Target& target, engine::Clock& clock);

    Result<void> connect();
    // False: the other side has not ended the line, too.
    bool disconnect();
    bool send(std::string_view bytes) { return line_.send(bytes); }

    // A frame, or why it can't be built.
    std::expected<std::string, std::string> frame(const CardMessage& message);
    // Looks among what has come, then waits. Null: nothing such came in time, or the line ended, or
    // a reject came instead.
    HeardPtr hear(std::string_view mti);
    HeardPtr hear_reject();
    HeardPtr hear_anything(Duration time);
    bool hear_end();
    // What has come and nobody has asked for, and whether the line has ended; lines for people.
    [[nodiscard]] std::string left() const;

    // "right", "wrong" or "none".
    [[nodiscard]] std::string mac_of(const Heard& heard);
    // The key of an 0800; its answer, or why it is none.
    std::expected<std::string, std::string> take_key(const Heard& delivery);

private:
    // The next frame into the inbox; false: the time is up, or the line has ended.
    bool listen(TestLine::Deadline until);
    [[nodiscard]] TestLine::Deadline patience() const;
    gateway::iso8583::WorkingKey* key_for(const CardMessage& message);
    bool answer_line_test(const Heard& heard);

    const Iso8583Target& target_;
    engine::Clock& clock_;
    TestLine line_;
    std::deque<HeardPtr> inbox_;
    std::optional<gateway::iso8583::WorkingKey> key_;
    std::optional<gateway::iso8583::WorkingKey> old_key_;
};

// For people: type and institutions, then a field a line; bytes that do not print as hexadecimal.
std::string shown(std::string_view frame);

}  // namespace huitong::apps::conform
