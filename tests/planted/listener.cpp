// The listener in a file of its own, beside Catch's main that all tests share. (In one file with
// that main: tests/package/.)
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>

#include <braid/testing/catch_listener.hpp>
