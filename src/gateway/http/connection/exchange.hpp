// One call of a client, from its submission to its completion. Internal to this module.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "gateway/http/client.hpp"
#include "gateway/http/connection/timer_wheel.hpp"
#include "gateway/http/url.hpp"

namespace huitong::gateway::http {

struct Exchange;

// A queue or a connection: whoever has the exchange in hands ends it when its time is over.
class ExchangeHolder {
public:
    virtual void on_exchange_deadline(Exchange& exchange) = 0;

protected:
    ~ExchangeHolder() = default;
};

struct Exchange final : Timer {
    Exchange(Url to, CallLimits call_limits, Completion completion)
        : url(std::move(to)), limits(call_limits), completion_(std::move(completion)) {}
    // Whatever way a call is lost, its caller is told.
    ~Exchange() override { finish(refuse(Error::shutting_down)); }

    void on_deadline() override { holder->on_exchange_deadline(*this); }

    // The first call counts.
    void finish(Result<Answer> result) {
        cancel();
        if (auto completion = std::exchange(completion_, nullptr)) completion(std::move(result));
    }

    // Whose connections may carry it.
    [[nodiscard]] std::string host_key() const {
        return (url.tls ? "https " : "http ") + url.authority();
    }

    Url url;
    CallLimits limits;
    std::string bytes;  // The request as it is sent.
    bool to_head = false;
    bool repeated = false;  // Once on a new connection, never twice.
    ExchangeHolder* holder = nullptr;
    std::int64_t deadline_ms = 0;

private:
    Completion completion_;
};

}  // namespace huitong::gateway::http
