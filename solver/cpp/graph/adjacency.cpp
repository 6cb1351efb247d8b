#include "adjacency.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace servicenet::graph {

namespace {

void check_end(const char* name, std::size_t arc, std::int32_t node, std::size_t nodes) {
    if (node < 0 || static_cast<std::size_t>(node) >= nodes) {
        throw std::invalid_argument(std::string(name) + "[" + std::to_string(arc) + "] is " +
                                    std::to_string(node) + "; expected 0 to " +
                                    std::to_string(nodes) + " exclusive");
    }
}

}  // namespace

void check_arcs(const Arcs& arcs) {
    // Arc slots are 32-bit with one bit for the direction, and the hierarchy has several arcs per
    // input arc.
    if (arcs.nodes >= kNone / 16 || arcs.count >= kNone / 16) {
        throw std::invalid_argument("the graph has " + std::to_string(arcs.nodes) + " nodes and " +
                                    std::to_string(arcs.count) + " arcs; at most " +
                                    std::to_string(kNone / 16 - 1) + " of each are supported");
    }
    for (std::size_t i = 0; i < arcs.count; ++i) {
        check_end("tail", i, arcs.tail[i], arcs.nodes);
        check_end("head", i, arcs.head[i], arcs.nodes);
    }
}

Adjacency make_adjacency(const Arcs& arcs) {
    std::vector<std::uint32_t> first(arcs.nodes + 1, 0);
    for (std::size_t i = 0; i < arcs.count; ++i) {
        if (arcs.tail[i] != arcs.head[i]) {
            ++first[static_cast<std::size_t>(arcs.tail[i]) + 1];
            ++first[static_cast<std::size_t>(arcs.head[i]) + 1];
        }
    }
    for (std::size_t v = 0; v < arcs.nodes; ++v) {
        first[v + 1] += first[v];
    }
    std::vector<Node> all(first[arcs.nodes]);
    std::vector<std::uint32_t> fill(first.begin(), first.end() - 1);
    for (std::size_t i = 0; i < arcs.count; ++i) {
        const auto tail = static_cast<Node>(arcs.tail[i]);
        const auto head = static_cast<Node>(arcs.head[i]);
        if (tail != head) {
            all[fill[tail]++] = head;
            all[fill[head]++] = tail;
        }
    }
    Adjacency result;
    result.first.reserve(arcs.nodes + 1);
    result.first.push_back(0);
    for (std::size_t v = 0; v < arcs.nodes; ++v) {
        const auto begin = all.begin() + first[v];
        const auto end = all.begin() + first[v + 1];
        std::sort(begin, end);
        result.neighbor.insert(result.neighbor.end(), begin, std::unique(begin, end));
        result.first.push_back(static_cast<std::uint32_t>(result.neighbor.size()));
    }
    return result;
}

}  // namespace servicenet::graph
