// Putting visits back: greedy insertion with blinks (Christiaens & Vanden Berghe 2020, section
// 5.2), next to neighbors first, alone on an empty vehicle, or in a pool.
#pragma once

#include <vector>

#include "breaks.h"
#include "insertion.h"
#include "neighborhood.h"
#include "outlook.h"
#include "plan.h"
#include "random.h"

namespace servicenet::routing {

struct RecreateSettings {
  // A way in is overlooked with this chance, more often where there are few.
  double blink_chance = 0.01;
  double blink_chance_per_visit = 0.3;
  double wide_chance = 0.1;  // look at every position where neighbors offer none
  // Visits per problem that are tried with breaks placed anew for every position: always, and
  // where there is no other way in. Exact in small problems, a sample in large ones.
  double rearranged = 5.0;
  double rearranged_if_stuck = 40.0;
  // Recreates per visit of the problem that begin with a block of visits put in together, for
  // those that only fit side by side (travel need not obey the triangle inequality).
  double blocks = 3.0;
  double most_blocks = 0.5;
  int longest_block = 4;
  // Recreates per visit of the problem after which changed routes choose their windows anew, all
  // together with their breaks.
  double refined = 20.0;
};

class Recreate {
 public:
  Recreate(const Problem& problem, Neighborhood& neighborhood, RecreateSettings settings);

  // Tries to put every one of `visits` back, in an order drawn at random. False, halfway, where the
  // plan is bound to cost `most` or more.
  bool apply(Plan& plan, Random& random, std::vector<int>& visits, Cost most);

  // No vehicle sets out where so many are on the way already; all may at first.
  void use_at_most(int vehicles) { most_vehicles_ = vehicles; }

  // Puts one visit, together with what it depends on, where it costs least, if that is below its
  // penalty. `wide` looks everywhere.
  bool insert_best(Plan& plan, Random& random, int visit, bool wide, double blink_chance);

 private:
  // A type of vehicle coming for one visit alone.
  struct Solo {
    Cost bound;             // no more than its price
    int type;
    int window = -1;        // of the cheapest way
    Cost cost = kUnknown;   // more than without visits, but for what routes share; once needed
    Cost work = 0;
    Cost distance = 0;
    Seconds late = 0;
  };
  static constexpr Cost kUnknown = -kInfinite;

  bool put_back(Plan& plan, Random& random, int visit, bool wide, double blink);
  bool insert_group(Plan& plan, Random& random, int visit, bool wide, double blink);
  bool insert_one(Plan& plan, Random& random, int visit, bool wide, double blink, Cost allowance);
  Insertion find_best(const Plan& plan, Random& random, int visit, bool wide, double blink,
                      Cost allowance);
  void sort(Random& random, std::vector<int>& visits) const;
  void scan_neighbors(const Plan& plan, Random& random, int visit, double blink, Insertion& best);
  void list_near(const Plan& plan, int visit);
  bool pays(const Plan& plan, int vehicle, int position, int visit, Insertion best);
  void scan_everything(const Plan& plan, Random& random, int visit, double blink, Insertion& best);
  void try_block(Plan& plan, Random& random, const std::vector<int>& visits);
  void scan_rearranged(const Plan& plan, int visit, Insertion& best);
  void try_rearranged(const Plan& plan, const Route& route, int position, int visit,
                      Insertion& best);
  void scan_position(const Plan& plan, Random& random, int vehicle, int position, int visit,
                     double blink, Insertion& best);
  void scan_empty(const Plan& plan, Random& random, int visit, double blink, bool wide,
                  Insertion& best);
  int find_pool(const Plan& plan, Random& random, int visit, double blink, Cost bound) const;
  bool takes(const Plan& plan, int vehicle, int visit);
  bool seen(const Route& route, int position);
  std::vector<Solo>& solos(int visit);
  Solo bound_solo(int visit, int type) const;
  void price_solo(const Plan& plan, int vehicle, int visit, Solo& solo);
  void try_solo_exactly(const Plan& plan, int vehicle, int visit, Insertion& best);
  void try_solo(const Plan& plan, int visit, Solo& solo, Insertion& best);
  int find_empty(const Plan& plan, int type) const;
  bool may_set_out(const Plan& plan) const;

  const Problem& problem_;
  Neighborhood& neighborhood_;
  RecreateSettings settings_;
  std::vector<std::vector<int>> vehicles_of_type_;
  std::vector<std::vector<Solo>> solos_;
  std::vector<char> solos_known_;
  int most_vehicles_;
  bool any_breaks_ = false;
  bool any_choice_ = false;
  Outlook outlook_;
  Scratch scratch_;
  Route rearranged_;
  std::vector<Node> block_;
  std::vector<const Beside*> near_;
  BreakPlacer placer_;

  // Marks of the current visit: which positions and vehicles were looked at.
  long long mark_ = 0;
  std::vector<long long> after_visit_;
  std::vector<long long> after_break_;
  std::vector<long long> at_start_;
  std::vector<long long> vehicle_mark_;
  std::vector<char> vehicle_takes_;
};

}  // namespace servicenet::routing
