// The problem as the engine sees it: values copied once from the caller's arrays.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "measure.h"

namespace servicenet::routing {

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
};

struct Break {
  Seconds earliest = 0;
  Seconds latest = 0;  // latest start
  Seconds duration = 0;
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
  bool has_breaks() const { return last_break > first_break; }
};

struct Problem {
  int n_visits = 0;
  int n_vehicles = 0;
  int n_locations = 0;
  int n_loads = 0;
  int n_pools = 0;
  int n_types = 0;
  bool time_costs = false;  // false: only distance, fixed costs and penalties are priced

  std::vector<std::vector<Leg>> legs;  // per profile, n_locations squared, row = from
  std::vector<Visit> visits;
  std::vector<Window> windows;
  std::vector<Vehicle> vehicles;
  std::vector<Break> breaks;
  std::vector<int> demand;      // n_visits x n_loads
  std::vector<int> capacity;    // n_vehicles x n_loads
  std::vector<Cost> assignment; // n_visits x n_vehicles, -1 = forbidden
  std::vector<int> pool_capacity;
  std::vector<Cost> pool_cost;  // n_visits x n_pools, -1 = forbidden

  const Leg& leg(int profile, int from, int to) const {
    return legs[static_cast<std::size_t>(profile)]
               [static_cast<std::size_t>(from) * static_cast<std::size_t>(n_locations) +
                static_cast<std::size_t>(to)];
  }

  Cost assignment_cost(int visit, int vehicle) const {
    return assignment[static_cast<std::size_t>(visit) * static_cast<std::size_t>(n_vehicles) +
                      static_cast<std::size_t>(vehicle)];
  }

  bool allowed(int visit, int vehicle) const { return assignment_cost(visit, vehicle) >= 0; }

  Cost pool_price(int visit, int pool) const {
    return pool_cost[static_cast<std::size_t>(visit) * static_cast<std::size_t>(n_pools) +
                     static_cast<std::size_t>(pool)];
  }

  Cost late_cost(const Visit& visit, Seconds lateness) const {
    if (lateness <= 0) return 0;
    const Seconds first = std::min(lateness, visit.late_knee);
    return visit.late_rate * first + visit.late_rate_after * (lateness - first);
  }

  // Derives `type` of every vehicle and `time_costs`; call once after filling the rest.
  void finish();

 private:
  void find_types();
};

}  // namespace servicenet::routing
