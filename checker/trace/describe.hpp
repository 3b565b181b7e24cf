// Operations and objects in words.
#pragma once

#include <braid/scheduler.hpp>
#include <string>

namespace braid {

// send, lock, print, ...: what JSON calls the kind of an operation.
std::string_view name_of(op_kind kind);

// `chan1.send 3`, `sleep 2s`, `println "foo"`.
std::string describe(const op& what, const std::string& object);

std::string describe_time(std::int64_t nanoseconds);
std::string describe_place(where at);
// True of a place within the headers of the standard library, or of the system: an object that
// std::make_shared makes has its default arguments there. It says nothing about the program.
bool is_within_library(where at);

// With C escapes, in double quotes.
std::string quoted(std::string_view text);

}  // namespace braid
