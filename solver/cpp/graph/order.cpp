#include "order.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <utility>

#include "separator.hpp"

namespace servicenet::graph {

namespace {

constexpr std::size_t kTerminalShare = 4;  // one in four nodes at either end
constexpr double kRadiansPerDegree = 3.14159265358979323846 / 180.0;

struct Range {
    std::size_t begin;
    std::size_t end;

    std::size_t size() const { return end - begin; }
};

class Dissection {
   public:
    Dissection(const Adjacency& graph, const double* lon, const double* lat)
        : graph_(graph),
          order_(graph.nodes()),
          part_(graph.nodes(), 0),
          local_(graph.nodes(), 0),
          x_(graph.nodes()),
          y_(lat, lat + graph.nodes()) {
        std::iota(order_.begin(), order_.end(), Node{0});
        const double sum = std::accumulate(y_.begin(), y_.end(), 0.0);
        const double middle = y_.empty() ? 0.0 : sum / static_cast<double>(y_.size());
        const double shrink = std::cos(middle * kRadiansPerDegree);
        std::transform(lon, lon + graph.nodes(), x_.begin(),
                       [shrink](double degrees) { return degrees * shrink; });
    }

    std::vector<Node> run() {
        pending_.push_back({0, order_.size()});
        while (!pending_.empty()) {
            const Range range = pending_.back();
            pending_.pop_back();
            if (range.size() > 2) {
                split(range);
            }
        }
        return std::move(order_);
    }

   private:
    // The subgraph of a range, numbered by position in the range.
    Adjacency cut_out(const Range& range) {
        ++current_part_;
        for (std::size_t i = range.begin; i < range.end; ++i) {
            part_[order_[i]] = current_part_;
            local_[order_[i]] = static_cast<Node>(i - range.begin);
        }
        Adjacency sub;
        sub.first.reserve(range.size() + 1);
        sub.first.push_back(0);
        for (std::size_t i = range.begin; i < range.end; ++i) {
            const Node v = order_[i];
            for (std::uint32_t e = graph_.first[v]; e < graph_.first[v + 1]; ++e) {
                const Node w = graph_.neighbor[e];
                if (part_[w] == current_part_) {
                    sub.neighbor.push_back(local_[w]);
                }
            }
            sub.first.push_back(static_cast<std::uint32_t>(sub.neighbor.size()));
        }
        return sub;
    }

    void split(const Range& range) {
        const Adjacency sub = cut_out(range);
        if (split_components(range, sub)) {
            return;
        }
        split_by_cut(range, best_cut(range, sub));
    }

    // True if the range was not connected and its components now wait one by one.
    bool split_components(const Range& range, const Adjacency& sub) {
        std::vector<Node> found;
        found.reserve(sub.nodes());
        std::vector<std::uint8_t> seen(sub.nodes(), 0);
        std::vector<Range> parts;
        for (Node root = 0; root < sub.nodes(); ++root) {
            if (seen[root] != 0) {
                continue;
            }
            const std::size_t begin = found.size();
            seen[root] = 1;
            found.push_back(root);
            for (std::size_t i = begin; i < found.size(); ++i) {
                for (std::uint32_t e = sub.first[found[i]]; e < sub.first[found[i] + 1]; ++e) {
                    const Node w = sub.neighbor[e];
                    if (seen[w] == 0) {
                        seen[w] = 1;
                        found.push_back(w);
                    }
                }
            }
            parts.push_back({range.begin + begin, range.begin + found.size()});
        }
        if (parts.size() == 1) {
            return false;
        }
        const std::vector<Node> old(order_.begin() + static_cast<std::ptrdiff_t>(range.begin),
                                    order_.begin() + static_cast<std::ptrdiff_t>(range.end));
        for (std::size_t i = 0; i < found.size(); ++i) {
            order_[range.begin + i] = old[found[i]];
        }
        pending_.insert(pending_.end(), parts.begin(), parts.end());
        return true;
    }

    std::vector<Side> best_cut(const Range& range, const Adjacency& sub) {
        static constexpr std::array<std::pair<double, double>, 4> kDirections{
            {{1.0, 0.0}, {0.0, 1.0}, {1.0, 1.0}, {1.0, -1.0}}};
        const std::size_t terminals = std::max<std::size_t>(1, sub.nodes() / kTerminalShare);
        Separator separator(sub);
        std::vector<Side> best;
        std::vector<Side> sides;
        std::size_t limit = sub.nodes() + 1;
        std::vector<Node> sources(terminals);
        std::vector<Node> sinks(terminals);
        std::vector<std::pair<double, Node>> line(sub.nodes());
        for (const auto& [along_x, along_y] : kDirections) {
            for (Node v = 0; v < sub.nodes(); ++v) {
                const Node node = order_[range.begin + v];
                line[v] = {along_x * x_[node] + along_y * y_[node], v};
            }
            // The cut nearest to a set of terminals is unique, so their order does not matter.
            const auto ends = static_cast<std::ptrdiff_t>(terminals);
            std::nth_element(line.begin(), line.begin() + ends, line.end());
            std::nth_element(line.begin() + ends, line.end() - ends, line.end());
            for (std::size_t i = 0; i < terminals; ++i) {
                sources[i] = line[i].second;
                sinks[i] = line[line.size() - 1 - i].second;
            }
            if (separator.find(sources, sinks, limit, sides)) {
                limit = separator.size();
                best = sides;
            }
        }
        return best;
    }

    void split_by_cut(const Range& range, const std::vector<Side>& sides) {
        std::array<std::vector<Node>, 3> groups;
        for (std::size_t i = 0; i < sides.size(); ++i) {
            groups[static_cast<std::size_t>(sides[i])].push_back(order_[range.begin + i]);
        }
        auto out = order_.begin() + static_cast<std::ptrdiff_t>(range.begin);
        for (const auto& group : groups) {
            out = std::copy(group.begin(), group.end(), out);
        }
        const std::size_t middle = range.begin + groups[0].size();
        pending_.push_back({range.begin, middle});
        pending_.push_back({middle, middle + groups[1].size()});
    }

    const Adjacency& graph_;
    std::vector<Node> order_;
    std::vector<std::uint32_t> part_;
    std::vector<Node> local_;
    std::vector<double> x_;
    std::vector<double> y_;
    std::vector<Range> pending_;
    std::uint32_t current_part_ = 0;
};

}  // namespace

std::vector<Node> dissect(const Adjacency& graph, const double* lon, const double* lat) {
    return Dissection(graph, lon, lat).run();
}

}  // namespace servicenet::graph
