#include "insertion.h"

#include <algorithm>

namespace servicenet::routing {

namespace {

// Everything an interior trial needs to know about its surroundings.
struct Gap {
  int head;      // first node whose place or time changes because of the new visit
  int tail;      // first node behind the new visit that keeps its place; size() = the end place
  int from;      // location before
  int to;        // location after
  Seconds time;  // ready at `from`
  Meters distance;  // from `from` to `to`
};

Gap find_gap(const Vehicle& vehicle, const Route& route, int position) {
  Gap gap{position, position, vehicle.start, vehicle.end, vehicle.earliest, 0};
  // Breaks taken after traveling move with the next visit, which is now the new one.
  while (gap.head > 0 && route.node(gap.head - 1).is_break &&
         route.node(gap.head - 1).choice == 1) {
    --gap.head;
  }
  // Breaks taken before traveling on now are at the new visit's place.
  while (gap.tail < route.size() && route.node(gap.tail).is_break &&
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

// Starts `node` at `time`; advances time to its end. False if too late.
bool pass(const Node& node, Seconds& time) {
  const Seconds start = std::max(time + node.access, node.earliest);
  if (start > node.limit) return false;
  time = start + node.duration;
  return true;
}

struct Propagation {
  Cost late = 0;    // change of lateness prices behind the new visit
  Seconds end = 0;  // new end of the route
};

// Pushes the time `at` of node `first` through the rest of the route.
Propagation propagate(const Problem& problem, const Route& route, int first, Seconds at) {
  Propagation result;
  for (int i = first; i < route.tail(); ++i) {
    const Node& node = route.node(i);
    const Seconds arrival = std::max(at + node.access, node.earliest);
    const Seconds ready = arrival + node.duration;
    if (!node.is_break) {
      result.late += problem.late_cost(problem.visits[static_cast<std::size_t>(node.index)],
                                       arrival - node.latest) -
                     node.late;
    }
    if (ready == node.ready) {
      result.end = route.end();
      return result;
    }
    at = ready + (i + 1 < route.tail() ? route.node(i + 1).leg_duration
                                       : route.last_leg().duration);
  }
  result.end = at;
  return result;
}

// Trials that change which breaks are paid are rare (the ends of a route with breaks), so they are
// priced by building the route.
Cost rebuilt_cost(const Problem& problem, const Route& route, int position, const Node& node,
                  Route& scratch) {
  scratch = route;
  scratch.insert(position, node);
  return scratch.update(problem) ? scratch.cost() - route.cost() : kInfinite;
}

}  // namespace

bool load_fits(const Problem& problem, const Route& route, int visit) {
  const auto dimensions = static_cast<std::size_t>(problem.n_loads);
  for (std::size_t d = 0; d < dimensions; ++d) {
    const int load = route.load(static_cast<int>(d)) +
                     problem.demand[static_cast<std::size_t>(visit) * dimensions + d];
    const auto vehicle = static_cast<std::size_t>(route.vehicle());
    if (load > problem.capacity[vehicle * dimensions + d]) return false;
  }
  return true;
}

Cost insertion_cost(const Problem& problem, const Route& route, int position, int visit, int window,
                    Cost bound, Route& scratch) {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(route.vehicle())];
  const Visit& source = problem.visits[static_cast<std::size_t>(visit)];
  const Gap gap = find_gap(vehicle, route, position);
  const Leg& in = problem.leg(vehicle.profile, gap.from, source.location);
  const Leg& out = problem.leg(vehicle.profile, source.location, gap.to);
  if (in.duration >= kNoWay || out.duration >= kNoWay) return kInfinite;
  Cost delta = vehicle.per_meter * (static_cast<Cost>(in.distance) + out.distance - gap.distance) +
               problem.assignment_cost(visit, route.vehicle());
  if (delta >= bound) return kInfinite;

  const Window& promise = problem.windows[static_cast<std::size_t>(window)];
  Seconds time = gap.time + in.duration;
  for (int i = gap.head; i < position; ++i) {
    if (!pass(route.node(i), time)) return kInfinite;
  }
  const Seconds arrival = std::max(time + source.access, promise.earliest);
  if (arrival > promise.limit) return kInfinite;
  time = arrival + source.service;
  const bool interior = position > route.first() && position <= route.last();
  if (!interior && vehicle.has_breaks()) {
    return rebuilt_cost(problem, route, position, visit_node(problem, visit, window), scratch);
  }
  for (int i = position; i < gap.tail; ++i) {
    if (!pass(route.node(i), time)) return kInfinite;
  }
  time += out.duration;
  if (time > (gap.tail < route.tail() ? route.node(gap.tail).latest_at : route.latest_end())) {
    return kInfinite;
  }
  if (!problem.time_costs) return delta;

  delta += problem.late_cost(source, arrival - promise.latest);
  if (delta >= bound) return kInfinite;
  const Propagation rest = propagate(problem, route, gap.tail, time);
  Seconds departure = route.departure();
  if (position <= route.first()) departure = arrival - source.access - in.duration;
  const Seconds old_overtime = std::max(0, route.end() - vehicle.latest);
  const Seconds new_overtime = std::max(0, rest.end - vehicle.latest);
  return delta + rest.late +
         vehicle.per_second * ((rest.end - departure) - (route.end() - route.departure())) +
         vehicle.per_overtime_second * (new_overtime - old_overtime);
}

void try_position(const Problem& problem, const Route& route, int position, int visit,
                  Insertion& best, Route& scratch) {
  const Visit& source = problem.visits[static_cast<std::size_t>(visit)];
  for (int window = source.first_window; window < source.last_window; ++window) {
    const Cost delta = insertion_cost(problem, route, position, visit, window, best.delta, scratch);
    if (delta < best.delta) best = {delta, route.vehicle(), position, window, false};
  }
}

}  // namespace servicenet::routing
