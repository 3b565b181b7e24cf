// Inputs that rapidcheck has generated once, generated again.
#pragma once

#include <rapidcheck.h>
#include <braid/testing/input_word.hpp>
#include <cstddef>
#include <string>

namespace braid::detail {

// Runs a property once more with the input that it had: the one that rapidcheck came to by
// shrinking, too. False, and it may have run with another one, if that is not generated any more.
inline bool run_again(const rc::detail::Property& generated, const input_source& source) {
  rc::detail::Reproduce by{};
  try {
    rc::detail::deserialize(source.reproduce.begin(), source.reproduce.end(), by);
  } catch (const rc::detail::SerializationException&) {
    return false;
  }
  auto walked = generated(by.random, by.size);
  for (const std::size_t step : by.shrinkPath) {
    auto shrinks = walked.shrinks();
    auto next = shrinks.next();
    for (std::size_t i = 0; i < step && next; ++i) next = shrinks.next();
    if (!next) return false;
    walked = *next;
  }
  walked.value();
  return true;
}

}  // namespace braid::detail
