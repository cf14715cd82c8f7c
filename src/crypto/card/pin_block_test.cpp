#include "crypto/card/pin_block.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "crypto/bytes.hpp"

namespace huitong::crypto {
namespace {

// ISO 9564-1, format 0: 04 12 34 FF .. XOR 00 00 5555 5512 3456.
TEST(PinBlock, IsThatOfTheStandard) {
    const auto block = pin_block(Secret("1234"), "5555555551234567");
    ASSERT_TRUE(block);
    EXPECT_EQ(to_hex_upper(block->expose()), "041261AAAAEDCBA9");
}

TEST(PinBlock, RefusesWhatIsNoPinOrNoAccount) {
    const struct {
        std::string_view name, pin, account;
    } cases[] = {
        {"PIN too short",     "123",           "6250947000000014"    },
        {"PIN too long",      "1234567890123", "6250947000000014"    },
        {"PIN of letters",    "12a4",          "6250947000000014"    },
        {"account too short", "1234",          "625094700000"        },
        {"account too long",  "1234",          "62509470000000141234"},
        {"account unclean",   "1234",          "6250 94700000001"    },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(pin_block(Secret(c.pin), c.account).error(), Error::field_format);
    }
}

TEST(PinBlock, OfAnotherFormatHoldsNoPin) {
    const std::string account(16, '0');
    for (const std::string_view hex : {"141234FFFFFFFFFF", "031234FFFFFFFFFF", "0D12345678901234",
                                       "041234FFFFFFFFF0", "04123AFFFFFFFFFF", "041234FFFFFFFF"})
        EXPECT_EQ(pin_of_block(Secret(*from_hex(hex)), account).error(), Error::field_format)
            << hex;
    EXPECT_TRUE(pin_of_block(Secret(*from_hex("041234FFFFFFFFFF")), account));
}

RC_GTEST_PROP(PinBlock, GivesBackThePinForItsAccountOnly, ()) {
    const auto digits = [](std::size_t count) {
        return *rc::gen::container<std::string>(count, rc::gen::inRange('0', ':'));
    };
    const Secret pin(digits(*rc::gen::inRange<std::size_t>(4, 13)));
    const std::string account = digits(*rc::gen::inRange<std::size_t>(13, 20));
    auto key = BlockCipher::make(BlockAlgorithm::triple_des, Secret(digits(16)));
    const auto block = pin_block(pin, account);
    RC_ASSERT(key.has_value() && block.has_value());
    const auto encrypted = encrypt_pin_block(*key, *block);
    RC_ASSERT(encrypted.has_value());
    const auto decrypted = decrypt_pin_block(*key, *encrypted);
    RC_ASSERT(decrypted.has_value());
    const auto back = pin_of_block(*decrypted, account);
    RC_ASSERT(back.has_value() && *back == pin);

    // Of another account the filler or the PIN is no longer what it must be, or another PIN.
    std::string other = account;
    char& last = other[other.size() - 2];
    last = last == '9' ? '0' : static_cast<char>(last + 1);
    const auto wrong = pin_of_block(*decrypted, other);
    RC_ASSERT(!wrong || !(*wrong == pin));
}

TEST(PinBlock, IsNeverEncryptedUnderSm4) {
    auto sm4 = BlockCipher::make(BlockAlgorithm::sm4, Secret::of_size(16));
    ASSERT_TRUE(sm4);
    EXPECT_EQ(encrypt_pin_block(*sm4, Secret::of_size(16)).error(), Error::key_invalid);
    EXPECT_EQ(decrypt_pin_block(*sm4, std::string(16, 'x')).error(), Error::key_invalid);
    auto des = BlockCipher::make(BlockAlgorithm::des, Secret::of_size(8));
    ASSERT_TRUE(des);
    EXPECT_EQ(encrypt_pin_block(*des, Secret::of_size(16)).error(), Error::field_format);
    EXPECT_EQ(decrypt_pin_block(*des, "short").error(), Error::field_format);
}

}  // namespace
}  // namespace huitong::crypto
