#include "guest.h"

#include <algorithm>

namespace servicenet::routing {

namespace {

// `table`, rows of `before` cells of `depth` values, with one more row and column of `blank`.
template <typename Table>
Table widen(const Table& table, std::size_t before, std::size_t depth,
            typename Table::value_type blank) {
  const std::size_t row = (before + 1) * depth;
  Table wider((before + 1) * row, blank);
  for (std::size_t from = 0; from < before; ++from) {
    std::copy_n(table.data() + from * before * depth, before * depth, wider.data() + from * row);
  }
  return wider;
}

template <typename Value>
void write_last(const std::vector<Value>& values, std::vector<Value>& table) {
  std::copy(values.begin(), values.end(),
            table.end() - static_cast<std::ptrdiff_t>(values.size()));
}

}  // namespace

GuestSeat::GuestSeat(Problem& problem)
    : problem_(problem), windows_(problem.windows.size()), needs_(problem.needs.size()) {
  widen_travel();
  Visit visit;
  visit.location = problem.n_locations++;
  visit.first_window = visit.last_window = static_cast<int>(windows_);
  visit.first_need = visit.last_need = static_cast<int>(needs_);
  problem.visits.push_back(visit);
  ++problem.n_visits;
  const auto more = [](auto& values, int count, auto blank) {
    values.resize(values.size() + static_cast<std::size_t>(count), blank);
  };
  more(problem.demand, problem.n_loads, 0);
  more(problem.assignment, problem.n_vehicles, Cost{-1});
  more(problem.pool_cost, problem.n_pools, Cost{-1});
  if (!problem.told.empty()) problem.told.emplace_back();
  if (!problem.group_service.empty()) more(problem.group_service, problem.n_groups, Seconds{0});
  problem.finish();
}

void GuestSeat::widen_travel() {
  const auto places = static_cast<std::size_t>(problem_.n_locations);
  const std::size_t regimes = problem_.traffic.n_regimes;
  for (auto& legs : problem_.legs) {
    legs = SharedTable<Leg>(widen(legs.cells(), places, 1, Leg{kNoWay, 0}));
  }
  for (auto& durations : problem_.traffic.durations) {
    if (!durations.empty()) durations = widen(durations, places, regimes, kNoWay);
  }
}

void GuestSeat::take(const Guest& guest) {
  leave();
  taken_ = true;
  for (std::size_t p = 0; p < problem_.legs.size(); ++p) write_ways(p, guest.ways[p]);
  write_row(guest);
  problem_.finish();
}

void GuestSeat::leave() {
  if (!taken_) return;
  taken_ = false;
  Visit& visit = problem_.visits.back();
  visit.last_window = visit.first_window;
  visit.last_need = visit.first_need;
  problem_.windows.resize(windows_);
  problem_.needs.resize(needs_);
  std::fill(problem_.assignment.end() - problem_.n_vehicles, problem_.assignment.end(), -1);
  std::fill(problem_.pool_cost.end() - problem_.n_pools, problem_.pool_cost.end(), -1);
  visit.late_rate = visit.late_rate_after = 0;
  problem_.finish();
}

void GuestSeat::write_ways(std::size_t profile, const GuestWays& ways) {
  const auto places = static_cast<std::size_t>(problem_.n_locations);
  const std::size_t last = places - 1;
  auto& legs = problem_.legs[profile].own();
  for (std::size_t place = 0; place < last; ++place) {
    legs[place * places + last] = ways.to[place];
    legs[last * places + place] = ways.from[place];
  }
  legs[last * places + last] = {0, 0};
  if (!problem_.traffic.concerns(static_cast<int>(profile))) return;
  const std::size_t regimes = problem_.traffic.n_regimes;
  std::vector<Seconds>& seconds = problem_.traffic.durations[profile];
  for (std::size_t place = 0; place < last; ++place) {
    for (std::size_t r = 0; r < regimes; ++r) {
      seconds[(place * places + last) * regimes + r] = ways.to_by_regime[place * regimes + r];
      seconds[(last * places + place) * regimes + r] = ways.from_by_regime[place * regimes + r];
    }
  }
  for (std::size_t r = 0; r < regimes; ++r) seconds[(last * places + last) * regimes + r] = 0;
}

void GuestSeat::write_row(const Guest& guest) {
  const Visit before = problem_.visits.back();
  Visit& visit = problem_.visits.back();
  visit = guest.visit;
  visit.location = before.location;
  visit.first_window = before.first_window;
  visit.last_window = before.first_window + static_cast<int>(guest.windows.size());
  visit.first_need = before.first_need;
  visit.last_need = before.first_need + static_cast<int>(guest.needs.size());
  problem_.windows.insert(problem_.windows.end(), guest.windows.begin(), guest.windows.end());
  problem_.needs.insert(problem_.needs.end(), guest.needs.begin(), guest.needs.end());
  write_last(guest.demand, problem_.demand);
  write_last(guest.assignment, problem_.assignment);
  write_last(guest.pool_cost, problem_.pool_cost);
  if (!problem_.group_service.empty()) write_last(guest.group_service, problem_.group_service);
}

WindowGuard::WindowGuard(Problem& problem, int visit)
    : problem_(problem),
      first_(static_cast<std::size_t>(
          problem.visits[static_cast<std::size_t>(visit)].first_window)) {
  const auto last = static_cast<std::size_t>(
      problem.visits[static_cast<std::size_t>(visit)].last_window);
  for (std::size_t w = first_; w < last; ++w) before_.push_back(problem.windows[w]);
}

WindowGuard::~WindowGuard() {
  std::copy(before_.begin(), before_.end(),
            problem_.windows.begin() + static_cast<std::ptrdiff_t>(first_));
}

Deadline::Deadline(Problem& problem, int visit, Seconds by) : WindowGuard(problem, visit) {
  for (std::size_t i = 0; i < before_.size(); ++i) {
    Window& window = problem_.windows[first_ + i];
    window.limit = std::min(window.limit, std::max(window.earliest, by));
  }
}

Lenience::Lenience(Problem& problem, int visit, const std::vector<Seconds>& limits)
    : WindowGuard(problem, visit) {
  for (std::size_t i = 0; i < before_.size(); ++i) {
    problem_.windows[first_ + i].limit = limits[first_ + i];
  }
}

}  // namespace servicenet::routing
