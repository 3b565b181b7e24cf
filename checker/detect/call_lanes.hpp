// Calls as intervals in lanes, one for each goroutine, time from left to right:
//
//   main  |-push 1-|          |-pop -> 2-|
//   g1         |-push 2----|
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace braid {

struct drawn_call {
  std::uint32_t goroutine = 0;
  std::string text = {};
  std::uint32_t called = 0;    // places among all events, no two the same
  std::uint32_t returned = 0;  // if it has
  bool is_open = false;        // it has not returned where the drawing ends
};

// Lines of at most `width` columns; lanes that are longer are continued below. `note` stands at the
// end of the lane of `noted`.
std::string draw_calls(std::vector<drawn_call> calls, std::uint32_t noted, const std::string& note,
                       std::size_t width);

}  // namespace braid
