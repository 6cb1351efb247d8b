// Which visits are near which: the granularity of the search.
#pragma once

#include <vector>

#include "problem.h"

namespace servicenet::routing {

// For each visit two lists of others, nearest first: `around` by travel alone (what to tear out
// together) and `beside` by travel plus unavoidable waiting and lateness between the two (next to
// whom to insert; Vidal, Crainic, Gendreau & Prins 2013, section 4.3).
class Neighborhood {
 public:
  Neighborhood(const Problem& problem, int n_around, int n_beside);

  const std::vector<int>& around(int visit) const {
    return around_[static_cast<std::size_t>(visit)];
  }
  const std::vector<int>& beside(int visit) const {
    return beside_[static_cast<std::size_t>(visit)];
  }
  // Mean price of the way from a visit to its nearest other one; scales temperatures.
  double typical_leg() const { return typical_leg_; }

 private:
  std::vector<std::vector<int>> around_;
  std::vector<std::vector<int>> beside_;
  double typical_leg_ = 0.0;
};

}  // namespace servicenet::routing
