// Profiles: what they may say, and each way in which one can be wrong.
#include "apps/conform/profile.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace huitong::apps::conform {
namespace {

class ProfileTest : public ::testing::Test {
protected:
    ProfileTest() {
        std::filesystem::create_directories(folder);
        const auto key = crypto::PrivateKey::generate(crypto::KeyAlgorithm::sm2);
        write("us.pem", std::string(key.to_pem().expose()));
        write("peer.pem", key.public_key().to_pem());
        write("master.hex", "30313233343536373839616263646566\n");
    }
    ~ProfileTest() override { std::filesystem::remove_all(folder); }

    void write(const std::string& name, const std::string& text) {
        std::ofstream(folder / name, std::ios::binary) << text;
    }
    // The defect's text behind the file's name, or nothing.
    std::string defect(const std::string& text) {
        write("p.toml", text);
        const auto read = read_profile((folder / "p.toml").string());
        if (read) return {};
        return to_text(read.error()).substr((folder / "p.toml").string().size() + 1);
    }

    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / fmt::format("huitong_profile_test_{}", ::getpid());
};

const std::string json = R"(
protocol = "json"
address = "http://127.0.0.1:8483/"
[us]
code = "WEST"
serial = "0A"
key_file = "us.pem"
[peer]
serial = "0B"
key_file = "peer.pem"
)";
const std::string iso8583 = R"(
protocol = "iso8583"
address = "127.0.0.1:8484"
[us]
code = "44190440"
master_key_file = "master.hex"
[peer]
code = "00010344"
)";

TEST_F(ProfileTest, ReadsBothProtocols) {
    write("p.toml", json + R"([parameters]
amount = 500
mpm_code = ["a", "b"]
payer_code = { command = "echo 13$((1 + 1)); echo more" }
broken = { command = "false" }
)");
    auto read = read_profile((folder / "p.toml").string());
    ASSERT_TRUE(read.has_value()) << to_text(read.error());
    EXPECT_EQ(read->protocol(), "json");
    EXPECT_EQ(std::get<JsonTarget>(read->target).url, "http://127.0.0.1:8483");
    const auto first = read->parameters.take({"amount", "mpm_code", "payer_code"});
    ASSERT_TRUE(first.has_value()) << first.error();
    EXPECT_EQ(*first, (Texts{
                          {"amount",     "500"},
                          {"mpm_code",   "a"  },
                          {"payer_code", "132"}
    }));
    EXPECT_EQ(read->parameters.take({"mpm_code"})->at("mpm_code"), "b");
    EXPECT_EQ(read->parameters.take({"mpm_code"}).error(), "no value of mpm_code is left");
    EXPECT_EQ(read->parameters.take({"broken"}).error(), "no value of broken is left");
    EXPECT_EQ(read->parameters.take({"x", "amount", "y"}).error(),
              "the profile has no parameter x, y");

    write("p.toml", iso8583);
    read = read_profile((folder / "p.toml").string());
    ASSERT_TRUE(read.has_value()) << to_text(read.error());
    EXPECT_EQ(read->protocol(), "iso8583");
    EXPECT_EQ(std::get<Iso8583Target>(read->target).port, 8484);
    EXPECT_EQ(std::get<Iso8583Target>(read->target).master.expose(), "0123456789abcdef");
}

TEST_F(ProfileTest, NamesWhatIsWrong) {
    const auto with = [](std::string text, const std::string& from, const std::string& to) {
        return text.replace(text.find(from), from.size(), to);
    };
    const struct {
        std::string text;
        const char* want;
    } cases[] = {
        {"protocol = ", "1: "},
        {"", " protocol is missing"},
        {"protocol = \"fax\"", " protocol is json or iso8583"},
        {with(json, "address", "adress"), " address is missing"},
        {with(json, "http:", "ftp:"), " address is no http or https URL"},
        {with(json, "\"WEST\"", "7"), " us.code must be a text"},
        {with(json, "code", "cod"), " us.code is missing"},
        {with(json, "us.pem", "no.pem"), " us.key_file names a file that can't be read"},
        {with(json, "us.pem", "peer.pem"), " us.key_file is no private key (PKCS#8)"},
        {with(json, "peer.pem", "master.hex"),
         " peer.key_file is no public key and no certificate"},
        {json + "colour = \"blue\"", " peer.colour is not a setting"},
        {"colour = \"blue\"" + json, " colour is not a setting"},
        {json + "[parameters]\na = { b = \"c\" }",
         " parameters.a is no text, number, list or { command }"},
        {with(iso8583, ":8484", ""), " address is no host:port"},
        {with(iso8583, "44190440", "44"), " us.code is not 8 to 11 digits"},
        {with(iso8583, "master.hex", "us.pem"),
         " us.master_key_file has not 8 or 16 bytes in hexadecimal"},
    };
    for (const auto& c : cases) {
        const std::string found = defect(c.text);
        EXPECT_TRUE(found.starts_with(c.want) && !found.empty()) << c.want << " / " << found;
    }
}

}  // namespace
}  // namespace huitong::apps::conform
