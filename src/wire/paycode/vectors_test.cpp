// Every payment code of the contract's vectors: read to what they say, written again to their text,
// refused with the error and the place they name. Reads vectors/emv-qr.json, or the file of that
// name in the folder that HUITONG_VECTORS names.
#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <simdjson.h>
#include <string>

#include "wire/emvqr/consumer_code.hpp"
#include "wire/emvqr/crc.hpp"
#include "wire/emvqr/merchant_code.hpp"
#include "wire/paycode/json_form.hpp"
#include "wire/paycode/recognise.hpp"

namespace huitong::wire::paycode {
namespace {

using emvqr::Order;
using emvqr::Strictness;
using simdjson::dom::element;

std::string text_in(element parent, std::string_view name) {
    std::string_view text;
    return parent[name].get(text) == simdjson::SUCCESS ? std::string(text) : "";
}

bool is_merchant_code(element vector) {
    return text_in(vector, "mode") == "merchant-presented";
}

Line decode(element vector) {
    return decode_to_json(
        text_in(vector, "payload"),
        is_merchant_code(vector) ? ReadAs::merchant_presented : ReadAs::consumer_presented,
        Strictness::relaxed_where_known);
}

class PaymentCodeVectors : public testing::Test {
protected:
    void SetUp() override {
        const char* folder = std::getenv("HUITONG_VECTORS");
        const std::string path =
            std::string(folder != nullptr ? folder : HUITONG_SOURCE_DIR "/vectors") +
            "/emv-qr.json";
        ASSERT_EQ(parser.load(path).get(all), simdjson::SUCCESS) << path;
    }

    simdjson::dom::array group(const char* name) {
        simdjson::dom::array list;
        EXPECT_EQ(all[name].get(list), simdjson::SUCCESS) << name;
        EXPECT_GT(list.size(), 0U) << name;
        return list;
    }

    // Every member that the vector wants is in the answer, with the same value.
    void expect_members(element want, const std::string& answer) {
        simdjson::dom::parser of_answer;
        element got;
        ASSERT_EQ(of_answer.parse(answer).get(got), simdjson::SUCCESS) << answer;
        simdjson::dom::object members;
        ASSERT_EQ(want.get(members), simdjson::SUCCESS);
        for (const auto& [name, value] : members) {
            element found;
            ASSERT_EQ(got[name].get(found), simdjson::SUCCESS) << name << " in " << answer;
            EXPECT_EQ(simdjson::minify(found), simdjson::minify(value)) << name;
        }
    }

    simdjson::dom::parser parser;
    element all;
};

TEST_F(PaymentCodeVectors, HaveTheChecksumThatWeReckon) {
    for (const element vector : group("crc"))
        EXPECT_EQ(
            emvqr::crc_digits(emvqr::crc16(text_in(vector, "input_ascii"))),
            (std::array<char, 4>{text_in(vector, "crc_hex")[0], text_in(vector, "crc_hex")[1],
                                 text_in(vector, "crc_hex")[2], text_in(vector, "crc_hex")[3]}))
            << text_in(vector, "id");
}

TEST_F(PaymentCodeVectors, AreReadToWhatTheySay) {
    for (const element vector : group("vectors")) {
        SCOPED_TRACE(text_in(vector, "id"));
        const Line line = decode(vector);
        EXPECT_TRUE(line.good);
        expect_members(vector["expect"], line.text);
    }
}

TEST_F(PaymentCodeVectors, AreReadWithoutBeingToldWhatTheyAre) {
    for (const char* name : {"vectors", "malformed"}) {
        for (const element vector : group(name)) {
            SCOPED_TRACE(text_in(vector, "id"));
            const Line line = decode_to_json(text_in(vector, "payload"), ReadAs::any,
                                             Strictness::relaxed_where_known);
            expect_members(vector["expect"], line.text);
        }
    }
}

TEST_F(PaymentCodeVectors, AreWrittenAgainToTheirText) {
    for (const element vector : group("vectors")) {
        SCOPED_TRACE(text_in(vector, "id"));
        const std::string json = simdjson::minify(element(vector["expect"]));
        EXPECT_EQ(encode_from_json(json, Order::as_given, Strictness::relaxed_where_known).text,
                  text_in(vector, "payload"));
    }
}

// In ascending order the text is another for codes that were not: it says the same, and stays.
TEST_F(PaymentCodeVectors, HaveOneCanonicalText) {
    for (const element vector : group("vectors")) {
        if (!is_merchant_code(vector)) continue;
        SCOPED_TRACE(text_in(vector, "id"));
        const auto canonical = [](const std::string& json) {
            return encode_from_json(json, Order::ascending, Strictness::relaxed_where_known).text;
        };
        const std::string text = canonical(simdjson::minify(element(vector["expect"])));
        EXPECT_EQ(text.size(), text_in(vector, "payload").size());
        const Line line = decode_to_json(text, ReadAs::any, Strictness::relaxed_where_known);
        EXPECT_TRUE(line.good);
        EXPECT_EQ(canonical(line.text), text);
    }
}

TEST_F(PaymentCodeVectors, AreRefusedByAStrictReaderAsTheySay) {
    for (const element vector : group("vectors")) {
        if (!is_merchant_code(vector)) continue;
        SCOPED_TRACE(text_in(vector, "id"));
        const std::string payload = text_in(vector, "payload");
        const auto code = emvqr::decode_mpm(payload, Strictness::strict);
        EXPECT_EQ(code ? "" : to_text(code.error()), text_in(vector["expect"], "strict_error"));
    }
}

TEST_F(PaymentCodeVectors, AreRefusedWithTheErrorAndThePlaceTheyName) {
    for (const element vector : group("malformed")) {
        SCOPED_TRACE(text_in(vector, "id"));
        const Line line = decode(vector);
        EXPECT_FALSE(line.good);
        expect_members(vector["expect"], line.text);
    }
}

TEST_F(PaymentCodeVectors, AreOfTheKindTheyName) {
    for (const element vector : group("code_kinds"))
        EXPECT_EQ(to_text(recognise(text_in(vector, "text"))), text_in(vector, "expect_kind"))
            << text_in(vector, "id");
}

}  // namespace
}  // namespace huitong::wire::paycode
