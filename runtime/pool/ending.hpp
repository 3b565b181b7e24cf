// How a program in production ends its process.
//
// One lock for the whole process is taken by whoever ends a program, and never released by those
// who end the process with it: a message is complete before anybody else can end it (rule P13).
#pragma once

#include <braid/where.hpp>
#include <mutex>
#include <string>
#include <string_view>

namespace braid {

std::unique_lock<std::mutex> lock_endings();

// All three keep the lock. What follows the text is `more`: blocks of goroutines.
[[noreturn]] void end_process_with_panic(std::string_view text, std::string_view more,
                                         std::unique_lock<std::mutex> held);
[[noreturn]] void end_process_fatally(std::string_view text, std::string_view more,
                                      std::unique_lock<std::mutex> held = lock_endings());
[[noreturn]] void end_process_with_code(int code, std::unique_lock<std::mutex> held);

// Writes all of `text`, in one write(2) unless the kernel takes less.
void write_all(int fd, std::string_view text);

}  // namespace braid
