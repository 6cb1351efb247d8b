// A seat for one visit more at the end of a problem: an emergency, a customer who asks for a time.
// Who sits there changes without anything else being copied or checked again.
#pragma once

#include <vector>

#include "problem.h"

namespace servicenet::routing {

// Ways between the guest and the places of the problem.
struct GuestWays {
  std::vector<Leg> to;    // from every place to the guest
  std::vector<Leg> from;  // from the guest to every place
  // Seconds by regime of place l at l * regimes + r; empty = free flow always.
  std::vector<Seconds> to_by_regime;
  std::vector<Seconds> from_by_regime;
};

// All that a problem says about a visit nobody was told anything about; `visit` without its place,
// windows and needs.
struct Guest {
  std::vector<GuestWays> ways;  // per profile
  Visit visit;
  std::vector<Window> windows;
  std::vector<Need> needs;
  std::vector<int> demand;
  std::vector<Cost> assignment;  // per vehicle
  std::vector<Cost> pool_cost;   // per pool
  std::vector<Seconds> group_service;
};

class GuestSeat {
 public:
  // Widens `problem`, finished, by a visit nobody may serve at a place nobody reaches; both are the
  // last. `problem` has to stay where it is.
  explicit GuestSeat(Problem& problem);

  int visit() const { return problem_.n_visits - 1; }

  // The problem becomes the one that has this visit from the start.
  void take(const Guest& guest);
  // The seat is empty again.
  void leave();

 private:
  void widen_travel();
  void write_ways(std::size_t profile, const GuestWays& ways);
  void write_row(const Guest& guest);

  Problem& problem_;
  std::size_t windows_;  // of the others
  std::size_t needs_;
  bool taken_ = false;
};

// Puts the windows of a visit of `problem` back at the end of its life.
class WindowGuard {
 public:
  WindowGuard(Problem& problem, int visit);
  ~WindowGuard();
  WindowGuard(const WindowGuard&) = delete;
  WindowGuard& operator=(const WindowGuard&) = delete;

 protected:
  Problem& problem_;
  std::size_t first_;
  std::vector<Window> before_;
};

// For as long as it lives, a visit of `problem` is to be reached by a moment, whatever its promises
// allow; windows that open later take it at their opening.
class Deadline : public WindowGuard {
 public:
  Deadline(Problem& problem, int visit, Seconds by);
};

// For as long as it lives, other limits hold for the windows of a visit; `limits` has one for each
// window of the problem.
class Lenience : public WindowGuard {
 public:
  Lenience(Problem& problem, int visit, const std::vector<Seconds>& limits);
};

}  // namespace servicenet::routing
