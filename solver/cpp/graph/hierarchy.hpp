// The customizable contraction hierarchy of a graph: everything that does not depend on weights.
#pragma once

#include <cstdint>
#include <vector>

#include "adjacency.hpp"

namespace servicenet::graph {

// Dibbelt, Strasser, Wagner, "Customizable Contraction Hierarchies", JEA 21 (2016).
//
// Nodes are renumbered by rank (0 = least important). Edge e joins its lower node with
// `head[e]`; the edges of lower node x are first[x] .. first[x + 1] - 1, heads ascending. The upper
// neighbors of a node form a clique, so they are all its ancestors in the elimination tree.
struct Hierarchy {
    std::vector<Node> rank;           // of an input node
    std::vector<Node> node;           // input node of a rank
    std::vector<std::uint32_t> first;
    std::vector<Node> head;
    std::vector<std::uint32_t> down_first;  // edges whose *upper* node is y, by lower node
    std::vector<Node> down_tail;
    std::vector<std::uint32_t> down_edge;
    std::vector<std::uint32_t> slot;  // of an input arc: 2 * edge + (1 if it leads down); kNone: loop

    // `order` is a permutation of the nodes, least important first; std::invalid_argument if not.
    Hierarchy(const Arcs& arcs, const std::vector<Node>& order);

    std::size_t nodes() const { return rank.size(); }
    std::size_t edges() const { return head.size(); }
    // Next ancestor in the elimination tree, kNone at a root.
    Node parent(Node x) const { return first[x] == first[x + 1] ? kNone : head[first[x]]; }
    // Edge between two ranks, lower one first; kNone if there is none.
    std::uint32_t find_edge(Node lower, Node upper) const;
    // Nodes on the longest way to a root.
    std::size_t height() const;

   private:
    void number(const std::vector<Node>& order);
    void contract(const Adjacency& graph);
    void turn_around();
    void place(const Arcs& arcs);
};

}  // namespace servicenet::graph
