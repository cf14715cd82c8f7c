// The program's answers as the lines that NaiveModel speaks.
#pragma once

#include <string>

#include "engine/command.hpp"

namespace huitong::engine::testing {

std::string line(const Result<Answer>& answer);
std::string line(const acquiring::Order& order);
std::string line(const acquiring::Refund& refund);
std::string line(const switching::Payment& payment);

}  // namespace huitong::engine::testing
