#include "region.h"

#include <algorithm>
#include <utility>

namespace servicenet::routing {

namespace {

// Rows of a table with `width` columns.
template <typename Value>
std::vector<Value> rows_of(const std::vector<Value>& table, const std::vector<int>& rows,
                           int width) {
  std::vector<Value> chosen;
  chosen.reserve(rows.size() * static_cast<std::size_t>(width));
  for (const int row : rows) {
    const auto begin = table.begin() + static_cast<std::ptrdiff_t>(row) * width;
    chosen.insert(chosen.end(), begin, begin + width);
  }
  return chosen;
}

// From place to nearest place: what is near on the ground is then near in the tables of a region, too.
void chain(const Problem& whole, std::vector<int>& places) {
  for (std::size_t i = 0; i + 1 < places.size(); ++i) {
    const auto rest = places.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    const auto way = [&](int place) { return whole.leg(0, places[i], place).duration; };
    std::iter_swap(rest, std::min_element(rest, places.end(), [&](int a, int b) {
                     return way(a) < way(b);
                   }));
  }
}

}  // namespace

bool Region::suits(const Problem& whole) {
  return whole.links.empty() && whole.n_parts == 0 && whole.shares.empty() &&
         whole.rules.worst_late_rate == 0;
}

Region::Region(const Problem& whole, const Decision& plan, Piece piece)
    : piece_(std::move(piece)), visit_here_(static_cast<std::size_t>(whole.n_visits), -1) {
  problem_.rules = whole.rules;
  problem_.n_loads = whole.n_loads;
  problem_.n_groups = whole.n_groups;
  problem_.n_visits = static_cast<int>(piece_.visits.size());
  problem_.n_vehicles = static_cast<int>(piece_.vehicles.size());
  copy_places(whole);
  copy_visits(whole);
  copy_vehicles(whole);
  copy_pools(whole);
  copy_traffic(whole);
  problem_.finish();
  for (std::size_t k = 0; k < piece_.vehicles.size(); ++k) {
    std::vector<Step> steps;
    for (const Step& step : plan.routes[static_cast<std::size_t>(piece_.vehicles[k])]) {
      steps.push_back(inward(k, step));
    }
    start_.routes.push_back(std::move(steps));
  }
  start_.pool_of = rows_of(plan.pool_of, piece_.visits, 1);
}

void Region::copy_places(const Problem& whole) {
  for (const int visit : piece_.visits) {
    places_.push_back(whole.visits[static_cast<std::size_t>(visit)].location);
  }
  for (const int k : piece_.vehicles) {
    const Vehicle& vehicle = whole.vehicles[static_cast<std::size_t>(k)];
    places_.push_back(vehicle.start);
    places_.push_back(vehicle.end);
  }
  std::sort(places_.begin(), places_.end());
  places_.erase(std::unique(places_.begin(), places_.end()), places_.end());
  chain(whole, places_);
  place_here_.assign(static_cast<std::size_t>(whole.n_locations), -1);
  for (std::size_t i = 0; i < places_.size(); ++i) {
    place_here_[static_cast<std::size_t>(places_[i])] = static_cast<int>(i);
  }
  problem_.n_locations = static_cast<int>(places_.size());
  for (std::size_t p = 0; p < whole.legs.size(); ++p) {
    SharedTable<Leg>::Cells legs;
    legs.reserve(places_.size() * places_.size());
    for (const int from : places_) {
      for (const int to : places_) legs.push_back(whole.leg(static_cast<int>(p), from, to));
    }
    problem_.legs.emplace_back(std::move(legs));
  }
}

void Region::copy_visits(const Problem& whole) {
  for (std::size_t v = 0; v < piece_.visits.size(); ++v) {
    const auto there = static_cast<std::size_t>(piece_.visits[v]);
    visit_here_[there] = static_cast<int>(v);
    Visit visit = whole.visits[there];
    visit.location = place_here_[static_cast<std::size_t>(visit.location)];
    const int first = static_cast<int>(problem_.windows.size());
    window_shift_.push_back(visit.first_window - first);
    problem_.windows.insert(problem_.windows.end(), whole.windows.begin() + visit.first_window,
                            whole.windows.begin() + visit.last_window);
    visit.first_window = first;
    visit.last_window = static_cast<int>(problem_.windows.size());
    visit.first_need = visit.last_need = 0;
    problem_.visits.push_back(visit);
  }
  problem_.demand = rows_of(whole.demand, piece_.visits, whole.n_loads);
  if (!whole.group_service.empty()) {
    problem_.group_service = rows_of(whole.group_service, piece_.visits, whole.n_groups);
  }
  if (!whole.told.empty()) problem_.told = rows_of(whole.told, piece_.visits, 1);
}

void Region::copy_vehicles(const Problem& whole) {
  for (const int k : piece_.vehicles) {
    Vehicle vehicle = whole.vehicles[static_cast<std::size_t>(k)];
    vehicle.start = place_here_[static_cast<std::size_t>(vehicle.start)];
    vehicle.end = place_here_[static_cast<std::size_t>(vehicle.end)];
    vehicle.person = vehicle.van = -1;
    const int first = static_cast<int>(problem_.breaks.size());
    break_shift_.push_back(vehicle.first_break - first);
    problem_.breaks.insert(problem_.breaks.end(), whole.breaks.begin() + vehicle.first_break,
                           whole.breaks.begin() + vehicle.last_break);
    vehicle.first_break = first;
    vehicle.last_break = static_cast<int>(problem_.breaks.size());
    problem_.vehicles.push_back(vehicle);
  }
  problem_.capacity = rows_of(whole.capacity, piece_.vehicles, whole.n_loads);
  problem_.assignment.reserve(piece_.visits.size() * piece_.vehicles.size());
  for (const int visit : piece_.visits) {
    for (const int k : piece_.vehicles) {
      problem_.assignment.push_back(whole.assignment_cost(visit, k));
    }
  }
}

void Region::copy_pools(const Problem& whole) {
  problem_.n_pools = whole.n_pools;
  problem_.pool_capacity = piece_.pool_room;
  problem_.pool_cost = rows_of(whole.pool_cost, piece_.visits, whole.n_pools);
}

void Region::copy_traffic(const Problem& whole) {
  const Traffic& traffic = whole.traffic;
  problem_.traffic.starts = traffic.starts;
  problem_.traffic.regimes = traffic.regimes;
  problem_.traffic.n_regimes = traffic.n_regimes;
  for (const auto& all : traffic.durations) {
    auto& durations = problem_.traffic.durations.emplace_back();
    if (all.empty()) continue;
    durations.reserve(places_.size() * places_.size() * traffic.n_regimes);
    for (const int from : places_) {
      for (const int to : places_) {
        const auto cell = static_cast<std::size_t>(from) *
                              static_cast<std::size_t>(whole.n_locations) +
                          static_cast<std::size_t>(to);
        const Seconds* leg = all.data() + cell * traffic.n_regimes;
        durations.insert(durations.end(), leg, leg + traffic.n_regimes);
      }
    }
  }
}

Step Region::inward(std::size_t vehicle, const Step& step) const {
  if (step.kind == Kind::kBreak) {
    return {step.kind, step.index - break_shift_[vehicle], step.choice};
  }
  const int visit = visit_here_[static_cast<std::size_t>(step.index)];
  return {step.kind, visit, step.choice - window_shift_[static_cast<std::size_t>(visit)]};
}

Step Region::outward(std::size_t vehicle, const Step& step) const {
  if (step.kind == Kind::kBreak) {
    return {step.kind, step.index + break_shift_[vehicle], step.choice};
  }
  const auto visit = static_cast<std::size_t>(step.index);
  return {step.kind, piece_.visits[visit], step.choice + window_shift_[visit]};
}

Decision Region::translate(const Decision& found) const {
  Decision result{{}, found.pool_of};
  for (std::size_t k = 0; k < found.routes.size(); ++k) {
    auto& route = result.routes.emplace_back();
    for (const Step& step : found.routes[k]) route.push_back(outward(k, step));
  }
  return result;
}

void write(const Piece& piece, const Decision& found, Decision& plan) {
  for (std::size_t k = 0; k < piece.vehicles.size(); ++k) {
    plan.routes[static_cast<std::size_t>(piece.vehicles[k])] = found.routes[k];
  }
  for (std::size_t v = 0; v < piece.visits.size(); ++v) {
    plan.pool_of[static_cast<std::size_t>(piece.visits[v])] = found.pool_of[v];
  }
}

}  // namespace servicenet::routing
