// Way down to a local optimum of a loose plan: visits are moved next to those near them while that
// lowers the cost, fines included. Only visits at which something has changed are tried, and only
// with tours that have changed since (Vidal, Crainic, Gendreau & Prins 2013; Wouda, Lan & Kool 2024).
#pragma once

#include <vector>

#include "exchange.h"
#include "joint.h"
#include "neighborhood.h"
#include "random.h"

namespace servicenet::routing {

// What is tried on the way down.
struct Manner {
  double blink = 0.0;  // chance to overlook a place where a visit could be put back (Christiaens &
                       // Vanden Berghe 2020)
  bool turns = false;  // parts of tours are turned round
  bool pairs = true;   // two visits side by side change places with one or two others
};

class Descent {
 public:
  Descent(LoosePlan& plan, Neighborhood& neighborhood, const Fines& fines, Random& random);

  void use(const Manner& manner) { manner_ = manner; }

  // Takes visits off their tours; `put_back` finds the cheapest place: none, where its penalty is
  // less, unless it is `forced`.
  void take_out(const std::vector<int>& visits);
  bool put_back(int visit, bool forced);

  // Whether vehicles without visits may set out.
  void open_tours(bool may) { may_open_ = may; }

  // Whether visits on no tour are tried where something changes near them.
  void take_in_missing(bool may) { may_take_in_ = may; }

  // Marks a visit as one to be tried.
  void push(int visit);
  void run();
  // Nothing is to be tried.
  void forget();

 private:
  // A visit near another one, and the ways between them.
  struct Near {
    int visit = 0;
    Meters in = 0;           // from there
    Meters out = 0;          // to there
    bool is_mutual = false;  // each is near the other
  };
  struct Place {
    Cost price = 0;
    int vehicle = -1;
    int position = 0;
  };

  void list_near(Neighborhood& neighborhood);
  bool is_tested(int visit, const Near& near, long long known) const;
  bool leaves(const Stop& stop) const { return stop.visit >= 0 && leaves_[stop.visit]; }
  void improve(int visit);
  bool improve_pair(int visit, const Near& near);
  bool follow(int before, int visit, Meters way);
  bool turn(int vehicle, int j, int i);
  bool may_gain(int before, int visit, Meters way) const;
  bool change_parts(const Joint& joint, const Part& s, const Part& t);
  bool lead(int visit, int first);
  bool open_tour(int visit);
  void take_in(int missing, int visit);
  void leave_out(int visit);
  void try_place(int visit, int vehicle, int position, Place& best);
  void push_around(int vehicle, int position);
  bool changed(const Part& p, const Part& q);

  LoosePlan& plan_;
  const Fines& fines_;
  Random& random_;
  Manner manner_;
  Exchange exchange_;
  std::vector<std::vector<Near>> near_;  // per visit
  std::vector<long long> tested_;  // per visit, clock of the plan
  bool may_open_ = true;
  bool may_take_in_ = true;
  std::vector<int> queue_;
  std::vector<char> is_queued_;
  std::vector<char> leaves_;  // per visit
  std::vector<int> stay_;
};

}  // namespace servicenet::routing
