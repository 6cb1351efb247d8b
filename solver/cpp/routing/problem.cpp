#include "problem.h"

#include <map>
#include <tuple>

namespace servicenet::routing {

namespace {

bool same_column(const Problem& problem, int a, int b) {
  for (int v = 0; v < problem.n_visits; ++v) {
    if (problem.assignment_cost(v, a) != problem.assignment_cost(v, b)) return false;
  }
  for (int d = 0; d < problem.n_loads; ++d) {
    const auto row = static_cast<std::size_t>(problem.n_loads);
    const auto offset = static_cast<std::size_t>(d);
    if (problem.capacity[static_cast<std::size_t>(a) * row + offset] !=
        problem.capacity[static_cast<std::size_t>(b) * row + offset]) {
      return false;
    }
  }
  return true;
}

auto signature(const Problem& problem, const Vehicle& vehicle) {
  std::vector<Seconds> breaks;
  for (int b = vehicle.first_break; b < vehicle.last_break; ++b) {
    const Break& pause = problem.breaks[static_cast<std::size_t>(b)];
    breaks.insert(breaks.end(), {pause.earliest, pause.latest, pause.duration});
  }
  return std::make_tuple(vehicle.start, vehicle.end, vehicle.profile, vehicle.earliest,
                         vehicle.latest, vehicle.end_limit, vehicle.fixed, vehicle.per_second,
                         vehicle.per_overtime_second, vehicle.per_meter, breaks);
}

}  // namespace

void Problem::finish() {
  time_costs = false;
  for (const Visit& visit : visits) {
    time_costs = time_costs || visit.late_rate > 0 || visit.late_rate_after > 0;
  }
  for (const Vehicle& vehicle : vehicles) {
    time_costs = time_costs || vehicle.per_second > 0 || vehicle.per_overtime_second > 0;
  }
  find_types();
}

void Problem::find_types() {
  using Signature = decltype(signature(*this, vehicles.front()));
  std::map<Signature, std::vector<int>> representatives;
  n_types = 0;
  for (int k = 0; k < n_vehicles; ++k) {
    Vehicle& vehicle = vehicles[static_cast<std::size_t>(k)];
    auto& alike = representatives[signature(*this, vehicle)];
    const auto twin = std::find_if(alike.begin(), alike.end(),
                                   [&](int other) { return same_column(*this, other, k); });
    if (twin != alike.end()) {
      vehicle.type = vehicles[static_cast<std::size_t>(*twin)].type;
    } else {
      vehicle.type = n_types++;
      alike.push_back(k);
    }
  }
}

}  // namespace servicenet::routing
