// One command, waited for on the calling thread: for start-up and small tools, never for a door.
#pragma once

#include "engine/heart.hpp"

namespace huitong::apps {

Result<engine::Answer> ask(engine::Heart& heart, engine::Command command);

}  // namespace huitong::apps
