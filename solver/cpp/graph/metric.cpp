#include "metric.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace servicenet::graph {

namespace {

void check_range(const char* name, std::size_t arc, std::int64_t value, std::int64_t limit) {
    if (value < 0 || value >= limit) {
        throw std::invalid_argument(std::string(name) + "[" + std::to_string(arc) + "] is " +
                                    std::to_string(value) + "; expected 0 to " +
                                    std::to_string(limit) + " exclusive");
    }
}

}  // namespace

Metric::Metric(std::shared_ptr<const Hierarchy> hierarchy, const std::int64_t* time_ms,
               const std::int64_t* length_mm)
    : hierarchy_(std::move(hierarchy)),
      weights_(hierarchy_->edges()),
      original_(2 * hierarchy_->edges(), kNone) {
    set_arcs(time_ms, length_mm);
    customize();
}

void Metric::set_arcs(const std::int64_t* time_ms, const std::int64_t* length_mm) {
    for (std::size_t i = 0; i < hierarchy_->slot.size(); ++i) {
        check_range("time_ms", i, time_ms[i], kTimeLimitMs);
        check_range("length_mm", i, length_mm[i], kLengthLimitMm);
        const std::uint32_t slot = hierarchy_->slot[i];
        if (slot == kNone) {
            continue;
        }
        const auto length = static_cast<double>(length_mm[i]);
        if (time_ms[i] == 0) {
            timeless_mm_ += length;
        } else {
            fastest_mm_per_ms_ =
                std::max(fastest_mm_per_ms_, length / static_cast<double>(time_ms[i]));
        }
        EdgeWeights& edge = weights_[slot / 2];
        Weight& weight = slot % 2 == 0 ? edge.up : edge.down;
        const Weight candidate = pack(time_ms[i], length_mm[i]);
        if (less(candidate, weight)) {
            weight = candidate;
            original_[slot] = static_cast<Arc>(i);
        }
    }
}

// For every node y and every lower neighbor x: the way between y and a common upper neighbor z may
// lead through x. By ascending y, both edges at x are final.
void Metric::customize() {
    const Hierarchy& h = *hierarchy_;
    std::vector<std::uint32_t> edge_to(h.nodes(), kNone);
    const auto improve = [this](std::uint32_t slot, Weight& weight, Weight candidate) {
        if (less(candidate, weight)) {
            weight = candidate;
            original_[slot] = kNone;
        }
    };
    for (Node y = 0; y < h.nodes(); ++y) {
        for (std::uint32_t e = h.first[y]; e < h.first[y + 1]; ++e) {
            edge_to[h.head[e]] = e;
        }
        for (std::uint32_t i = h.down_first[y]; i < h.down_first[y + 1]; ++i) {
            const std::uint32_t edge_xy = h.down_edge[i];
            const EdgeWeights xy = weights_[edge_xy];
            const std::uint32_t end = h.first[h.down_tail[i] + 1];
            for (std::uint32_t edge_xz = edge_xy + 1; edge_xz < end; ++edge_xz) {
                const std::uint32_t edge_yz = edge_to[h.head[edge_xz]];
                const EdgeWeights& xz = weights_[edge_xz];
                EdgeWeights& yz = weights_[edge_yz];
                improve(2 * edge_yz, yz.up, xy.down + xz.up);
                improve(2 * edge_yz + 1, yz.down, xz.down + xy.up);
            }
        }
    }
}

void Metric::check_length(Weight weight) const {
    // The time read from a sum is at least the true time, so this bounds the true length.
    const double longest =
        static_cast<double>(graph::time_ms(weight)) * fastest_mm_per_ms_ + timeless_mm_;
    if (longest >= static_cast<double>(kLengthLimitMm)) {
        throw std::overflow_error("a way takes " + std::to_string(graph::time_ms(weight)) +
                                  " ms and at " + std::to_string(fastest_mm_per_ms_ * 3.6) +
                                  " km/h may be longer than 4294 km; expected shorter ways");
    }
}

}  // namespace servicenet::graph
