#include "separator.hpp"

#include <algorithm>

namespace servicenet::graph {

namespace {

constexpr std::uint32_t kFarAway = kNone;
constexpr std::uint32_t kSpent = kNone - 1;

}  // namespace

Separator::Separator(const Adjacency& graph)
    : graph_(graph),
      is_source_(graph.nodes()),
      is_sink_(graph.nodes()),
      carries_(graph.nodes()),
      before_(graph.nodes()),
      level_(2 * graph.nodes()),
      tried_(2 * graph.nodes()) {}

void Separator::reach(State state, std::uint32_t level) {
    if (level_[state] == kFarAway) {
        level_[state] = level;
        queue_.push_back(state);
    }
}

// Whoever leaves the sources leaves them for good through one with another neighbor, so the flow
// starts there and never enters the rest.
void Separator::sort_sources(const std::vector<Node>& sources) {
    std::fill(is_source_.begin(), is_source_.end(), std::uint8_t{0});
    for (const Node s : sources) {
        is_source_[s] = 1;
    }
    inner_sources_.clear();
    outer_sources_.clear();
    for (const Node s : sources) {
        const auto begin = graph_.neighbor.begin() + graph_.first[s];
        const auto end = graph_.neighbor.begin() + graph_.first[s + 1];
        const bool inner = std::all_of(begin, end, [this](Node w) { return is_source_[w] != 0; });
        (inner ? inner_sources_ : outer_sources_).push_back(s);
    }
}

bool Separator::set_levels() {
    std::fill(level_.begin(), level_.end(), kFarAway);
    queue_.clear();
    sink_level_ = kFarAway;
    for (const Node s : inner_sources_) {
        level_[entrance(s)] = kSpent;
        level_[exit(s)] = kSpent;
    }
    for (const Node s : outer_sources_) {
        reach(entrance(s), 0);
    }
    for (std::size_t i = 0; i < queue_.size(); ++i) {
        const State state = queue_[i];
        const std::uint32_t level = level_[state];
        if (level >= sink_level_) {
            break;
        }
        const Node v = state / 2;
        if (state == entrance(v)) {
            if (carries_[v] == 0) {
                reach(exit(v), level + 1);
                if (is_sink_[v] != 0 && level_[exit(v)] == level + 1) {
                    sink_level_ = level + 1;
                }
            } else if (before_[v] != kNone) {
                reach(exit(before_[v]), level + 1);
                if (is_sink_[before_[v]] != 0 && level_[exit(before_[v])] == level + 1) {
                    sink_level_ = level + 1;
                }
            }
            continue;
        }
        for (std::uint32_t e = graph_.first[v]; e < graph_.first[v + 1]; ++e) {
            reach(entrance(graph_.neighbor[e]), level + 1);
        }
        if (carries_[v] != 0) {
            reach(entrance(v), level + 1);
        }
    }
    return sink_level_ != kFarAway;
}

// Next residual neighbor of a state that has not been tried in this phase, or kNone.
Separator::State Separator::next_candidate(State state) {
    const Node v = state / 2;
    std::uint32_t& tried = tried_[state];
    if (state == entrance(v)) {
        if (tried++ > 0) {
            return kNone;
        }
        if (carries_[v] == 0) {
            return exit(v);
        }
        return before_[v] == kNone ? kNone : exit(before_[v]);
    }
    const std::uint32_t degree = graph_.first[v + 1] - graph_.first[v];
    if (tried < degree) {
        return entrance(graph_.neighbor[graph_.first[v] + tried++]);
    }
    if (tried == degree && carries_[v] != 0) {
        ++tried;
        return entrance(v);
    }
    return kNone;
}

bool Separator::find_path(State start) {
    path_.assign(1, start);
    while (!path_.empty()) {
        const State state = path_.back();
        const bool leaves = state % 2 == 1 && is_sink_[state / 2] != 0;
        if (leaves && level_[state] == sink_level_) {
            return true;
        }
        const State next = next_candidate(state);
        if (next == kNone) {
            level_[state] = kSpent;
            path_.pop_back();
        } else if (level_[next] == level_[state] + 1 && level_[next] <= sink_level_) {
            path_.push_back(next);
        }
    }
    return false;
}

void Separator::augment() {
    before_[path_.front() / 2] = kNone;
    for (std::size_t i = 0; i + 1 < path_.size(); ++i) {
        const State from = path_[i];
        const State to = path_[i + 1];
        const Node v = from / 2;
        const Node w = to / 2;
        if (from == exit(v) && v != w) {
            before_[w] = v;
        } else if (from == exit(v)) {
            carries_[v] = 0;
        } else if (v == w) {
            carries_[v] = 1;
        } else if (carries_[v] == 0) {
            before_[v] = kNone;
        }
    }
    for (const State state : path_) {
        level_[state] = kSpent;
    }
    ++flow_;
}

bool Separator::find(const std::vector<Node>& sources, const std::vector<Node>& sinks,
                     std::size_t limit, std::vector<Side>& sides) {
    std::fill(is_sink_.begin(), is_sink_.end(), std::uint8_t{0});
    std::fill(carries_.begin(), carries_.end(), std::uint8_t{0});
    std::fill(before_.begin(), before_.end(), kNone);
    for (const Node t : sinks) {
        is_sink_[t] = 1;
    }
    sort_sources(sources);
    flow_ = 0;
    while (set_levels()) {
        std::fill(tried_.begin(), tried_.end(), 0U);
        for (const Node s : outer_sources_) {
            if (level_[entrance(s)] != kSpent && find_path(entrance(s))) {
                augment();
            }
        }
        if (flow_ >= limit) {
            return false;
        }
    }
    sides.resize(graph_.nodes());
    for (Node v = 0; v < graph_.nodes(); ++v) {
        const bool in = level_[entrance(v)] != kFarAway;
        const bool out = level_[exit(v)] != kFarAway;
        sides[v] = out ? Side::kNear : in ? Side::kCut : Side::kFar;
    }
    return true;
}

}  // namespace servicenet::graph
