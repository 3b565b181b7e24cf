// A schedule that somebody chooses, decision by decision, and may take back.
//
// An execution is not stopped for it: the walk stands at a place of one that was run to its end,
// with the default from there on. To choose something else runs another one.
#pragma once

#include <braid/explore.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace braid {

class walk {
 public:
  // Stands behind the last deviation of the token. Throws as braid::replay() does.
  walk(const program& walked, const explore_options& options, std::string_view token);

  // What is decided next, and the event that it decides; null at the end.
  const choice* next() const;
  const happening* next_event() const;
  // Takes one of next()->all. False: the execution did not come to this place again, as the program
  // is not deterministic; the walk stays where it is. REQUIRES: it is not at the end.
  bool take(std::size_t index);
  // Takes the default for so many steps, one at least.
  void take_defaults(std::uint32_t steps);
  // Back to where it was before the last take. False: there was none.
  bool undo();

  // The execution with the default from here on. Its token is that of the walk.
  const replay_result& ran() const { return *now_.ran; }
  // What has happened until now.
  history so_far() const;

 private:
  struct place {  // of a decision: in told.rows, and in the choices there
    std::size_t row = 0;
    std::size_t choice = 0;
  };
  struct state {
    std::shared_ptr<const replay_result> ran;
    std::vector<place> decisions;
    std::size_t at = 0;         // the next of them
    std::string followed = {};  // a token without check
  };

  static state state_of(replay_result ran, std::string followed);
  const choice& made(const state& s, std::size_t decision) const;

  const program program_;
  explore_options options_;
  state now_;
  std::vector<state> before_;
};

}  // namespace braid
