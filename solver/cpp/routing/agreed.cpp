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

}  // namespace

Idle Problem::find_idle(const Vehicle& vehicle) const {
  Idle way;
  way.end = arrive(vehicle, vehicle.start, vehicle.end, vehicle.earliest);
  way.leg = leg(vehicle.profile, vehicle.start, vehicle.end);
  way.leg.duration = way.end - vehicle.earliest;
  way.cost = vehicle.fixed + vehicle.per_meter * way.leg.distance +
             vehicle.per_second * way.leg.duration +
             vehicle.per_overtime_second * std::max(0, way.end - vehicle.latest);
  return way;
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
