#include "plan.h"

#include <algorithm>
#include <cassert>

namespace servicenet::routing {

namespace {

bool build_solo(const Problem& problem, int visit, int window, Route& route,
                BreakPlacer& placer) {
  route.assign({visit_node(problem, visit, window)});
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(route.vehicle())];
  return vehicle.has_breaks() ? placer.place(problem, route) : route.update(problem);
}

Node node_of(const Problem& problem, const Step& step) {
  return step.is_break ? break_node(problem, step.index, step.choice)
                       : visit_node(problem, step.index, step.choice);
}

}  // namespace

Insertion solo_insertion(const Problem& problem, int vehicle, int visit, BreakPlacer& placer) {
  Insertion best;
  if (!problem.allowed(visit, vehicle)) return best;
  const Visit& source = problem.visits[static_cast<std::size_t>(visit)];
  Route route(problem, vehicle);
  for (int window = source.first_window; window < source.last_window; ++window) {
    if (build_solo(problem, visit, window, route, placer) && route.cost() < best.delta) {
      best = {route.cost(), vehicle, 0, window, false};
    }
  }
  return best;
}

Plan::Plan(const Problem& problem)
    : problem_(&problem),
      vehicle_of_(static_cast<std::size_t>(problem.n_visits), kAbsent),
      position_of_(static_cast<std::size_t>(problem.n_visits), 0),
      pool_of_(static_cast<std::size_t>(problem.n_visits), -1),
      pool_size_(static_cast<std::size_t>(problem.n_pools), 0),
      absent_slot_(static_cast<std::size_t>(problem.n_visits), -1),
      is_touched_(static_cast<std::size_t>(problem.n_vehicles), 0),
      is_changed_(static_cast<std::size_t>(problem.n_vehicles), 0) {
  for (int k = 0; k < problem.n_vehicles; ++k) routes_.emplace_back(problem, k);
  backups_ = routes_;
  for (int v = 0; v < problem.n_visits; ++v) make_absent(v);
  committed_cost_ = cost_;
}

void Plan::make_absent(int visit) {
  absent_slot_[static_cast<std::size_t>(visit)] = static_cast<int>(absent_.size());
  absent_.push_back(visit);
  cost_ += problem_->visits[static_cast<std::size_t>(visit)].penalty;
}

void Plan::take_absent(int visit) {
  const auto slot = static_cast<std::size_t>(absent_slot_[static_cast<std::size_t>(visit)]);
  absent_[slot] = absent_.back();
  absent_slot_[static_cast<std::size_t>(absent_[slot])] = static_cast<int>(slot);
  absent_.pop_back();
  absent_slot_[static_cast<std::size_t>(visit)] = -1;
  cost_ -= problem_->visits[static_cast<std::size_t>(visit)].penalty;
}

void Plan::touch(int vehicle) {
  const auto k = static_cast<std::size_t>(vehicle);
  if (!is_changed_[k]) {
    is_changed_[k] = 1;
    changed_.push_back(vehicle);
  }
  if (is_touched_[k]) return;
  is_touched_[k] = 1;
  touched_.push_back(vehicle);
  backups_[k] = routes_[k];
}

// After a route has changed: its cost, and where its visits are.
void Plan::settle(int vehicle, Cost old_cost) {
  const Route& changed = route(vehicle);
  cost_ += changed.cost() - old_cost;
  for (int i = 0; i < changed.size(); ++i) {
    const Node& node = changed.node(i);
    if (node.is_break) continue;
    vehicle_of_[static_cast<std::size_t>(node.index)] = vehicle;
    position_of_[static_cast<std::size_t>(node.index)] = i;
  }
}

void Plan::remove_from_route(int vehicle, const std::vector<int>& visits) {
  touch(vehicle);
  Route& changed = routes_[static_cast<std::size_t>(vehicle)];
  const Cost old_cost = changed.cost();
  std::vector<int> positions;
  for (const int visit : visits) positions.push_back(position_of(visit));
  std::sort(positions.rbegin(), positions.rend());
  for (const int position : positions) changed.erase(position);
  for (const int visit : visits) {
    vehicle_of_[static_cast<std::size_t>(visit)] = kAbsent;
    make_absent(visit);
  }
  const bool has_breaks = problem_->vehicles[static_cast<std::size_t>(vehicle)].has_breaks();
  if (!changed.update(*problem_) && !(has_breaks && placer_.place(*problem_, changed))) {
    for (const Node& node : changed.nodes()) {
      if (node.is_break) continue;
      vehicle_of_[static_cast<std::size_t>(node.index)] = kAbsent;
      make_absent(node.index);
    }
    changed.clear(*problem_);
  }
  settle(vehicle, old_cost);
}

void Plan::remove_from_pool(int visit) {
  const int pool = pool_of(visit);
  pool_changes_.emplace_back(visit, pool);
  pool_of_[static_cast<std::size_t>(visit)] = -1;
  --pool_size_[static_cast<std::size_t>(pool)];
  cost_ -= problem_->pool_price(visit, pool);
  make_absent(visit);
}

void Plan::insert_into_pool(int visit, int pool) {
  pool_changes_.emplace_back(visit, -1);
  take_absent(visit);
  pool_of_[static_cast<std::size_t>(visit)] = pool;
  ++pool_size_[static_cast<std::size_t>(pool)];
  cost_ += problem_->pool_price(visit, pool);
}

