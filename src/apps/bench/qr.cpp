// bench qr: payment codes read and written on one core, without files and sockets, against the
// least that any reader must do with the same bytes: copy them and reckon the CRC.
#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <functional>
#include <string>
#include <vector>

#include "apps/bench/bench.hpp"
#include "apps/bench/commands.hpp"
#include "base/ensure.hpp"
#include "wire/emvqr/compose.hpp"
#include "wire/emvqr/consumer_code.hpp"
#include "wire/emvqr/crc.hpp"
#include "wire/emvqr/own_code.hpp"
#include "wire/paycode/recognise.hpp"

namespace huitong::apps::bench {
namespace {

using namespace wire::emvqr;

// A plate, an order's code with UnionPay and a national account, a person's code, and one with a
// name in Chinese, which is measured by characters.
std::vector<std::string> merchant_codes() {
    PlateTerms plate{.own_id = "com.example.pay",
                     .merchant_id = "1900000109",
                     .unionpay_account = "2031034400010344MERCHANT0000001",
                     .category = "5411",
                     .currency = Currency{344},
                     .country = "HK",
                     .name = "TEST MART",
                     .city = "HONG KONG"};
    std::vector<std::string> codes{static_plate(plate).value()};
    plate.own_tag = 27;
    plate.national = Node{
        26, "", {{0, "hk.com.hkicl"}, {1, "004"}, {2, "1234567"}}
    };
    codes.push_back(
        dynamic_code(plate,
                     {
                         .amount = {123'456, plate.currency},
                           .order = "R20261125000001"
    })
            .value());
    const Node promptpay{
        29, "", {{0, "A000000677010111"}, {1, "0066801234567"}}
    };
    const Node person[] = {
        {0,  "01" },
        {1,  "11" },
        promptpay, {53, "764"},
        {58, "TH" }
    };
    codes.push_back(encode_mpm(person).value());
    auto nodes = nodes_of(decode_mpm(codes[0])->objects());
    nodes.push_back({
        64, "", {{0, "ZH"}, {1, "测试商户"}, {2, "香港"}}
    });
    codes.push_back(encode_mpm(nodes).value());
    return codes;
}

std::string consumer_code() {
    const Node nodes[] = {
        {0x85, "CPV01"},
        {0x61,
         "", {{0x4F, std::string("\xA0\x00\x00\x03\x33\x01\x01\x02", 8)},
          {0x57, std::string("\x62\x92\x69\x00\x00\x00\x00\x10\xD3\x01\x22\x01", 12)},
          {0x5F34, "\x01"},
          {0x63, "", {{0x9F26, "cryptogr"}, {0x9F27, "\x80"}, {0x9F36, "no"}, {0x9F37, "rand"}}}}},
    };
    return encode_cpm(nodes).value();
}

// Keeps the compiler from leaving out work whose result nobody reads.
void keep(const void* result) {
    asm volatile("" : : "g"(result) : "memory");
}

struct Rate {
    double per_second = 0;
    double nanoseconds = 0;
};

// Runs until the time is over, in rounds, and takes the median round: neighbours on the machine
// slow some of them down.
Rate measure(double seconds, std::size_t at_once, const std::function<void()>& some) {
    constexpr int rounds = 5;
    Latencies nanoseconds;
    for (int round = 0; round < rounds; ++round) {
        const Clock::time_point start = Clock::now();
        std::size_t done = 0;
        for (; seconds_since(start) < seconds / rounds; done += 100 * at_once)
            for (int i = 0; i < 100; ++i) some();
        nanoseconds.add(seconds_since(start) * 1e9 / static_cast<double>(done));
    }
    const double median = nanoseconds.quantile(0.5);
    return {.per_second = 1e9 / median, .nanoseconds = median};
}

void print(const char* what, Rate rate, Rate limit) {
    fmt::print("{}: {:.0f} a second, {:.0f} ns each, {:.1f} times the limit\n", what,
               rate.per_second, rate.nanoseconds, rate.nanoseconds / limit.nanoseconds);
}

// What any reader of such a text has to do at the least.
Rate limit_of_text(double seconds, const std::vector<std::string>& codes) {
    char copy[4 * code_characters_max];
    return measure(seconds, codes.size(), [&] {
        for (const std::string& code : codes) {
            std::ranges::copy(code, copy);
            const std::uint16_t crc = crc16({copy, code.size()});
            keep(&crc);
        }
    });
}

Rate measure_decode(double seconds, const std::vector<std::string>& codes, Rate limit) {
    std::size_t objects = 0;
    std::size_t bytes = 0;
    for (const std::string& code : codes) {
        objects += decode_mpm(code)->objects().all().size();
        bytes += code.size();
    }
    const Rate rate = measure(seconds, codes.size(), [&codes] {
        for (const std::string& code : codes) {
            const auto decoded = decode_mpm(code);
            ENSURE(decoded.has_value());
            keep(&decoded);
        }
    });
    const auto count = static_cast<double>(codes.size());
    print("merchant-presented, decode", rate, limit);
    fmt::print("    {:.0f} bytes and {:.1f} objects a code: {:.1f} ns an object\n",
               static_cast<double>(bytes) / count, static_cast<double>(objects) / count,
               rate.nanoseconds * count / static_cast<double>(objects));
    return rate;
}

void measure_encode(double seconds, const std::vector<std::string>& codes, Rate limit) {
    std::vector<std::vector<Node>> trees;
    trees.reserve(codes.size());
    for (const std::string& code : codes) trees.push_back(nodes_of(decode_mpm(code)->objects()));
    const Rate rate = measure(seconds, trees.size(), [&trees] {
        for (const auto& nodes : trees) {
            const auto text = encode_mpm(nodes);
            ENSURE(text.has_value());
            keep(&text);
        }
    });
    print("merchant-presented, encode (and read again)", rate, limit);
}

void measure_consumer_code(double seconds) {
    const std::string code = consumer_code();
    const Rate limit = limit_of_text(seconds, {code});
    const Rate decode = measure(seconds, 1, [&code] {
        const auto decoded = decode_cpm(code);
        ENSURE(decoded.has_value());
        keep(&decoded);
    });
    print("consumer-presented, decode", decode, limit);
    const auto nodes = nodes_of(decode_cpm(code)->objects());
    const Rate encode = measure(seconds, 1, [&nodes] {
        const auto text = encode_cpm(nodes);
        ENSURE(text.has_value());
        keep(&text);
    });
    print("consumer-presented, encode (and read again)", encode, limit);
}

void measure_recognition(double seconds, const std::vector<std::string>& codes) {
    std::vector<std::string> texts = codes;
    for (const char* text : {"6212345678901234567", "https://qr.alipay.com/bax00000000000",
                             "https://evil.example/", "991234567890123456"})
        texts.emplace_back(text);
    const Rate rate = measure(seconds, texts.size(), [&texts] {
        for (const std::string& text : texts) {
            const auto kind = wire::paycode::recognise(text);
            keep(&kind);
        }
    });
    fmt::print("recognition of any text: {:.0f} a second, {:.0f} ns each\n", rate.per_second,
               rate.nanoseconds);
}

}  // namespace

int run_qr(const QrOptions& options) {
    print_machine("bench qr: payment codes on one core");
    const std::vector<std::string> codes = merchant_codes();
    const Rate limit = limit_of_text(options.seconds, codes);
    fmt::print("limit, copy and CRC of the same texts: {:.0f} a second, {:.0f} ns each\n",
               limit.per_second, limit.nanoseconds);
    const Rate decode = measure_decode(options.seconds, codes, limit);
    measure_encode(options.seconds, codes, limit);
    measure_consumer_code(options.seconds);
    measure_recognition(options.seconds, codes);
    fmt::print("a million merchant-presented codes a second: {}\n",
               decode.per_second >= 1e6 ? "yes" : "no");
    return EXIT_SUCCESS;
}

}  // namespace huitong::apps::bench
