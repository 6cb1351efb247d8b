#include "breaks.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace servicenet::routing {

namespace {

// Place 2s + c: behind s visits, choice c. Breaks are in order, so places never decrease.
using Layout = std::vector<int>;

void arrange(const Problem& problem, const std::vector<Node>& visits, int first_break,
             const Layout& layout, Route& trial) {
  std::vector<Node> nodes;
  nodes.reserve(visits.size() + layout.size());
  std::size_t next = 0;
  for (std::size_t s = 0; s <= visits.size(); ++s) {
    while (next < layout.size() && layout[next] / 2 == static_cast<int>(s)) {
      nodes.push_back(
          break_node(problem, first_break + static_cast<int>(next), layout[next] % 2));
      ++next;
    }
    if (s < visits.size()) nodes.push_back(visits[s]);
  }
  trial.assign(std::move(nodes));
}

struct Search {
  const Problem& problem;
  std::vector<Node> visits;
  int first_break;
  Route trial;
  Route best;
  bool found = false;

  int places() const { return 2 * static_cast<int>(visits.size()) + 2; }

  bool improves(const Layout& layout) {
    arrange(problem, visits, first_break, layout, trial);
    if (!trial.update(problem) || (found && trial.cost() >= best.cost())) return false;
    std::swap(trial, best);
    found = true;
    return true;
  }

  void enumerate(Layout& layout, std::size_t depth) {
    if (depth == layout.size()) {
      improves(layout);
      return;
    }
    for (int place = depth == 0 ? 0 : layout[depth - 1]; place < places(); ++place) {
      layout[depth] = place;
      enumerate(layout, depth + 1);
    }
  }

  // Moves one break at a time until none can be moved with profit.
  void descend(Layout layout) {
    bool improved = true;
    while (improved) {
      improved = false;
      for (std::size_t b = 0; b < layout.size(); ++b) {
        const int low = b == 0 ? 0 : layout[b - 1];
        const int high = b + 1 == layout.size() ? places() - 1 : layout[b + 1];
        const int old = layout[b];
        int chosen = old;
        for (int place = low; place <= high; ++place) {
          layout[b] = place;
          if (improves(layout)) chosen = place;
        }
        layout[b] = chosen;
        improved = improved || chosen != old;
      }
    }
  }
};

// The layout that takes every break at the first point where its window has opened.
Layout natural_layout(const Problem& problem, const Route& route,
                      const std::vector<Node>& visits) {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(route.vehicle())];
  Layout layout;
  Seconds time = vehicle.earliest;
  int here = vehicle.start;
  std::size_t done = 0;
  for (int b = vehicle.first_break; b < vehicle.last_break; ++b) {
    const Break& pause = problem.breaks[static_cast<std::size_t>(b)];
    while (done < visits.size()) {
      const Node& visit = visits[done];
      const Seconds at = time + problem.leg(vehicle.profile, here, visit.location).duration;
      const Seconds ready = std::max(at + visit.access, visit.earliest) + visit.duration;
      if (ready > pause.latest) break;
      time = ready;
      here = visit.location;
      ++done;
    }
    layout.push_back(2 * static_cast<int>(done));
    time = std::max(time, pause.earliest) + pause.duration;
  }
  return layout;
}

int count_layouts(int places, int breaks) {
  // Multisets of `breaks` out of `places`, cut off where it does not matter any more.
  long long count = 1;
  for (int b = 0; b < breaks; ++b) {
    count = count * (places + b) / (b + 1);
    if (count > kMaxLayouts) return kMaxLayouts + 1;
  }
  return static_cast<int>(count);
}

}  // namespace

bool place_breaks(const Problem& problem, Route& route) {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(route.vehicle())];
  const int n_breaks = vehicle.last_break - vehicle.first_break;
  Search search{problem, {}, vehicle.first_break, Route(problem, route.vehicle()),
                Route(problem, route.vehicle())};
  for (const Node& node : route.nodes()) {
    if (!node.is_break) search.visits.push_back(node);
  }
  if (count_layouts(search.places(), n_breaks) <= kMaxLayouts) {
    Layout layout(static_cast<std::size_t>(n_breaks));
    search.enumerate(layout, 0);
  } else {
    const Layout start = natural_layout(problem, route, search.visits);
    search.improves(start);
    search.descend(start);
  }
  if (search.found) std::swap(route, search.best);
  return search.found;
}

}  // namespace servicenet::routing
