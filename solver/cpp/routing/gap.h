// The place between two stops where a visit is to go.
#pragma once

#include "route.h"

namespace servicenet::routing {

// Everything an interior trial needs to know about its surroundings.
struct Gap {
  int head;      // first node whose place or time changes because of the new visit
  int tail;      // first node behind the new visit that keeps its place; size() = the end place
  int from;      // location before
  int to;        // location after
  Seconds time;  // ready at `from`
  Meters distance;  // from `from` to `to`
};

inline Gap find_gap(const Vehicle& vehicle, const Route& route, int position) {
  Gap gap{position, position, vehicle.start, vehicle.end, vehicle.earliest, 0};
  // Breaks taken after traveling move with the next visit, which is now the new one.
  while (gap.head > 0 && route.node(gap.head - 1).is_break() &&
         route.node(gap.head - 1).choice == 1) {
    --gap.head;
  }
  // Breaks taken before traveling on now are at the new visit's place.
  while (gap.tail < route.size() && route.node(gap.tail).is_break() &&
         route.node(gap.tail).choice == 0) {
    ++gap.tail;
  }
  if (gap.head > 0) {
    gap.from = route.node(gap.head - 1).location;
    gap.time = route.node(gap.head - 1).ready;
  }
  for (int i = gap.head; i < gap.tail; ++i) gap.distance += route.node(i).leg_distance;
  if (gap.tail < route.tail()) {
    gap.to = route.node(gap.tail).location;
    gap.distance += route.node(gap.tail).leg_distance;
  } else {
    gap.distance += route.last_leg().distance;
  }
  return gap;
}

// Starts `node`, a break, at `time`; advances time to its end. False if too late.
inline bool pass(const Node& node, Seconds& time) {
  const Seconds start = std::max(time + node.access, node.earliest);
  if (start > node.limit) return false;
  time = start + node.duration;
  return true;
}

}  // namespace servicenet::routing
