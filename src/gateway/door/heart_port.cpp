#include "gateway/door/heart_port.hpp"

#include <algorithm>
#include <utility>

namespace huitong::gateway::door {
namespace {

// What one thread keeps back: a process has one heart, tests have a few.
struct Held {
    const HeartPort* port;
    std::vector<engine::RequestPtr> requests;
};

thread_local std::vector<Held> held;
thread_local int batches_open = 0;

}  // namespace

void HeartPort::submit(engine::RequestPtr request) const {
    std::vector<engine::RequestPtr> one;
    one.push_back(std::move(request));
    if (batches_open == 0) return submit_all(std::move(one));
    const auto mine = std::ranges::find(held, this, &Held::port);
    if (mine == held.end()) return held.push_back({this, std::move(one)});
    mine->requests.push_back(std::move(one.front()));
}

CommandBatch::CommandBatch() {
    ++batches_open;
}

CommandBatch::~CommandBatch() {
    if (--batches_open > 0) return;
    for (Held& each : std::exchange(held, {})) each.port->submit_all(std::move(each.requests));
}

}  // namespace huitong::gateway::door
