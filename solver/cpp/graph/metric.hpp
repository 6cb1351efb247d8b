// A hierarchy with weights: the fastest way over every edge.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "hierarchy.hpp"
#include "weight.hpp"

namespace servicenet::graph {

// Both directions of an edge side by side: they are used together.
struct EdgeWeights {
    Weight up = kUnreachable;
    Weight down = kUnreachable;
};

class Metric {
   public:
    // One entry per input arc: `time_ms` in [0, kTimeLimitMs), `length_mm` in
    // [0, kLengthLimitMm); std::invalid_argument names the first that is not.
    Metric(std::shared_ptr<const Hierarchy> hierarchy, const std::int64_t* time_ms,
           const std::int64_t* length_mm);

    const Hierarchy& hierarchy() const { return *hierarchy_; }
    const EdgeWeights& weights(std::uint32_t edge) const { return weights_[edge]; }
    // Input arc that an edge direction stands for, kNone if it is a shortcut.
    Arc original(std::uint32_t edge, bool down) const { return original_[2 * edge + down]; }

    // Throws std::overflow_error if a way of this weight may be longer than 32 bits of
    // millimeters (4 294 km): its length would have spilled into its time.
    void check_length(Weight weight) const;

   private:
    void set_arcs(const std::int64_t* time_ms, const std::int64_t* length_mm);
    void customize();

    std::shared_ptr<const Hierarchy> hierarchy_;
    std::vector<EdgeWeights> weights_;
    std::vector<Arc> original_;
    double fastest_mm_per_ms_ = 0.0;
    double timeless_mm_ = 0.0;
};

}  // namespace servicenet::graph
