// Way down to a local optimum of a loose plan: visits are moved next to those near them while that
// lowers the cost, fines included. Only visits at which something has changed are tried, and only
// with tours that have changed since (Vidal, Crainic, Gendreau & Prins 2013; Wouda, Lan & Kool 2024).
#pragma once

#include <vector>

#include "exchange.h"
#include "neighborhood.h"
#include "random.h"

namespace servicenet::routing {

class Descent {
 public:
  Descent(LoosePlan& plan, Neighborhood& neighborhood, const Fines& fines, Random& random);

  // Takes a visit off its tour; `put_back` finds the cheapest place: none, where its penalty is
  // less, unless it is `forced`.
  void take_out(int visit);
  bool put_back(int visit, bool forced);

  // Marks a visit as one to be tried.
  void push(int visit);
  void run();

 private:
  struct Place {
    Cost price = 0;
    int vehicle = -1;
    int position = 0;
  };

  void improve(int visit);
  bool improve_pair(int visit, int other);
  bool follow(int before, int visit);
  bool may_gain(int before, int visit) const;
  bool lead(int visit, int first);
  bool open_tour(int visit);
  void try_place(int visit, int vehicle, int position, Place& best);
  void push_around(int vehicle, int position);
  bool changed(const Part& p, const Part& q);

  LoosePlan& plan_;
  Neighborhood& neighborhood_;
  Random& random_;
  Exchange exchange_;
  std::vector<long long> tested_;  // per visit, clock of the plan
  std::vector<int> queue_;
  std::vector<char> is_queued_;
};

}  // namespace servicenet::routing
