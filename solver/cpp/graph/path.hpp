// One fastest way, as input arcs.
#pragma once

#include <vector>

#include "metric.hpp"

namespace servicenet::graph {

struct Path {
    Weight weight = kUnreachable;
    std::vector<Arc> arcs;  // input arcs from source to target; empty if there is no way
};

// Elimination tree query (both ends climb to the root, no queue) and unpacking of the shortcuts.
// Throws std::invalid_argument for a node that does not exist.
Path find_path(const Metric& metric, Node source, Node target);

}  // namespace servicenet::graph
