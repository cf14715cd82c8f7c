#include "wire/iso8583/json_form.hpp"

#include <gtest/gtest.h>

#include "crypto/bytes.hpp"

namespace huitong::wire::iso8583 {
namespace {

const Dialect& dialect() {
    static const Dialect made = *load_dialect(R"(
dialect small
texts gbk
field  2 n   LL19
field  3 n   6
field 43 ans LL40
field 55 b   LLL255
field 60 ans LLL20
field 63 b   LLL100
field 70 n   3
inner 55 ber
inner 60 parts
part  60 kind=2 batch=6
inner 63 usages
usage 63 TK tags
)");
    return made;
}

std::string shown(std::string_view json, JsonOptions options = {}) {
    const auto frame = frame_of_json(dialect(), json);
    std::string text;
    if (!frame) {
        append_json(frame.error(), text);
        return text;
    }
    Envelope envelope;
    EXPECT_TRUE(decode_frame(dialect(), *frame, envelope));
    append_json(dialect(), envelope, options, text);
    return text;
}

TEST(JsonForm, IsWrittenAsItWasRead) {
    for (
        const std::string_view json : {
            R"({"mti":"0200","bitmap_hex":"0000000000000000","fields":{}})",
            R"({"mti":"0200","bitmap_hex":"80000000000000000000000000000000","fields":{}})",
            R"({"mti":"0200","bitmap_hex":"6000000000000000","fields":{"2":"12","3":"000000"}})",
            R"({"mti":"0200","bitmap_hex":"0000000000200000","fields":{"43":"测试 \"1\""}})",
            R"({"mti":"0200","bitmap_hex":"0000000000000202","fields":{"55":"9A0101","63":"00FF"}})",
        })
        EXPECT_EQ(shown(json), json);
}

TEST(JsonForm, NeedsNoBitmapAndNoOrder) {
    EXPECT_EQ(shown(R"({"fields":{"70":"301","3":"000000"},"mti":"0800"})"),
              R"({"mti":"0800","bitmap_hex":"A0000000000000000400000000000000",)"
              R"("fields":{"3":"000000","70":"301"}})");
}

TEST(JsonForm, OpensWhatIsInside) {
    const std::string tk = crypto::to_hex_upper("TK01803004301202004\xFF\xFF\xFF\xFFZZ001x");
    const std::string json = R"({"mti":"0200","fields":{"55":"9A0101950102950103","60":"22000001",)"
                             R"("63":")" +
                             tk + R"("}})";
    EXPECT_EQ(shown(json, {.open = true}),
              R"({"mti":"0200","bitmap_hex":"0000000000000212","fields":{)"
              R"("55":{"raw":"9A0101950102950103","9A":"01","95":"02","95_2":"03"},)"
              R"("60":{"raw":"22000001","kind":"22","batch":"000001"},)"
              R"("63":{"raw":")" +
                  tk + R"(","TK":{"03":"3012","02":"FFFFFFFF"},"ZZ":"x"}}})");
}

TEST(JsonForm, TakesRawOfWhatIsOpen) {
    EXPECT_EQ(shown(R"({"mti":"0200","fields":{"60":{"raw":"22","kind":"ignored"}}})"),
              R"({"mti":"0200","bitmap_hex":"0000000000000010","fields":{"60":"22"}})");
}

