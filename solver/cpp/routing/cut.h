// Cutting a plan into regions.
#pragma once

#include <vector>

#include "random.h"
#include "region.h"

namespace servicenet::routing {

// Pieces of about `size` visits that lie near each other: halves of halves, along lines drawn at
// random, so that no two cuts have the same borders. Every vehicle and visit is in one of them.
std::vector<Piece> cut(const Problem& problem, const Decision& plan, int size, Random& random);

// Of every type that has as many vehicles without visits as there are pieces, all get some: they would
// all be in one otherwise, that of their depot.
void deal_idle(const Problem& problem, const Decision& plan, std::vector<Piece>& pieces);

}  // namespace servicenet::routing
