// For tests only: a JSON object as a list of members whose values are JSON text, so that a case can
// replace, drop or reorder single members, and the table of defects that every message test uses.
#pragma once

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wire/json/field_error.hpp"

namespace huitong::wire::wechatpay {

struct Members {
    std::vector<std::pair<std::string, std::string>> members;

    // Replaces a member or appends it; an empty value drops it.
    [[nodiscard]] Members with(std::string_view name, std::string_view value) const {
        Members changed = *this;
        std::erase_if(changed.members, [&](const auto& member) { return member.first == name; });
        if (!value.empty()) changed.members.emplace_back(name, value);
        return changed;
    }
    // `gap` is white space between all tokens of this level.
    [[nodiscard]] std::string text(std::string_view gap = "") const {
        std::string body = "{";
        for (const auto& [name, value] : members) {
            if (body.size() > 1) body += ",";
            body.append(gap).append("\"").append(name).append("\"").append(gap).append(":");
            body.append(gap).append(value);
        }
        return body.append(gap).append("}");
    }
};

struct DefectCase {
    const char* name;  // of the member that the case replaces
    std::string value;
    Error error;
    const char* pointer;
};

inline std::string in_quotes(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

inline std::string repeated(std::string_view piece, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += piece;
    return text;
}

// Every case must give exactly its defect; `parse` is a parser of bodies.
template <class Parse>
void expect_defects(const Members& good, const std::vector<DefectCase>& cases, Parse parse) {
    EXPECT_TRUE(parse(good.text())) << good.text();
    for (const DefectCase& c : cases) {
        const std::string body = good.with(c.name, c.value).text();
        SCOPED_TRACE(body.substr(0, 1000));
        const auto parsed = parse(body);
        if (parsed) {
            ADD_FAILURE() << "was taken";
            continue;
        }
        EXPECT_EQ(describe(parsed.error().error).name, describe(c.error).name);
        EXPECT_EQ(parsed.error().pointer, c.pointer);
        EXPECT_EQ(parsed.error().location, json::Location::body);
        EXPECT_FALSE(parsed.error().issue.empty());
    }
}

template <class Parse>
void expect_taken(const Members& good,
                  const std::vector<std::pair<const char*, std::string>>& cases, Parse parse) {
    for (const auto& [name, value] : cases) {
        const std::string body = good.with(name, value).text();
        const auto parsed = parse(body);
        EXPECT_TRUE(parsed) << body.substr(0, 1000) << "\n"
                            << (parsed ? "" : parsed.error().pointer + " " + parsed.error().issue);
    }
}

}  // namespace huitong::wire::wechatpay
