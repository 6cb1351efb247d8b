// The road graph without directions, without loops and without parallel edges.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "weight.hpp"

namespace servicenet::graph {

// Directed arcs as they come from outside; borrowed, never owned.
struct Arcs {
    std::size_t nodes = 0;
    std::size_t count = 0;
    const std::int32_t* tail = nullptr;
    const std::int32_t* head = nullptr;
};

// Neighbors of node v: neighbor[first[v]] .. neighbor[first[v + 1] - 1], ascending.
struct Adjacency {
    std::vector<std::uint32_t> first;
    std::vector<Node> neighbor;

    std::size_t nodes() const { return first.size() - 1; }
};

// Throws std::invalid_argument if an end of an arc is not a node.
void check_arcs(const Arcs& arcs);

Adjacency make_adjacency(const Arcs& arcs);

}  // namespace servicenet::graph
