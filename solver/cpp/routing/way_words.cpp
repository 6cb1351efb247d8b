// What a way that has been carried out does to the plan, in words.
#include <algorithm>

#include "steps.h"
#include "ways.h"

namespace servicenet::routing {

bool WayFinder::has_moved(int vehicle) const {
  return !same_steps(decision_.routes[static_cast<std::size_t>(vehicle)],
                     steps_of(plan_.route(vehicle)));
}

bool WayFinder::makes_late(int visit) const {
  for (const int vehicle : plan_.touched()) {
    for (const Node& node : plan_.route(vehicle).nodes()) {
      const bool other = node.is_visit() && node.index != visit && is_in_plan(node.index);
      if (!other) continue;
      const Seconds before = prepared_.lateness[static_cast<std::size_t>(node.index)];
      if (lateness_of(problem_, node) > before) return true;
    }
  }
  return false;
}

Way WayFinder::describe(int visit) const {
  Way way;
  way.vehicle = plan_.vehicle_of(visit);
  way.arrival = plan_.route(way.vehicle).node(plan_.position_of(visit)).arrival();
  for (std::size_t v = 0; v < prepared_.vehicle_of.size(); ++v) {
    const int before = prepared_.vehicle_of[v];
    const int now = plan_.vehicle_of(static_cast<int>(v));
    if (before < 0 || before == now) continue;
    const int pool = plan_.pool_of(static_cast<int>(v));
    if (pool >= 0) way.pooled.emplace_back(static_cast<int>(v), pool);
    (now < 0 && pool < 0 ? way.dropped : way.displaced).push_back(static_cast<int>(v));
  }
  way.rung = rung_of(visit, way);
  std::vector<int> touched = plan_.touched();
  touched.insert(touched.end(), prepared_.moved.begin(), prepared_.moved.end());
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  for (const int k : touched) {
    if (has_moved(k)) way.changed.emplace_back(k, steps_of(plan_.route(k)));
  }
  return way;
}

Rung WayFinder::rung_of(int visit, const Way& way) const {
  if (!way.dropped.empty()) return Rung::kDrop;
  if (way.displaced.size() > 1) return Rung::kEject;
  if (way.displaced.size() == 1) return Rung::kSwap;
  for (const int vehicle : plan_.touched()) {
    if (!keeps_order(visit, vehicle)) return Rung::kReorder;
  }
  return makes_late(visit) ? Rung::kSlide : Rung::kInsertion;
}

// True if those who were on the route before come one after the other as they did.
bool WayFinder::keeps_order(int visit, int vehicle) const {
  std::vector<int> now;
  for (const int each : visits_of(steps_of(plan_.route(vehicle)))) {
    if (each != visit && is_in_plan(each)) now.push_back(each);
  }
  return now == visits_of(decision_.routes[static_cast<std::size_t>(vehicle)]);
}

}  // namespace servicenet::routing
