// Better times and pick-ups for a route whose visits and their order stand.
#include <utility>

#include "plan.h"

namespace servicenet::routing {

void Plan::replace_if_cheaper(int vehicle, Route& other) {
  const Cost before = cost_;
  if (!ledger_.holds(other)) return;
  saved_.clear();
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

}  // namespace servicenet::routing
