// Every way to give one visit to every vehicle, priced exactly: who could take it instead, or which
// rule keeps it off.
#pragma once

#include <cstddef>
#include <vector>

#include "plan.h"

namespace servicenet::routing {

struct Ranked {
  int vehicle = 0;
  Cost cost = kInfinite;  // kInfinite: not possible, see `block`
  Block block = Block::kNone;
  Seconds excess = 0;  // by how much the nearest attempt misses the rule
  int position = 0;    // counted in visits
  int window = 0;
};

// One entry per vehicle. `visit` must not be on a route of `plan`. Breaks are placed anew for every
// attempt. The cheapest position is found for certain where travel times obey the triangle
// inequality (a detour then never saves time); elsewhere the price is that of a good position.
std::vector<Ranked> rank_insertions(const Plan& plan, int visit);

}  // namespace servicenet::routing
