#include "insertion.h"

#include <algorithm>

#include "agreed.h"
#include "errand.h"
#include "gap.h"

namespace servicenet::routing {

namespace {

// Pick-up points tried for a missing part, nearest first.
constexpr int kMostPoints = 6;

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
      result.late += problem.delay_cost(node.index, late, arrival) - node.late;
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

// True if the quick arithmetic does not know all that matters on this route.
bool is_intricate(const Problem& problem, const Vehicle& vehicle, const Route& route, int visit) {
  const RouteLimits& most = vehicle.limits;
  if (!problem.links.empty() && (route.has_links() || problem.is_linked(visit))) return true;
  return problem.rules.leaves_for_end || most.visits < kUnlimited || most.distance < kUnlimited ||
         most.driving < kUnlimited || most.duration < kUnlimited;
}

// One visit at one position with one window, from the cheapest question to the dearest.
class Trial {
 public:
  Trial(const Surroundings& around, const Route& route, int position, int visit, int window)
      : around_(around),
        problem_(around.problem),
        route_(route),
        vehicle_(around.vehicle(route.vehicle())),
        visit_(visit),
        source_(problem_.visits[static_cast<std::size_t>(visit)]),
        promise_(problem_.windows[static_cast<std::size_t>(window)]),
        gap_(find_gap(vehicle_, route, position)),
        in_(problem_.leg(vehicle_.profile, gap_.from, source_.location)),
        out_(problem_.leg(vehicle_.profile, source_.location, gap_.to)) {
    way_.vehicle = route.vehicle();
    way_.position = position;
    way_.window = window;
  }

  Cost price(Cost bound, Scratch& scratch) {
    if (!arrive(bound)) return kInfinite;
    const int position = way_.position;
    const bool interior = position > route_.first() && position <= route_.last();
    const bool stretches = route_.has_stretches() && !problem_.is_linked(visit_) &&
                           vehicle_.limits.driving == kUnlimited;
    const bool shifts = vehicle_.has_breaks() || (route_.has_pickups() && !stretches);
    if (!interior && shifts) return rebuild(bound, scratch);
    if (!go_on()) return kInfinite;
    if (stretches) return price_stretches();
    if (!is_intricate(problem_, vehicle_, route_, visit_)) return price_times(bound);
    return is_beaten(bound) ? kInfinite : rebuild(bound, scratch);
  }

 private:
  // Is there a way, is it short enough, and does the visit itself fit?
  bool arrive(Cost bound) {
    if (in_.duration >= kNoWay || out_.duration >= kNoWay) return false;
    longer_ = static_cast<Cost>(in_.distance) + out_.distance - gap_.distance;
    delta_ = vehicle_.per_meter * longer_ + problem_.assignment_cost(visit_, route_.vehicle());
    if (problem_.has_order()) {
      delta_ += change_of_order(problem_, route_, way_.position, visit_);
    }
    if (delta_ >= bound) return false;
    Seconds time = problem_.arrive(vehicle_, gap_.from, source_.location, gap_.time);
    for (int i = gap_.head; i < way_.position; ++i) {
      if (!pass(route_.node(i), time)) return false;
    }
    service_ = problem_.service(visit_, vehicle_);
    arrival_ = std::max(time + source_.access, promise_.earliest);
    return arrival_ <= promise_.limit;
  }

  // Does everything behind it still fit?
  bool go_on() {
    Seconds time = arrival_ + service_;
    for (int i = way_.position; i < gap_.tail; ++i) {
      if (!pass(route_.node(i), time)) return false;
    }
    at_ = problem_.arrive(vehicle_, source_.location, gap_.to, time);
    return at_ <= (gap_.tail < route_.tail() ? route_.node(gap_.tail).latest_at
                                             : route_.latest_end());
  }

  Cost rebuild(Cost bound, Scratch& scratch) const {
    scratch.route = route_;
    put(around_, way_, visit_, scratch.route);
    if (!scratch.route.time(problem_)) return kInfinite;
    return difference(around_, route_, scratch.route, bound);
  }

  // How long the route lasts with the visit; all windows can be kept.
  Seconds lasts() const {
    const int position = way_.position;
    const Stretch start{0, vehicle_.earliest, vehicle_.end_limit};
    const Stretch end{0, vehicle_.earliest, route_.latest_end()};
    const Stretch own{service_, promise_.earliest, promise_.limit};
    const bool last = position == route_.tail();
    const Seconds access = last ? 0 : route_.node(position).access;
    const Stretch before = join(position > 0 ? route_.stretch_to(position - 1) : start,
                                in_.duration + source_.access, own);
    return join(before, out_.duration + access, last ? end : route_.stretch_from(position)).lasts;
  }

  // Where a route lasts as short as its order allows and no promise can be missed.
  Cost price_stretches() const {
    const RouteLimits& most = vehicle_.limits;
    const Seconds lasting = lasts();
    if (route_.n_visits() >= most.visits || route_.distance() + longer_ > most.distance ||
        lasting > most.duration) {
      return kInfinite;
    }
    const Cost work = lasting - (route_.end() - route_.departure());
    const Seconds end = vehicle_.per_overtime_second > 0
                            ? propagate(problem_, vehicle_, route_, gap_.tail, at_).end
                            : route_.end();
    return delta_ + vehicle_.per_second * work + overtime_change(end) +
           around_.ledger.change(problem_, route_.vehicle(), work, longer_);
  }

