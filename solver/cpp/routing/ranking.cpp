#include "ranking.h"

#include <algorithm>
#include <utility>

#include "breaks.h"

namespace servicenet::routing {

namespace {

std::vector<Node> visits_of(const Route& route) {
  std::vector<Node> visits;
  for (const Node& node : route.nodes()) {
    if (!node.is_break()) visits.push_back(node);
  }
  return visits;
}

// Times the visits without their breaks, to tell a day that is too full from one whose break does
// not fit.
void explain(const Problem& problem, Route& trial, const std::vector<Node>& nodes,
             Ranked& ranked) {
  trial.assign(nodes);
  const bool fits = trial.update(problem);
  const Block block = fits ? Block::kBreak : trial.block();
  const Seconds excess = fits ? 0 : trial.excess();
  if (ranked.block == Block::kNone || excess < ranked.excess) {
    ranked.block = block;
    ranked.excess = excess;
  }
}

// Least price of the visit in front of visit `position`: the detour. Waiting may absorb the time.
Cost detour(const Problem& problem, const Vehicle& vehicle, const std::vector<Node>& visits,
            std::size_t position, int location) {
  const int from = position == 0 ? vehicle.start : visits[position - 1].location;
  const int to = position == visits.size() ? vehicle.end : visits[position].location;
  const Cost there = problem.leg(vehicle.profile, from, location).distance;
  const Cost onward = problem.leg(vehicle.profile, location, to).distance;
  const Cost direct = visits.empty() ? 0 : problem.leg(vehicle.profile, from, to).distance;
  return vehicle.per_meter * (there + onward - direct);
}

// Tries the positions with the least detour first and stops where the detour alone is too dear.
void try_window(const Problem& problem, const Route& route, const Node& node, BreakPlacer& placer,
                Ranked& ranked) {
  const std::vector<Node> visits = visits_of(route);
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(route.vehicle())];
  std::vector<std::pair<Cost, std::size_t>> positions;
  for (std::size_t position = 0; position <= visits.size(); ++position) {
    positions.emplace_back(detour(problem, vehicle, visits, position, node.location), position);
  }
  std::sort(positions.begin(), positions.end());
  const Cost extra = problem.assignment_cost(node.index, route.vehicle());
  Route trial(problem, route.vehicle());
  for (const auto& [least, position] : positions) {
    if (least + extra >= ranked.cost) return;
    std::vector<Node> nodes = visits;
    nodes.insert(nodes.begin() + static_cast<std::ptrdiff_t>(position), node);
    trial.assign(nodes);
    const bool fits = vehicle.has_breaks() ? placer.place(problem, trial) : trial.update(problem);
    if (!fits) {
      if (ranked.cost == kInfinite) explain(problem, trial, nodes, ranked);
      continue;
    }
    const Cost delta = trial.cost() - route.cost();
    if (delta >= ranked.cost) continue;
    ranked.cost = delta;
    ranked.block = Block::kNone;
    ranked.excess = 0;
    ranked.position = static_cast<int>(position);
    ranked.window = node.choice;
  }
}

}  // namespace

std::vector<Ranked> rank_insertions(const Plan& plan, int visit) {
  const Problem& problem = plan.problem();
  const Visit& source = problem.visits[static_cast<std::size_t>(visit)];
  std::vector<Ranked> result;
  BreakPlacer placer;
  for (int k = 0; k < problem.n_vehicles; ++k) {
    Ranked ranked;
    ranked.vehicle = k;
    if (!problem.allowed(visit, k)) {
      ranked.block = Block::kForbidden;
    } else {
      for (int window = source.first_window; window < source.last_window; ++window) {
        try_window(problem, plan.route(k), visit_node(problem, visit, window, k), placer,
                   ranked);
      }
    }
    result.push_back(ranked);
  }
  return result;
}

}  // namespace servicenet::routing
