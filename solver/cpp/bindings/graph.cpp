// Python door of the shortest-path core: arrays in, arrays out, nothing converted on the way.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/tuple.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "hierarchy.hpp"
#include "matrix.hpp"
#include "metric.hpp"
#include "order.hpp"
#include "path.hpp"

namespace nb = nanobind;
using namespace nb::literals;
namespace graph = servicenet::graph;

namespace {

template <typename T>
using In = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <typename T, std::size_t dimensions = 1>
using Out = nb::ndarray<nb::numpy, T, nb::ndim<dimensions>>;

void check_size(const char* name, std::size_t found, std::size_t expected) {
    if (found != expected) {
        throw std::invalid_argument(std::string(name) + " has " + std::to_string(found) +
                                    " entries; expected " + std::to_string(expected));
    }
}

void check_finite(const char* name, const In<double>& values) {
    for (std::size_t i = 0; i < values.shape(0); ++i) {
        if (!std::isfinite(values.data()[i])) {
            throw std::invalid_argument(std::string(name) + "[" + std::to_string(i) + "] is " +
                                        std::to_string(values.data()[i]) +
                                        "; expected a finite number");
        }
    }
}

graph::Arcs to_arcs(std::size_t nodes, const In<std::int32_t>& tail, const In<std::int32_t>& head) {
    check_size("head", head.shape(0), tail.shape(0));
    return {nodes, tail.shape(0), tail.data(), head.data()};
}

// Node numbers of the core are unsigned.
std::vector<graph::Node> to_nodes(const char* name, const In<std::int32_t>& values) {
    std::vector<graph::Node> nodes;
    nodes.reserve(values.shape(0));
    for (std::size_t i = 0; i < values.shape(0); ++i) {
        if (values.data()[i] < 0) {
            throw std::invalid_argument(std::string(name) + "[" + std::to_string(i) + "] is " +
                                        std::to_string(values.data()[i]) + "; expected >= 0");
        }
        nodes.push_back(static_cast<graph::Node>(values.data()[i]));
    }
    return nodes;
}

template <typename T, typename U>
Out<T> to_array(const std::vector<U>& values) {
    auto data = std::make_unique<T[]>(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        data[i] = static_cast<T>(values[i]);
    }
    T* raw = data.release();
    nb::capsule owner(raw, [](void* p) noexcept { delete[] static_cast<T*>(p); });
    return Out<T>(raw, {values.size()}, owner);
}

Out<std::int32_t> dissect(std::size_t nodes, const In<std::int32_t>& tail,
                          const In<std::int32_t>& head, const In<double>& lon,
                          const In<double>& lat) {
    const graph::Arcs arcs = to_arcs(nodes, tail, head);
    check_size("lon", lon.shape(0), nodes);
    check_size("lat", lat.shape(0), nodes);
    check_finite("lon", lon);
    check_finite("lat", lat);
    std::vector<graph::Node> order;
    {
        nb::gil_scoped_release release;
        graph::check_arcs(arcs);
        order = graph::dissect(graph::make_adjacency(arcs), lon.data(), lat.data());
    }
    return to_array<std::int32_t>(order);
}

std::shared_ptr<graph::Hierarchy> make_hierarchy(const In<std::int32_t>& tail,
                                                 const In<std::int32_t>& head,
                                                 const In<std::int32_t>& order) {
    const graph::Arcs arcs = to_arcs(order.shape(0), tail, head);
    const std::vector<graph::Node> nodes = to_nodes("order", order);
    nb::gil_scoped_release release;
    return std::make_shared<graph::Hierarchy>(arcs, nodes);
}

std::shared_ptr<graph::Metric> make_metric(std::shared_ptr<graph::Hierarchy> hierarchy,
                                           const In<std::int64_t>& time_ms,
                                           const In<std::int64_t>& length_mm) {
    check_size("time_ms", time_ms.shape(0), hierarchy->slot.size());
    check_size("length_mm", length_mm.shape(0), hierarchy->slot.size());
    nb::gil_scoped_release release;
    return std::make_shared<graph::Metric>(std::move(hierarchy), time_ms.data(), length_mm.data());
}

Out<std::uint64_t, 2> compute_matrix(const graph::Metric& metric,
                                     const In<std::int32_t>& sources,
                                     const In<std::int32_t>& targets, unsigned threads) {
    const std::vector<graph::Node> from = to_nodes("sources", sources);
    const std::vector<graph::Node> to = to_nodes("targets", targets);
    auto data = std::make_unique<std::uint64_t[]>(from.size() * to.size());
    {
        nb::gil_scoped_release release;
        graph::compute_matrix(metric, from, to, threads, data.get());
    }
    std::uint64_t* raw = data.release();
    nb::capsule owner(raw, [](void* p) noexcept { delete[] static_cast<std::uint64_t*>(p); });
    return Out<std::uint64_t, 2>(raw, {from.size(), to.size()}, owner);
}

std::tuple<std::uint64_t, Out<std::int32_t>> find_path(const graph::Metric& metric,
                                                       std::uint32_t source,
                                                       std::uint32_t target) {
    graph::Path path;
    {
        nb::gil_scoped_release release;
        path = graph::find_path(metric, source, target);
    }
    return {path.weight, to_array<std::int32_t>(path.arcs)};
}

}  // namespace

NB_MODULE(_graph, m) {
    m.doc() = "Shortest paths by customizable contraction hierarchies; see solver.graph.";
    m.attr("UNREACHABLE") = graph::kUnreachable;
    m.attr("LENGTH_BITS") = graph::kLengthBits;
    m.attr("TIME_LIMIT_MS") = graph::kTimeLimitMs;
    m.attr("LENGTH_LIMIT_MM") = graph::kLengthLimitMm;

    m.def("dissect", &dissect, "n_nodes"_a, "tail"_a.noconvert(), "head"_a.noconvert(),
          "lon"_a.noconvert(), "lat"_a.noconvert(),
          "Nodes in order of elimination, least important first: shape (n,), int32.");

    nb::class_<graph::Hierarchy>(m, "Hierarchy", "Topology of a graph; no weights.")
        .def(nb::new_(&make_hierarchy), "tail"_a.noconvert(), "head"_a.noconvert(),
             "order"_a.noconvert())
        .def_prop_ro("n_nodes", &graph::Hierarchy::nodes, "Number of nodes.")
        .def_prop_ro("n_edges", &graph::Hierarchy::edges, "Number of edges, shortcuts included.")
        .def_prop_ro("height", &graph::Hierarchy::height, "Height of the elimination tree.");

    nb::class_<graph::Metric>(m, "Metric", "A hierarchy with weights.")
        .def(nb::new_(&make_metric), "hierarchy"_a, "time_ms"_a.noconvert(),
             "length_mm"_a.noconvert())
        .def("matrix", &compute_matrix, "sources"_a.noconvert(), "targets"_a.noconvert(),
             "threads"_a, "Packed weights, shape (sources, targets), uint64.")
        .def("path", &find_path, "source"_a, "target"_a,
             "Packed weight and input arcs of one fastest way.");
}