  Cost overtime_change(Seconds end) const {
    return vehicle_.per_overtime_second * (std::max(0, end - vehicle_.latest) -
                                           std::max(0, route_.end() - vehicle_.latest));
  }

  // True if a price that leaves out what others pay for waiting is too high already.
  bool is_beaten(Cost bound) const {
    if (gap_.tail != way_.position || problem_.rules.leaves_for_end) return false;
    Seconds start = arrival_;
    if (problem_.is_linked(visit_)) {
      start = std::max(start, bound_on(around_, visit_, route_.vehicle(), service_));
    }
    const Seconds late = (problem_.rules.late_at_start ? start : arrival_) - promise_.latest;
    const Cost own = delta_ + problem_.delay_cost(visit_, late, arrival_);
    if (own >= bound) return true;
    const Seconds at = problem_.arrive(vehicle_, source_.location, gap_.to, start + service_);
    const Propagation rest = propagate(problem_, vehicle_, route_, gap_.tail, at);
    return own + rest.late + around_.ledger.worse(problem_, std::max(rest.worst, late)) >= bound;
  }

  Cost price_times(Cost bound) const {
    const Ledger& ledger = around_.ledger;
    if (!problem_.time_costs) return delta_ + ledger.change(problem_, route_.vehicle(), 0, longer_);
    const Seconds late = arrival_ - promise_.latest;
    const Cost own = delta_ + problem_.delay_cost(visit_, late, arrival_);
    if (own >= bound) return kInfinite;
    const Propagation rest = propagate(problem_, vehicle_, route_, gap_.tail, at_);
    Seconds departure = route_.departure();
    if (way_.position <= route_.first() && !vehicle_.out) {
      departure = problem_.leave(vehicle_, vehicle_.start, source_.location, gap_.time,
                                 arrival_ - source_.access);
    }
    const Cost work = (rest.end - departure) - (route_.end() - route_.departure());
    return own + rest.late + vehicle_.per_second * work + overtime_change(rest.end) +
           ledger.change(problem_, route_.vehicle(), work, longer_) +
           ledger.worse(problem_, std::max(rest.worst, late));
  }

  const Surroundings& around_;
  const Problem& problem_;
  const Route& route_;
  const Vehicle& vehicle_;
  int visit_;
  const Visit& source_;
  const Window& promise_;
  Gap gap_;
  const Leg& in_;
  const Leg& out_;
  Insertion way_;
  Cost longer_ = 0;
  Cost delta_ = 0;
  Seconds service_ = 0;
  Seconds arrival_ = 0;
  Seconds at_ = 0;  // at the next place
};

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

Cost insertion_cost(const Surroundings& around, const Route& route, int position, int visit,
                    int window, Cost bound, Scratch& scratch) {
  return Trial(around, route, position, visit, window).price(bound, scratch);
}

void put(const Surroundings& around, const Insertion& insertion, int visit, Route& route) {
  const Problem& problem = around.problem;
  Node node = visit_node(problem, visit, insertion.window, insertion.vehicle);
  if (problem.is_linked(visit)) {
    node.bound = bound_on(around, visit, insertion.vehicle, node.duration);
  }
  route.insert(insertion.position, node);
  for (int i = route.size() - 1; i >= 0 && insertion.moves_pickups; --i) {
    if (route.node(i).is_pickup()) route.erase(i);
  }
  put_pickups(problem, insertion, route);
}

void put_pickups(const Problem& problem, const Insertion& insertion, Route& route) {
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
  int units;
  int exhausted;  // the stock that does not have them, -1 = it was not asked for
};

bool find_lack(const Surroundings& around, Route& built, Lack& lack) {
  if (!built.check_parts(around.problem)) {
    lack = {built.missing_node(), built.missing_part(), built.excess(), -1};
    return true;
  }
  const Taking* taking = around.ledger.find_excess(built);
  if (taking == nullptr) return false;
  int last = built.size() - 1;
  while (!built.node(last).is_visit()) --last;
  lack = {last, taking->part, 1, taking->stock};
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
    const int stock = problem.points[static_cast<std::size_t>(point)].stock;
    if (stock == lack.exhausted) continue;
    if (around.ledger.left_for(way.vehicle, stock, lack.part) < lack.units) continue;
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
  const bool errand = source.needs_parts() && is_errand(around, route, visit);
  const bool at_hand = errand && has_parts(problem, route, position, visit);
  for (int window = source.first_window; window < source.last_window; ++window) {
    if (errand && !at_hand) {
      try_errand(around, route, position, visit, window, best);
      continue;
    }
    Insertion way;
    way.vehicle = route.vehicle();
    way.position = position;
    way.window = window;
    // Without what it needs a visit costs no more than with pick-ups.
    const bool quick = route.has_stretches() || !is_intricate(problem, vehicle, route, visit);
    if (!source.needs_parts() || errand || (interior && quick)) {
      way.delta =
          insertion_cost(around, route, position, visit, window, best.delta, scratch);
      if (way.delta >= best.delta) continue;
    }
    if (source.needs_parts() && !errand) {
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
