// CMake compiles a precompiled header only for a target with a source.
#include "precompiled.hpp"
