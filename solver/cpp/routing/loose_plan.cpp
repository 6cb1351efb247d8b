#include "loose_plan.h"

namespace servicenet::routing {

LoosePlan::LoosePlan(const Problem& problem)
    : problem_(&problem),
      stride_(static_cast<std::size_t>(problem.n_locations)),
      vehicle_of_(problem.n_visits, -1),
      position_of_(problem.n_visits, 0),
      vehicles_of_type_(problem.n_types),
      takes_all_(std::all_of(problem.assignment.begin(), problem.assignment.end(),
                             [](Cost price) { return price == 0; })),
      saved_in_(problem.n_vehicles, -1) {
  for (const Visit& visit : problem.visits) {
    const Window& window = problem.windows[visit.first_window];
    const Warped alone{visit.service, 0, window.earliest, window.limit};
    const auto number = static_cast<int>(alone_.size());
    alone_.push_back({number, visit.location, visit.access, alone, {}, {}, 0});
    cost_ += kFine * visit.penalty;
  }
  for (int k = 0; k < problem.n_vehicles; ++k) {
    const Vehicle& vehicle = problem.vehicles[k];
    Tour& tour = tours_.emplace_back();
    tour.vehicle = k;
    tour.type = vehicle.type;
    tour.legs = problem.legs[vehicle.profile].cells().data();
    tour.per_meter = kFine * vehicle.per_meter;
    tour.fixed = kFine * vehicle.fixed;
    const Warped shift{0, 0, vehicle.earliest, vehicle.end_limit};
    tour.stops.push_back({-1, vehicle.start, 0, shift, shift, shift, 0});
    tour.stops.push_back({-1, vehicle.end, 0, shift, shift, shift, 0});
    time(tour);
    weigh(tour);
    vehicles_of_type_[vehicle.type].push_back(k);
  }
}

bool LoosePlan::suits(const Problem& problem) {
  const auto unlimited = [](const Vehicle& vehicle) {
    const RouteLimits& most = vehicle.limits;
    return !vehicle.has_breaks() && !vehicle.rush && most.visits == kUnlimited &&
           most.distance == kUnlimited && most.driving == kUnlimited &&
           most.duration == kUnlimited;
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

int LoosePlan::find_empty(int type) const {
  for (const int k : vehicles_of_type_[type]) {
    if (tours_[k].empty()) return k;
  }
  return -1;
}

void LoosePlan::time(Tour& tour) const {
  Stop* stops = tour.stops.data();
  const int last = tour.size() + 1;
  for (int i = 1; i <= last; ++i) {
    const Leg& way = leg(tour, stops[i - 1].place, stops[i].place);
    stops[i].upto = join(stops[i - 1].upto, way.duration + stops[i].access, stops[i].alone);
    stops[i].way = stops[i - 1].way + way.distance;
  }
  for (int i = last; i-- > 0;) {
    const Leg& way = leg(tour, stops[i].place, stops[i + 1].place);
    stops[i].from = join(stops[i].alone, way.duration + stops[i + 1].access, stops[i + 1].from);
  }
  tour.warp = last == 1 ? 0 : stops[last].upto.warp;
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
  for (int i = 1; i <= tour.size(); ++i) {
    const int visit = tour.stops[i].visit;
    if (vehicle_of_[visit] != vehicle) continue;  // on another tour already
    vehicle_of_[visit] = -1;
    cost_ += penalty(visit);
  }
  const Stop end = tour.stops.back();
  tour.stops.resize(visits.size() + 2);
  tour.stops.back() = end;
  int position = 0;
  for (const int visit : visits) {
    if (vehicle_of_[visit] < 0) cost_ -= penalty(visit);
    vehicle_of_[visit] = vehicle;
    position_of_[visit] = ++position;
    tour.stops[position] = alone_[visit];
  }
  time(tour);
  weigh(tour);
  tour.changed = ++clock_;
  count(tour, 1);
}

void LoosePlan::undo() {
  for (int s = 0; s < n_saved_; ++s) {
    const Tour& tour = tours_[saved_[s].vehicle];
    count(tour, -1);
    for (int i = 1; i <= tour.size(); ++i) {
      int& held = vehicle_of_[tour.stops[i].visit];
      if (held < 0) continue;
      held = -1;
      cost_ += penalty(tour.stops[i].visit);
    }
  }
  for (int s = 0; s < n_saved_; ++s) {
    Tour& tour = tours_[saved_[s].vehicle];
    std::swap(tour, saved_[s]);
    count(tour, 1);
    for (int i = 1; i <= tour.size(); ++i) {
      const int visit = tour.stops[i].visit;
      vehicle_of_[visit] = tour.vehicle;
      position_of_[visit] = i;
      cost_ -= penalty(visit);
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
  for (const Tour& tour : tours_) {
    auto& steps = decision.routes.emplace_back();
    for (int i = 1; i <= tour.size(); ++i) {
      const int visit = tour.stops[i].visit;
      steps.push_back({Kind::kVisit, visit, problem_->visits[visit].first_window});
    }
  }
  return decision;
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
