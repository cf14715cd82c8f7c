#include "wire/iso8583/dialect/dialect.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "crypto/bytes.hpp"
#include "wire/iso8583/dialect/builtin.hpp"
#include "wire/iso8583/json_form.hpp"

namespace huitong::wire::iso8583 {
namespace {

TEST(Dialect, EveryBuiltInTextLoads) {
    for (const std::string_view text : builtin_dialect_texts()) {
        const auto dialect = load_dialect(text);
        EXPECT_TRUE(dialect) << to_text(dialect.error()) << "\n" << text.substr(0, 200);
    }
    for (const std::string_view name : {"cups", "cups-header", "cup-pos", "iso87-ascii-binbitmap",
                                        "iso87-ascii-hexbitmap", "iso87-bcd"})
        EXPECT_NE(builtin_dialect(name), nullptr) << name;
    EXPECT_EQ(builtin_dialects().size(), 6U);
    EXPECT_EQ(builtin_dialect("unknown"), nullptr);
}

TEST(Dialect, OfTheNetworkDefinesWhatTheStandardListsAndNoMore) {
    const Dialect& cups = *builtin_dialect("cups");
    Bitmap payments;
    for (unsigned field = 2; field <= field_max; ++field)
        if (cups.fields[field].is_in(2)) payments.set(field);
    // Fields 2 to 7, 9 to 16, 18 19 22 23 25 26 28 32 33 35 to 39 41 to 45 48 to 57 59 to 63, then
    // 70 90 95 96 100 102 to 104 113 116 117 121 to 123 125 126 128 (iso8583.md section 5).
    Bitmap wanted;
    for (const unsigned field :
         {2,  3,   4,   5,   6,   7,   9,   10,  11,  12,  13,  14,  15,  16, 18, 19, 22,
          23, 25,  26,  28,  32,  33,  35,  36,  37,  38,  39,  41,  42,  43, 44, 45, 48,
          49, 50,  51,  52,  53,  54,  55,  56,  57,  59,  60,  61,  62,  63, 70, 90, 95,
          96, 100, 102, 103, 104, 113, 116, 117, 121, 122, 123, 125, 126, 128})
        wanted.set(field);
    EXPECT_EQ(payments, wanted);
    EXPECT_FALSE(cups.fields[84].is_in(2));
    EXPECT_TRUE(cups.fields[84].is_in(5));
}

TEST(Dialect, OfIso87HasEveryFieldButTheThirdBitmap) {
    for (const Dialect& dialect : builtin_dialects()) {
        if (!dialect.name.starts_with("iso87")) continue;
        for (unsigned field = 2; field <= field_max; ++field)
            EXPECT_EQ(dialect.fields[field].defined, field != 65) << dialect.name << field;
    }
}

TEST(Dialect, TellsLineFieldAndReason) {
    const struct {
        std::string_view text, want;
    } cases[] = {
        {"",                                                  "no 'dialect' names it"                                     },
        {"dialect mine",                                      "no field is defined"                                       },
        {"field 3 n 6",                                       "no 'dialect' names it"                                     },
        {"mine",                                              "line 1: 'mine' is no statement"                            },
        {"\n# note\n dialect",                                "line 3: 'dialect' wants more words"                        },
        {"dialect a b",                                       "line 1: what is 'b'?"                                      },
        {"dialect 12345678901234567890123456789012345678901", "line 1: the name is too long"                              },
        {"framing tcp",                                       "line 1: 'tcp' is none of none ascii4 binary2"              },
        {"framing ascii4 10000",                              "line 1: 10000 is not between 1 and 9999"                   },
        {"framing none 60001",                                "line 1: 60001 is not between 1 and 60000"                  },
        {"framing none many",                                 "line 1: 'many' is not a number"                            },
        {"header cups",                                       "line 1: 'cups' is none of none network terminal"           },
        {"header network aline",                              "line 1: what is 'aline'?"                                  },
        {"mti hex",                                           "line 1: 'hex' is none of plain packed"                     },
        {"bitmap none",                                       "line 1: 'none' is none of raw hex"                         },
        {"lengths 2",                                         "line 1: '2' is none of plain packed"                       },
        {"texts utf8",                                        "line 1: 'utf8' is none of ascii gbk"                       },
        {"separator ^",                                       "line 1: '^' is none of = D"                                },
        {"mac des",                                           "line 1: 'des' is none of none fields whole"                },
        {"mac-fields 2",                                      "line 1: 'mac-fields' wants more words"                     },
        {"mac-fields 10 2",                                   "line 1: 10 is not between 0 and 9"                         },
        {"mac-fields 2, 2",                                   "line 1: '' is not a number"                                },
        {"mac-fields all 3 2",                                "line 1: the fields are not in ascending order"             },
        {"mac-fields all 90/0",                               "line 1: 0 is not between 1 and 999"                        },
        {"field",                                             "line 1: '' is not a number"                                },
        {"field 1 b 8",                                       "line 1: 1 is not between 2 and 128"                        },
        {"field 129 b 8",                                     "line 1: 129 is not between 2 and 128"                      },
        {"field 3 n",                                         "line 1, field 3: 'field' wants more words"                 },
        {"field 3 m 6",                                       "line 1, field 3: 'm' is none of n a an ns ans z b x+n"     },
        {"field 3 n L6",                                      "line 1, field 3: 'L6' is not a length"                     },
        {"field 3 n LLLL6",                                   "line 1, field 3: 'LLLL6' is not a length"                  },
        {"field 3 n LL100",                                   "line 1, field 3: 100 is not between 1 and 99"              },
        {"field 3 n 0",                                       "line 1, field 3: 0 is not between 1 and 999"               },
        {"field 3 n 1000",                                    "line 1, field 3: 1000 is not between 1 and 999"            },
        {"field 3 n 6 odd",                                   "line 1, field 3: 'odd' is no option of a field"            },
        {"field 3 n 6\nfield 3 n 6",                          "line 2, field 3: the field is defined already"             },
        {"field 3 n 6\nmti plain",                            "line 2: 'mti' must stand before the first field"           },
        {"field 65 b 8",                                      "line 1, field 65: there is no third bitmap"                },
        {"bitmap raw first-only\nfield 66 n 1",
         "line 2, field 66: the dialect has no second bitmap"                                                             },
        {"field 3 an 6 packed-left",                          "line 1, field 3: only n, z and x+n can be packed"          },
        {"field 3 n 6 packed-left opaque",                    "line 1, field 3: packed content is never opaque"           },
        {"field 3 n 6 hex",                                   "line 1, field 3: only b can be hex"                        },
        {"field 3 n 6 any-sign",                              "line 1, field 3: only x+n has a sign"                      },
        {"field 3 x+n LL6",                                   "line 1, field 3: x+n has a fixed length"                   },
        {"field 3 x+n 999",                                   "line 1, field 3: the length is too large"                  },
        {"field 3 n 6 mmdd",                                  "line 1, field 3: such a value is n 4, of fixed length"     },
        {"field 3 an 4 mmdd",                                 "line 1, field 3: such a value is n 4, of fixed length"     },
        {"field 3 n LL4 mmdd",                                "line 1, field 3: such a value is n 4, of fixed length"     },
        {"inner 3 ber",                                       "line 1, field 3: the field is not defined yet"             },
        {"field 3 b LL9\ninner 3 tlv",
         "line 2, field 3: 'tlv' is none of ber usage usages parts blocks"                                                },
        {"field 3 b LL9\ninner 3 ber\ninner 3 ber",
         "line 3, field 3: its inside is described already"                                                               },
        {"field 3 b LL9\ninner 3 blocks",                     "line 2, field 3: '' is not a number"                       },
        {"field 3 n LL9 packed-left\ninner 3 usage",
         "line 2, field 3: packed digits can only have parts or blocks"                                                   },
        {"field 3 b LL9\npart 3 a=1",                         "line 2, field 3: 'inner' of this field does not allow that"},
        {"field 3 b LL9\ninner 3 parts\npart 3 a",            "line 3, field 3: 'a' is not name=width"                    },
        {"field 3 b LL9\ninner 3 parts\npart 3 raw=1",        "line 3, field 3: 'raw' is taken"                           },
        {"field 3 b LL9\ninner 3 ber\nusage 3 NK 1",
         "line 3, field 3: 'inner' of this field does not allow that"                                                     },
        {"field 3 b LL9\ninner 3 usage\nusage 3 N 1",
         "line 3, field 3: a usage has two characters"                                                                    },
        {"field 3 b LL9\ninner 3 usage\nusage 3 NK ..x",      "line 3, field 3: 'x' is not a number"                      },
        {"field 3 b LL9\ninner 3 usage\nusage 3 NK 5..4",
         "line 3, field 3: 4 is not between 5 and 999"                                                                    },
        {"field 3 b LL9\ninner 3 ber\ntag 3 9G 1",            "line 3, field 3: '9G' is no tag"                           },
        {"field 3 b LL9\ninner 3 ber\ntag 3 9F0102030 1",     "line 3, field 3: '9F0102030' is no tag"                    },
        {"field 3 b LL9\ninner 3 usage\ntag 3 TK 01",
         "line 3, field 3: a usage's tag is: usage, tag, length"                                                          },
        {"dialect x\nheader network alone\nframing ascii4",   "a header alone has no framing"                             },
    };
    for (const auto& c : cases) {
        const auto dialect = load_dialect(c.text);
        ASSERT_FALSE(dialect) << c.text;
        EXPECT_EQ(to_text(dialect.error()), c.want) << c.text;
    }
    const auto long_text = load_dialect(std::string(64 * 1024 + 1, '#'));
    ASSERT_FALSE(long_text);
    EXPECT_EQ(to_text(long_text.error()), "the text is longer than 64 KiB");
}

TEST(Dialect, IsReadFromItsWords) {
    const auto read = load_dialect(
        "dialect mine\nframing binary2 500 # bytes\r\nbitmap\thex\nlengths packed\n"
        "mac-fields 1,2 raw 2 90/20\nfield 2 n LL19 packed-left\n"
        "field 28 x+n 8 any-sign class=5");
    ASSERT_TRUE(read) << to_text(read.error());
    EXPECT_EQ(read->framing, Framing::binary2);
    EXPECT_EQ(read->frame_limit, 500U);
    EXPECT_TRUE(read->bitmap_hex);
    EXPECT_EQ(read->fields[2].length_bytes, 1);
    EXPECT_EQ(read->fields[2].units, 19);
    EXPECT_EQ(read->fields[2].coding, Coding::packed_left);
    EXPECT_EQ(read->fields[28].units, 9);
    EXPECT_TRUE(read->fields[28].any_sign);
    EXPECT_EQ(read->fields[28].classes, 1U << 5);
    ASSERT_EQ(read->mac_rules.size(), 1U);
    EXPECT_TRUE(read->mac_rules[0].raw);
    EXPECT_EQ(read->mac_rules[0].fields.back().bytes_max, 20);
}

// The block of docs/formats/iso8583-dialect.md that this word opens.
std::string documented(const std::string& word) {
    std::ifstream in(HUITONG_SOURCE_DIR "/docs/formats/iso8583-dialect.md");
    const std::string page{std::istreambuf_iterator<char>(in), {}};
    const std::size_t start = page.find("```" + word + "\n") + word.size() + 4;
    return page.substr(start, page.find("```", start) - start);
}

TEST(Dialect, IsAsItsPageShows) {
    const auto dialect = load_dialect(documented("dialect"));
    ASSERT_TRUE(dialect) << to_text(dialect.error());
    std::string hex = documented("frame");
    std::erase_if(hex, [](char c) { return c == ' ' || c == '\n'; });
    const auto frame = crypto::from_hex(hex);
    ASSERT_TRUE(frame) << hex;
    Envelope envelope;
    ASSERT_TRUE(decode_frame(*dialect, *frame, envelope));
    std::string json;
    append_json(*dialect, envelope, {.open = true}, json);
    EXPECT_EQ(json + "\n", documented("json"));
}

}  // namespace
}  // namespace huitong::wire::iso8583
