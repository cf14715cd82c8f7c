#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>

#include "wire/picture/formats.hpp"

namespace huitong::wire::picture {
namespace {

// What somebody else's program reads in a picture.
std::string read_by_zbar(const std::string& png) {
    const std::string path = fmt::format("{}picture_{}.png", testing::TempDir(), getpid());
    std::ofstream(path, std::ios::binary) << png;
    const std::string command = fmt::format(
        "zbarimg --nodbus --quiet --raw --oneshot -Sdisable -Sqrcode.enable '{}'", path);
    std::string text;
    FILE* const pipe = popen(command.c_str(), "r");
    EXPECT_NE(pipe, nullptr);
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
    EXPECT_EQ(pclose(pipe), 0) << "zbarimg found no code";
    std::remove(path.c_str());
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

constexpr const char* emvco_sample =
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN"
    "5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340"
    "603***0708A60086670902ME91320016A0112233449988770708123456786304A13A";

const std::string samples[] = {
    "6212345678901234567",
    "https://qr.95516.com/00010000/01110000000000000000000000000001",
    "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0Mg==",
    emvco_sample,
    std::string(512, 'x'),
};

TEST(Picture, IsReadBackBySomebodyElsesProgram) {
    for (const std::string& text : samples) {
        for (const Correction correction :
             {Correction::low, Correction::medium, Correction::high}) {
            const auto modules = Modules::of(text, correction);
            ASSERT_TRUE(modules);
            EXPECT_EQ(read_by_zbar(to_png(*modules, 4)), text);
        }
    }
}

TEST(Picture, RefusesWhatNoneHolds) {
    const auto error = [](std::string_view text) { return Modules::of(text).error(); };
    EXPECT_EQ(error(""), Error::field_format);
    EXPECT_EQ(error(std::string_view("a\0b", 3)), Error::field_format);
    EXPECT_EQ(error(std::string(2332, 'x')), Error::field_range);
    EXPECT_TRUE(Modules::of(std::string(2331, 'x')));
    EXPECT_EQ(error(std::string(1'000'000, 'x')), Error::field_range);
}

// Paints the runs of an SVG's path, or the blocks of a terminal's lines, and compares.
void expect_same(const Modules& modules, const std::vector<std::vector<bool>>& painted) {
    for (std::size_t row = 0; row < painted.size(); ++row)
        for (std::size_t column = 0; column < painted[row].size(); ++column)
            ASSERT_EQ(painted[row][column], modules.dark(row - quiet_zone, column - quiet_zone))
                << row << " " << column;
}

TEST(Picture, HasTheSameModulesAsSvg) {
    for (const std::string& text : samples) {
        const auto modules = Modules::of(text);
        const std::string svg = to_svg(*modules);
        const std::size_t side = modules->side() + 2 * quiet_zone;
        ASSERT_TRUE(svg.contains(fmt::format("viewBox=\"0 0 {0} {0}\"", side)));
        std::vector<std::vector<bool>> painted(side, std::vector<bool>(side));
        const char* at = svg.data() + svg.rfind("<path d=\"") + 9;
        std::size_t column = 0, row = 0, length = 0, again = 0;
        int size = 0;
        while (std::sscanf(at, "M%zu %zuh%zuv1h-%zuz%n", &column, &row, &length, &again, &size) ==
               4) {
            ASSERT_EQ(length, again);
            for (std::size_t i = 0; i < length; ++i) painted.at(row).at(column + i) = true;
            at += size;
        }
        ASSERT_EQ(std::string_view(at), "\"/></svg>\n");
        expect_same(*modules, painted);
    }
}

TEST(Picture, HasTheSameModulesOnATerminal) {
    const auto modules = Modules::of(samples[0]);
    std::string_view text;
    const std::string lines = to_terminal(*modules);
    text = lines;
    std::vector<std::vector<bool>> painted;
    const auto take = [&text](std::string_view what) {
        const bool there = text.starts_with(what);
        if (there) text.remove_prefix(what.size());
        return there;
    };
    while (!text.empty()) {
        ASSERT_TRUE(take("\x1b[38;5;16;48;5;231m"));
        std::vector<bool> upper, lower;
        while (!take("\x1b[0m\n")) {
            const bool full = take("█"), up = !full && take("▀"), down = !full && !up && take("▄");
            ASSERT_TRUE(full || up || down || take(" "));
            upper.push_back(full || up);
            lower.push_back(full || down);
        }
        painted.push_back(upper);
        painted.push_back(lower);
    }
    EXPECT_EQ(painted.size(), modules->side() + 2 * quiet_zone + 1);  // An odd side, in pairs.
    expect_same(*modules, painted);
}

}  // namespace
}  // namespace huitong::wire::picture
