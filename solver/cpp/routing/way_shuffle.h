// A search over several vehicles for a visit that no short chain serves: those who are in its way
// leave, those who are in their way leave, and so on, until everybody has a place.
//
// The ejection search of Nagata & Braysy (2009), section 3: who waits last goes first; where they fit
// nowhere those leave who have been hard to place least often.
#pragma once

#include <cstdint>
#include <vector>

#include "insertion.h"
#include "random.h"
#include "way_search.h"

namespace servicenet::routing {

class WayShuffle {
 public:
  // How much may change at the most.
  struct Limits {
    int displaced;  // visits on another vehicle than before, or in a pool
    int vehicles;   // routes
  };

  WayShuffle(Plan& plan, const Prepared& prepared, int visit, Limits limits);

  // Puts the visit on a route, and everybody who left for it on one or in a pool, in at most `steps`
  // steps. False if it came to no end; the plan is then to be rolled back.
  bool apply(int steps, std::uint64_t seed);

 private:
  // Visits of a vehicle that leave, and where another one goes then.
  struct Ousting {
    Insertion way;
    std::vector<int> gone;
    int hardness = 0;  // how often those who leave were hard to place
    double price = 0.0;
  };

  bool put(int visit);
  bool put_into_pool(int visit);
  bool oust(int visit);
  void try_vehicle(int visit, int vehicle, Ousting& best);
  void try_ousting(int visit, const Route& route, const std::vector<int>& nodes, Ousting& best);
  std::vector<int> vehicles_near(int visit);
  bool may_change(int vehicle) const;
  bool takes(const Route& route, int visit) const;
  int count_displaced() const;
  int displaced_by(const Route& route, const std::vector<int>& nodes, int visit) const;

  Plan& plan_;
  const Problem& problem_;
  const Prepared& prepared_;
  int visit_;
  Limits limits_;
  int displaced_ = 0;
  int pooled_ = 0;
  Random random_{0};
  std::vector<int> waiting_;
  std::vector<int> hardness_;  // per visit
  std::vector<std::pair<Seconds, int>> near_;
  Scratch scratch_;
  Route rest_;
};

}  // namespace servicenet::routing
