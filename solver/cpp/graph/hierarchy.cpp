#include "hierarchy.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>

namespace servicenet::graph {

Hierarchy::Hierarchy(const Arcs& arcs, const std::vector<Node>& order) {
    check_arcs(arcs);
    if (order.size() != arcs.nodes) {
        throw std::invalid_argument("order has " + std::to_string(order.size()) +
                                    " entries; expected " + std::to_string(arcs.nodes));
    }
    number(order);
    contract(make_adjacency(arcs));
    turn_around();
    place(arcs);
}

void Hierarchy::number(const std::vector<Node>& order) {
    node = order;
    rank.assign(order.size(), kNone);
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (order[i] >= order.size() || rank[order[i]] != kNone) {
            throw std::invalid_argument("order[" + std::to_string(i) + "] is " +
                                        std::to_string(order[i]) +
                                        "; expected every node exactly once");
        }
        rank[order[i]] = static_cast<Node>(i);
    }
}

// Eliminates rank by rank; what the lowest neighbor has to know is the union of what it knew and
// what the eliminated node knew.
void Hierarchy::contract(const Adjacency& graph) {
    std::vector<std::vector<Node>> upper(nodes());
    for (Node x = 0; x < nodes(); ++x) {
        for (std::uint32_t e = graph.first[node[x]]; e < graph.first[node[x] + 1]; ++e) {
            const Node y = rank[graph.neighbor[e]];
            if (y > x) {
                upper[x].push_back(y);
            }
        }
        std::sort(upper[x].begin(), upper[x].end());
    }
    first.reserve(nodes() + 1);
    first.push_back(0);
    std::vector<Node> merged;
    for (Node x = 0; x < nodes(); ++x) {
        const std::vector<Node>& mine = upper[x];
        if (head.size() + mine.size() >= kNone / 2) {
            throw std::length_error("the hierarchy exceeds " + std::to_string(kNone / 2) +
                                    " edges at rank " + std::to_string(x));
        }
        if (!mine.empty()) {
            std::vector<Node>& theirs = upper[mine.front()];
            merged.clear();
            std::set_union(mine.begin() + 1, mine.end(), theirs.begin(), theirs.end(),
                           std::back_inserter(merged));
            theirs = merged;
        }
        head.insert(head.end(), mine.begin(), mine.end());
        first.push_back(static_cast<std::uint32_t>(head.size()));
        std::vector<Node>().swap(upper[x]);
    }
}

void Hierarchy::turn_around() {
    down_first.assign(nodes() + 1, 0);
    for (const Node y : head) {
        ++down_first[y + 1];
    }
    for (std::size_t y = 0; y < nodes(); ++y) {
        down_first[y + 1] += down_first[y];
    }
    down_tail.resize(edges());
    down_edge.resize(edges());
    std::vector<std::uint32_t> fill(down_first.begin(), down_first.end() - 1);
    for (Node x = 0; x < nodes(); ++x) {
        for (std::uint32_t e = first[x]; e < first[x + 1]; ++e) {
            const std::uint32_t place_in_list = fill[head[e]]++;
            down_tail[place_in_list] = x;
            down_edge[place_in_list] = e;
        }
    }
}

void Hierarchy::place(const Arcs& arcs) {
    slot.resize(arcs.count);
    for (std::size_t i = 0; i < arcs.count; ++i) {
        const Node from = rank[static_cast<std::size_t>(arcs.tail[i])];
        const Node to = rank[static_cast<std::size_t>(arcs.head[i])];
        slot[i] = from == to ? kNone
                             : 2 * find_edge(std::min(from, to), std::max(from, to)) +
                                   (from > to ? 1U : 0U);
    }
}

std::uint32_t Hierarchy::find_edge(Node lower, Node upper) const {
    const auto begin = head.begin() + first[lower];
    const auto end = head.begin() + first[lower + 1];
    const auto found = std::lower_bound(begin, end, upper);
    return found == end || *found != upper ? kNone
                                           : static_cast<std::uint32_t>(found - head.begin());
}

std::size_t Hierarchy::height() const {
    std::vector<std::uint32_t> depth(nodes(), 1);
    std::uint32_t deepest = 0;
    for (std::size_t i = nodes(); i-- > 0;) {
        const Node above = parent(static_cast<Node>(i));
        if (above != kNone) {
            depth[i] = depth[above] + 1;
        }
        deepest = std::max(deepest, depth[i]);
    }
    return deepest;
}

}  // namespace servicenet::graph
