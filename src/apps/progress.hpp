// A line of progress on long work: to the terminal only, about five times a second.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <unistd.h>

namespace huitong::apps {

class Progress {
public:
    explicit Progress(std::string what) : what_(std::move(what)) {}

    void show(std::uint64_t count, const char* unit) {
        const auto now = std::chrono::steady_clock::now();
        if (!terminal_ || now - shown_ < std::chrono::milliseconds(200)) return;
        shown_ = now;
        std::fprintf(stderr, "\r%s: %llu %s ", what_.c_str(),
                     static_cast<unsigned long long>(count), unit);
    }
    void end() const {
        if (terminal_) std::fprintf(stderr, "\r\033[K");
    }

private:
    std::string what_;
    bool terminal_ = isatty(STDERR_FILENO) != 0;
    std::chrono::steady_clock::time_point shown_;
};

}  // namespace huitong::apps
