// For tests only: the vectors of sm.json, or of another file of the same form in the folder that
// HUITONG_VECTORS names. What the file says about encodings is under "conventions" in it.
#pragma once

#include <cstdio>
#include <gtest/gtest.h>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/vector_file_test.hpp"
#include "crypto/bytes.hpp"

namespace huitong::crypto {

class SmVector {
public:
    explicit SmVector(element vector) : vector_(vector) {}

    [[nodiscard]] bool has(std::string_view name) const {
        return member(vector_, name).has_value();
    }
    // A vector without a member that its group needs fails the test, whatever it expects.
    [[nodiscard]] std::string text(std::string_view name) const {
        auto found = huitong::text(vector_, name);
        if (!found) ADD_FAILURE() << "has no " << name;
        return std::move(found).value_or("");
    }
    [[nodiscard]] std::string bytes(std::string_view name) const {
        auto decoded = from_hex(text(name));
        if (!decoded) ADD_FAILURE() << name << " is no hexadecimal";
        return std::move(decoded).value_or("");
    }
    [[nodiscard]] std::string base64(std::string_view name) const {
        auto decoded = from_base64(text(name));
        if (!decoded) ADD_FAILURE() << name << " is no base64";
        return std::move(decoded).value_or("");
    }
    [[nodiscard]] std::uint64_t count(std::string_view name) const {
        return has(name) ? std::stoull(text(name)) : 1;
    }
    [[nodiscard]] element list(std::string_view name) const { return *member(vector_, name); }

    // Nothing when either answer is right.
    [[nodiscard]] std::optional<bool> wanted() const {
        bool optional = false;
        if (vector_["optional"].get(optional) == simdjson::SUCCESS && optional) return std::nullopt;
        const std::string expect = has("expect") ? text("expect") : "ok";
        if (expect == "optional") return std::nullopt;
        EXPECT_TRUE(expect == "ok" || expect == "reject") << expect;
        return expect == "ok";
    }

private:
    element vector_;
};

class SmVectors : public VectorFile {
protected:
    SmVectors() : VectorFile("sm.json") {}

    // Asks `holds` of each vector of the group: whether all that it says is so, and what it gives
    // is accepted.
    template <class Holds>
    void run(std::string_view group, Holds holds) {
        simdjson::dom::array vectors;
        ASSERT_EQ(all_["groups"][group]["tests"].get(vectors), simdjson::SUCCESS) << group;
        int accepted = 0;
        int refused = 0;
        for (const element vector : vectors) {
            const SmVector v(vector);
            SCOPED_TRACE(v.text("id"));
            const bool held = holds(v);
            EXPECT_EQ(held, v.wanted().value_or(held));
            ++(held ? accepted : refused);
        }
        EXPECT_GT(accepted + refused, 0) << group;
        std::printf("%-22s %3d accepted, %3d refused\n", std::string(group).c_str(), accepted,
                    refused);
    }
};

}  // namespace huitong::crypto
