// The files of the page, which embed.cmake makes part of the library: page.html, style.css, and the
// scripts one after another.
#pragma once

#include <string_view>

namespace braid::html_parts {

extern const std::string_view page;
extern const std::string_view style;
extern const std::string_view script;

}  // namespace braid::html_parts
