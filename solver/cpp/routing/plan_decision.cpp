// What a plan decides, written down and taken back: who serves what in which order.
#include "plan.h"

namespace servicenet::routing {

void Plan::take_snapshot_of(int vehicle, Decision& decision) const {
  auto& steps = decision.routes[static_cast<std::size_t>(vehicle)];
  steps.clear();
  for (const Node& node : route(vehicle).nodes()) {
    steps.push_back({node.kind, node.index, node.choice});
  }
}

Decision Plan::decision() const {
  Decision all{std::vector<std::vector<Step>>(routes_.size()), pool_of_};
  for (int k = 0; k < problem_->n_vehicles; ++k) take_snapshot_of(k, all);
  return all;
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
    if (!steps.empty() && !restore_route(k, steps)) refill_route(k, steps);
  }
  for (int v = 0; v < problem_->n_visits; ++v) {
    const int pool = decision.pool_of[static_cast<std::size_t>(v)];
    if (pool < 0 || !is_absent(v) || problem_->pool_price(v, pool) < 0) continue;
    if (pool_takes(v, pool)) insert_into_pool(v, pool);
  }
  // A route that could not be put back must not leave half a crew on the others.
  for (int v = 0; v < problem_->n_visits; ++v) {
    if (vehicle_of(v) >= 0 && !is_ready_for(v)) remove_from_route(vehicle_of(v), {v});
  }
  refresh_links();
  commit();
}

}  // namespace servicenet::routing
