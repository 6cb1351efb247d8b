// Where the breaks of a route are taken, and which promises its visits keep.
#pragma once

#include <vector>

#include "links.h"

namespace servicenet::routing {

// Placements priced in one call at the most; a shift has to have three breaks in wide windows
// before this cuts anything off.
inline constexpr int kMostJudged = 2000;

// Times a given order of visits in the cheapest way; keeps its working memory from call to call.
class BreakPlacer {
 public:
  // Puts the breaks of `route` where they cost least, its other stops keeping order and windows; the
  // route is updated. False, order of the nodes unchanged, if no placement is feasible.
  //
  // Placements are enumerated forward in time and given up as soon as a limit is passed. Left out
  // are only those that wait for a break to open although the vehicle could do the next thing
  // (travel, or the next visit) before that: doing it first makes nothing later. This does not
  // hold before the first visit, where a break is unpaid, where the departure follows the end, and
  // where driving is limited and depends on the hour; those are all tried.
  //
  // What is cheapest counts what `around`, the rest of the plan, would pay, too. Parts are not
  // looked at.
  bool place(const Surroundings& around, Route& route) { return run(around, route, false); }

  // The same, windows chosen anew together with the breaks.
  bool place_and_choose(const Surroundings& around, Route& route) {
    return run(around, route, true);
  }

 private:
  // Stands behind `done` stops with `taken` breaks behind it. `traveled`: already at the next
  // place, where breaks have choice 1.
  struct State {
    int done;
    int taken;
    bool traveled;
    Seconds time;
  };

  bool run(const Surroundings& around, Route& route, bool choose);
  void extend(State state);
  void visit_in_every_window(const State& state);
  void take_break(const State& state);
  bool move(State& state);
  void judge();
  int n_stops() const { return static_cast<int>(stops_.size()); }
  const Node& stop(int i) const { return stops_[static_cast<std::size_t>(i)]; }

  const Surroundings* around_ = nullptr;
  const Problem* problem_ = nullptr;
  const Vehicle* vehicle_ = nullptr;
  std::vector<Node> stops_;  // visits and pick-ups
  int first_visit_ = 0;      // the first visit among them
  std::vector<int> layout_;  // per break: 2 * stops before it + choice
  std::vector<Node> nodes_;
  Route trial_;
  Route best_;
  Cost best_cost_ = 0;
  Cost best_waited_for_ = 0;
  bool choose_ = false;
  bool tries_all_ = false;
  bool found_ = false;
  int judged_ = 0;
};

}  // namespace servicenet::routing
