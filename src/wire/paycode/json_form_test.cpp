#include "wire/paycode/json_form.hpp"

#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "wire/emvqr/draft_test.hpp"

namespace huitong::wire::paycode {
namespace {

using emvqr::Order;
using emvqr::Strictness;
using ::testing::HasSubstr;

std::string decoded(std::string_view text, ReadAs as = ReadAs::any) {
    return decode_to_json(text, as, Strictness::relaxed_where_known).text;
}

Line encoded(std::string_view json) {
    return encode_from_json(json, Order::ascending, Strictness::relaxed_where_known);
}

TEST(DecodeToJson, ShowsAMerchantsCode) {
    const std::string text =
        emvqr::testing::Draft().drop("15").set("29", "0012someone@bank0205BANK1").text();
    EXPECT_EQ(
        decoded(text),
        R"({"kind":"emv-merchant-presented","mode":"merchant-presented","valid":true,)"
        R"("method":"dynamic","schemes":["KHQR"],)"
        R"("accounts":[{"tag":"29","scheme":"KHQR","account":"someone@bank","bank":"BANK1"}],)"
        R"("tags":{"00":"01","01":"12","52":"5411","53":"344","54":"12.34","58":"HK",)"
        R"("59":"TEST MART","60":"HONG KONG","29":{"00":"someone@bank","02":"BANK1"},)"
        R"("63":")" +
            text.substr(text.size() - 4) + R"("}})");
}

TEST(DecodeToJson, ShowsADefectAndItsPlace) {
    EXPECT_EQ(decoded("00020163040000"),
              R"({"kind":"emv-merchant-presented","mode":"merchant-presented","valid":false,)"
              R"("error":"CRC_MISMATCH","at":"63","issue":"is the checksum of another text"})");
}

TEST(DecodeToJson, ShowsKindsThatHaveNothingToRead) {
    EXPECT_EQ(decoded("6212345678901234567"), R"({"kind":"unionpay-payment-code","valid":true})");
    EXPECT_EQ(decoded("https://qr.alipay.com/x"), R"({"kind":"alipay-url","valid":true})");
    const Line unknown =
        decode_to_json("https://evil.example/", ReadAs::any, Strictness::relaxed_where_known);
    EXPECT_FALSE(unknown.good);
    EXPECT_THAT(unknown.text, HasSubstr(R"("error":"CODE_UNSUPPORTED","at":"")"));
}

TEST(DecodeToJson, ReadsAnUnknownTextAsWhatItResembles) {
    EXPECT_THAT(decoded("010211"), HasSubstr(R"("error":"FORMAT_INDICATOR_NOT_FIRST","at":"")"));
    EXPECT_THAT(decoded("hQVDUFYwMWE!"), HasSubstr(R"("error":"BASE64","at":"")"));
    EXPECT_THAT(decoded(""), HasSubstr(R"("error":"FORMAT_INDICATOR_NOT_FIRST","at":"85")"));
    EXPECT_THAT(decoded("", ReadAs::merchant_presented), HasSubstr(R"("at":"")"));
}

TEST(DecodeToJson, StaysOneLineOfJsonWhateverTheText) {
    const std::string text = emvqr::testing::sealed(
        "000201"
        "6503\"\n\x01");
    const std::string line = decoded(text);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_THAT(line, HasSubstr("NO_ACCOUNT"));
    EXPECT_THAT(decoded(std::string("0002\xFF\xFE", 6), ReadAs::merchant_presented),
                HasSubstr("FORMAT_INDICATOR"));
}

