// Trials that ways are made of: where a visit costs least on one route.
#pragma once

#include "breaks.h"
#include "insertion.h"
#include "plan.h"

namespace servicenet::routing {

class WayTrials {
 public:
  // `plan` has to outlive this; trials see it as it stands.
  explicit WayTrials(const Plan& plan);

  // True if the vehicle may serve the visit and has room for it.
  bool takes(const Route& route, int visit) const;
  // True if the vehicle that went there first, without a break, would not be too late.
  bool reaches(int visit, int vehicle) const;
  // What being so late costs at the least; kInfinite if it is too late for every window.
  Cost late_price(int visit, Seconds arrival) const;

  // The cheapest way onto a route, which need not be the plan's but has been looked back on; updates
  // `best`.
  void scan(const Route& route, int visit, Insertion& best);

 private:
  void scan_positions(const Route& route, int visit, Insertion& best);
  void scan_empty(const Route& empty, int visit, Insertion& best);

  const Problem& problem_;
  const Surroundings around_;
  Scratch scratch_;
  BreakPlacer placer_;
  Route built_;
};

}  // namespace servicenet::routing
