// Many-to-many fastest ways.
#pragma once

#include <vector>

#include "metric.hpp"

namespace servicenet::graph {

// Writes sources.size() * targets.size() weights to `result`, one row per source, kUnreachable
// without a way. Restricted sweeps (RPHAST: Delling, Goldberg, Werneck 2011) on the part of the
// hierarchy above the targets, sixteen sources at a time, or the other way round where there are
// fewer targets; `threads` >= 1 do not change a bit.
// Throws std::invalid_argument for a node that does not exist or no threads.
void compute_matrix(const Metric& metric, const std::vector<Node>& sources,
                    const std::vector<Node>& targets, unsigned threads, Weight* result);

}  // namespace servicenet::graph
