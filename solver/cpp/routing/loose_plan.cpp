#include "loose_plan.h"

#include <cstddef>

namespace servicenet::routing {

namespace {

// The number each location gets here: each is followed by the one nearest to it that has none yet.
std::vector<int> number_by_nearness(const Problem& problem) {
  const int n = problem.n_locations;
  std::vector<int> number(n, -1);
  int here = 0;
  for (int next = 0; next < n; ++next) {
    number[here] = next;
    const Leg* ways = &problem.legs.front().cells()[static_cast<std::size_t>(here) * n];
    int nearest = -1;
    for (int there = 0; there < n; ++there) {
      if (number[there] < 0 &&
          (nearest < 0 || ways[there].distance < ways[nearest].distance)) {
        nearest = there;
      }
    }
    here = nearest;
  }
  return number;
}

}  // namespace

LoosePlan::LoosePlan(const Problem& problem)
    : problem_(&problem),
      stride_(static_cast<std::size_t>(problem.n_locations)),
      spots_(problem.n_visits),
      vehicles_of_type_(problem.n_types),
      none_before_(problem.n_types, 0),
      takes_all_(std::all_of(problem.assignment.begin(), problem.assignment.end(),
                             [](Cost price) { return price == 0; })),
      assigns_free_(std::all_of(problem.assignment.begin(), problem.assignment.end(),
                                [](Cost price) { return price <= 0; })),
      saved_in_(problem.n_vehicles, -1) {
  const std::vector<int> number = number_by_nearness(problem);
  copy_legs(number);
  for (const Visit& visit : problem.visits) {
    const Window& window = problem.windows[visit.first_window];
    const Warped alone{visit.service, 0, window.earliest, window.limit};
    const auto own = static_cast<int>(alone_.size());
    alone_.push_back({own, number[visit.location], visit.access, alone, {}, {}, 0, 0});
    cost_ += kFine * visit.penalty;
  }
  for (int k = 0; k < problem.n_vehicles; ++k) {
    const Vehicle& vehicle = problem.vehicles[k];
    Tour& tour = tours_.emplace_back();
    tour.vehicle = k;
    tour.type = vehicle.type;
    tour.longest = vehicle.limits.duration;
    tour.legs = legs_[vehicle.profile].data();
    tour.per_meter = kFine * vehicle.per_meter;
    tour.fixed = kFine * vehicle.fixed;
    const Warped shift{0, 0, vehicle.earliest, vehicle.end_limit};
    tour.stops.push_back({-1, number[vehicle.start], 0, shift, shift, shift, 0, 0});
    tour.stops.push_back({-1, number[vehicle.end], 0, shift, shift, shift, 0, 0});
    time(tour, 1, 0);
    weigh(tour);
    rank_.push_back(static_cast<int>(vehicles_of_type_[vehicle.type].size()));
    vehicles_of_type_[vehicle.type].push_back(k);
  }
}

// Places near one another get rows and columns near one another: a search that works on one region
// for a while finds its ways in the cache.
void LoosePlan::copy_legs(const std::vector<int>& number) {
  const int n = problem_->n_locations;
  for (const SharedTable<Leg>& table : problem_->legs) {
    std::vector<Leg>& legs = legs_.emplace_back(table.cells().size());
    for (int from = 0; from < n; ++from) {
      Leg* row = legs.data() + number[from] * stride_;
      for (int to = 0; to < n; ++to) row[number[to]] = table.cells()[from * stride_ + to];
    }
  }
}

bool LoosePlan::suits(const Problem& problem) {
  // Who leaves as late as possible lasts as little as possible, which is what stretches know.
  const bool lasts_least = problem.rules.leaves_for_end;
  const auto unlimited = [lasts_least](const Vehicle& vehicle) {
    const RouteLimits& most = vehicle.limits;
    return !vehicle.has_breaks() && !vehicle.rush && most.visits == kUnlimited &&
           most.distance == kUnlimited && most.driving == kUnlimited &&
           (lasts_least || most.duration == kUnlimited);
  };
  const auto has_all_ways = [](const SharedTable<Leg>& legs) {
    return std::all_of(legs.cells().begin(), legs.cells().end(),
                       [](const Leg& leg) { return leg.duration < kNoWay; });
  };
  return problem.only_hard && !problem.time_costs && problem.links.empty() &&
         problem.n_parts == 0 && problem.n_pools == 0 && problem.shares.empty() &&
         problem.group_service.empty() && problem.told.empty() && problem.idle.empty() &&
         problem.rules.worst_late_rate == 0 && problem.n_vehicles > 0 && problem.n_visits > 0 &&
         std::all_of(problem.vehicles.begin(), problem.vehicles.end(), unlimited) &&
         std::all_of(problem.visits.begin(), problem.visits.end(), [](const Visit& visit) {
           return visit.last_window - visit.first_window == 1;
         }) &&
         std::all_of(problem.legs.begin(), problem.legs.end(), has_all_ways);
}

int LoosePlan::find_empty(int type) {
  const std::vector<int>& vehicles = vehicles_of_type_[type];
  int& rank = none_before_[type];
  while (rank < static_cast<int>(vehicles.size()) && !tours_[vehicles[rank]].empty()) ++rank;
  return rank < static_cast<int>(vehicles.size()) ? vehicles[rank] : -1;
}

void LoosePlan::time(Tour& tour, int first, int last) {
  Stop* stops = tour.stops.data();
  const int end = tour.size() + 1;
  for (int i = first; i <= end; ++i) {
    const Leg& way = leg(tour, stops[i - 1].place, stops[i].place);
    stops[i].upto = join(stops[i - 1].upto, way.duration + stops[i].access, stops[i].alone);
    stops[i].way = stops[i - 1].way + way.distance;
    stops[i].back = stops[i - 1].back + leg(tour, stops[i].place, stops[i - 1].place).distance;
  }
  for (int i = std::min(last, end - 1); i >= 0; --i) {
    const Leg& way = leg(tour, stops[i].place, stops[i + 1].place);
    stops[i].from = join(stops[i].alone, way.duration + stops[i + 1].access, stops[i + 1].from);
  }
  tour.warp = end == 1 ? 0 : tour.warp_of(stops[end].upto);
}

// Notes where visits [first, last] of a tour are.
void LoosePlan::settle(const Tour& tour, int first, int last) {
  const Stop* stops = tour.stops.data();
  for (int i = first; i <= last; ++i) {
    spots_[stops[i].visit] = {tour.vehicle, i, static_cast<Meters>(stops[i].way - stops[i - 1].way),
                              static_cast<Meters>(stops[i + 1].way - stops[i].way)};
  }
}

void LoosePlan::weigh(Tour& tour) const {
  const int loads = problem_->n_loads;
  const int size = tour.size();
  tour.load_upto.assign((size + 2) * loads, 0);
  tour.assigned = 0;
  for (int i = 1; i <= size; ++i) {
    const int visit = tour.stops[i].visit;
    tour.assigned += assignment(visit, tour.vehicle);
    for (int d = 0; d < loads; ++d) {
      tour.load_upto[i * loads + d] = tour.load_upto[(i - 1) * loads + d] + demand(visit, d);
    }
  }
  tour.excess = 0;
  for (int d = 0; d < loads; ++d) {
    const int load = tour.load_upto[size * loads + d];
    tour.load_upto[(size + 1) * loads + d] = load;
    tour.excess += std::max(0, load - problem_->capacity[tour.vehicle * loads + d]);
  }
  tour.cost = size == 0 ? 0 : tour.fixed + tour.assigned + tour.per_meter * tour.way();
}

void LoosePlan::count(const Tour& tour, int sign) {
  cost_ += sign * tour.cost;
  warp_ += sign * tour.warp;
  excess_ += sign * tour.excess;
}

void LoosePlan::save(const Tour& tour) {
  if (saved_in_[tour.vehicle] == era_) return;
  saved_in_[tour.vehicle] = era_;
  if (n_saved_ == static_cast<int>(saved_.size())) saved_.emplace_back();
  saved_[n_saved_++] = tour;
}

void LoosePlan::set(int vehicle, const std::vector<int>& visits) {
  Tour& tour = tours_[vehicle];
  save(tour);
  count(tour, -1);
  const int before = tour.size();
  const int after = static_cast<int>(visits.size());
  const int common = std::min(before, after);
  int same = 0;  // at the front
  while (same < common && tour.stops[same + 1].visit == visits[same]) ++same;
  int kept = 0;  // at the back
  while (kept < common - same &&
         tour.stops[before - kept].visit == visits[after - 1 - kept]) {
    ++kept;
  }
  for (int i = same + 1; i <= before - kept; ++i) {
    Spot& spot = spots_[tour.stops[i].visit];
    if (spot.vehicle != vehicle) continue;  // on another tour already
    spot.vehicle = -1;
    cost_ += penalty(tour.stops[i].visit);
  }
  if (after > before) {
    tour.stops.resize(after + 2);
    std::copy_backward(tour.stops.begin() + before + 1 - kept, tour.stops.begin() + before + 2,
                       tour.stops.end());
  } else if (after < before) {
    std::copy(tour.stops.begin() + before + 1 - kept, tour.stops.end(),
              tour.stops.begin() + after + 1 - kept);
    tour.stops.resize(after + 2);
  }
  for (int i = same + 1; i <= after - kept; ++i) {
    const int visit = visits[i - 1];
    if (spots_[visit].vehicle < 0) cost_ -= penalty(visit);
    tour.stops[i] = alone_[visit];
  }
  time(tour, same + 1, after - kept);
  weigh(tour);
  // Where as many visits came as went, those behind keep their positions.
  settle(tour, std::max(1, same), after == before ? std::min(after, after - kept + 1) : after);
  if (after == 0) none_before_[tour.type] = std::min(none_before_[tour.type], rank_[vehicle]);
  tour.changed = ++clock_;
  count(tour, 1);
}

void LoosePlan::undo() {
  for (int s = 0; s < n_saved_; ++s) {
    const Tour& tour = tours_[saved_[s].vehicle];
    count(tour, -1);
    for (int i = 1; i <= tour.size(); ++i) {
      int& held = spots_[tour.stops[i].visit].vehicle;
      if (held == tour.vehicle) cost_ += penalty(tour.stops[i].visit);
      if (held == tour.vehicle) held = -1;
    }
  }
  for (int s = 0; s < n_saved_; ++s) {
    Tour& tour = tours_[saved_[s].vehicle];
    std::swap(tour, saved_[s]);
    count(tour, 1);
    for (int i = 1; i <= tour.size(); ++i) cost_ -= penalty(tour.stops[i].visit);
    settle(tour, 1, tour.size());
    if (tour.empty()) {
      none_before_[tour.type] = std::min(none_before_[tour.type], rank_[tour.vehicle]);
    }
    tour.changed = ++clock_;
  }
  begin();
}

void LoosePlan::adopt(const Decision& decision) {
  for (const Tour& tour : tours_) {
    if (!tour.empty()) set(tour.vehicle, {});
  }
  for (const Tour& tour : tours_) {
    std::vector<int> visits;
    for (const Step& step : decision.routes[tour.vehicle]) {
      if (step.kind == Kind::kVisit) visits.push_back(step.index);
    }
    if (!visits.empty()) set(tour.vehicle, visits);
  }
  begin();
}

Decision LoosePlan::decision() const {
  Decision decision;
  decision.pool_of.assign(problem_->n_visits, -1);
  decision.routes.resize(tours_.size());
  refresh(decision, -1);
  return decision;
}

void LoosePlan::refresh(Decision& decision, long long since) const {
  for (const Tour& tour : tours_) {
    if (tour.changed <= since) continue;
    auto& steps = decision.routes[tour.vehicle];
    steps.clear();
    for (int i = 1; i <= tour.size(); ++i) {
      const int visit = tour.stops[i].visit;
      steps.push_back({Kind::kVisit, visit, problem_->visits[visit].first_window});
    }
  }
}

long long LoosePlan::excess_with(const Tour& tour, const std::vector<int>& change) const {
  const int loads = problem_->n_loads;
  const int end = (tour.size() + 1) * loads;
  long long excess = 0;
  for (int d = 0; d < loads; ++d) {
    const int capacity = problem_->capacity[tour.vehicle * loads + d];
    excess += std::max(0, tour.load_upto[end + d] + change[d] - capacity);
  }
  return excess;
}

}  // namespace servicenet::routing
