// Tearing strings of neighboring visits out of nearby routes: the ruin of SISR (Christiaens &
// Vanden Berghe 2020, section 5.1). Visits in pools near the seed are taken out one by one.
#pragma once

#include <vector>

#include "neighborhood.h"
#include "plan.h"
#include "random.h"

namespace servicenet::routing {

struct RuinSettings {
  double mean_removed = 10.0;   // visits torn out per iteration, on average
  double longest_string = 10.0;
  double split_chance = 0.5;    // a string may keep some visits in its middle
  double keep_chance = 0.01;    // chance to stop keeping more
  double absent_seed = 0.5;     // start from an unserved visit, if there is one
};

class Ruin {
 public:
  Ruin(const Problem& problem, Neighborhood& neighborhood, RuinSettings settings);

  // Takes visits out of `plan`. `removed` receives them, the seed's unserved neighbors included.
  void apply(Plan& plan, Random& random, std::vector<int>& removed);

 private:
  void visit_neighbor(Plan& plan, Random& random, int visit, double longest);
  void take_string(Plan& plan, Random& random, int visit, int length);
  int pick_seed(const Plan& plan, Random& random) const;

  const Problem& problem_;
  Neighborhood& neighborhood_;
  RuinSettings settings_;
  std::vector<int> ruined_at_;  // per vehicle: the last iteration that ruined it
  int iteration_ = 0;
  int strings_left_ = 0;
  std::vector<int> waiting_;  // unserved neighbors of the seed
  std::vector<int> order_;
  std::vector<int> string_;
};

}  // namespace servicenet::routing
