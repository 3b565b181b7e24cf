// The main of tests that fail on purpose, as a user's would be.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include <braid/testing/catch_listener.hpp>
