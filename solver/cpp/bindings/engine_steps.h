// Plans as Python speaks them.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "plan.h"

namespace servicenet::routing {

// (kind, index, choice)
using PyStep = std::tuple<int, int, int>;
using PyRoutes = std::vector<std::vector<PyStep>>;

inline Decision to_decision(const Problem& problem, const PyRoutes& routes,
                     const std::vector<int>& pool_of) {
  if (routes.size() != problem.vehicles.size() || pool_of.size() != problem.visits.size()) {
    throw std::invalid_argument("a plan for " + std::to_string(routes.size()) + " vehicles and " +
                                std::to_string(pool_of.size()) + " visits");
  }
  Decision decision;
  decision.pool_of = pool_of;
  for (const auto& route : routes) {
    auto& steps = decision.routes.emplace_back();
    for (const auto& [kind, index, choice] : route) {
      steps.push_back({static_cast<Kind>(kind), index, choice});
    }
  }
  return decision;
}

inline std::vector<PyStep> from_steps(const std::vector<Step>& steps) {
  std::vector<PyStep> route;
  for (const Step& step : steps) {
    route.emplace_back(static_cast<int>(step.kind), step.index, step.choice);
  }
  return route;
}

}  // namespace servicenet::routing
