// A smallest set of nodes that keeps two groups of nodes apart: maximum flow, nodes of capacity 1.
#pragma once

#include <cstdint>
#include <vector>

#include "adjacency.hpp"

namespace servicenet::graph {

enum class Side : std::uint8_t { kNear, kFar, kCut };

// Dinic's algorithm (1970) on the split graph (each node an entrance and an exit), kept implicit:
// a node carries at most one unit, so the flow is one predecessor per node. Every
// residual arc that enters an exit or leaves an entrance has capacity one; so a phase visits each
// of them once.
class Separator {
   public:
    explicit Separator(const Adjacency& graph);

    // Sides of the cut nearest to `sources`, or false as soon as it has `limit` nodes or more.
    // `sources` and `sinks` are disjoint; cut nodes may lie in either.
    bool find(const std::vector<Node>& sources, const std::vector<Node>& sinks, std::size_t limit,
              std::vector<Side>& sides);

    std::size_t size() const { return flow_; }

   private:
    using State = std::uint32_t;
    static constexpr State entrance(Node v) { return 2 * v; }
    static constexpr State exit(Node v) { return 2 * v + 1; }

    void sort_sources(const std::vector<Node>& sources);
    bool set_levels();
    void reach(State state, std::uint32_t level);
    State next_candidate(State state);
    bool find_path(State start);
    void augment();

    const Adjacency& graph_;
    std::vector<std::uint8_t> is_source_;
    std::vector<std::uint8_t> is_sink_;
    std::vector<Node> inner_sources_;
    std::vector<Node> outer_sources_;
    std::vector<std::uint8_t> carries_;
    std::vector<Node> before_;
    std::vector<std::uint32_t> level_;
    std::vector<std::uint32_t> tried_;
    std::vector<State> queue_;
    std::vector<State> path_;
    std::uint32_t sink_level_ = 0;
    std::size_t flow_ = 0;
};

}  // namespace servicenet::graph
