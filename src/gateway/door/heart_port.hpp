// What a door needs of the heart, and nothing more: tests put a fake of their own behind it.
#pragma once

#include <functional>
#include <memory>

#include "engine/heart.hpp"

namespace huitong::gateway::door {

struct HeartPort {
    // From any thread; the answer comes through request->home.
    std::function<void(engine::RequestPtr)> submit;
    // Merchants, keys and operators as of the last commit that changed them. From any thread.
    std::function<std::shared_ptr<const engine::Directory>()> directory;
};

}  // namespace huitong::gateway::door
