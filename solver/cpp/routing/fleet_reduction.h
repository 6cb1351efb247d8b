// Fewer vehicles, where each costs more than any detour: a route is given up, and the search goes on
// through plans that leave visits out until nobody is.
//
// The fleet minimization of SISR (Christiaens & Vanden Berghe 2020): a plan is better if those it
// leaves out were left out less often so far. Who is hard to serve becomes dear and finds a place, the
// easy ones wait.
#pragma once

#include <vector>

#include "plan.h"
#include "random.h"
#include "recreate.h"
#include "ruin.h"

namespace servicenet::routing {

class FleetReduction {
 public:
  // Works on `plan`, in which all are served.
  FleetReduction(Plan& plan, Ruin& ruin, Recreate& recreate, Random& random);
  ~FleetReduction();
  FleetReduction(const FleetReduction&) = delete;
  FleetReduction& operator=(const FleetReduction&) = delete;

  // True if all vehicles are alike, each costs more than `typical_leg` many times, all have to be
  // served, and nothing ties routes together.
  static bool suits(const Problem& problem, double typical_leg);

  // One candidate; true if all are served by fewer vehicles than before. Where those who wait weigh
  // the same, the plan may become dearer by less than `allowance`.
  bool iterate(Cost allowance);

  // True if the loads fill all vehicles that are left, or one is left.
  bool is_done() const { return is_done_; }

 private:
  void give_up_route();
  int choose_route() const;
  int count_needed() const;
  long long weigh(const std::vector<int>& visits) const;

  Plan& plan_;
  const Problem& problem_;
  Ruin& ruin_;
  Recreate& recreate_;
  Random& random_;
  int most_ = 0;  // vehicles; 0 = no route was given up yet
  bool is_done_ = false;
  std::vector<long long> counts_;  // per visit: plans that left it out
  std::vector<int> waiting_;       // visits the plan leaves out
  std::vector<int> removed_;
};

}  // namespace servicenet::routing
