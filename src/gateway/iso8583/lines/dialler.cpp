#include "gateway/iso8583/lines/dialler.hpp"

#include <algorithm>

namespace huitong::gateway::iso8583 {

std::shared_ptr<Dialler> Dialler::start(Parts parts, links::ChannelAddress to,
                                        DiallerOptions options) {
    const std::shared_ptr<Dialler> dialler(new Dialler(std::move(parts), std::move(to), options));
    dialler->parts_.mailbox->post([dialler](http::IoThread* thread) {
        dialler->thread_ = thread;
        dialler->id_ = thread->add(dialler);
        dialler->dial();
    });
    return dialler;
}

void Dialler::stop() {
    parts_.mailbox->post([dialler = self()](http::IoThread* thread) {
        if (std::exchange(dialler->ended_, true)) return;
        dialler->cancel();
        if (dialler->line_ != nullptr) return dialler->line_->shut();  // closed() is the end.
        thread->drop(dialler->id_);
    });
}

void Dialler::dial() {
    if (ended_ || line_ != nullptr) return;
    if (const auto address = http::Address::parse(to_.host))
        return resolved(http::Addresses{*address});
    parts_.resolver.resolve(to_.host, [dialler = self()](Result<http::Addresses> addresses) {
        dialler->parts_.mailbox->post([dialler, addresses](http::IoThread*) {
            if (!dialler->ended_) dialler->resolved(addresses);
        });
    });
}

void Dialler::resolved(Result<http::Addresses> addresses) {
    if (!addresses || addresses->empty()) return rest();
    const http::Address to = (*addresses)[address_++ % addresses->size()];
    line_ = Line::dial({*thread_, *this, parts_.dialect, options_.line}, to.with_port(to_.port));
}

void Dialler::rest() {
    if (ended_) return;
    const std::size_t doublings = std::min<std::size_t>(attempts_++, 16);
    const std::int64_t pause = options_.pause_first.ms << doublings;
    thread_->set_timer(*this, thread_->now_ms() + std::min(pause, options_.pause_max.ms));
}

void Dialler::opened(const LinePtr& line) {
    attempts_ = 0;
    parts_.owner.opened(line);
}

void Dialler::received(const LinePtr& line, std::string_view frame) {
    parts_.owner.received(line, frame);
}

void Dialler::closed(const LinePtr& line) {
    line_.reset();
    parts_.owner.closed(line);
    if (ended_) return thread_->drop(id_);
    rest();
}

}  // namespace huitong::gateway::iso8583
