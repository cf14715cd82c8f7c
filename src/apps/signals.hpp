// Signals that the main thread waits for; blocked in every thread started while this lives.
#pragma once

#include <csignal>

namespace huitong::apps {

class SignalsHeld {
public:
    SignalsHeld() {
        sigemptyset(&set_);
        for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, signal);
        pthread_sigmask(SIG_BLOCK, &set_, &before_);
        std::signal(SIGPIPE, SIG_IGN);
    }
    ~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsHeld(const SignalsHeld&) = delete;
    SignalsHeld& operator=(const SignalsHeld&) = delete;

    // Blocks until one of them arrives, and says which.
    int wait() const {
        int signal = 0;
        while (sigwait(&set_, &signal) != 0) {}
        return signal;
    }

private:
    sigset_t set_{};
    sigset_t before_{};
};

}  // namespace huitong::apps
