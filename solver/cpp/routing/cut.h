// Cutting a plan into regions.
#pragma once

#include <vector>

#include "random.h"
#include "region.h"

namespace servicenet::routing {

// Pieces of about `size` visits that lie near each other: halves of halves, along lines drawn at
// random, so that no two cuts have the same borders. Every vehicle and visit is in one of them.
std::vector<Piece> cut(const Problem& problem, const Decision& plan, int size, Random& random);

}  // namespace servicenet::routing
