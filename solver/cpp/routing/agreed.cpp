#include "agreed.h"

#include <algorithm>

namespace servicenet::routing {

namespace {

// Adds up the order of visits as they are met.
class OrderSum {
 public:
  OrderSum(const Problem& problem, int vehicle) : problem_(problem), vehicle_(vehicle) {}

  void meet(const Node& node) {
    if (!node.is_visit()) return;
    if (before_ >= 0) cost_ += problem_.order_cost(before_, node.index, vehicle_);
    before_ = node.index;
  }

  Cost cost() const { return cost_; }

 private:
  const Problem& problem_;
  int vehicle_;
  int before_ = -1;
  Cost cost_ = 0;
};

// Takes the first `here` breaks where the vehicle stands, then goes to the end place.
Idle go_home(const Problem& problem, const Vehicle& vehicle, int here) {
  Idle idle;
  Seconds time = vehicle.earliest;
  for (int i = 0; i < here; ++i) {
    const Break& pause = problem.breaks[static_cast<std::size_t>(vehicle.first_break + i)];
    const Seconds start = std::max(time, pause.earliest);
    idle.keeps = idle.keeps && start <= pause.latest;
    idle.rested += pause.duration;
    time = start + pause.duration;
  }
  idle.end = problem.arrive(vehicle, vehicle.start, vehicle.end, time);
  idle.leg = problem.leg(vehicle.profile, vehicle.start, vehicle.end);
  idle.leg.duration = idle.end - time;
  time = idle.end;
  for (int b = vehicle.first_break + here; b < vehicle.last_break; ++b) {
    const Break& pause = problem.breaks[static_cast<std::size_t>(b)];
    const Seconds start = std::max(time, pause.earliest);
    idle.keeps = idle.keeps && start <= pause.latest;
    time = start + pause.duration;
  }
  const RouteLimits& most = vehicle.limits;
  const Seconds lasts = idle.end - vehicle.earliest;
  idle.keeps = idle.keeps && idle.end <= vehicle.end_limit && idle.leg.distance <= most.distance &&
               idle.leg.duration <= most.driving && lasts <= most.duration;
  idle.cost = vehicle.fixed + vehicle.per_meter * idle.leg.distance +
              vehicle.per_second * (lasts - idle.rested) +
              vehicle.per_overtime_second * std::max(0, idle.end - vehicle.latest);
  return idle;
}

}  // namespace

Idle Problem::find_idle(const Vehicle& vehicle) const {
  const Idle at_once = go_home(*this, vehicle, 0);
  Idle way = at_once;
  const int most = vehicle.last_break - vehicle.first_break;
  for (int here = 1; here <= most && !way.keeps; ++here) way = go_home(*this, vehicle, here);
  return way.keeps ? way : at_once;
}

Cost price_order(const Problem& problem, int vehicle, const std::vector<Node>& nodes) {
  OrderSum sum(problem, vehicle);
  for (const Node& node : nodes) sum.meet(node);
  return sum.cost();
}

Cost change_of_order(const Problem& problem, const Route& route, int position, int visit) {
  int before = position - 1;
  while (before >= 0 && !route.node(before).is_visit()) --before;
  int behind = position;
  while (behind < route.size() && !route.node(behind).is_visit()) ++behind;
  const int vehicle = route.vehicle();
  Cost change = 0;
  if (before >= 0) change += problem.order_cost(route.node(before).index, visit, vehicle);
  if (behind < route.size()) {
    change += problem.order_cost(visit, route.node(behind).index, vehicle);
    if (before >= 0) {
      change -= problem.order_cost(route.node(before).index, route.node(behind).index, vehicle);
    }
  }
  return change;
}

Cost price_order_joined(const Problem& problem, const Route& kept, int before, const Route& given,
                        int from) {
  OrderSum sum(problem, kept.vehicle());
  for (int i = 0; i < before; ++i) sum.meet(kept.node(i));
  for (int i = from; i < given.size(); ++i) sum.meet(given.node(i));
  return sum.cost();
}

}  // namespace servicenet::routing
