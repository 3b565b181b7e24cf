// Programs as the command line names them.
#pragma once

#include <braid/scenario.hpp>
#include <string>

namespace braid::cli {

// `scenarios/timeout.cpp:12`: relative to the present folder where it lies below it.
std::string place_of(const scenario& s);

// find_program(); throws refusal with the did-you-mean of unknown_program.
program program_called(const std::string& name);

}  // namespace braid::cli
