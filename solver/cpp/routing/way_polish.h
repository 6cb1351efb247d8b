// What a way changes, made better: while it pays, visits of its routes change places between them.
#pragma once

#include <vector>

#include "insertion.h"
#include "ways.h"

namespace servicenet::routing {

class WayPolish {
 public:
  // `visit`, which the way is about, stays. At most `most` visits change their vehicle against
  // `prepared`.
  WayPolish(Plan& plan, const Prepared& prepared, int visit, int most);

  // False if a move turned out impossible; the plan is then to be rolled back.
  bool improve();

 private:
  struct Move {
    int visit = -1;
    Insertion way;
    Cost gain = 0;
  };

  Move find_best();
  void try_visit(int vehicle, int position, Move& best);
  void try_route(const Route& route, int visit, Cost saved, Move& best);
  bool may_join(int visit, int vehicle) const;
  bool carry_out(Move move);

  Plan& plan_;
  const Problem& problem_;
  const Prepared& prepared_;
  int visit_;
  int most_;
  std::vector<int> vehicles_;
  Scratch scratch_;
  Route rest_;
};

}  // namespace servicenet::routing
