#include "errand.h"

#include <algorithm>

namespace servicenet::routing {

namespace {

// Points tried for a visit, nearest first.
constexpr int kMostPoints = 6;

// Stops up to the end of a route, from the first one's place.
struct Chain {
  Stretch time;
  Cost meters = 0;
  int place = 0;
  Seconds access = 0;
};

// Puts a stop in front of the chain; false if the two cannot be kept.
bool lead(const Problem& problem, const Vehicle& vehicle, const Node& stop, Chain& chain) {
  const Leg& leg = problem.leg(vehicle.profile, stop.location, chain.place);
  const Stretch own{stop.duration, stop.earliest, stop.limit};
  const Seconds way = leg.duration + chain.access;
  if (leg.duration >= kNoWay || own.earliest + own.lasts + way > chain.time.latest) return false;
  chain = {join(own, way, chain.time), chain.meters + leg.distance, stop.location, stop.access};
  return true;
}

class Errand {
 public:
  Errand(const Surroundings& around, const Route& route, Insertion way)
      : around_(around),
        problem_(around.problem),
        route_(route),
        vehicle_(around.vehicle(route.vehicle())),
        way_(way) {}

  void try_stops(int visit, Insertion& best) {
    if (!begin(visit)) return;
    Cost meters_before = 0;
    for (int i = 0; i < way_.position; ++i) meters_before += route_.node(i).leg_distance;
    // A stop more makes nothing cheaper.
    if (price(way_.position, chain_, meters_before) >= best.delta) return;
    const int here = problem_.visits[static_cast<std::size_t>(visit)].location;
    for (int i = way_.position;; --i) {
      try_points(problem_.points_near(here), i, meters_before, best);
      if (i == 0 || !lead(problem_, vehicle_, route_.node(i - 1), chain_)) return;
      meters_before -= route_.node(i - 1).leg_distance;
    }
  }

 private:
  // The visit and what stands behind it, without stops for parts.
  bool begin(int visit) {
    assigned_ = problem_.assignment_cost(visit, route_.vehicle());
    chain_ = {{0, vehicle_.earliest, route_.latest_end()}, 0, vehicle_.end, 0};
    for (int i = route_.tail() - 1; i >= way_.position; --i) {
      if (route_.node(i).is_pickup()) continue;
      if (!lead(problem_, vehicle_, route_.node(i), chain_)) return false;
    }
    return lead(problem_, vehicle_, visit_node(problem_, visit, way_.window, route_.vehicle()),
                chain_);
  }

  void try_points(const std::vector<int>& points, int position, Cost meters_before,
                  Insertion& best) {
    const auto most = std::min<std::size_t>(points.size(), kMostPoints);
    for (std::size_t p = 0; p < most; ++p) {
      Chain with = chain_;
      if (!lead(problem_, vehicle_, pickup_node(problem_, points[p]), with)) continue;
      const Cost delta = price(position, with, meters_before);
      if (delta >= best.delta) continue;
      best = way_;
      best.delta = delta;
      best.moves_pickups = true;
      best.n_pickups = 1;
      best.pickups[0] = {position, points[p]};
    }
  }

  // What it costs that `rest` follows the first `position` stops, which are `meters_before` long.
  Cost price(int position, const Chain& rest, Cost meters_before) const {
    const bool starts = position == 0;
    const Stretch before = starts ? Stretch{0, vehicle_.earliest, vehicle_.end_limit}
                                  : route_.stretch_to(position - 1);
    const int from = starts ? vehicle_.start : route_.node(position - 1).location;
    const Leg& leg = problem_.leg(vehicle_.profile, from, rest.place);
    const Seconds way = leg.duration + rest.access;
    if (leg.duration >= kNoWay || before.earliest + before.lasts + way > rest.time.latest) {
      return kInfinite;
    }
    const Cost work =
        join(before, way, rest.time).lasts - (route_.end() - route_.departure());
    const Cost longer = meters_before + leg.distance + rest.meters - route_.distance();
    return assigned_ + vehicle_.per_meter * longer + vehicle_.per_second * work +
           around_.ledger.change(problem_, route_.vehicle(), work, longer);
  }

  const Surroundings& around_;
  const Problem& problem_;
  const Route& route_;
  const Vehicle& vehicle_;
  Insertion way_;
  Chain chain_;
  Cost assigned_ = 0;
};

}  // namespace

bool is_errand(const Surroundings& around, const Route& route, int visit) {
  const Problem& problem = around.problem;
  const Vehicle& vehicle = around.vehicle(route.vehicle());
  const RouteLimits& most = vehicle.limits;
  const bool limited = most.visits < kUnlimited || most.distance < kUnlimited ||
                       most.driving < kUnlimited || most.duration < kUnlimited;
  return problem.parts_concern_one && route.has_stretches() && !limited &&
         !problem.is_linked(visit) && !problem.has_order() && vehicle.per_overtime_second == 0;
}

// What is on the van goes to the earliest visits: only those in front of the first stop for parts
// have to do with it.
bool has_parts(const Problem& problem, const Route& route, int position, int visit) {
  const auto parts = static_cast<std::size_t>(problem.n_parts);
  const auto van = static_cast<std::size_t>(
      problem.vehicles[static_cast<std::size_t>(route.vehicle())].van);
  const auto needs = [&](int each, auto take) {
    const Visit& source = problem.visits[static_cast<std::size_t>(each)];
    return std::all_of(problem.needs.begin() + source.first_need,
                       problem.needs.begin() + source.last_need, take);
  };
  int first = 0;
  while (first < route.size() && !route.node(first).is_pickup()) ++first;
  if (position > first) return true;
  return needs(visit, [&](const Need& need) {
    const auto p = static_cast<std::size_t>(need.part);
    const int gone = route.van_gone().empty() ? 0 : route.van_gone()[p];
    int left = problem.van_stock[van * parts + p] - gone - need.units;
    for (int i = 0; i < first && left >= 0 && problem.is_used_up[p] != 0; ++i) {
      if (!route.node(i).is_visit()) continue;
      needs(route.node(i).index, [&](const Need& other) {
        if (other.part == need.part) left -= other.units;
        return true;
      });
    }
    return left >= 0;
  });
}

void try_errand(const Surroundings& around, const Route& route, int position, int visit, int window,
                Insertion& best) {
  Insertion way;
  way.vehicle = route.vehicle();
  way.position = position;
  way.window = window;
  Errand(around, route, way).try_stops(visit, best);
}

}  // namespace servicenet::routing
