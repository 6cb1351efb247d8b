// Ways to serve one visit more in a plan that stands, in milliseconds: it goes between the others,
// the others slide, or visits make room and go elsewhere. At most two vehicles change, or more if
// asked for and there is no other way.
//
// Quick trials rank the ways; the best are then carried out on the plan, priced there and taken
// back. So every price handed out is the exact difference of the whole plan's cost.
#pragma once

#include <utility>
#include <vector>

#include "plan.h"

namespace servicenet::routing {

enum class Rung {
  kInsertion,  // nobody else's promise gets worse
  kSlide,      // others come later than promised, at a price
  kReorder,    // visits change their turn on the same vehicle
  kSwap,       // one visit leaves for another vehicle
  kEject,      // several do
  kPool,       // a pool serves it
  kDrop        // others are left out; only where there is no other way
};

struct Way {
  int vehicle = -1;
  int pool = -1;
  Rung rung = Rung::kInsertion;
  Cost cost = kInfinite;  // of the whole plan, the visit's own penalty aside
  Seconds arrival = -1;
  std::vector<std::pair<int, std::vector<Step>>> changed;  // routes with other steps
  std::vector<int> displaced;                              // visits that change their vehicle or leave for a pool
  std::vector<std::pair<int, int>> pooled;                 // of those: (visit, pool it goes to)
  std::vector<int> dropped;
  int late = -1;  // the visit whose promise is given up
  bool delays = false;  // somebody else is late, and later than before
};

// Where a displaced visit goes: between others of a route, or to a pool.
struct Home {
  Insertion way;
  int pool = -1;
};

// A visit that leaves for another one, and where it goes.
struct Onward {
  int visit = -1;
  Home home;
};

// Where everything goes: a way whose exact price is not known yet.
struct Sketch {
  Insertion way;             // of the visit, `removed` being gone from its vehicle
  std::vector<int> removed;  // from the same vehicle
  std::vector<Home> back;    // where they go; empty if they are left out
  int late = -1;             // one of `removed` that goes wherever it can, later than promised
  std::vector<Onward> chain;  // each leaves for the one before it, the first for the first of `back`
  Cost price = kInfinite;    // an estimate where routes share something or breaks may move
};

// What is asked for.
struct Question {
  int top = 5;         // ways at the most
  int eject = 2;       // visits that may make room
  bool chain = false;  // over pools and more vehicles, if there is no other way
  // Per window, the limit for one visit whose promise may be given up if there is none either; null
  // or empty = none may.
  const std::vector<Seconds>* lenient = nullptr;
};

// What is known of a plan before anybody asks; belongs to one plan.
struct Prepared {
  std::vector<char> barred;         // per vehicle: its route stays as it is
  std::vector<Route> bare;          // per vehicle: its route without breaks, as early as it can be
  std::vector<Seconds> lateness;    // per visit
  std::vector<int> vehicle_of;      // per visit
  std::vector<int> moved;           // vehicles whose breaks could not stay where they were
};

class EjectionPool;
class WaySearch;

class WayFinder {
 public:
  // `problem` has to outlive the finder; `cost` is that of the plan. Routes of `decision` that break
  // a rule, and those of the vehicles `kept`, are barred: they are never changed.
  WayFinder(Problem& problem, const Decision& decision, Cost cost, const std::vector<int>& kept);

  // The cheapest ways for a visit that is not in the plan, cheapest first and different vehicles
  // before other ways of the same.
  std::vector<Way> find(int visit, const Question& question);

  bool is_in_plan(int visit) const { return in_plan_[static_cast<std::size_t>(visit)] != 0; }
  std::vector<int> barred() const;

 private:
  void restore();
  bool counts_all() const;
  void prepare();
  bool carry_out(int visit, const Sketch& sketch, int eject, Way& way);
  std::vector<Way> find_further(int visit, const Question& question, WaySearch& search);
  std::vector<Way> regroup(int visit, const WaySearch& search, bool known);
  bool regroup(EjectionPool& pool, int visit, const std::vector<int>& vehicles, int most_steps,
               Way& way);
  void improve(int visit, std::size_t absent, Cost before, Way& way);
  void reduce(EjectionPool& pool, int visit, Way& way);
  bool polish(int visit, const Sketch& sketch, int eject);
  std::vector<Way> spare(int visit, const std::vector<Seconds>& limits, WaySearch& search);
  bool put_late(int visit);
  bool put_all(int visit, const Sketch& sketch);
  bool put_back(int visit, const Home& home);
  bool put_one(int visit, const Insertion& insertion);
  bool put_group(int visit);
  bool is_sound(int visit, const Sketch& sketch, std::size_t absent) const;
  bool is_whole(std::size_t absent) const;
  Way describe(int visit) const;
  Way state(int visit, Cost before) const;
  Rung rung_of(int visit, const Way& way) const;
  bool makes_late(int visit) const;
  bool keeps_order(int visit, int vehicle) const;
  bool has_moved(int vehicle) const;
  void check_price() const;
  void add_pools(int visit, std::vector<Way>& ways) const;
  std::vector<Way> carry_out_best(int visit, const std::vector<Sketch>& sketches,
                                  const Question& question, int per_vehicle);

  Problem& problem_;
  Decision decision_;
  std::vector<int> kept_;
  Plan plan_;
  std::vector<char> in_plan_;
  bool only_hard_ = false;
  Prepared prepared_;
  Cost saved_ = 0;  // what putting the plan back has added to its cost
};

}  // namespace servicenet::routing
