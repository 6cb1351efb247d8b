#include "insertion.h"

#include <algorithm>

namespace servicenet::routing {

namespace {

// Pick-up points tried for a missing part, nearest first.
constexpr int kMostPoints = 6;

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
bool pass(const Node& node, Seconds& time) {
  const Seconds start = std::max(time + node.access, node.earliest);
  if (start > node.limit) return false;
  time = start + node.duration;
  return true;
}

// When the vehicle that leaves node `i` of its route at `ready` is at the next place.
Seconds at_next(const Problem& problem, const Vehicle& vehicle, const Route& route, int i,
                Seconds ready) {
  const bool home = i + 1 >= route.tail();
  if (!vehicle.rush) {
    return ready + (home ? route.last_leg().duration : route.node(i + 1).leg_duration);
  }
  const int to = home ? vehicle.end : route.node(i + 1).location;
  return problem.arrive(vehicle, route.node(i).location, to, ready);
}

struct Propagation {
  Cost late = 0;       // change of lateness prices behind the new visit
  Seconds worst = 0;   // greatest lateness behind it
  Seconds end = 0;     // new end of the route
};

// Pushes the time `at` of node `first` through the rest of the route.
Propagation propagate(const Problem& problem, const Vehicle& vehicle, const Route& route, int first,
                      Seconds at) {
  Propagation result;
  for (int i = first; i < route.tail(); ++i) {
    const Node& node = route.node(i);
    const Seconds arrival = std::max(at + node.access, node.earliest);
    const Seconds start = std::max(arrival, node.bound);
    if (node.is_visit()) {
      const Seconds late = (problem.rules.late_at_start ? start : arrival) - node.latest;
      result.late +=
          problem.late_cost(problem.visits[static_cast<std::size_t>(node.index)], late) - node.late;
      result.worst = std::max(result.worst, late);
    }
    const Seconds ready = start + node.duration;
    if (ready == node.ready) {
      result.end = route.end();
      return result;
    }
    at = at_next(problem, vehicle, route, i, ready);
  }
  result.end = at;
  return result;
}

// What a route that was built costs more than `route`; kInfinite if the rest of the plan cannot
// follow, or from `bound` on.
Cost difference(const Surroundings& around, const Route& route, const Route& built, Cost bound) {
  const Cost own = built.cost() - route.cost();
  if (!around.problem.links.empty() && own >= bound) return kInfinite;
  const Cost others = price_on_plan(around, built, bound - own);
  return others >= kInfinite ? kInfinite : own + others;
}

Cost rebuilt_cost(const Surroundings& around, const Route& route, const Insertion& way, int visit,
                  Cost bound, Route& scratch) {
  scratch = route;
  put(around, way, visit, scratch);
  return scratch.time(around.problem) ? difference(around, route, scratch, bound) : kInfinite;
}

// True if the quick arithmetic does not know all that matters on this route.
bool is_intricate(const Problem& problem, const Vehicle& vehicle, const Route& route, int visit) {
  const RouteLimits& most = vehicle.limits;
  if (!problem.links.empty() && (route.has_links() || problem.is_linked(visit))) return true;
  return problem.rules.leaves_for_end || most.visits < kUnlimited || most.distance < kUnlimited ||
         most.driving < kUnlimited || most.duration < kUnlimited;
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

Cost insertion_cost(const Surroundings& around, const Route& route, int position,
                    int visit, int window, Cost bound, Scratch& scratch) {
  const Problem& problem = around.problem;
  const Ledger& ledger = around.ledger;
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(route.vehicle())];
  const Visit& source = problem.visits[static_cast<std::size_t>(visit)];
  const Gap gap = find_gap(vehicle, route, position);
  const Leg& in = problem.leg(vehicle.profile, gap.from, source.location);
  const Leg& out = problem.leg(vehicle.profile, source.location, gap.to);
  if (in.duration >= kNoWay || out.duration >= kNoWay) return kInfinite;
  const Cost longer = static_cast<Cost>(in.distance) + out.distance - gap.distance;
  Cost delta = vehicle.per_meter * longer + problem.assignment_cost(visit, route.vehicle());
  if (delta >= bound) return kInfinite;

  const Window& promise = problem.windows[static_cast<std::size_t>(window)];
  Seconds time = problem.arrive(vehicle, gap.from, source.location, gap.time);
  for (int i = gap.head; i < position; ++i) {
    if (!pass(route.node(i), time)) return kInfinite;
  }
  const Seconds arrival = std::max(time + source.access, promise.earliest);
  if (arrival > promise.limit) return kInfinite;
  time = arrival + problem.service(visit, vehicle);
  Insertion way;
  way.vehicle = route.vehicle();
  way.position = position;
  way.window = window;
  const bool interior = position > route.first() && position <= route.last();
  if (!interior && (vehicle.has_breaks() || route.has_pickups())) {
    return rebuilt_cost(around, route, way, visit, bound, scratch.route);
  }
  for (int i = position; i < gap.tail; ++i) {
    if (!pass(route.node(i), time)) return kInfinite;
  }
  time = problem.arrive(vehicle, source.location, gap.to, time);
  if (time > (gap.tail < route.tail() ? route.node(gap.tail).latest_at : route.latest_end())) {
    return kInfinite;
  }
  if (is_intricate(problem, vehicle, route, visit)) {
    return rebuilt_cost(around, route, way, visit, bound, scratch.route);
  }
  if (!problem.time_costs) return delta + ledger.change(problem, route.vehicle(), 0, longer);

  delta += problem.late_cost(source, arrival - promise.latest);
  if (delta >= bound) return kInfinite;
  const Propagation rest = propagate(problem, vehicle, route, gap.tail, time);
  Seconds departure = route.departure();
  if (position <= route.first()) {
    departure = problem.leave(vehicle, vehicle.start, source.location,
                              gap.time, arrival - source.access);
  }
  const Seconds old_overtime = std::max(0, route.end() - vehicle.latest);
  const Seconds new_overtime = std::max(0, rest.end - vehicle.latest);
  const Cost work = (rest.end - departure) - (route.end() - route.departure());
  return delta + rest.late + vehicle.per_second * work +
         vehicle.per_overtime_second * (new_overtime - old_overtime) +
         ledger.change(problem, route.vehicle(), work, longer) +
         ledger.worse(problem, std::max(rest.worst, arrival - promise.latest));
}

void put(const Surroundings& around, const Insertion& insertion, int visit, Route& route) {
  const Problem& problem = around.problem;
  Node node = visit_node(problem, visit, insertion.window, insertion.vehicle);
  if (problem.is_linked(visit)) {
    node.bound = bound_on(around, visit, insertion.vehicle, node.duration);
  }
  route.insert(insertion.position, node);
  for (int i = 0; i < insertion.n_pickups; ++i) {
    const Pickup& pickup = insertion.pickups[static_cast<std::size_t>(i)];
    route.insert(pickup.position, pickup_node(problem, pickup.point));
  }
}

namespace {

// A part that `built` lacks, or that the stocks do not have; and the node it has to be there for.
struct Lack {
  int node;
  int part;
};

bool find_lack(const Surroundings& around, Route& built, Lack& lack) {
  if (!built.check_parts(around.problem)) {
    lack = {built.missing_node(), built.missing_part()};
    return true;
  }
  const Taking* taking = around.ledger.find_excess(built);
  if (taking == nullptr) return false;
  int last = built.size() - 1;
  while (!built.node(last).is_visit()) --last;
  lack = {last, taking->part};
  return true;
}

}  // namespace

void try_pickups(const Surroundings& around, const Route& before, const Insertion& way,
                 const Route& built, Insertion& best, Scratch& scratch, BreakPlacer* placer) {
  const Problem& problem = around.problem;
  const bool place = placer != nullptr && around.vehicle(way.vehicle).has_breaks();
  Route& timed = scratch.timed;
  timed = built;
  // More pick-ups make nothing earlier or cheaper: what is too late or too dear stays so.
  if (!(place ? placer->place(around, timed) : timed.time(problem))) return;
  const Cost delta = difference(around, before, timed, best.delta);
  if (delta >= best.delta) return;
  timed = built;
  Lack lack{};
  if (problem.n_parts == 0 || !find_lack(around, timed, lack)) {
    best = way;
    best.delta = delta;
    best.rearranged = place;
    return;
  }
  if (way.n_pickups == Insertion::kMostPickups) return;
  const auto depth = static_cast<std::size_t>(way.n_pickups);
  Route& next = scratch.with_pickups[depth + 1];
  int tried = 0;
  for (const int point : problem.points_near(built.node(lack.node).location)) {
    if (problem.stock_of(problem.points[static_cast<std::size_t>(point)], lack.part) <= 0) continue;
    if (tried++ == kMostPoints) return;
    for (int position = lack.node; position >= 0; --position) {
      Insertion longer = way;
      longer.pickups[depth] = {position, point};
      longer.n_pickups = way.n_pickups + 1;
      next = built;
      next.insert(position, pickup_node(problem, point));
      try_pickups(around, before, longer, next, best, scratch, placer);
    }
  }
}

void try_position(const Surroundings& around, const Route& route, int position,
                  int visit, Insertion& best, Scratch& scratch) {
  const Problem& problem = around.problem;
  const Visit& source = problem.visits[static_cast<std::size_t>(visit)];
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(route.vehicle())];
  const bool interior = position > route.first() && position <= route.last();
  for (int window = source.first_window; window < source.last_window; ++window) {
    Insertion way;
    way.vehicle = route.vehicle();
    way.position = position;
    way.window = window;
    // Without what it needs a visit costs no more than with pick-ups.
    if (!source.needs_parts() || (interior && !is_intricate(problem, vehicle, route, visit))) {
      way.delta =
          insertion_cost(around, route, position, visit, window, best.delta, scratch);
      if (way.delta >= best.delta) continue;
    }
    if (source.needs_parts()) {
      Route& built = scratch.with_pickups[0];
      built = route;
      put(around, way, visit, built);
      try_pickups(around, route, way, built, best, scratch, nullptr);
    } else {
      best = way;
    }
  }
}

}  // namespace servicenet::routing
