// Trials on a loose plan: parts of two tours, or of one, change places, two tours change tails, or a
// part of a tour is turned round (relocate, Or-opt, swap, cross exchange: Savelsbergh 1992, Taillard
// et al. 1997; 2-opt*: Potvin & Rousseau 1995; 2-opt: Croes 1958). A trial is carried out if it
// lowers the cost, fines included.
//
// Travel is compared first, in constant time: it decides most trials (Vidal et al. 2013).
#pragma once

#include <array>
#include <vector>

#include "loose_plan.h"

namespace servicenet::routing {

// Stops [from, to) of a tour; may be empty. The first visit is stop 1.
struct Part {
  int vehicle = 0;
  int from = 0;
  int to = 0;
  int length() const { return to - from; }
};

class Exchange {
 public:
  Exchange(LoosePlan& plan, const Fines& fines);

  // Parts p and q change places; on one tour they must not overlap.
  bool parts(const Part& p, const Part& q);

  // The stops before the i-th of tour a go on with tour b from the j-th on, and the other way round.
  bool tails(int a, int i, int b, int j);

  // Stops [from, to) of a tour are visited the other way round.
  bool turn(int vehicle, int from, int to);

  // A visit that is nowhere takes the place of the i-th of a tour, which is on none then.
  bool replace(int vehicle, int i, int visit);

  // Puts a visit that is nowhere in front of the i-th stop of a tour, or takes the i-th off.
  Cost price_of_adding(int visit, int vehicle, int i, Cost most);
  void add(int visit, int vehicle, int i);
  bool leave_out(int vehicle, int i);
  void remove(int vehicle, int i);

 private:
  bool between(const Part& p, const Part& q);
  bool within(const Part& x, const Part& y);
  Cost basic_between(const Tour& a, const Part& p, const Tour& b, const Part& q) const;
  Cost more_between(const Tour& a, const Part& p, const Tour& b, const Part& q) const;
  Cost more_within(const Tour& tour, const Part& x, const Part& y) const;
  Cost more_turned(const Tour& tour, int from, int to) const;
  Cost joined(const Tour& a, int i, const Tour& b, int j, bool with_time) const;

  // Meters from stop `before` of `onto` through part [from, to) of `giver` to stop `behind`.
  Cost bridge(const Tour& onto, const Stop& before, const Tour& giver, int from, int to,
              const Stop& behind) const;
  void go_through(const Tour& onto, Warped& time, int& place, const Tour& giver, int from,
                  int to) const;
  Seconds warp_with(const Tour& onto, int from, const Tour& giver, int first, int last,
                    int to) const;
  bool fits(const Tour& giver, int from, int to, int vehicle) const;
  Cost assigned(const Tour& giver, int from, int to, int vehicle) const;
  // What a change of tour costs at least: all but fines.
  Cost basic(const Tour& tour, Cost way, Cost assigned, bool empties) const;
  void change_loads(const Tour& tour, int from, int to, int sign);
  Cost excess_fine(const Tour& a, const Tour& b);
  bool set(int a, int b, Cost more);
  static void append(std::vector<int>& visits, const Tour& tour, int from, int to);

  LoosePlan& plan_;
  const Fines& fines_;
  std::vector<int> load_;
  std::vector<int> new_a_;
  std::vector<int> new_b_;
};

}  // namespace servicenet::routing
