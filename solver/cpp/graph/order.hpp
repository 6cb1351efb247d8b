// Order of elimination by nested dissection.
#pragma once

#include <vector>

#include "adjacency.hpp"

namespace servicenet::graph {

// Nodes from the least to the most important. Inertial flow (Schild and Sommer 2015): sort the
// nodes along four directions, take the quarter at either end as terminals, cut between them with
// as few nodes as possible, order both sides the same way and the cut behind them.
// `lon` and `lat` have one finite value per node; ties are broken by position, so the order is
// a function of its input.
std::vector<Node> dissect(const Adjacency& graph, const double* lon, const double* lat);

}  // namespace servicenet::graph
