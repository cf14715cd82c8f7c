// What commands are given by people: files that they name, lines and secrets that they type.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>

namespace huitong::apps {

// The bytes of a file; empty when it cannot be read (the command line has checked a named one).
std::string read_file(const std::string& path);

// The next line without its end (LF or CR LF). Of a longer line the first `bytes_max` bytes; the
// rest is skipped, so that no input fills the memory. False at the end of the input.
bool read_line(std::istream& in, std::string& line, std::size_t bytes_max);

// Writes a file whole, or to standard output when the path is empty. False when that fails.
bool write_file(const std::string& path, const std::string& bytes);

// Asks on the terminal without showing what is typed; from a pipe it takes a line.
std::string ask_secret(const std::string& what);

}  // namespace huitong::apps
