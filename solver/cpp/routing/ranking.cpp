#include "ranking.h"

#include "breaks.h"

namespace servicenet::routing {

namespace {

std::vector<Node> visits_of(const Route& route) {
  std::vector<Node> visits;
  for (const Node& node : route.nodes()) {
    if (!node.is_break) visits.push_back(node);
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

void try_window(const Problem& problem, const Route& route, const Node& node, BreakPlacer& placer,
                Ranked& ranked) {
  const std::vector<Node> visits = visits_of(route);
  const bool has_breaks = problem.vehicles[static_cast<std::size_t>(route.vehicle())].has_breaks();
  Route trial(problem, route.vehicle());
  for (std::size_t position = 0; position <= visits.size(); ++position) {
    std::vector<Node> nodes = visits;
    nodes.insert(nodes.begin() + static_cast<std::ptrdiff_t>(position), node);
    trial.assign(nodes);
    const bool fits = has_breaks ? placer.place(problem, trial) : trial.update(problem);
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
        try_window(problem, plan.route(k), visit_node(problem, visit, window), placer,
                   ranked);
      }
    }
    result.push_back(ranked);
  }
  return result;
}

}  // namespace servicenet::routing