TEST(DecodeToJson, ShowsTrKarekod) {
    const std::string text = emvqr::testing::sealed(
        "750210"
        "6108"
        "0104TR33");
    EXPECT_THAT(decoded(text), HasSubstr(R"("mode":"tr-karekod","valid":true,"tags":{"75":"10",)"
                                         R"("61":{"01":"TR33"},"63":")"));
}

TEST(EncodeFromJson, TellsWhatIsWrongWithTheJson) {
    const auto error = [](std::string_view json) {
        const Line line = encoded(json);
        EXPECT_FALSE(line.good);
        return line.text;
    };
    EXPECT_EQ(error("{}"), R"({"valid":false,"error":"JSON","at":"/tags","issue":"is required"})");
    EXPECT_THAT(error("x"), HasSubstr(R"("error":"JSON","at":"")"));
    EXPECT_THAT(error(R"({"tags":[]})"), HasSubstr(R"("at":"/tags","issue":"is not an object")"));
    EXPECT_THAT(error(R"({"tags":{"00":1}})"), HasSubstr(R"("at":"/tags/00")"));
    EXPECT_THAT(error(R"({"tags":{"62":{"01":null}}})"), HasSubstr(R"("at":"/tags/62/01")"));
    EXPECT_THAT(error(R"({"tags":{"0x":"01"}})"), HasSubstr(R"("error":"BAD_TAG","at":"")"));
    EXPECT_THAT(error(R"({"tags":{"62":{"1":"x"}}})"), HasSubstr(R"("error":"BAD_TAG","at":"62")"));
    EXPECT_THAT(error(R"({"tags":{"00":"01"}})"), HasSubstr(R"("error":"NO_ACCOUNT")"));
    EXPECT_THAT(error(R"({"tags":{"00":"01","00":"01"}})"), HasSubstr("DUPLICATE_TAG"));
    EXPECT_THAT(error(R"({"data_objects":[]})"), HasSubstr(R"("at":"/data_objects")"));
    EXPECT_THAT(error(R"({"data_objects":[{"tag":"8","value":"00"}]})"),
                HasSubstr(R"("at":"/data_objects/0/tag")"));
    EXPECT_THAT(error(R"({"data_objects":[{"tag":"85","value":"0"}]})"),
                HasSubstr(R"("at":"/data_objects/0/value")"));
    EXPECT_THAT(error(R"({"data_objects":[{"tag":"61","children":[{"tag":"4F"}]}]})"),
                HasSubstr(R"("at":"/data_objects/0/children/0/value")"));
    EXPECT_THAT(error(R"({"data_objects":[{"tag":"85","value":"00","x":1}]})"),
                HasSubstr(R"("at":"/data_objects/0/x")"));
    EXPECT_THAT(error(R"({"data_objects":[{"tag":"61","children":[]}]})"),
                HasSubstr("FORMAT_INDICATOR_NOT_FIRST"));
    EXPECT_THAT(error(std::string(300'000, ' ')), HasSubstr("the body is too large"));
}

// Every example of the page: a command, and the line that answers it.
TEST(Document, ShowsWhatIsTrue) {
    std::ifstream page(HUITONG_SOURCE_DIR "/docs/formats/payment-codes.md");
    int examples = 0;
    for (std::string line, answer; std::getline(page, line);) {
        const auto argument = [&line](std::string_view command) {
            const std::string start = fmt::format("$ huitong qr {} '", command);
            if (!line.starts_with(start)) return std::string();
            return line.substr(start.size(), line.size() - start.size() - 1);
        };
        if (!line.starts_with("$ ")) continue;
        ASSERT_TRUE(std::getline(page, answer));
        const std::string code = argument("decode");
        EXPECT_EQ(code.empty() ? encoded(argument("encode")).text : decoded(code), answer) << line;
        ++examples;
    }
    EXPECT_GT(examples, 5);
}

TEST(EncodeFromJson, TakesWhatDecodePrints) {
    const std::string text = emvqr::testing::Draft().set("64", "0002en0103abc").text();
    const Line line = encode_from_json(decoded(text), Order::as_given, Strictness::strict);
    EXPECT_TRUE(line.good);
    EXPECT_EQ(line.text, text);
}

}  // namespace
}  // namespace huitong::wire::paycode
