# What `make install` and the Debian packages hold, in two components: braid (the binary, its manual
# and completion, the documentation) and libbraid-dev (headers, libraries, CMake and pkg-config).
#
# Included by CMakeLists.txt once the targets are there.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(cmake_folder ${CMAKE_INSTALL_LIBDIR}/cmake/braid)
set(doc_folder ${CMAKE_INSTALL_DATADIR}/doc/braid)
set(generated ${PROJECT_BINARY_DIR}/package)  # what is written by the build to be installed

# Headers and libraries

# A Catch2 test with properties of rapidcheck, as the headers of braid/testing/ want them. Apart
# from the other targets: a machine without the two libraries can use those.
add_library(braid_catch2 INTERFACE)
target_link_libraries(braid_catch2 INTERFACE braid_checker Catch2::Catch2 rapidcheck)

foreach(name runtime checker main catch2)
  set_target_properties(braid_${name} PROPERTIES EXPORT_NAME ${name})
  add_library(braid::${name} ALIAS braid_${name})
endforeach()

install(TARGETS braid_runtime braid_checker braid_main EXPORT braid
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT libbraid-dev
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS braid_catch2 EXPORT braid-catch2 COMPONENT libbraid-dev)
install(DIRECTORY runtime/include/ checker/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        COMPONENT libbraid-dev FILES_MATCHING PATTERN "*.hpp")

foreach(name braid braid-catch2)
  install(EXPORT ${name} NAMESPACE braid:: FILE ${name}-targets.cmake DESTINATION ${cmake_folder}
          COMPONENT libbraid-dev)
endforeach()
configure_package_config_file(cmake/braid-config.cmake.in ${generated}/braid-config.cmake
                              INSTALL_DESTINATION ${cmake_folder}
                              NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${generated}/braid-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${generated}/braid-config.cmake ${generated}/braid-config-version.cmake
        DESTINATION ${cmake_folder} COMPONENT libbraid-dev)

# The prefix is known when it is installed, not before: cmake --install --prefix.
install(CODE "set(BRAID_VERSION ${PROJECT_VERSION})
set(BRAID_LIBDIR ${CMAKE_INSTALL_LIBDIR})
set(BRAID_INCLUDEDIR ${CMAKE_INSTALL_INCLUDEDIR})
foreach(name braid braid-main braid-catch2)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/\${name}.pc.in ${generated}/\${name}.pc @ONLY)
endforeach()" COMPONENT libbraid-dev)
install(FILES ${generated}/braid.pc ${generated}/braid-main.pc ${generated}/braid-catch2.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT libbraid-dev)

# The binary, its manual and its completion

install(TARGETS braid RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT braid)

# gzip -n: the same file each time.
add_custom_command(
  OUTPUT ${generated}/braid.1.gz
  COMMAND ${PROJECT_SOURCE_DIR}/scripts/man-page $<TARGET_FILE:braid> > ${generated}/braid.1
  COMMAND gzip -9 -n -f -k ${generated}/braid.1
  DEPENDS braid scripts/man-page VERBATIM)
# Where the binary has the command:
file(GLOB completion CONFIGURE_DEPENDS checker/cli/completion*.cpp)
set(completions "")
if(completion)
  foreach(pair bash:braid zsh:_braid fish:braid.fish)
    string(REGEX MATCH "(.*):(.*)" pair ${pair})
    set(file ${generated}/completion/${CMAKE_MATCH_2})
    add_custom_command(
      OUTPUT ${file} COMMAND $<TARGET_FILE:braid> completion ${CMAKE_MATCH_1} > ${file}
      DEPENDS braid VERBATIM)
    list(APPEND completions ${file})
  endforeach()
  file(MAKE_DIRECTORY ${generated}/completion)
  set(in ${generated}/completion)
  # Debian's packages (see `make deb`) have a folder of their own.
  set(zsh_folder site-functions)
  if(CMAKE_INSTALL_LIBDIR MATCHES "^lib/")
    set(zsh_folder vendor-completions)
  endif()
  install(FILES ${in}/braid COMPONENT braid
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${in}/_braid COMPONENT braid
          DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/${zsh_folder})
  install(FILES ${in}/braid.fish COMPONENT braid
          DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()
# What a full build need not make, and an installation needs.
add_custom_target(braid-package DEPENDS braid braid_runtime braid_checker braid_main
                  ${generated}/braid.1.gz ${completions})

install(FILES ${generated}/braid.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT braid)
# Documentation and examples

# For GDB's `source`: its auto-load goes by the name of a binary or shared library.
if(EXISTS ${PROJECT_SOURCE_DIR}/scripts/braid-gdb.py)
  install(FILES scripts/braid-gdb.py DESTINATION ${CMAKE_INSTALL_DATADIR}/braid
          COMPONENT libbraid-dev)
endif()
foreach(file README.md runtime/README.md checker/README.md scenarios/README.md tests/README.md
             docs/verdicts.md)
  get_filename_component(folder ${file} DIRECTORY)
  install(FILES ${file} DESTINATION ${doc_folder}/${folder} COMPONENT braid)
endforeach()
install(DIRECTORY tests/package/ DESTINATION ${doc_folder}/examples COMPONENT braid)
# Beside these projects the small libraries, where README.md has them.
install(DIRECTORY examples/ DESTINATION ${doc_folder}/examples COMPONENT braid)
install(DIRECTORY scripts/templates/ DESTINATION ${doc_folder}/examples/ci COMPONENT braid)
install(FILES packaging/copyright DESTINATION ${doc_folder} COMPONENT braid)

include(packaging/debian.cmake)
