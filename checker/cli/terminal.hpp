// What the terminal can do, and writing to stdout and stderr.
#pragma once

#include <string>
#include <string_view>

#include "cli/settings.hpp"
#include "report/style.hpp"

namespace braid::cli {

// The look of reports on stdout, from the options, the environment and the terminal.
style style_of(const settings& asked);

bool is_terminal(int fd);
// Columns of the terminal behind `fd`; 0 if it is none.
std::size_t columns_of_terminal(int fd);

// Writes all of it. Returns the number of the error, or 0.
int write_all(int fd, std::string_view text);
// The same, to stdout. Throws refusal: 128 if it cannot be written, quietly if nobody reads it.
void write_out(std::string_view text);
// `braid: text` on stderr, as one line.
void complain(std::string_view text);
// As it is, to stderr.
void write_error(std::string_view text);

}  // namespace braid::cli
