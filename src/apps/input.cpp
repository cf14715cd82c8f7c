#include "apps/input.hpp"

#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <sstream>
#include <termios.h>
#include <unistd.h>

namespace huitong::apps {

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

bool read_line(std::istream& in, std::string& line, std::size_t bytes_max) {
    line.clear();
    std::streambuf& bytes = *in.rdbuf();
    constexpr auto end = std::char_traits<char>::eof();
    auto next = bytes.sbumpc();
    if (next == end) return false;
    for (; next != end && next != '\n'; next = bytes.sbumpc())
        if (line.size() < bytes_max) line += std::char_traits<char>::to_char_type(next);
    if (line.ends_with('\r')) line.pop_back();
    return true;
}

bool write_file(const std::string& path, const std::string& bytes) {
    std::ofstream file;
    if (!path.empty()) file.open(path, std::ios::binary);
    std::ostream& out = path.empty() ? std::cout : file;
    out << bytes << std::flush;
    return out.good();
}

std::string ask_secret(const std::string& what) {
    termios before{};
    const bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        fmt::print(stderr, "{}: ", what);
        termios silent = before;
        silent.c_lflag &= static_cast<tcflag_t>(~ECHO);
        tcsetattr(STDIN_FILENO, TCSANOW, &silent);
    }
    std::string line;
    std::getline(std::cin, line);
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
        fmt::print(stderr, "\n");
    }
    return line;
}

}  // namespace huitong::apps
