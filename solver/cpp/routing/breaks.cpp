#include "breaks.h"

#include <algorithm>
#include <utility>

namespace servicenet::routing {

bool BreakPlacer::run(const Surroundings& around, Route& route, bool choose) {
  const Problem& problem = around.problem;
  around_ = &around;
  problem_ = &problem;
  choose_ = choose;
  vehicle_ = &problem.vehicles[static_cast<std::size_t>(route.vehicle())];
  tries_all_ = problem.rules.leaves_for_end ||
               (vehicle_->rush && vehicle_->limits.driving < kUnlimited);
  found_ = false;
  judged_ = 0;
  stops_.clear();
  first_visit_ = -1;
  for (const Node& node : route.nodes()) {
    if (node.is_break()) continue;
    if (node.is_visit() && first_visit_ < 0) first_visit_ = n_stops();
    stops_.push_back(node);
  }
  layout_.assign(static_cast<std::size_t>(vehicle_->last_break - vehicle_->first_break), 0);
  trial_.use(problem, route.vehicle());
  extend({0, 0, false, vehicle_->earliest});
  if (found_) {
    best_.keep_parts(route);
    std::swap(route, best_);
  }
  return found_;
}

void BreakPlacer::extend(State state) {
  if (judged_ >= kMostJudged) return;
  const bool all_taken = state.taken == static_cast<int>(layout_.size());
  if (state.traveled && state.done == n_stops() && all_taken) {
    judge();
    return;
  }
  if (!all_taken) take_break(state);
  if (choose_ && state.traveled && state.done < n_stops() && stop(state.done).is_visit()) {
    visit_in_every_window(state);
  } else if (move(state)) {
    extend(state);
  }
}

void BreakPlacer::visit_in_every_window(const State& state) {
  const auto done = static_cast<std::size_t>(state.done);
  const int index = stops_[done].index;
  const Seconds bound = stops_[done].bound;
  const Visit& source = problem_->visits[static_cast<std::size_t>(index)];
  for (int window = source.first_window; window < source.last_window; ++window) {
    stops_[done] = visit_node(*problem_, index, window, trial_.vehicle());
    stops_[done].bound = bound;
    State next = state;
    if (move(next)) extend(next);
  }
}

// Takes the next break where the vehicle stands.
void BreakPlacer::take_break(const State& state) {
  const Break& pause =
      problem_->breaks[static_cast<std::size_t>(vehicle_->first_break + state.taken)];
  const Seconds start = std::max(state.time, pause.earliest);
  if (start > pause.latest) return;
  // What a visit would take is open as long as its window is.
  const bool known = !(choose_ && state.traveled);
  State moved = state;
  const bool waits = known && !tries_all_ && state.done > first_visit_ && move(moved) &&
                     moved.time <= pause.earliest;
  if (waits) return;
  layout_[static_cast<std::size_t>(state.taken)] = 2 * state.done + (state.traveled ? 1 : 0);
  extend({state.done, state.taken + 1, state.traveled, start + pause.duration});
}

// Travels to the next place, or, being there, does what is to do. False if that cannot be.
bool BreakPlacer::move(State& state) {
  if (!state.traveled) {
    const int to = state.done == n_stops() ? vehicle_->end : stop(state.done).location;
    const int from = state.done == 0 ? vehicle_->start : stop(state.done - 1).location;
    const Leg& leg = problem_->leg(vehicle_->profile, from, to);
    if (leg.duration >= kNoWay) return false;
    state.traveled = true;
    state.time = problem_->arrive(*vehicle_, from, to, state.time);
    return true;
  }
  if (state.done == n_stops()) return false;
  Node& next = stops_[static_cast<std::size_t>(state.done)];
  const Seconds arrival = std::max(state.time + next.access, next.earliest);
  Seconds start = std::max(arrival, next.bound);
  if (next.is_visit() && problem_->is_linked(next.index)) {
    start = std::max(start, bound_in_chain(*problem_, stops_, state.done));
  }
  if ((problem_->rules.late_at_start ? start : arrival) > next.limit) return false;
  state.traveled = false;
  state.time = next.ready = start + next.duration;
  ++state.done;
  return true;
}

void BreakPlacer::judge() {
  ++judged_;
  nodes_.clear();
  std::size_t next = 0;
  for (int done = 0; done <= n_stops(); ++done) {
    for (; next < layout_.size() && layout_[next] / 2 == done; ++next) {
      const int pause = vehicle_->first_break + static_cast<int>(next);
      nodes_.push_back(break_node(*problem_, pause, layout_[next] % 2));
    }
    if (done < n_stops()) nodes_.push_back(stop(done));
  }
  trial_.assign(nodes_);
  if (!trial_.time(*problem_) || (found_ && trial_.cost() > best_cost_)) return;
  const Cost cost = trial_.cost() + price_on_plan(*around_, trial_);
  if (found_ && cost > best_cost_) return;
  // Of equally cheap ways the one that others have to wait for least.
  const Cost waited_for = sum_of_linked_starts(*problem_, trial_);
  if (found_ && cost == best_cost_ && waited_for >= best_waited_for_) return;
  best_cost_ = cost;
  best_waited_for_ = waited_for;
  std::swap(trial_, best_);
  trial_.use(*problem_, best_.vehicle());
  found_ = true;
}

}  // namespace servicenet::routing
