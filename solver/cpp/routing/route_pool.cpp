#include "route_pool.h"

#include <algorithm>
#include <cassert>

namespace servicenet::routing {

namespace {

// Scatters small numbers over 64 bits (Steele, Lea & Flood 2014), so that a sum of them tells sets
// apart.
std::uint64_t scatter(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

bool shares_vans(const Problem& problem) {
  std::vector<int> vans;
  for (const Vehicle& vehicle : problem.vehicles) vans.push_back(vehicle.van);
  std::sort(vans.begin(), vans.end());
  return std::adjacent_find(vans.begin(), vans.end()) != vans.end();
}

}  // namespace

bool RoutePool::suits(const Problem& problem) {
  return problem.links.empty() && problem.shares.empty() && problem.rules.worst_late_rate == 0 &&
         (problem.n_parts == 0 || !shares_vans(problem));
}

std::uint64_t RoutePool::key_of(const Route& route) const {
  const int type = problem_.vehicles[static_cast<std::size_t>(route.vehicle())].type;
  std::uint64_t key = scatter(~static_cast<std::uint64_t>(type));
  for (const Node& node : route.nodes()) {
    if (node.is_visit()) key += scatter(static_cast<std::uint64_t>(node.index));
  }
  return key;
}

void RoutePool::fill(Column& column, const Route& route) const {
  column.type = problem_.vehicles[static_cast<std::size_t>(route.vehicle())].type;
  column.cost = route.cost() - problem_.idle_cost(route.vehicle());
  column.steps.clear();
  const int first = first_break(route.vehicle());
  for (const Node& node : route.nodes()) {
    column.steps.push_back({node.kind, node.index - (node.is_break() ? first : 0), node.choice});
  }
  column.uses.clear();
  for (const Taking& taking : route.takings()) {
    const int cell = taking.stock * problem_.n_parts + taking.part;
    if (problem_.stock[static_cast<std::size_t>(cell)] >= kUnlimited) continue;
    const auto same = std::find_if(column.uses.begin(), column.uses.end(),
                                   [cell](const Column::Use& use) { return use.cell == cell; });
    if (same != column.uses.end()) {
      same->units += taking.units;
    } else {
      column.uses.push_back({cell, taking.units});
    }
  }
}

int RoutePool::first_break(int vehicle) const {
  return problem_.vehicles[static_cast<std::size_t>(vehicle)].first_break;
}

std::vector<Step> RoutePool::steps_for(const Column& column, int vehicle) const {
  std::vector<Step> steps = column.steps;
  for (Step& step : steps) {
    if (step.kind == Kind::kBreak) step.index += first_break(vehicle);
  }
  return steps;
}

void RoutePool::offer(const Route& route, Cost plan) {
  if (route.empty()) return;
  const std::uint64_t key = key_of(route);
  const Cost cost = route.cost() - problem_.idle_cost(route.vehicle());
  const auto [slot, is_new] = slots_.try_emplace(key, columns_.size());
  if (is_new) columns_.push_back({0, kInfinite, kInfinite, key, {}, {}});
  Column& column = columns_[slot->second];
  column.plan = std::min(column.plan, plan);
  if (cost >= column.cost) return;
  fill(column, route);
  assert(is_priced_right(route));
  if (columns_.size() > most_) drop_worst();
}

void RoutePool::offer(const Plan& plan) {
  for (int k = 0; k < problem_.n_vehicles; ++k) offer(plan.route(k), plan.cost());
}

void RoutePool::offer(const Column& column) {
  const auto [slot, is_new] = slots_.try_emplace(column.key, columns_.size());
  if (is_new) {
    columns_.push_back(column);
    return;
  }
  Column& known = columns_[slot->second];
  const Cost plan = std::min(known.plan, column.plan);
  if (column.cost < known.cost) known = column;
  known.plan = plan;
}

// True if the route, timed anew, costs what it is said to.
bool RoutePool::is_priced_right(const Route& route) const {
  Route again = route;
  return again.update(problem_) && again.cost() == route.cost();
}

void RoutePool::drop_worst() {
  const auto better = [](const Column& a, const Column& b) {
    return a.plan != b.plan ? a.plan < b.plan : a.key < b.key;
  };
  const auto half = columns_.begin() + static_cast<std::ptrdiff_t>(most_ / 2);
  std::nth_element(columns_.begin(), half, columns_.end(), better);
  columns_.erase(half, columns_.end());
  slots_.clear();
  for (std::size_t i = 0; i < columns_.size(); ++i) slots_.emplace(columns_[i].key, i);
}

Decision RoutePool::assemble(const std::vector<int>& chosen,
                             const std::vector<int>& pool_of) const {
  Decision plan{std::vector<std::vector<Step>>(problem_.vehicles.size()), pool_of};
  for (const int c : chosen) {
    const Column& column = columns_[static_cast<std::size_t>(c)];
    for (std::size_t k = 0; k < problem_.vehicles.size(); ++k) {
      if (problem_.vehicles[k].type != column.type || !plan.routes[k].empty()) continue;
      plan.routes[k] = steps_for(column, static_cast<int>(k));
      break;
    }
  }
  return plan;
}

}  // namespace servicenet::routing
