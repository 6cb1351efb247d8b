#include "matrix.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>

// The same integer code for wider registers, chosen when the library is loaded.
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
#define SERVICENET_WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define SERVICENET_WIDE
#endif

namespace servicenet::graph {

namespace {

constexpr std::size_t kLanes = 16;
using Lanes = std::array<Weight, kLanes>;

// The nodes above a set of nodes, ascending by rank and renumbered, with their edges.
struct Restricted {
    std::vector<Node> rank;
    std::vector<std::uint32_t> first;
    std::vector<Node> head;
    std::vector<EdgeWeights> weights;

    Node local(Node of_rank) const {
        return static_cast<Node>(std::lower_bound(rank.begin(), rank.end(), of_rank) -
                                 rank.begin());
    }
    Node parent(Node x) const { return first[x] == first[x + 1] ? kNone : head[first[x]]; }
};

void check_nodes(const char* name, const std::vector<Node>& nodes, std::size_t count) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i] >= count) {
            throw std::invalid_argument(std::string(name) + "[" + std::to_string(i) + "] is " +
                                        std::to_string(nodes[i]) + "; expected 0 to " +
                                        std::to_string(count) + " exclusive");
        }
    }
}

// `turned`: every edge the other way round.
Restricted restrict_to(const Metric& metric, const std::vector<Node>& sources,
                       const std::vector<Node>& targets, bool turned) {
    const Hierarchy& h = metric.hierarchy();
    std::vector<Node> local(h.nodes(), kNone);
    for (const auto* nodes : {&sources, &targets}) {
        for (const Node v : *nodes) {
            for (Node x = h.rank[v]; x != kNone && local[x] == kNone; x = h.parent(x)) {
                local[x] = 0;
            }
        }
    }
    Restricted part;
    part.first.push_back(0);
    for (Node x = 0; x < h.nodes(); ++x) {
        if (local[x] != kNone) {
            local[x] = static_cast<Node>(part.rank.size());
            part.rank.push_back(x);
        }
    }
    for (const Node x : part.rank) {
        for (std::uint32_t e = h.first[x]; e < h.first[x + 1]; ++e) {
            part.head.push_back(local[h.head[e]]);
            const EdgeWeights& known = metric.weights(e);
            part.weights.push_back(turned ? EdgeWeights{known.down, known.up} : known);
        }
        part.first.push_back(static_cast<std::uint32_t>(part.head.size()));
    }
    return part;
}

// From every source up, by ascending rank.
SERVICENET_WIDE void climb(const Restricted& part, const std::vector<Node>& above, Lanes* lanes) {
    for (const Node x : above) {
        const Lanes from = lanes[x];
        for (std::uint32_t e = part.first[x]; e < part.first[x + 1]; ++e) {
            Weight* to = lanes[part.head[e]].data();
            const Weight weight = part.weights[e].up;
            for (std::size_t k = 0; k < kLanes; ++k) {
                const auto candidate = static_cast<std::int64_t>(from[k] + weight);
                const auto known = static_cast<std::int64_t>(to[k]);
                to[k] = static_cast<Weight>(candidate < known ? candidate : known);
            }
        }
    }
}

// Down to every target, by descending rank. What no source reached on its way up starts without a
// way here, so nothing has to be cleared between batches.
SERVICENET_WIDE void descend(const Restricted& part, const std::vector<Node>& sweep,
                             const std::uint8_t* reached, Lanes* lanes) {
    for (std::size_t i = sweep.size(); i-- > 0;) {
        const Node x = sweep[i];
        Lanes best;
        if (reached[x] != 0) {
            best = lanes[x];
        } else {
            best.fill(kUnreachable);
        }
        for (std::uint32_t e = part.first[x]; e < part.first[x + 1]; ++e) {
            const Weight* from = lanes[part.head[e]].data();
            const Weight weight = part.weights[e].down;
            for (std::size_t k = 0; k < kLanes; ++k) {
                const auto candidate = static_cast<std::int64_t>(from[k] + weight);
                const auto known = static_cast<std::int64_t>(best[k]);
                best[k] = static_cast<Weight>(candidate < known ? candidate : known);
            }
        }
        lanes[x] = best;
    }
}

// Distances of the sources of one batch, a lane each.
class Batch {
   public:
    Batch(const Restricted& part, const std::vector<Node>& sweep)
        : part_(part), sweep_(sweep), reached_(part.rank.size(), 0), lanes_(part.rank.size()) {}

    void run(const Node* sources, std::size_t count) {
        start(sources, count);
        climb(part_, above_, lanes_.data());
        descend(part_, sweep_, reached_.data(), lanes_.data());
        for (const Node x : above_) {
            reached_[x] = 0;
        }
    }

    const Lanes& at(Node x) const { return lanes_[x]; }

