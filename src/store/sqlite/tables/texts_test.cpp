#include "store/sqlite/tables/texts.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace huitong::store::sqlite {
namespace {

TEST(Texts, AreAJsonArrayOfStrings) {
    using Texts = std::vector<std::string>;
    EXPECT_EQ(to_json(Texts{}), "[]");
    EXPECT_EQ(to_json(Texts{"wx1", "", "汇"}), R"(["wx1","","汇"])");
    EXPECT_EQ(to_json(Texts{"a\"b\\c\n"}), R"(["a\"b\\c\u000a"])");
}

RC_GTEST_PROP(Texts, ComeBackAsTheyWere, (const std::vector<std::string>& texts)) {
    const auto read = texts_from_json(to_json(texts));
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == texts);
}

TEST(Texts, RefuseWhatIsNoSuchArray) {
    for (const char* bad : {"", "[", "]", "null", "[]]", "[,]", "[\"a\",]", "[\"a\" ,\"b\"]",
                            "[\"a]", "[\"\\\"]", "[\"\\n\"]", "[\"\\u00zz\"]", "[\"\\u0020\"]",
                            "[\"\\u00\"]", "[\"\n\"]", "[1]", "[\"a\"\"b\"]", " []"}) {
        SCOPED_TRACE(bad);
        EXPECT_EQ(texts_from_json(bad).error(), Error::store_failed);
    }
}

}  // namespace
}  // namespace huitong::store::sqlite
