// main() of braid's command line, alone, so that a user's binary can have its own.
#include <braid/main.hpp>

int main(int argc, char** argv) { return braid::command_line(argc, argv); }
