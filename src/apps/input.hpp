// What commands are given by people: files that they name and secrets that they type.
#pragma once

#include <string>

namespace huitong::apps {

// The bytes of a file; empty when it cannot be read (CLI11 has checked that it is there).
std::string read_file(const std::string& path);

// Asks on the terminal without showing what is typed; from a pipe it takes a line.
std::string ask_secret(const std::string& what);

}  // namespace huitong::apps
