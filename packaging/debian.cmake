# The Debian packages braid and libbraid-dev, from the components of cmake/install.cmake: `make deb`
# has cpack write them to build/deb/.
#
# Rejected: a debian/ folder. debhelper would compile all of it again, and needs many more packages;
# cpack comes with CMake and needs dpkg-dev alone, for the dependencies on shared libraries.
# lintian has nothing to say of them.
file(READ packaging/description description)
string(STRIP "${description}" description)
set(libraries_of_development "libboost-context-dev, libboost-program-options-dev")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME braid)
set(CPACK_PACKAGE_VENDOR braid)
set(CPACK_PACKAGE_CONTACT "The braid developers <braid@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL braid libbraid-dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_BRAID_PACKAGE_NAME braid)
set(CPACK_DEBIAN_BRAID_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_BRAID_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_BRAID_PACKAGE_SUGGESTS libbraid-dev)
set(CPACK_DEBIAN_BRAID_DESCRIPTION "${description}
.
 This package has the command line, with example programs.")

set(CPACK_DEBIAN_LIBBRAID-DEV_PACKAGE_NAME libbraid-dev)
set(CPACK_DEBIAN_LIBBRAID-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBBRAID-DEV_PACKAGE_DEPENDS "${libraries_of_development}")
set(CPACK_DEBIAN_LIBBRAID-DEV_PACKAGE_SUGGESTS "braid, catch2, librapidcheck-dev")
set(CPACK_DEBIAN_LIBBRAID-DEV_DESCRIPTION "${description}
.
 This package has the headers and the libraries.")

# What only the packages have. Native ones: the packaging is part of the source.
configure_file(packaging/changelog.in ${generated}/changelog @ONLY)
add_custom_command(
  OUTPUT ${generated}/changelog.gz
  COMMAND gzip -9 -n -f -k ${generated}/changelog
  DEPENDS ${generated}/changelog VERBATIM)
add_custom_target(braid-changelog DEPENDS ${generated}/changelog.gz)
add_dependencies(braid-package braid-changelog)
# EXCLUDE_FROM_ALL: not with `make install`, which installs no single component.
install(FILES ${generated}/changelog.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/braid
        COMPONENT braid EXCLUDE_FROM_ALL)
install(FILES ${generated}/changelog.gz packaging/copyright
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libbraid-dev
        COMPONENT libbraid-dev EXCLUDE_FROM_ALL)

include(CPack)
