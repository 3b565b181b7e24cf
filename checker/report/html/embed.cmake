# Makes the files of the page part of the library: writes OUT, a source that defines parts.hpp.
#
#   cmake -DOUT=parts.cpp -DFOLDER=checker/report/html "-DSCRIPTS=a.js b.js" -P embed.cmake
#
# A raw string ends at its delimiter alone, so that the files need no escapes.

separate_arguments(names UNIX_COMMAND "${SCRIPTS}")

function(braid_read result)
  set(all "")
  foreach(name ${ARGN})
    file(READ "${FOLDER}/${name}" text)
    string(FIND "${text}" ")braid_part\"" ends_early)
    if(NOT ends_early EQUAL -1)
      message(FATAL_ERROR "${name} contains the delimiter of its string")
    endif()
    string(APPEND all "${text}")
  endforeach()
  set(${result} "R\"braid_part(${all})braid_part\"" PARENT_SCOPE)
endfunction()

braid_read(page page.html)
braid_read(style style.css)
braid_read(script ${names})
file(WRITE "${OUT}" "// Written by embed.cmake.
#include \"report/html/parts.hpp\"

namespace braid::html_parts {

const std::string_view page = ${page};
const std::string_view style = ${style};
const std::string_view script = ${script};

}  // namespace braid::html_parts
")
