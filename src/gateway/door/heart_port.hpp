// What a door needs of the heart, and nothing more: tests put a fake of their own behind it.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/heart.hpp"

namespace huitong::gateway::door {

struct HeartPort {
    // From any thread; the answers come through request->home.
    std::function<void(std::vector<engine::RequestPtr>)> submit_all;
    // Merchants, keys and operators as of the last commit that changed them. From any thread.
    std::function<std::shared_ptr<const engine::Directory>()> directory;

    // Submits one command, or keeps it back while the calling thread has a CommandBatch.
    void submit(engine::RequestPtr request) const;
};

// While one lives, the commands that this thread submits are kept back; its end submits them
// together, so that the heart decides and commits them as one batch.
class CommandBatch {
public:
    CommandBatch();
    ~CommandBatch();
    CommandBatch(const CommandBatch&) = delete;
    CommandBatch& operator=(const CommandBatch&) = delete;
};

}  // namespace huitong::gateway::door
