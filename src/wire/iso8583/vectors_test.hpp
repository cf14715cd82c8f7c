// For tests: vectors/iso8583.json, or the file of that name in the folder that HUITONG_VECTORS
// names, with what its groups have in common.
#pragma once

#include <cstdlib>
#include <gtest/gtest.h>
#include <optional>
#include <simdjson.h>
#include <string>

#include "crypto/bytes.hpp"
#include "crypto/card/block_mac.hpp"
#include "wire/iso8583/dialect/dialect.hpp"

namespace huitong::wire::iso8583 {

using simdjson::dom::element;

class Vectors : public testing::Test {
protected:
    void SetUp() override {
        const char* folder = std::getenv("HUITONG_VECTORS");
        const std::string path =
            std::string(folder != nullptr ? folder : HUITONG_SOURCE_DIR "/vectors") +
            "/iso8583.json";
        ASSERT_EQ(parser_.load(path).get(root_), simdjson::SUCCESS) << path;
    }

    simdjson::dom::array group(std::string_view name) const {
        simdjson::dom::array rows;
        EXPECT_EQ(root_[name].get(rows), simdjson::SUCCESS) << name;
        EXPECT_GT(rows.size(), 0U) << name;
        return rows;
    }

    static std::optional<std::string> text(element parent, std::string_view name) {
        std::string_view value;
        if (parent[name].get(value) != simdjson::SUCCESS) return std::nullopt;
        return std::string(value);
    }
    static std::string id(element row) { return text(row, "id").value_or("without id"); }
    static std::string bytes(std::string_view hex) {
        const auto read = crypto::from_hex(hex);
        EXPECT_TRUE(read) << hex;
        return read.value_or("");
    }
    static std::string bytes(element row, std::string_view name) {
        return bytes(text(row, name).value_or(""));
    }
    // The message, in whichever form the row has it.
    static std::string frame(element row) {
        if (const auto plain = text(row, "message_ascii")) return *plain;
        for (const std::string_view name : {"frame_hex", "message_hex", "header_hex"}) {
            if (const auto hex = text(row, name)) return bytes(*hex);
        }
        ADD_FAILURE() << "no message in " << id(row);
        return {};
    }
    static const Dialect& dialect(element row) {
        const std::string name = text(row, "profile").value_or("");
        const Dialect* found = builtin_dialect(name);
        EXPECT_NE(found, nullptr) << name;
        return found != nullptr ? *found : builtin_dialects().front();
    }
    crypto::Secret test_key(std::string_view name) const {
        return crypto::Secret(bytes(text(root_["test_keys"], name).value_or("")));
    }
    static crypto::BlockMac mac(crypto::MacAlgorithm algorithm, const crypto::Secret& key,
                                crypto::MacPadding padding = crypto::MacPadding::zeros) {
        auto made = crypto::BlockMac::make(algorithm, key, padding);
        EXPECT_TRUE(made);
        return std::move(*made);
    }

    [[nodiscard]] element root() const { return root_; }

private:
    simdjson::dom::parser parser_;
    element root_;
};

}  // namespace huitong::wire::iso8583
