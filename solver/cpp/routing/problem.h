// The problem as the engine sees it: values copied once from the caller's arrays.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "measure.h"
#include "shared_table.h"
#include "traffic.h"

namespace servicenet::routing {

inline constexpr int kUnlimited = std::numeric_limits<int>::max() / 2;

struct Leg {
  Seconds duration = 0;
  Meters distance = 0;
};

struct Window {
  Seconds earliest = 0;
  Seconds latest = 0;  // late after it
  Seconds limit = 0;   // impossible after it
};

struct Visit {
  int location = 0;
  Seconds service = 0;
  Seconds access = 0;
  Cost penalty = 0;
  Seconds late_knee = 0;
  Cost late_rate = 0;
  Cost late_rate_after = 0;
  int first_window = 0;
  int last_window = 0;  // one past
  int first_need = 0;
  int last_need = 0;  // one past
  bool needs_parts() const { return last_need > first_need; }
};

struct Break {
  Seconds earliest = 0;
  Seconds latest = 0;  // latest start
  Seconds duration = 0;
};

struct Need {
  int part = 0;
  int units = 0;
};

// A place and time at which parts can be picked up.
struct Point {
  int location = 0;
  Seconds earliest = 0;
  Seconds latest = 0;  // latest start
  Seconds service = 0;
  int stock = 0;  // row of `Problem::stock`
};

// What a customer was told; nothing by default.
struct Told {
  Seconds latest = kUnlimited;  // each second of an arrival after it costs `rate`
  Cost rate = 0;
  int person = -1;      // who was announced
  int order = 0;        // rank among what this person was told
  Cost order_cost = 0;  // of directly following one of a higher rank
};

// The day without visits of a vehicle that is out already: to the end place, at once but for the
// breaks that could not be taken there. Whether it `keeps` all rules or not, it is what is left.
struct Idle {
  Leg leg;
  Seconds end = 0;
  Seconds rested = 0;  // breaks taken where it stands
  bool keeps = true;
  Cost cost = 0;
};

struct RouteLimits {
  int visits = kUnlimited;
  int distance = kUnlimited;
  int driving = kUnlimited;
  int duration = kUnlimited;
};

struct Vehicle {
  int start = 0;
  int end = 0;
  int profile = 0;
  Seconds earliest = 0;
  Seconds latest = 0;
  Seconds end_limit = 0;  // latest + overtime
  Cost fixed = 0;
  Cost per_second = 0;
  Cost per_overtime_second = 0;
  Cost per_meter = 0;
  int first_break = 0;
  int last_break = 0;  // one past
  int type = 0;        // vehicles of one type are interchangeable
  int group = 0;       // of service times
  int person = -1;
  int van = -1;
  RouteLimits limits;
  int told_as = -1;    // person by what customers were told
  bool rush = false;  // travel depends on the hour
  bool out = false;    // leaves exactly at `earliest`, also without visits
  bool has_breaks() const { return last_break > first_break; }
};

// What a person may do before it costs more.
struct Share {
  Cost work = 0;
  Cost distance = 0;
  Cost per_second = 0;
  Cost per_meter = 0;
};

struct Link {
  int first = 0;
  int second = 0;
  Seconds least = 0;
  Seconds most = kUnlimited;
  bool from_end = false;
  int person = 0;   // 1 the same, 2 different
  int demands = 0;  // 1 second needs first, 2 both or none
};

struct Rules {
  bool leaves_for_end = false;
  bool late_at_start = false;
  Cost worst_late_rate = 0;
};

struct Problem {
  int n_visits = 0;
  int n_vehicles = 0;
  int n_locations = 0;
  int n_loads = 0;
  int n_pools = 0;
  int n_types = 0;
  int n_parts = 0;
  int n_groups = 1;
  bool only_hard = false;  // no promise can be missed
  bool time_costs = false;  // false: only distance, fixed costs and penalties are priced

  std::vector<SharedTable<Leg>> legs;  // per profile, n_locations squared, row = from
  std::vector<Visit> visits;
  std::vector<Window> windows;
  std::vector<Vehicle> vehicles;
  std::vector<Break> breaks;
  std::vector<int> demand;      // n_visits x n_loads
  std::vector<int> capacity;    // n_vehicles x n_loads
  std::vector<Cost> assignment; // n_visits x n_vehicles, -1 = forbidden
  std::vector<int> pool_capacity;
  std::vector<Cost> pool_cost;  // n_visits x n_pools, -1 = forbidden

  Traffic traffic;
  std::vector<Seconds> group_service;  // n_visits x n_groups; empty = the visit's own
  std::vector<Share> shares;           // per person
  Rules rules;

  std::vector<Need> needs;
  std::vector<char> is_used_up;     // per part
  std::vector<int> van_stock;       // vans x n_parts
  std::vector<Point> points;
  std::vector<int> stock;           // stocks x n_parts, kUnlimited = always enough
  std::vector<int> pool_stock;      // n_pools x n_parts
  bool parts_concern_one = false;   // own vans, stocks without end: no route takes from another

  std::vector<Link> links;
  std::vector<std::vector<int>> links_of;  // per visit; empty without links

  std::vector<Told> told;   // per visit; empty where nobody was told anything
  std::vector<Idle> idle;   // per vehicle; empty where nobody is out
  Cost most_order_cost = 0;  // no visit pays more for its place in the order

