// Programs as the command line names them.
#pragma once

#include <braid/scenario.hpp>
#include <string>

#include "report/page.hpp"

namespace braid::cli {

// `scenarios/timeout.cpp:12`: relative to the present folder where it lies below it.
std::string place_of(const scenario& s);

// The name of a program of this binary, and its place.
void put_program(page& to, const std::string& name);

// find_program(); throws refusal with the did-you-mean of unknown_program.
program program_called(const std::string& name);

}  // namespace braid::cli