   private:
    void start(const Node* sources, std::size_t count) {
        above_.clear();
        for (std::size_t k = 0; k < count; ++k) {
            for (Node x = sources[k]; x != kNone && reached_[x] == 0; x = part_.parent(x)) {
                reached_[x] = 1;
                lanes_[x].fill(kUnreachable);
                above_.push_back(x);
            }
            lanes_[sources[k]][k] = 0;
        }
        std::sort(above_.begin(), above_.end());
    }

    const Restricted& part_;
    const std::vector<Node>& sweep_;
    std::vector<std::uint8_t> reached_;
    std::vector<Lanes> lanes_;
    std::vector<Node> above_;
};

// Local numbers of everything above the targets, ascending.
std::vector<Node> make_sweep(const Restricted& part, const std::vector<Node>& targets) {
    std::vector<std::uint8_t> wanted(part.rank.size(), 0);
    for (const Node t : targets) {
        for (Node x = t; x != kNone && wanted[x] == 0; x = part.parent(x)) {
            wanted[x] = 1;
        }
    }
    std::vector<Node> sweep;
    for (Node x = 0; x < wanted.size(); ++x) {
        if (wanted[x] != 0) {
            sweep.push_back(x);
        }
    }
    return sweep;
}

struct Job {
    const Metric& metric;
    const Restricted& part;
    const std::vector<Node>& sources;      // local
    const std::vector<Node>& targets;      // local
    const std::vector<std::size_t>& rows;  // by rank, so that a batch shares its ancestors
    const std::vector<Node>& sweep;
    bool turned;  // one column of the result per source
    Weight* result;

    Weight& at(std::size_t source, std::size_t target) const {
        return turned ? result[target * sources.size() + source]
                      : result[source * targets.size() + target];
    }
};

// Computes batches first, first + stride, ...; returns the largest finite weight.
Weight run_batches(const Job& job, Batch& batch, std::size_t first, std::size_t stride) {
    Weight largest = 0;
    const std::size_t columns = job.targets.size();
    for (std::size_t begin = first * kLanes; begin < job.rows.size(); begin += stride * kLanes) {
        const std::size_t count = std::min(kLanes, job.rows.size() - begin);
        std::array<Node, kLanes> sources{};
        for (std::size_t k = 0; k < count; ++k) {
            sources[k] = job.sources[job.rows[begin + k]];
        }
        batch.run(sources.data(), count);
        for (std::size_t column = 0; column < columns; ++column) {
            const Lanes& lanes = batch.at(job.targets[column]);
            for (std::size_t k = 0; k < count; ++k) {
                job.at(job.rows[begin + k], column) = lanes[k];
                largest = lanes[k] < kUnreachable ? std::max(largest, lanes[k]) : largest;
            }
        }
    }
    return largest;
}

void run_threads(const Job& job, unsigned threads) {
    const std::size_t batches = (job.rows.size() + kLanes - 1) / kLanes;
    const std::size_t workers = std::min<std::size_t>(threads, batches);
    std::vector<Batch> memory(workers, Batch(job.part, job.sweep));
    std::vector<Weight> largest(workers, 0);
    std::vector<std::thread> others;
    const auto work = [&](std::size_t w) {
        largest[w] = run_batches(job, memory[w], w, workers);
    };
    try {
        for (std::size_t w = 1; w < workers; ++w) {
            others.emplace_back(work, w);
        }
        work(0);
    } catch (...) {
        for (std::thread& other : others) {
            other.join();
        }
        throw;
    }
    for (std::thread& other : others) {
        other.join();
    }
    job.metric.check_length(*std::max_element(largest.begin(), largest.end()));
}

}  // namespace

void compute_matrix(const Metric& metric, const std::vector<Node>& sources,
                    const std::vector<Node>& targets, unsigned threads, Weight* result) {
    check_nodes("sources", sources, metric.hierarchy().nodes());
    check_nodes("targets", targets, metric.hierarchy().nodes());
    if (threads < 1) {
        throw std::invalid_argument("threads is 0; expected at least 1");
    }
    if (sources.empty() || targets.empty()) {
        return;
    }
    // A sweep is for a batch of sources: where there are more of them, from the targets back.
    const bool turned = sources.size() > targets.size();
    const Restricted part = restrict_to(metric, sources, targets, turned);
    const auto to_local = [&](const std::vector<Node>& nodes) {
        std::vector<Node> local;
        for (const Node v : nodes) {
            local.push_back(part.local(metric.hierarchy().rank[v]));
        }
        return local;
    };
    const std::vector<Node> begins = to_local(turned ? targets : sources);
    const std::vector<Node> ends = to_local(turned ? sources : targets);
    std::vector<std::size_t> rows(begins.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::size_t a, std::size_t b) { return begins[a] < begins[b]; });
    const std::vector<Node> sweep = make_sweep(part, ends);
    run_threads({metric, part, begins, ends, rows, sweep, turned, result}, threads);
}

}  // namespace servicenet::graph
