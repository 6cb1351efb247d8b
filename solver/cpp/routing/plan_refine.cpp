// Better times and pick-ups for a route whose visits and their order stand, and what can be kept of
// one that breaks a rule.
#include <utility>

#include "plan.h"

namespace servicenet::routing {

void Plan::replace_if_cheaper(int vehicle, Route& other) {
  const Cost before = cost_;
  if (!ledger_.holds(other)) return;
  n_saved_ = 0;
  save(vehicle);
  std::swap(routes_[static_cast<std::size_t>(vehicle)], other);
  if (!keep(vehicle, {}) || cost_ >= before) {
    undo_saved();
  } else if (route(vehicle).has_links()) {
    stale_.push_back(vehicle);  // whoever waited for it may start earlier
  }
}

void Plan::refine(int vehicle) {
  if (route(vehicle).empty()) return;
  scratch_ = route(vehicle);
  if (placer_.place_and_choose(surroundings(), scratch_)) replace_if_cheaper(vehicle, scratch_);
  if (route(vehicle).has_pickups()) refine_pickups(vehicle);
}

// Takes all pick-ups off and puts them where they cost least.
void Plan::refine_pickups(int vehicle) {
  std::vector<Node> nodes;
  for (const Node& node : route(vehicle).nodes()) {
    if (!node.is_pickup()) nodes.push_back(node);
  }
  Route& built = trials_.with_pickups[0];
  built = route(vehicle);
  built.assign(nodes);
  Insertion way;
  way.vehicle = vehicle;
  Insertion best;
  best.delta = 0;
  try_pickups(surroundings(), route(vehicle), way, built, best, trials_, &placer_);
  if (best.vehicle < 0) return;
  scratch_ = route(vehicle);
  scratch_.assign(nodes);
  put_pickups(*problem_, best, scratch_);
  const bool fits = best.rearranged ? place_breaks(scratch_)
                                    : scratch_.update(*problem_);
  if (fits) replace_if_cheaper(vehicle, scratch_);
}

bool Plan::takes_person(int vehicle, int visit) const {
  return !problem_->is_linked(visit) || persons_allow(surroundings(), vehicle, visit);
}

void Plan::refill_route(int vehicle, const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    const bool usable = step.kind == Kind::kVisit && is_absent(step.index) &&
                        problem_->allowed(step.index, vehicle) &&
                        takes_person(vehicle, step.index);
    if (!usable) continue;
    const Visit& source = problem_->visits[static_cast<std::size_t>(step.index)];
    Insertion best;
    for (int window = source.first_window; window < source.last_window; ++window) {
      Insertion way;
      way.vehicle = vehicle;
      way.position = route(vehicle).empty() ? 0 : route(vehicle).last() + 1;
      way.window = window;
      Route& built = trials_.with_pickups[0];
      built = route(vehicle);
      put(surroundings(), way, step.index, built);
      try_pickups(surroundings(), route(vehicle), way, built, best, trials_, &placer_);
    }
    if (best.vehicle >= 0) insert(step.index, best);
  }
}

}  // namespace servicenet::routing
