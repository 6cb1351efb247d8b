// A plan that may be late or overloaded, at a price: what a descent walks through on its way to one
// that is neither. Only for problems in which distance is all that costs (`LoosePlan::suits`).
//
// Lateness is counted as time warp: who is late is set back to the end of the window and pays for
// the seconds (Nagata, Braysy & Dullaert 2010), so what lies behind is not late, too. Stretches of a
// tour are joined in constant time (Vidal, Crainic, Gendreau & Prins 2013).
#pragma once

#include <algorithm>
#include <vector>

#include "plan.h"

namespace servicenet::routing {

struct Warped {
  Seconds lasts = 0;
  Seconds warp = 0;
  Seconds earliest = 0;  // begin for which neither grows
  Seconds latest = 0;
};

inline Warped join(const Warped& first, Seconds way, const Warped& second) {
  const Seconds ahead = first.lasts - first.warp + way;
  const Seconds waits = std::max(0, second.earliest - ahead - first.latest);
  const Seconds late = std::max(0, first.earliest + ahead - second.latest);
  return {first.lasts + second.lasts + way + waits, first.warp + second.warp + late,
          std::max(second.earliest - ahead, first.earliest) - waits,
          std::min(second.latest - ahead, first.latest) + late};
}

// Costs in here are multiples of this: fines have to be finer than the caller's unit.
inline constexpr Cost kFine = 64;

struct Fines {
  Cost late = kFine;  // per second of warp or beyond the longest duration
  Cost load = kFine;  // per unit above the capacity
};

// A visit on a tour, or the tour's start or end place, with what is needed to join parts.
struct Stop {
  int visit = -1;  // -1 = start or end
  int place = 0;
  Seconds access = 0;
  Warped alone;
  Warped upto;  // from the start to here
  Warped from;  // from here to the end
  Cost way = 0;   // meters from the start to here
  Cost back = 0;  // meters from here to the start, the same stops the other way round
};

struct Tour {
  const Leg* legs = nullptr;
  Cost per_meter = 0;
  Cost fixed = 0;
  Cost cost = 0;      // without fines
  Cost assigned = 0;  // prices of these visits on this vehicle
  long long excess = 0;
  long long changed = 0;  // when
  Seconds warp = 0;  // and what it lasts too long
  Seconds longest = kUnlimited;
  int type = 0;
  int vehicle = 0;
  std::vector<Stop> stops;     // start, visits, end
  std::vector<int> load_upto;  // [stop * loads + d]

  int size() const { return static_cast<int>(stops.size()) - 2; }
  bool empty() const { return size() == 0; }
  Cost way() const { return stops.back().way; }
  // Seconds fined where the tour as a whole is `time`; it leaves as late as it can.
  Seconds warp_of(const Warped& time) const {
    return time.warp + std::max(0, time.lasts - time.warp - longest);
  }
  Cost fine(const Fines& fines) const { return fines.late * warp + fines.load * excess; }
};

// Where a visit is, and the ways from the stop before it and to the one behind it.
struct Spot {
  int vehicle = -1;  // -1 = on none
  int position = 0;  // the first is 1
  Meters in = 0;
  Meters out = 0;
};

class LoosePlan {
 public:
  explicit LoosePlan(const Problem& problem);

  static bool suits(const Problem& problem);

  const Problem& problem() const { return *problem_; }
  const Tour& tour(int vehicle) const { return tours_[vehicle]; }
  const Spot& spot(int visit) const { return spots_[visit]; }
  int vehicle_of(int visit) const { return spots_[visit].vehicle; }
  int position_of(int visit) const { return spots_[visit].position; }
  Cost cost() const { return cost_; }
  Cost fined(const Fines& fines) const {
    return cost_ + fines.late * warp_ + fines.load * excess_;
  }
  bool is_late() const { return warp_ > 0; }
  bool is_overloaded() const { return excess_ > 0; }
  bool is_legal() const { return warp_ == 0 && excess_ == 0; }
  // Grows with every change of a tour.
  long long clock() const { return clock_; }
  int find_empty(int type);
  // Cost of the plan in the caller's unit, without fines.
  Cost true_cost() const { return cost_ / kFine; }
  Cost penalty(int visit) const { return kFine * problem_->visits[visit].penalty; }
  Cost assignment(int visit, int vehicle) const {
    return takes_all_ ? 0 : kFine * problem_->assignment_cost(visit, vehicle);
  }

  // True if all vehicles go the same ways.
  bool has_one_profile() const { return problem_->legs.size() == 1; }

  // True if any visit may go on any vehicle at no price of its own.
  bool takes_all() const { return takes_all_; }
  // True if a visit has no price of its own on the vehicles it may go on.
  bool assigns_free() const { return assigns_free_; }

  // Puts these visits on a vehicle instead of those it has; one taken over from another tour has to
  // be taken off that one next. Visits that are nowhere cost their penalty.
  void set(int vehicle, const std::vector<int>& visits);

  // `undo` takes back all changes since `begin`.
  void begin() { n_saved_ = 0; ++era_; }
  void undo();
  // The i-th tour changed since `begin`.
  int changed_tour(int i) const { return saved_[i].vehicle; }
  int n_changed() const { return n_saved_; }

  void adopt(const Decision& decision);
  Decision decision() const;
  // Rewrites the routes of a decision that was up to date at that clock.
  void refresh(Decision& decision, long long since) const;

  const Leg& leg(const Tour& tour, int from, int to) const {
    return tour.legs[static_cast<std::size_t>(from) * stride_ + static_cast<std::size_t>(to)];
  }
  // A stop as it would be on any tour; only what does not depend on the tour is filled in.
  const Stop& stop(int visit) const { return alone_[visit]; }
  // Units above the capacity if the load changes by as much.
  long long excess_with(const Tour& tour, const std::vector<int>& change) const;
  int demand(int visit, int dimension) const {
    return problem_->demand[visit * problem_->n_loads + dimension];
  }

 private:
  void copy_legs(const std::vector<int>& number);
  // Stops before the first or behind the last are as they were.
  void time(Tour& tour, int first, int last);
  void settle(const Tour& tour, int first, int last);
  void weigh(Tour& tour) const;
  void count(const Tour& tour, int sign);
  void save(const Tour& tour);

  const Problem* problem_;
  std::size_t stride_;
  std::vector<std::vector<Leg>> legs_;  // per profile, places as numbered here
  std::vector<Tour> tours_;
  std::vector<Stop> alone_;  // per visit
  std::vector<Spot> spots_;  // per visit
  std::vector<std::vector<int>> vehicles_of_type_;
  std::vector<int> rank_;       // per vehicle, within its type
  std::vector<int> none_before_;  // per type, rank: all before it have visits
  bool takes_all_ = true;
  bool assigns_free_ = true;
  Cost cost_ = 0;
  long long warp_ = 0;
  long long excess_ = 0;
  long long clock_ = 0;

  std::vector<Tour> saved_;  // before the changes; the first `n_saved_`
  int n_saved_ = 0;
  std::vector<long long> saved_in_;  // per vehicle, era
  long long era_ = 0;
};

}  // namespace servicenet::routing