TEST(JsonForm, RefusesWhatIsNoMessage) {
    const struct {
        std::string_view json, error;
    } cases[] = {
        {"",                                                              R"({"error":"JSON","reason":"this is no JSON object"})"            },
        {"[]",                                                            R"({"error":"JSON","reason":"this is no JSON object"})"            },
        {R"({"mti":"0200"})",                                             R"({"error":"JSON","reason":"\"fields\" is missing or no object"})"},
        {R"({"fields":{}})",                                              R"({"error":"MTI","offset":0})"                                    },
        {R"({"mti":200,"fields":{}})",                                    R"({"error":"JSON","reason":"\"mti\" is not a string"})"           },
        {R"({"mti":"2200","fields":{}})",                                 R"({"error":"MTI","offset":0})"                                    },
        {R"({"mti":"0200","fields":{},"header":{}})",
         R"({"error":"JSON","reason":"what is \"header\"?"})"                                                                                },
        {R"({"mti":"0200","fields":{"x":"1"}})",
         R"({"error":"JSON","reason":"\"x\" is no field"})"                                                                                  },
        {R"({"mti":"0200","fields":{"1":"1"}})",
         R"({"error":"JSON","reason":"\"1\" is no field"})"                                                                                  },
        {R"({"mti":"0200","fields":{"129":"1"}})",
         R"({"error":"JSON","reason":"\"129\" is no field"})"                                                                                },
        {R"({"mti":"0200","fields":{"3":"000000","3":"0"}})",
         R"({"error":"JSON","reason":"field 3 stands twice"})"                                                                               },
        {R"({"mti":"0200","fields":{"3":0}})",
         R"({"error":"JSON","reason":"field 3 is neither a string nor has \"raw\""})"                                                        },
        {R"({"mti":"0200","fields":{"60":{"kind":"22"}}})",
         R"({"error":"JSON","reason":"field 60 is neither a string nor has \"raw\""})"                                                       },
        {R"({"mti":"0200","fields":{"4":"000000000001"}})",
         R"({"error":"FIELD_UNDEFINED","field":4,"offset":0})"                                                                               },
        {R"({"mti":"0200","fields":{"3":"00000"}})",
         R"({"error":"FIELD_LENGTH","field":3,"offset":0})"                                                                                  },
        {R"({"mti":"0200","fields":{"43":"😀"}})",
         R"({"error":"FIELD_CONTENT","field":43,"offset":0})"                                                                                },
        {R"({"mti":"0200","fields":{"55":"9"}})",
         R"({"error":"FIELD_CONTENT","field":55,"offset":0})"                                                                                },
        {R"({"mti":"0200","fields":{"55":"9F"}})",
         R"({"error":"TLV_TRUNCATED","field":55,"offset":0})"                                                                                },
        {R"({"mti":"0200","bitmap_hex":"4000000000000000","fields":{}})",
         R"({"error":"JSON","reason":"\"bitmap_hex\" is not that of the fields"})"                                                           },
    };
    for (const auto& c : cases) {
        const auto frame = frame_of_json(dialect(), c.json);
        ASSERT_FALSE(frame) << c.json;
        std::string error;
        append_json(frame.error(), error);
        EXPECT_EQ(error, c.error);
    }
}

TEST(JsonForm, RefusesHeadersThatAReaderWouldRefuse) {
    const struct {
        std::string_view profile, json, error;
    } cases[] = {
        {"cups",    R"({"mti":"0820","fields":{}})",
         R"({"error":"JSON","reason":"\"header\" is missing or no object"})"            },
        {"cups",    R"({"header":{"destination_id":"1"},"mti":"0820","fields":{}})",
         R"({"error":"HEADER_SOURCE","offset":17,"header_reject_code":"00055"})"        },
        {"cups",    R"({"header":{"destination":"1"},"mti":"0820","fields":{}})",
         R"({"error":"JSON","reason":"what is \"destination\"?"})"                      },
        {"cups",
         R"({"header":{"destination_id":"1","source_id":"2","reject_code":"00045"},"mti":"0820","fields":{}})",
         R"({"error":"HEADER_REJECT_CODE","offset":0})"                                 },
        {"cups",
         R"({"header":{"destination_id":"1","source_id":"2","flag_version":"8"},"mti":"0820","fields":{}})",
         R"({"error":"JSON","reason":"\"flag_version\" is not 1 bytes in hexadecimal"})"},
        {"cups",
         R"({"header":{"destination_id":"1","source_id":"2","batch_number":256},"mti":"0820","fields":{}})",
         R"({"error":"JSON","reason":"\"batch_number\" is not a number up to 255"})"    },
        {"cups",    R"({"heartbeat":true,"mti":"0820"})",
         R"({"error":"JSON","reason":"what is \"mti\"?"})"                              },
        {"cups",
         R"({"reject":true,"reject_header":{"destination_id":"1","source_id":"2","reject_code":"00045"},"original_hex":"x"})",
         R"({"error":"JSON","reason":"\"original_hex\" is not hexadecimal"})"           },
        {"cup-pos", R"({"mti":"0800","header":"603100310730","fields":{}})",
         R"({"error":"JSON","reason":"\"tpdu\" is not 5 bytes in hexadecimal"})"        },
    };
    for (const auto& c : cases) {
        const auto frame = frame_of_json(*builtin_dialect(c.profile), c.json);
        ASSERT_FALSE(frame) << c.json;
        std::string error;
        append_json(frame.error(), error);
        EXPECT_EQ(error, c.error) << c.json;
    }
}

}  // namespace
}  // namespace huitong::wire::iso8583
