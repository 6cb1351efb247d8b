// Routes as plain steps, and how late their visits are.
#pragma once

#include <algorithm>
#include <vector>

#include "plan.h"

namespace servicenet::routing {

// Seconds after the promise and after what the customer was told; neither falls as the other rises.
inline Seconds lateness_of(const Problem& problem, const Node& node) {
  const Seconds judged = problem.rules.late_at_start ? node.start() : node.arrival();
  const Seconds late = std::max(0, judged - node.latest);
  if (problem.told.empty()) return late;
  const Told& said = problem.told[static_cast<std::size_t>(node.index)];
  return late + std::max(0, node.arrival() - said.latest);
}

inline std::vector<Step> steps_of(const Route& route) {
  std::vector<Step> steps;
  for (const Node& node : route.nodes()) steps.push_back({node.kind, node.index, node.choice});
  return steps;
}

inline bool same_steps(const std::vector<Step>& a, const std::vector<Step>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Step& x, const Step& y) {
    return x.kind == y.kind && x.index == y.index && x.choice == y.choice;
  });
}

inline std::vector<int> visits_of(const std::vector<Step>& steps) {
  std::vector<int> visits;
  for (const Step& step : steps) {
    if (step.kind == Kind::kVisit) visits.push_back(step.index);
  }
  return visits;
}

}  // namespace servicenet::routing