  const Leg& leg(int profile, int from, int to) const {
    return legs[static_cast<std::size_t>(profile)][cell(from, to)];
  }

  // Moment at which `vehicle`, leaving `from` at `departure`, is at `to`. There has to be a way.
  Seconds arrive(const Vehicle& vehicle, int from, int to, Seconds departure) const {
    if (!vehicle.rush) return departure + leg(vehicle.profile, from, to).duration;
    return traffic.arrive(by_regime(vehicle, from, to), departure);
  }

  // Latest departure that is there by `arrival`; under traffic one at `earliest` has to be.
  Seconds leave(const Vehicle& vehicle, int from, int to, Seconds earliest,
                Seconds arrival) const {
    if (!vehicle.rush) return arrival - leg(vehicle.profile, from, to).duration;
    return traffic.leave(by_regime(vehicle, from, to), earliest, arrival);
  }

  Seconds service(int visit, const Vehicle& vehicle) const {
    const auto v = static_cast<std::size_t>(visit);
    if (group_service.empty()) return visits[v].service;
    return group_service[v * static_cast<std::size_t>(n_groups) +
                         static_cast<std::size_t>(vehicle.group)];
  }

  Cost assignment_cost(int visit, int vehicle) const {
    return assignment[static_cast<std::size_t>(visit) * static_cast<std::size_t>(n_vehicles) +
                      static_cast<std::size_t>(vehicle)];
  }

  bool allowed(int visit, int vehicle) const {
    const auto v = static_cast<std::size_t>(visit);
    const auto k = static_cast<std::size_t>(vehicle);
    return (allowed_[v * allowed_words_ + k / 64] >> (k % 64) & 1) != 0;
  }

  Cost pool_price(int visit, int pool) const {
    return pool_cost[static_cast<std::size_t>(visit) * static_cast<std::size_t>(n_pools) +
                     static_cast<std::size_t>(pool)];
  }

  Cost late_cost(const Visit& visit, Seconds lateness) const {
    if (lateness <= 0) return 0;
    const Seconds first = std::min(lateness, visit.late_knee);
    return visit.late_rate * first + visit.late_rate_after * (lateness - first);
  }

  // Price of a visit that is late by `lateness` and reached at `arrival`.
  Cost delay_cost(int visit, Seconds lateness, Seconds arrival) const {
    const Cost late = late_cost(visits[static_cast<std::size_t>(visit)], lateness);
    if (told.empty()) return late;
    const Told& said = told[static_cast<std::size_t>(visit)];
    return late + said.rate * std::max(0, arrival - said.latest);
  }

  // Price of `visit` following `before` directly on `vehicle`.
  Cost order_cost(int before, int visit, int vehicle) const {
    const Told& first = told[static_cast<std::size_t>(before)];
    const Told& second = told[static_cast<std::size_t>(visit)];
    const int person = vehicles[static_cast<std::size_t>(vehicle)].told_as;
    const bool turned =
        first.person == person && second.person == person && first.order > second.order;
    return turned ? second.order_cost : 0;
  }
  bool has_order() const { return most_order_cost > 0; }

  // What `vehicle` costs without visits.
  Cost idle_cost(int vehicle) const {
    return idle.empty() ? 0 : idle[static_cast<std::size_t>(vehicle)].cost;
  }

  int stock_of(const Point& point, int part) const {
    return stock[static_cast<std::size_t>(point.stock) * static_cast<std::size_t>(n_parts) +
                 static_cast<std::size_t>(part)];
  }

  // Pick-up points by distance to a location.
  const std::vector<int>& points_near(int location) const {
    return points_near_[static_cast<std::size_t>(location)];
  }

  bool is_linked(int visit) const {
    return !links_of.empty() && !links_of[static_cast<std::size_t>(visit)].empty();
  }

  // Visits that are served together with this one or not at all, or depend on one another; each
  // after those it depends on. Empty for a visit that stands alone.
  const std::vector<int>& group_of(int visit) const {
    return groups_[static_cast<std::size_t>(group_number_[static_cast<std::size_t>(visit)])];
  }

  // Derives what follows from the rest; call after filling or changing it.
  void finish();

 private:
  std::size_t cell(int from, int to) const {
    return static_cast<std::size_t>(from) * static_cast<std::size_t>(n_locations) +
           static_cast<std::size_t>(to);
  }
  const Seconds* by_regime(const Vehicle& vehicle, int from, int to) const {
    return traffic.durations[static_cast<std::size_t>(vehicle.profile)].data() +
           cell(from, to) * traffic.n_regimes;
  }
  void find_allowed();
  void find_agreed();
  Idle find_idle(const Vehicle& vehicle) const;
  void find_types();
  void sort_points();
  void find_groups();
  void sort_by_links(std::vector<int>& members) const;

  // Signs of `assignment`, a bit each: asked for every neighbor of every visit that looks for a place.
  std::vector<std::uint64_t> allowed_;
  std::size_t allowed_words_ = 0;  // per visit
  std::vector<std::vector<int>> groups_;
  std::vector<int> group_number_;
  std::vector<std::vector<int>> points_near_;
};

}  // namespace servicenet::routing
