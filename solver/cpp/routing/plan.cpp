#include "plan.h"

#include <algorithm>
#include <cassert>

#include "errand.h"

namespace servicenet::routing {

namespace {

Node node_of(const Problem& problem, const Step& step, int vehicle) {
  switch (step.kind) {
    case Kind::kBreak:
      return break_node(problem, step.index, step.choice);
    case Kind::kPickup:
      return pickup_node(problem, step.index);
    default:
      return visit_node(problem, step.index, step.choice, vehicle);
  }
}

// True if the vehicle may serve the visits and takes each of its breaks once, in order.
bool may_stand(const Problem& problem, int vehicle, const std::vector<Step>& steps) {
  const Vehicle& source = problem.vehicles[static_cast<std::size_t>(vehicle)];
  int next = source.first_break;
  bool traveled = false;
  for (const Step& step : steps) {
    if (step.kind == Kind::kVisit && !problem.allowed(step.index, vehicle)) return false;
    if (step.kind == Kind::kBreak && (step.index != next++ || (traveled && step.choice == 0))) {
      return false;
    }
    traveled = step.kind == Kind::kBreak && step.choice == 1;
  }
  return next == source.last_break;
}

}  // namespace

Plan::Plan(const Problem& problem)
    : problem_(&problem),
      vehicle_of_(static_cast<std::size_t>(problem.n_visits), kAbsent),
      position_of_(static_cast<std::size_t>(problem.n_visits), 0),
      flanks_(static_cast<std::size_t>(problem.n_visits)),
      pool_of_(static_cast<std::size_t>(problem.n_visits), -1),
      pool_size_(static_cast<std::size_t>(problem.n_pools), 0),
      absent_slot_(static_cast<std::size_t>(problem.n_visits), -1),
      booked_(static_cast<std::size_t>(problem.n_vehicles)),
      ledger_(problem),
      is_touched_(static_cast<std::size_t>(problem.n_vehicles), 0),
      is_changed_(static_cast<std::size_t>(problem.n_vehicles), 0) {
  for (int k = 0; k < problem.n_vehicles; ++k) routes_.emplace_back(problem, k);
  backups_ = routes_;
  for (int v = 0; v < problem.n_visits; ++v) make_absent(v);
  cost_ += ledger_.cost();
  for (int k = 0; k < problem.n_vehicles; ++k) {
    if (problem.vehicles[static_cast<std::size_t>(k)].out) settle(k);
  }
  committed_cost_ = cost_;
  for (int k = 0; k < problem.n_vehicles && problem.n_parts > 0; ++k) {
    const auto van = static_cast<std::size_t>(problem.vehicles[static_cast<std::size_t>(k)].van);
    if (sharers_.size() <= van) sharers_.resize(van + 1);
    sharers_[van].push_back(k);
  }
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
void Plan::settle(int vehicle) {
  routes_[static_cast<std::size_t>(vehicle)].look_back(*problem_);
  const Route& changed = route(vehicle);
  Booked& booked = booked_[static_cast<std::size_t>(vehicle)];
  const Cost shared = ledger_.cost();
  ledger_.book(changed);
  cost_ += changed.cost() - booked.cost + ledger_.cost() - shared;
  n_used_ += (changed.empty() ? 0 : 1) - (booked.visits > 0 ? 1 : 0);
  n_served_ += changed.n_visits() - booked.visits;
  booked = {changed.cost(), changed.n_visits()};
  fill_flanks(*problem_, changed, flanks_);
  for (int i = 0; i < changed.size(); ++i) {
    const Node& node = changed.node(i);
    if (!node.is_visit()) continue;
    vehicle_of_[static_cast<std::size_t>(node.index)] = vehicle;
    position_of_[static_cast<std::size_t>(node.index)] = i;
  }
}

// Remembers a route that is about to change, so that the change can be given up.
void Plan::save(int vehicle) {
  touch(vehicle);
  if (n_saved_ == saved_.size()) saved_.emplace_back();
  saved_[n_saved_++] = route(vehicle);
}

void Plan::undo_saved() {
  for (; n_saved_ > 0; --n_saved_) {
    const Route& before = saved_[n_saved_ - 1];
    const int vehicle = before.vehicle();
    for (const Node& node : route(vehicle).nodes()) {
      if (!node.is_visit() || vehicle_of(node.index) != vehicle) continue;
      vehicle_of_[static_cast<std::size_t>(node.index)] = kAbsent;
      make_absent(node.index);
    }
    routes_[static_cast<std::size_t>(vehicle)] = before;
    for (const Node& node : before.nodes()) {
      if (node.is_visit()) take_absent(node.index);
    }
    settle(vehicle);
  }
}

// Recomputes a route whose order stands; moves its breaks only where it must.
bool Plan::time_anew(Route& route) {
  const Vehicle& vehicle = problem_->vehicles[static_cast<std::size_t>(route.vehicle())];
  return route.update(*problem_) || (vehicle.has_breaks() && place_breaks(route));
}

bool Plan::place_breaks(Route& route) {
  return route.check_parts(*problem_) && placer_.place(surroundings(), route);
}

// Takes every visit off a route.
void Plan::evict(int vehicle) { remove_from_route(vehicle, route(vehicle).visits()); }

// Tells later shifts on the same van what is gone from it; false if one of them then lacks parts.
bool Plan::share_van(int vehicle) {
  if (sharers_.empty()) return true;
  const auto van = static_cast<std::size_t>(
      problem_->vehicles[static_cast<std::size_t>(vehicle)].van);
  if (sharers_[van].size() < 2) return true;
  std::vector<int> gone(static_cast<std::size_t>(problem_->n_parts), 0);
  for (const int k : sharers_[van]) {
    Route& shift = routes_[static_cast<std::size_t>(k)];
    if (k > vehicle && shift.van_gone() != gone) {
      save(k);
      shift.set_van_gone(gone);
      if (!shift.empty()) {
        if (!time_anew(shift) || !ledger_.holds(shift)) return false;
        settle(k);
      }
    }
    for (std::size_t p = 0; p < shift.van_used().size(); ++p) gone[p] += shift.van_used()[p];
  }
  return true;
}

void Plan::take_off(int vehicle, const std::vector<int>& visits) {
  touch(vehicle);
  Route& changed = routes_[static_cast<std::size_t>(vehicle)];
  if (changed.has_links()) stale_.push_back(vehicle);
  for (int i = changed.size() - 1; i >= 0; --i) {
    const Node& node = changed.node(i);
    const bool gone = node.is_visit() &&
                      std::find(visits.begin(), visits.end(), node.index) != visits.end();
    if (gone) changed.erase(i);
  }
  for (const int visit : visits) {
    vehicle_of_[static_cast<std::size_t>(visit)] = kAbsent;
    make_absent(visit);
  }
  if (!time_anew(changed)) return evict(vehicle);
  settle(vehicle);
  n_saved_ = 0;
  if (!share_van(vehicle)) undo_saved();  // a later shift keeps what it has
  n_saved_ = 0;
}

void Plan::remove_from_route(int vehicle, const std::vector<int>& visits) {
  take_off(vehicle, visits);
  if (problem_->links.empty()) return;
  for (const int visit : visits) {
    for (const int member : problem_->group_of(visit)) {
      const int k = vehicle_of(member);
      if (k >= 0 && !is_ready_for(member)) remove_from_route(k, {member});
    }
  }
}

void Plan::remove_from_pool(int visit) {
  const int pool = pool_of(visit);
  pool_changes_.emplace_back(visit, pool);
  pool_of_[static_cast<std::size_t>(visit)] = -1;
  --pool_size_[static_cast<std::size_t>(pool)];
  cost_ -= problem_->pool_price(visit, pool);
  ledger_.book_pool(visit, pool, -1);
  make_absent(visit);
}

void Plan::insert_into_pool(int visit, int pool) {
  pool_changes_.emplace_back(visit, -1);
  take_absent(visit);
  pool_of_[static_cast<std::size_t>(visit)] = pool;
  ++pool_size_[static_cast<std::size_t>(pool)];
  cost_ += problem_->pool_price(visit, pool);
  ledger_.book_pool(visit, pool, 1);
}

bool Plan::pool_takes(int visit, int pool) const {
  const auto p = static_cast<std::size_t>(pool);
  return pool_size_[p] < problem_->pool_capacity[p] && ledger_.pool_holds(visit, pool);
}

int Plan::find_pool(int visit) const {
  int best = -1;
  for (int pool = 0; pool < problem_->n_pools; ++pool) {
    const Cost price = problem_->pool_price(visit, pool);
    if (price < 0 || !pool_takes(visit, pool)) continue;
    if (best < 0 || price < problem_->pool_price(visit, best)) best = pool;
  }
  return best;
}

bool Plan::insert(int visit, const Insertion& insertion) {
  n_saved_ = 0;
  save(insertion.vehicle);
  Route& changed = routes_[static_cast<std::size_t>(insertion.vehicle)];
  const bool has_breaks =
      problem_->vehicles[static_cast<std::size_t>(insertion.vehicle)].has_breaks();
  const bool was_empty = changed.empty();
  [[maybe_unused]] const Cost before = cost_;
  put(surroundings(), insertion, visit, changed);
  // A route without its breaks must not pass for one that has them.
  bool fits = !(was_empty && has_breaks) && changed.update(*problem_);
  if (has_breaks) fits = place_breaks(changed);
  if (fits && ledger_.holds(changed) && keep(insertion.vehicle, {visit})) {
    assert(is_as_promised(visit, insertion, before));
    return true;
  }
  undo_saved();
  return false;
}

// The trial's arithmetic against the plan's: exact where routes share nothing, and only bettered by
// breaks that were placed anew.
bool Plan::is_as_promised(int visit, const Insertion& insertion, Cost before) const {
  const bool shared = !problem_->shares.empty() || problem_->rules.worst_late_rate > 0;
  if (shared || !problem_->links.empty()) return true;
  const Route& route_before = saved_.front();
  if (problem_->n_parts > 0 && !is_errand(surroundings(), route_before, visit)) return true;
  const Visit& source = problem_->visits[static_cast<std::size_t>(visit)];
  const Cost delta = cost_ - before + source.penalty;
  const Vehicle& vehicle = problem_->vehicles[static_cast<std::size_t>(insertion.vehicle)];
  return vehicle.has_breaks() ? delta <= insertion.delta : delta == insertion.delta;
}

// Settles a route that `visits` were put on; false if other routes cannot follow.
bool Plan::keep(int vehicle, const std::vector<int>& visits) {
  for (const int visit : visits) take_absent(visit);
  settle(vehicle);
  const bool linked = std::any_of(visits.begin(), visits.end(),
                                  [this](int visit) { return problem_->is_linked(visit); });
  // Where breaks may move, all who wait for each other are timed together anew.
  if (linked && !problem_->breaks.empty()) stale_.push_back(vehicle);
  return share_van(vehicle) && settle_links({vehicle});
}

bool Plan::insert_block(int vehicle, int position, const std::vector<Node>& block) {
  const bool has_breaks = problem_->vehicles[static_cast<std::size_t>(vehicle)].has_breaks();
  scratch_ = route(vehicle);
  for (std::size_t i = 0; i < block.size(); ++i) {
    scratch_.insert(position + static_cast<int>(i), block[i]);
  }
  const bool fits =
      has_breaks ? place_breaks(scratch_) : scratch_.update(*problem_);
  if (!fits || !ledger_.holds(scratch_)) return false;
  n_saved_ = 0;
  save(vehicle);
  std::swap(routes_[static_cast<std::size_t>(vehicle)], scratch_);
  std::vector<int> visits;
  for (const Node& node : block) visits.push_back(node.index);
  if (keep(vehicle, visits)) return true;
  undo_saved();
  return false;
}

bool Plan::restore_route(int vehicle, const std::vector<Step>& steps) {
  if (!may_stand(*problem_, vehicle, steps)) return false;
  n_saved_ = 0;
  save(vehicle);
  Route& changed = routes_[static_cast<std::size_t>(vehicle)];
  std::vector<Node> nodes;
  std::vector<int> visits;
  for (const Step& step : steps) {
    nodes.push_back(node_of(*problem_, step, vehicle));
    if (step.kind != Kind::kVisit) continue;
    if (!is_absent(step.index) || !takes_person(vehicle, step.index)) return false;
    visits.push_back(step.index);
  }
  changed.assign(nodes);
  if (changed.update(*problem_) && ledger_.holds(changed) && keep(vehicle, visits)) return true;
  undo_saved();
  return false;
}

void Plan::commit() {
  assert(links_hold());
  for (const int vehicle : touched_) is_touched_[static_cast<std::size_t>(vehicle)] = 0;
  touched_.clear();
  pool_changes_.clear();
  committed_cost_ = cost_;
}

void Plan::rollback() {
  for (const int vehicle : touched_) {
    for (const Node& node : route(vehicle).nodes()) {
      if (!node.is_visit()) continue;
      vehicle_of_[static_cast<std::size_t>(node.index)] = kAbsent;
      make_absent(node.index);
    }
  }
  for (auto change = pool_changes_.rbegin(); change != pool_changes_.rend(); ++change) {
    const auto [visit, before] = *change;
    const int now = pool_of(visit);
    if (now >= 0) {
      --pool_size_[static_cast<std::size_t>(now)];
      ledger_.book_pool(visit, now, -1);
      make_absent(visit);
    }
    pool_of_[static_cast<std::size_t>(visit)] = before;
    if (before >= 0) {
      ++pool_size_[static_cast<std::size_t>(before)];
      ledger_.book_pool(visit, before, 1);
      take_absent(visit);
    }
  }
  for (const int vehicle : touched_) {
    const auto k = static_cast<std::size_t>(vehicle);
    std::swap(routes_[k], backups_[k]);
    is_touched_[k] = 0;
    for (const Node& node : routes_[k].nodes()) {
      if (node.is_visit()) take_absent(node.index);
    }
    settle(vehicle);
  }
  touched_.clear();
  pool_changes_.clear();
  stale_.clear();
  cost_ = committed_cost_;
}

}  // namespace servicenet::routing
