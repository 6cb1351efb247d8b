// What a trial needs to know of the plan beside the route it changes.
#pragma once

#include <vector>

#include "ledger.h"
#include "route.h"

namespace servicenet::routing {

struct Surroundings {
  const Problem& problem;
  const Ledger& ledger;
  const std::vector<Route>& routes;
  const std::vector<int>& vehicle_of;   // per visit, negative = on no route
  const std::vector<int>& position_of;  // per visit

  const Vehicle& vehicle(int k) const { return problem.vehicles[static_cast<std::size_t>(k)]; }
  const Route& route(int k) const { return routes[static_cast<std::size_t>(k)]; }
};

}  // namespace servicenet::routing
