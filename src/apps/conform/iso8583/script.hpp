// The statements of the ISO 8583 door's scenarios (docs/formats/iso8583-bridge.md), parsed:
//
//     connect                        the line is open when a scenario begins
//     disconnect                     ends it, and waits until the other side has, too
//     send MTI [like NAME] [as NAME] [WORD ..]
//       like, as             begins with the fields of a message that was sent `as NAME`
//       mac=none, mac=wrong  no MAC, or its last character is another one
//       mac=old              under the key before the last one
//       from=  to=           institution codes of the header, not ours and whom we test
//       cut=N                only the first N bytes of the frame are sent
//       N TEXT               in the body: field N; `-` leaves it out
//       spoil N HEX          bytes over those of field N, after all else
//       byte OFFSET HEX      bytes over those of the frame; 0 is the first of the length
//     raw HEX                        bytes as they are
//     repeat                         the frame before, byte for byte
//     expect MTI [unmaced]           the next message of this type; its MAC is right, or it has
//     none
//       N TEXT               in the body: field N
//     expect reject CODE             the frame before comes back behind a reject header
//     expect closed                  the other side ends the line
//     expect nothing N s             nothing comes for so long
//     take key                       of the 0800 that came, and says so in an 0810
//     wait N s
//
// `{{new time}}` is MMDDhhmmss in Beijing time, `{{new clock}}` hhmmss, `{{new day}}` MMDD,
// `{{new late}}` the time of a minute ago, `{{new stan}}` the next trace number; also with an
// ending, as in `stan_2`. All else is 12 digits.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "apps/conform/words.hpp"

namespace huitong::apps::conform {

struct FieldLine {
    std::size_t line = 0;
    unsigned field = 0;
    std::string text;
};
// Bytes over those that were built.
struct Patch {
    unsigned field = 0;      // 0: at an offset of the frame
    std::size_t offset = 0;  // from there
    std::string bytes;
};
struct CardSend {
    enum class Mac : std::uint8_t { right, none, wrong, old };

    std::string mti;
    std::string like;
    std::string as;
    Mac mac = Mac::right;
    std::string from;
    std::string to;
    std::optional<std::size_t> cut;
    std::vector<FieldLine> fields;
    std::vector<Patch> patches;
};
struct CardExpect {
    std::string mti;
    bool unmaced = false;
    std::vector<FieldLine> fields;
};
struct ExpectReject {
    std::string code;
};
struct ExpectClosed {};
struct ExpectNothing {
    Duration time;
};
struct Raw {
    std::string bytes;
};
struct TakeKey {};
struct Connect {};
struct Disconnect {};
struct CardRepeat {};
struct CardWait {
    Duration time;
};

struct CardStep {
    Statement statement;
    std::variant<CardSend, CardExpect, ExpectReject, ExpectClosed, ExpectNothing, Raw, TakeKey,
                 Connect, Disconnect, CardRepeat, CardWait>
        act;
};
using CardScript = std::vector<CardStep>;

// Names the first statement that is none, and placeholders that nothing has made known.
Read<CardScript> iso8583_script(const Scenario& scenario);

}  // namespace huitong::apps::conform