bool Plan::insert(int visit, const Insertion& insertion) {
  touch(insertion.vehicle);
  Route& changed = routes_[static_cast<std::size_t>(insertion.vehicle)];
  const Cost old_cost = changed.cost();
  const bool has_breaks =
      problem_->vehicles[static_cast<std::size_t>(insertion.vehicle)].has_breaks();
  const Node node = visit_node(*problem_, visit, insertion.window);
  bool fits = false;
  if (changed.empty()) {
    fits = build_solo(*problem_, visit, insertion.window, changed, placer_);
    if (!fits) changed.clear(*problem_);
  } else {
    changed.insert(insertion.position, node);
    fits = changed.update(*problem_);
    if (fits) {
      assert(insertion.rearranged || changed.cost() - old_cost == insertion.delta);
      if (has_breaks) fits = placer_.place(*problem_, changed);
    } else if (has_breaks) {
      fits = placer_.place(*problem_, changed);
    }
    if (!fits) {
      changed.erase(insertion.position);
      changed.update(*problem_);
    }
  }
  if (fits) take_absent(visit);
  settle(insertion.vehicle, old_cost);
  return fits;
}

bool Plan::insert_block(int vehicle, int position, const std::vector<Node>& block) {
  const bool has_breaks = problem_->vehicles[static_cast<std::size_t>(vehicle)].has_breaks();
  const Cost old_cost = route(vehicle).cost();
  scratch_ = route(vehicle);
  for (std::size_t i = 0; i < block.size(); ++i) {
    scratch_.insert(position + static_cast<int>(i), block[i]);
  }
  const bool fits =
      has_breaks ? placer_.place(*problem_, scratch_) : scratch_.update(*problem_);
  if (!fits) return false;
  touch(vehicle);
  std::swap(routes_[static_cast<std::size_t>(vehicle)], scratch_);
  for (const Node& node : block) take_absent(node.index);
  settle(vehicle, old_cost);
  return true;
}

void Plan::refine(int vehicle) {
  if (route(vehicle).empty()) return;
  scratch_ = route(vehicle);
  if (!placer_.place_and_choose(*problem_, scratch_)) return;
  const Cost old_cost = route(vehicle).cost();
  if (scratch_.cost() >= old_cost) return;
  touch(vehicle);
  std::swap(routes_[static_cast<std::size_t>(vehicle)], scratch_);
  settle(vehicle, old_cost);
}

bool Plan::restore_route(int vehicle, const std::vector<Step>& steps) {
  touch(vehicle);
  Route& changed = routes_[static_cast<std::size_t>(vehicle)];
  const Cost old_cost = changed.cost();
  std::vector<Node> nodes;
  for (const Step& step : steps) nodes.push_back(node_of(*problem_, step));
  changed.assign(std::move(nodes));
  const bool fits = changed.update(*problem_);
  if (!fits) changed.clear(*problem_);
  for (const Node& node : changed.nodes()) {
    if (!node.is_break) take_absent(node.index);
  }
  settle(vehicle, old_cost);
  return fits;
}

void Plan::commit() {
  for (const int vehicle : touched_) is_touched_[static_cast<std::size_t>(vehicle)] = 0;
  touched_.clear();
  pool_changes_.clear();
  committed_cost_ = cost_;
}

void Plan::rollback() {
  for (const int vehicle : touched_) {
    for (const Node& node : route(vehicle).nodes()) {
      if (node.is_break) continue;
      vehicle_of_[static_cast<std::size_t>(node.index)] = kAbsent;
      make_absent(node.index);
    }
  }
  for (auto change = pool_changes_.rbegin(); change != pool_changes_.rend(); ++change) {
    const auto [visit, before] = *change;
    const int now = pool_of(visit);
    if (now >= 0) {
      --pool_size_[static_cast<std::size_t>(now)];
      make_absent(visit);
    }
    pool_of_[static_cast<std::size_t>(visit)] = before;
    if (before >= 0) {
      ++pool_size_[static_cast<std::size_t>(before)];
      take_absent(visit);
    }
  }
  for (const int vehicle : touched_) {
    const auto k = static_cast<std::size_t>(vehicle);
    std::swap(routes_[k], backups_[k]);
    is_touched_[k] = 0;
    for (const Node& node : routes_[k].nodes()) {
      if (!node.is_break) take_absent(node.index);
    }
    settle(vehicle, routes_[k].cost());
  }
  touched_.clear();
  pool_changes_.clear();
  cost_ = committed_cost_;
}

void Plan::take_snapshot_of(int vehicle, Decision& decision) const {
  auto& steps = decision.routes[static_cast<std::size_t>(vehicle)];
  steps.clear();
  for (const Node& node : route(vehicle).nodes()) {
    steps.push_back({node.is_break, node.index, node.choice});
  }
}

void Plan::snapshot(Decision& decision) {
  decision.pool_of = pool_of_;
  decision.routes.resize(routes_.size());
  for (const int vehicle : changed_) {
    take_snapshot_of(vehicle, decision);
    is_changed_[static_cast<std::size_t>(vehicle)] = 0;
  }
  changed_.clear();
}

void Plan::restore(const Decision& decision) {
  *this = Plan(*problem_);
  for (int k = 0; k < problem_->n_vehicles; ++k) {
    const auto& steps = decision.routes[static_cast<std::size_t>(k)];
    touch(k);  // a later snapshot must state every route anew
    if (!steps.empty()) restore_route(k, steps);
  }
  for (int v = 0; v < problem_->n_visits; ++v) {
    const int pool = decision.pool_of[static_cast<std::size_t>(v)];
    if (pool >= 0 && is_absent(v)) insert_into_pool(v, pool);
  }
  commit();
}

}  // namespace servicenet::routing
