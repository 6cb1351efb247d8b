#include "path.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace servicenet::graph {

namespace {

// Weights of the ways from one end to its ancestors (or back, if `down`).
class Climb {
   public:
    Climb(const Metric& metric, Node start, bool down)
        : metric_(metric),
          down_(down),
          weight_(metric.hierarchy().nodes(), kUnreachable),
          edge_(metric.hierarchy().nodes(), kNone),
          below_(metric.hierarchy().nodes(), kNone) {
        const Hierarchy& h = metric.hierarchy();
        weight_[start] = 0;
        for (Node x = start; x != kNone; x = h.parent(x)) {
            for (std::uint32_t e = h.first[x]; e < h.first[x + 1]; ++e) {
                const EdgeWeights& weights = metric.weights(e);
                const Weight candidate = weight_[x] + (down_ ? weights.down : weights.up);
                if (less(candidate, weight_[h.head[e]])) {
                    weight_[h.head[e]] = candidate;
                    edge_[h.head[e]] = e;
                    below_[h.head[e]] = x;
                }
            }
        }
    }

    Weight at(Node x) const { return weight_[x]; }

    // Edges from `top` down to the start.
    std::vector<std::uint32_t> edges_below(Node top) const {
        std::vector<std::uint32_t> edges;
        for (Node x = top; edge_[x] != kNone; x = below_[x]) {
            edges.push_back(edge_[x]);
        }
        return edges;
    }

   private:
    const Metric& metric_;
    bool down_;
    std::vector<Weight> weight_;
    std::vector<std::uint32_t> edge_;
    std::vector<Node> below_;
};

struct Step {
    std::uint32_t edge;
    bool down;
};

// The two steps of a lower triangle that a shortcut stands for.
std::pair<Step, Step> split(const Metric& metric, Node lower, const Step& step) {
    const Hierarchy& h = metric.hierarchy();
    const Node upper = h.head[step.edge];
    const EdgeWeights& whole = metric.weights(step.edge);
    std::uint32_t i = h.down_first[lower];
    std::uint32_t j = h.down_first[upper];
    while (i < h.down_first[lower + 1] && j < h.down_first[upper + 1]) {
        if (h.down_tail[i] < h.down_tail[j]) {
            ++i;
        } else if (h.down_tail[j] < h.down_tail[i]) {
            ++j;
        } else {
            const std::uint32_t to_lower = h.down_edge[i++];
            const std::uint32_t to_upper = h.down_edge[j++];
            const EdgeWeights& a = metric.weights(to_lower);
            const EdgeWeights& b = metric.weights(to_upper);
            if (!step.down && a.down + b.up == whole.up) {
                return {{to_lower, true}, {to_upper, false}};
            }
            if (step.down && b.down + a.up == whole.down) {
                return {{to_upper, true}, {to_lower, false}};
            }
        }
    }
    throw std::logic_error("no triangle explains edge " + std::to_string(step.edge));
}

Node lower_node(const Hierarchy& h, std::uint32_t edge) {
    const auto after = std::upper_bound(h.first.begin(), h.first.end(), edge);
    return static_cast<Node>(after - h.first.begin() - 1);
}

void unpack(const Metric& metric, const Step& whole, std::vector<Arc>& arcs) {
    std::vector<Step> pending{whole};
    while (!pending.empty()) {
        const Step step = pending.back();
        pending.pop_back();
        const Arc arc = metric.original(step.edge, step.down);
        if (arc != kNone) {
            arcs.push_back(arc);
            continue;
        }
        const auto [head, tail] =
            split(metric, lower_node(metric.hierarchy(), step.edge), step);
        pending.push_back(tail);
        pending.push_back(head);
    }
}

void check_node(const char* name, Node node, std::size_t count) {
    if (node >= count) {
        throw std::invalid_argument(std::string(name) + " is " + std::to_string(node) +
                                    "; expected 0 to " + std::to_string(count) + " exclusive");
    }
}

}  // namespace

Path find_path(const Metric& metric, Node source, Node target) {
    const Hierarchy& h = metric.hierarchy();
    check_node("source", source, h.nodes());
    check_node("target", target, h.nodes());
    const Climb forward(metric, h.rank[source], false);
    const Climb backward(metric, h.rank[target], true);
    Path path;
    Node top = kNone;
    for (Node x = h.rank[source]; x != kNone; x = h.parent(x)) {
        const Weight candidate = forward.at(x) + backward.at(x);
        if (less(candidate, path.weight)) {
            path.weight = candidate;
            top = x;
        }
    }
    if (top == kNone) {
        return path;
    }
    metric.check_length(path.weight);
    std::vector<std::uint32_t> up = forward.edges_below(top);
    std::reverse(up.begin(), up.end());
    for (const std::uint32_t edge : up) {
        unpack(metric, {edge, false}, path.arcs);
    }
    for (const std::uint32_t edge : backward.edges_below(top)) {
        unpack(metric, {edge, true}, path.arcs);
    }
    return path;
}

}  // namespace servicenet::graph
