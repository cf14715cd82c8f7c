// bench iso8583: messages of the network dialect decoded and encoded on one core, against the least
// that anybody could do with the same bytes: look at each once, and copy it.
#include <cstdlib>
#include <fmt/format.h>
#include <numeric>
#include <string>
#include <vector>

#include "apps/bench/bench.hpp"
#include "apps/bench/commands.hpp"
#include "base/ensure.hpp"
#include "wire/iso8583/builder.hpp"
#include "wire/iso8583/envelope.hpp"

namespace huitong::apps::bench {
namespace {

using namespace wire::iso8583;

// Enough that no message is in the first cache for having just been there.
constexpr std::uint64_t messages = 4'096;

constexpr unsigned fields = 20;
struct Content {
    unsigned field;
    std::string_view text;
};
// An approval of a purchase; the trace number counts.
constexpr Content contents[fields] = {
    {2,   "6250947000000014"           },
    {3,   "000000"                     },
    {4,   "000000012345"               },
    {7,   "1122103015"                 },
    {11,  ""                           },
    {12,  "183015"                     },
    {13,  "1122"                       },
    {15,  "1122"                       },
    {18,  "5411"                       },
    {25,  "00"                         },
    {32,  "44190440"                   },
    {33,  "44190440"                   },
    {37,  "000000000101"               },
    {38,  "A1B2C3"                     },
    {39,  "00"                         },
    {41,  "TERM0001"                   },
    {42,  "MERCHANT0000001"            },
    {49,  "344"                        },
    {60,  "000005000100000000000012000"},
    {100, "01020344"                   },
};

std::string_view encode(Builder& builder, const Header& header, std::uint64_t number) {
    static const Mti mti = Mti::parse("0210").value_or(Mti{});
    builder.start(mti);
    for (const auto& [field, text] : contents) {
        const auto added =
            field == 11 ? builder.add_number(field, number) : builder.add(field, text);
        ENSURE(added);
    }
    const auto frame = builder.finish({.header = &header});
    ENSURE(frame);
    return *frame;
}

// Runs `work(i)` for a while and gives the nanoseconds of one.
template <class Work>
double nanoseconds_of(double seconds, Work work) {
    const Clock::time_point start = Clock::now();
    std::uint64_t done = 0;
    while (seconds_since(start) < seconds)
        for (std::uint64_t i = 0; i < messages; ++i, ++done) work(i);
    return seconds_since(start) * 1e9 / static_cast<double>(done);
}

void print_line(std::string_view what, double nanoseconds, double limit) {
    fmt::print(
        "{}: {:.0f} messages/s, {:.0f} ns a message, {:.1f} ns a field; {:.1f} times the "
        "limit\n",
        what, 1e9 / nanoseconds, nanoseconds, nanoseconds / fields, nanoseconds / limit);
}

}  // namespace

int run_iso8583(const Iso8583Options& options) {
    print_machine("bench iso8583: decode and encode on one core");
    const Dialect& cups = *builtin_dialect("cups");
    const auto header = Header::make({.destination = "44190440", .source = "00010344"});
    ENSURE(header);
    Builder builder(cups);
    std::vector<std::string> frames;
    frames.reserve(messages);
    for (std::uint64_t i = 0; i < messages; ++i) frames.emplace_back(encode(builder, *header, i));

    std::uint64_t seen = 0;  // Printed, so that no work can be left out.
    std::string copy(frames[0].size(), '\0');
    const double limit = nanoseconds_of(options.seconds, [&](std::uint64_t i) {
        seen += static_cast<std::uint8_t>(std::accumulate(frames[i].begin(), frames[i].end(), 0));
        copy.assign(frames[i]);
    });
    Envelope envelope;
    const double decoding = nanoseconds_of(options.seconds, [&](std::uint64_t i) {
        ENSURE(decode_frame(cups, frames[i], envelope));
        seen += envelope.message.wire(11).back() == '7' ? 1 : 0;
    });
    const double encoding = nanoseconds_of(
        options.seconds, [&](std::uint64_t i) { seen += encode(builder, *header, i).size(); });

    fmt::print("a message has {} fields and {} bytes; checksum {:x}\n", fields, frames[0].size(),
               seen ^ static_cast<std::uint8_t>(copy.back()));
    fmt::print("limit: {:.0f} ns to look at each byte once and to copy it\n", limit);
    print_line("decode", decoding, limit);
    print_line("encode", encoding, limit);
    return EXIT_SUCCESS;
}

}  // namespace huitong::apps::bench
