// The texts that the contract's vectors sign, built by the code that the doors use, and the headers
// that carry them. Reads vectors/wechatpay-v3.json, or the file of that name in the folder that
// HUITONG_VECTORS names; crypto's test of the same file checks the signatures themselves.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <gtest/gtest.h>
#include <optional>
#include <simdjson.h>
#include <string>
#include <vector>

#include "base/vector_file_test.hpp"
#include "wire/wechatpay/authorization.hpp"

namespace huitong::wire::wechatpay {
namespace {

// The first of these members, of the vector, its "inputs" or its "headers".
std::optional<std::string> any_of(element vector, std::initializer_list<std::string_view> names) {
    for (const std::string_view place : {"", "inputs", "headers"}) {
        element holder = vector;
        if (!place.empty() && vector[place].get(holder) != simdjson::SUCCESS) continue;
        for (const std::string_view name : names)
            if (auto found = text(holder, name)) return found;
    }
    return std::nullopt;
}

// Nothing when the text is no number as the doors take it.
std::optional<std::int64_t> seconds_of(const std::optional<std::string>& text) {
    std::int64_t value = 0;
    if (!text) return std::nullopt;
    std::from_chars(text->data(), text->data() + text->size(), value);
    return std::to_string(value) == *text ? std::optional(value) : std::nullopt;
}

// Nothing when the vector prints only the whole text.
std::optional<std::string> built_text(element vector, const std::string& kind) {
    const auto time = any_of(vector, {"timestamp", "timeStamp", "Wechatpay-Timestamp"});
    const auto nonce = any_of(vector, {"nonce", "nonce_str", "nonceStr", "Wechatpay-Nonce"});
    const auto seconds = seconds_of(time);
    if (!seconds || !nonce) return std::nullopt;
    const std::string body = any_of(vector, {"body"}).value_or("");
    if (kind == "response-verify" || kind == "notification")
        return response_string_to_sign({.timestamp = *seconds, .nonce = *nonce, .body = body});
    const auto method = any_of(vector, {"method"});
    const auto url = any_of(vector, {"url", "target", "path"});
    if (method && url)
        return string_to_sign({.method = *method,
                               .target = *url,
                               .timestamp = *seconds,
                               .nonce = *nonce,
                               .body = body});
    const auto appid = any_of(vector, {"appid", "appId"});
    const auto package = any_of(vector, {"package", "prepay_id", "prepayid"});
    if (!appid || !package) return std::nullopt;
    constexpr std::string_view prefix = "prepay_id=";
    const bool jsapi = package->starts_with(prefix);
    const std::string bare = jsapi ? package->substr(prefix.size()) : *package;
    return pay_string_to_sign({.client = jsapi ? CashierClient::jsapi : CashierClient::app,
                               .appid = *appid,
                               .timestamp = *time,
                               .nonce = *nonce,
                               .prepay_id = bare});
}

// A header with its pairs in the given order, and with spaces after the commas if told to.
std::string header_of(const Authorization& said, const std::vector<std::string>& order,
                      std::string_view between) {
    const std::string plain = to_header(said);
    std::string header = plain.substr(0, plain.find(' ') + 1);
    for (const std::string& name : order) {
        const std::size_t start = plain.find(name + "=\"");
        const std::size_t end = plain.find('"', start + name.size() + 2) + 1;
        if (header.back() == '"') header += between;
        header += plain.substr(start, end - start);
    }
    return header;
}

class MerchantVectors : public VectorFile {
protected:
    MerchantVectors() : VectorFile("wechatpay-v3.json") {}

    void SetUp() override {
        VectorFile::SetUp();
        ASSERT_FALSE(HasFatalFailure());
        ASSERT_EQ(all_["vectors"].get(vectors_), simdjson::SUCCESS);
    }

    simdjson::dom::array vectors_;
};

TEST_F(MerchantVectors, SignTheTextsThatTheDoorsBuild) {
    int compared = 0;
    for (const element vector : vectors_) {
        const std::string kind = text(vector, "kind").value_or("");
        const auto wanted = any_of(vector, {"string_to_sign", "string_to_verify", "expect"});
        const auto built = built_text(vector, kind);
        bool valid = true;
        if (vector["valid"].get(valid) == simdjson::SUCCESS && !valid) continue;
        if (!wanted || !built) continue;
        EXPECT_EQ(*built, *wanted) << text(vector, "id").value_or("without id");
        ++compared;
    }
    EXPECT_GT(compared, 0);
}

TEST_F(MerchantVectors, TravelInHeadersOfAnyOrder) {
    std::vector<std::string> order = {"mchid", "nonce_str", "serial_no", "signature", "timestamp"};
    for (const element vector : vectors_) {
        const auto seconds = seconds_of(any_of(vector, {"timestamp"}));
        if (text(vector, "kind") != "request-sign" || !seconds) continue;
        SCOPED_TRACE(text(vector, "id").value_or("without id"));
        const Authorization said{
            .mchid = any_of(vector, {"mchid"}).value_or("1900007291"),
            .nonce = any_of(vector, {"nonce", "nonce_str"}).value_or(""),
            .timestamp = *seconds,
            .serial = any_of(vector, {"serial_no"}).value_or("408B07E79B8269FEC3D5"),
            .signature = "signature"};
        do {
            for (const std::string_view between : {",", ", "}) {
                const auto parsed = parse_authorization(header_of(said, order, between));
                ASSERT_TRUE(parsed);
                EXPECT_EQ(*parsed, said);
            }
        } while (std::ranges::next_permutation(order).found);
    }
}

}  // namespace
}  // namespace huitong::wire::wechatpay
