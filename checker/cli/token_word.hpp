// Tokens as the command line takes them: a word, or @FILE.
#pragma once

#include <string>

namespace braid::cli {

// The word, or for @FILE the first line of the file that is neither empty nor a comment. Throws
// refusal if there is none.
std::string token_of_word(const std::string& word);
// The same of a file that has been read.
std::string token_in_file(const std::string& path, const std::string& text);

// True if that line of the file is a token.
bool holds_token(const std::string& path);

// Without blanks at both ends.
std::string trimmed(std::string text);

}  // namespace braid::cli
