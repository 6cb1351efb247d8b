// A plan under change: routes, pools and the visits nobody serves, with one level of undo.
//
// Every change since the last `commit` is remembered route by route, so that a rejected candidate
// costs only what it touched.
#pragma once

#include <utility>
#include <vector>

#include "breaks.h"
#include "flank.h"
#include "insertion.h"
#include "ledger.h"
#include "route.h"

namespace servicenet::routing {

// A route's decision without its schedule.
struct Step {
  Kind kind = Kind::kVisit;
  int index = 0;
  int choice = 0;
};

struct Decision {
  std::vector<std::vector<Step>> routes;  // per vehicle
  std::vector<int> pool_of;               // per visit, -1 = none
};

class Plan {
 public:
  static constexpr int kAbsent = -1;

  explicit Plan(const Problem& problem);

  const Problem& problem() const { return *problem_; }
  Cost committed_cost() const { return committed_cost_; }
  Cost cost() const { return cost_; }
  const Route& route(int vehicle) const { return routes_[static_cast<std::size_t>(vehicle)]; }
  int vehicle_of(int visit) const { return vehicle_of_[static_cast<std::size_t>(visit)]; }
  int pool_of(int visit) const { return pool_of_[static_cast<std::size_t>(visit)]; }
  int position_of(int visit) const { return position_of_[static_cast<std::size_t>(visit)]; }
  const Flank& flank_of(int visit) const { return flanks_[static_cast<std::size_t>(visit)]; }
  bool is_absent(int visit) const { return vehicle_of(visit) < 0 && pool_of(visit) < 0; }
  const std::vector<int>& absent() const { return absent_; }
  // Visits of a route, on average over those that have any.
  int n_used() const { return n_used_; }  // vehicles with visits
  double mean_route() const { return n_used_ > 0 ? static_cast<double>(n_served_) / n_used_ : 1.0; }
  const Ledger& ledger() const { return ledger_; }
  Surroundings surroundings() const {
    return {*problem_, ledger_, routes_, vehicle_of_, position_of_};
  }
  bool pool_takes(int visit, int pool) const;
  // The cheapest pool that takes a visit; -1 if there is none.
  int find_pool(int visit) const;
  // True if the plan has what `visit` depends on.
  bool is_ready_for(int visit) const;
  // True if a visit that has to be served before `visit` is not.
  bool lacks_first(int visit) const;

  // Takes `visits` of one route out of the plan, and what depends on them. Where the rest of the
  // route cannot be timed any more (travel need not obey the triangle inequality), the whole route
  // is taken out. Visits that waited for them do so until `refresh_links`.
  void remove_from_route(int vehicle, const std::vector<int>& visits);
  void remove_from_pool(int visit);

  // Carries out an insertion found by `try_position` or `solo_insertion`. False, nothing changed,
  // if it turns out impossible.
  bool insert(int visit, const Insertion& insertion);
  // Puts several visits, in this order, in front of node `position`; all or none.
  bool insert_block(int vehicle, int position, const std::vector<Node>& block);
  // Chooses windows and places breaks of one route anew, all together; then its pick-ups.
  void refine(int vehicle);
  // Lets linked visits start as early as what is left on the routes allows.
  void refresh_links();
  // Visits of other routes that wait for this one may have to wait less by now; see `refresh_links`.
  void expect_earlier(int vehicle) { stale_.push_back(vehicle); }
  void insert_into_pool(int visit, int pool);

  // Puts back a whole route; false if it breaks a rule (then it is left empty).
  bool restore_route(int vehicle, const std::vector<Step>& steps);
  // Puts the visits of a route that breaks a rule on it, in their order, as far as they fit.
  void refill_route(int vehicle, const std::vector<Step>& steps);

  // Vehicles changed since the last commit.
  const std::vector<int>& touched() const { return touched_; }

  void commit();
  void rollback();

  Decision decision() const;
  // Brings `decision`, a snapshot taken from this plan before (or an empty one), up to date.
  void snapshot(Decision& decision);
  // Takes over any plan whose steps exist; what is impossible in it is left out.
  void restore(const Decision& decision);

 private:
  // What a route adds to the whole.
  struct Booked {
    Cost cost = 0;
    int visits = 0;
  };

  void touch(int vehicle);
  void take_snapshot_of(int vehicle, Decision& decision) const;
  void settle(int vehicle);
  void save(int vehicle);
  void undo_saved();
  bool time_anew(Route& route);
  bool share_van(int vehicle);
  bool time_waiting(Route& route);
  bool place_breaks(Route& route);
  bool settle_links(std::vector<int> queue);
  bool retime(const std::vector<int>& component);
  void push_partners(int vehicle, std::vector<int>& late);
  std::vector<int> linked_component() const;
  void take_off(int vehicle, const std::vector<int>& visits);
  void evict(int vehicle);
  bool keep(int vehicle, const std::vector<int>& visits);
  bool links_hold() const;
  bool is_as_promised(int visit, const Insertion& insertion, Cost before) const;
  void refine_pickups(int vehicle);
  bool takes_person(int vehicle, int visit) const;
  void replace_if_cheaper(int vehicle, Route& other);
  void make_absent(int visit);
  void take_absent(int visit);

  const Problem* problem_;
  std::vector<Route> routes_;
  std::vector<int> vehicle_of_;
  std::vector<int> position_of_;
  std::vector<Flank> flanks_;  // per visit; those of visits on no route are old
  std::vector<int> pool_of_;
  std::vector<int> pool_size_;
  std::vector<int> absent_;
  std::vector<int> absent_slot_;
  std::vector<Booked> booked_;  // per vehicle
  int n_used_ = 0;              // vehicles with visits
  int n_served_ = 0;            // visits on routes
  Cost cost_ = 0;
  Ledger ledger_;
  BreakPlacer placer_;
  Route scratch_;
  Scratch trials_;

  std::vector<int> touched_;
  std::vector<char> is_touched_;
  std::vector<Route> backups_;
  std::vector<Route> saved_;  // the first `n_saved_`: routes before the change under way
  std::size_t n_saved_ = 0;
  std::vector<int> stale_;                          // routes that may start earlier now
  std::vector<std::pair<int, int>> pool_changes_;  // visit, pool before
  Cost committed_cost_ = 0;

  std::vector<int> changed_;  // vehicles changed since the last snapshot
  std::vector<char> is_changed_;
  std::vector<std::vector<int>> sharers_;  // vehicles of each van; empty without parts
};

}  // namespace servicenet::routing
