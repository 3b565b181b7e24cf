// Tokens in files.
#pragma once

#include <string>

namespace braid::cli {

// The first line of a file that has been read which is neither empty nor a comment. Throws refusal
// if there is none.
std::string token_in_file(const std::string& path, const std::string& text);

// True if that line of the file is a token.
bool holds_token(const std::string& path);

// Without blanks at both ends.
std::string trimmed(std::string text);

}  // namespace braid::cli
