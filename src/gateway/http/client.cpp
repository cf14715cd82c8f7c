#include "gateway/http/client.hpp"

#include <future>
#include <utility>

#include "base/ensure.hpp"
#include "gateway/http/connection/exchange.hpp"
#include "gateway/http/connection/host_table.hpp"
#include "gateway/http/url.hpp"

namespace huitong::gateway::http {

Client::Client(IoThreads& threads) : threads_(threads) {}

Result<std::unique_ptr<Client>> Client::make(IoThreads& threads, ClientOptions options) {
    TRY(tls, TlsContext::client(options.trust));
    std::unique_ptr<Client> client(new Client(threads));
    client->shared_ = std::make_shared<ClientShared>(std::move(options));
    client->shared_->tls = std::move(tls);
    for (std::size_t i = 0; i < threads.count(); ++i) {
        const auto table = std::make_shared<HostTable>(threads.at(i), client->shared_);
        client->tables_.push_back(table);
        threads.post(i, [table] { table->start(); });
    }
    return client;
}

Client::~Client() {
    ENSURE(IoThread::current() == nullptr);  // It would wait for itself.
    for (std::size_t i = 0; i < tables_.size(); ++i) {
        std::promise<void> shut;
        const auto done = shut.get_future();
        threads_.post(i, [table = tables_[i], shut = std::move(shut)]() mutable {
            table->shut();
            shut.set_value();
        });
        done.wait();  // A thread that has stopped drops the promise, which ends the wait too.
    }
}

void Client::call(Call call, Completion completion) {
    auto url = parse_url(call.url);
    if (!url) {
        return threads_.post(
            0, [exchange = std::make_unique<Exchange>(Url{}, call.limits, std::move(completion)),
                error = url.error()] { exchange->finish(refuse(error)); });
    }
    auto exchange = std::make_unique<Exchange>(std::move(*url), call.limits, std::move(completion));
    const std::string host = exchange->url.authority();
    append_request(exchange->bytes, {.method = call.method,
                                     .target = exchange->url.target,
                                     .host = host,
                                     .headers = call.headers,
                                     .body_bytes = call.body.size()});
    exchange->bytes.append(call.body);
    exchange->to_head = call.method == "HEAD";
    const auto thread = std::hash<std::string>{}(host) % threads_.count();
    threads_.post(thread, [table = tables_[thread], exchange = std::move(exchange)]() mutable {
        table->submit(std::move(exchange));
    });
}

void Client::post(std::string url, std::vector<std::pair<std::string, std::string>> headers,
                  std::string body, CallLimits limits, Completion completion) {
    call({.method = "POST",
          .url = std::move(url),
          .headers = std::move(headers),
          .body = std::move(body),
          .limits = limits},
         std::move(completion));
}

}  // namespace huitong::gateway::http
