// Serves everybody again after one visit more has come, whoever has to change hands for it.
//
// Nagata & Braysy (2009), section 3: a visit nobody has goes where it fits; where it fits nowhere it
// takes the place of one or two others, which are put in next. Those leave that were hard to put in
// the least often so far, so that the search gets out of every circle.
#pragma once

#include <array>
#include <vector>

#include "way_trials.h"
#include "ways.h"

namespace servicenet::routing {

class EjectionPool {
 public:
  // Changes `plan`, which lacks `visit`.
  EjectionPool(Plan& plan, int visit);

  // True if everybody is served, by these vehicles and those that stay as they are; false if that is
  // not found in so many steps.
  bool serve(const std::vector<int>& vehicles, int most_steps);

 private:
  // Visits of a route that leave for another one.
  struct Ousting {
    std::array<int, 2> visits = {-1, -1};
    int count = 0;  // how often they were hard to put in
    Insertion way;
    Cost price = kInfinite;
  };

  bool put_in(int visit, const std::vector<int>& vehicles);
  bool put(int visit, Insertion way);
  bool put_in_pool(int visit);
  bool oust_for(int visit, const std::vector<int>& vehicles);
  void oust_one(int visit, const Route& route, Ousting& best);
  void oust_two(int visit, const Route& route, Ousting& best);
  void try_without(int visit, const Route& route, Ousting gone, Ousting& best);
  void carry_out(int visit, const Ousting& ousting);
  bool takes(const Route& route, int visit) const;
  bool may_leave(const Node& node) const;
  int count(int visit) const { return counts_[static_cast<std::size_t>(visit)]; }

  Plan& plan_;
  const Problem& problem_;
  WayTrials trials_;
  int visit_;
  std::vector<int> counts_;   // per visit
  std::vector<int> waiting_;  // visits nobody has
  Route rest_;
};

}  // namespace servicenet::routing
