// For tests only: a file of test vectors in JSON, from the folder that HUITONG_VECTORS names, else
// from the project's own. Whoever includes this links simdjson.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <gtest/gtest.h>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <utility>

namespace huitong {

using simdjson::dom::element;

// A member that is null counts as missing.
inline std::optional<element> member(element parent, std::string_view name) {
    element value;
    if (parent[name].get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
    return value;
}

// A number counts as its digits: some files print timestamps bare.
inline std::optional<std::string> text_of(std::optional<element> value) {
    std::string_view text;
    std::int64_t number = 0;
    if (value && value->get(number) == simdjson::SUCCESS) return std::to_string(number);
    if (!value || value->get(text) != simdjson::SUCCESS) return std::nullopt;
    return std::string(text);
}

inline std::optional<std::string> text(element parent, std::string_view name) {
    return text_of(member(parent, name));
}

// A test without its file fails.
class VectorFile : public testing::Test {
protected:
    explicit VectorFile(std::string name) : name_(std::move(name)) {}

    void SetUp() override {
        const char* folder = std::getenv("HUITONG_VECTORS");
        const std::string path =
            std::string(folder != nullptr ? folder : HUITONG_SOURCE_DIR "/vectors") + "/" + name_;
        ASSERT_EQ(parser_.load(path).get(all_), simdjson::SUCCESS) << path;
    }

    element all_;  // what stands in the file

private:
    std::string name_;
    simdjson::dom::parser parser_;
};

}  // namespace huitong
