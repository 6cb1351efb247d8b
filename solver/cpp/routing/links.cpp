#include "links.h"

#include <algorithm>

namespace servicenet::routing {

namespace {

constexpr int kDepth = 2;

Cost push(const Surroundings& around, int visit, Seconds start, int depth, Cost budget);

// What the partners of a node that starts at `start` have to pay for it. Nothing here is ever
// gained, so that the sum can be given up (kInfinite) once it reaches `budget`.
Cost push_partners(const Surroundings& around, const Node& node, int vehicle, Seconds start,
                   int depth, Cost budget) {
  Cost total = 0;
  for (const int l : around.problem.links_of[static_cast<std::size_t>(node.index)]) {
    const Link& link = around.problem.links[static_cast<std::size_t>(l)];
    const int partner = partner_of(link, node.index);
    const int k = around.vehicle_of[static_cast<std::size_t>(partner)];
    if (k < 0 || k == vehicle) continue;
    const Node& other = around.route(k).node(
        around.position_of[static_cast<std::size_t>(partner)]);
    const Seconds bound =
        bound_on_partner(link, node.index, start, start + node.duration, other.duration);
    if (bound <= other.start()) continue;
    total += push(around, partner, bound, depth, budget - total);
    if (total >= budget) return kInfinite;
  }
  return total;
}

// The price of `visit`, on a route, starting no earlier than `start`.
Cost push(const Surroundings& around, int visit, Seconds start, int depth, Cost budget) {
  const Problem& problem = around.problem;
  const Route& route = around.route(around.vehicle_of[static_cast<std::size_t>(visit)]);
  const Vehicle& vehicle = around.vehicle(route.vehicle());
  Cost total = 0;
  Seconds at = 0;
  for (int i = around.position_of[static_cast<std::size_t>(visit)]; i < route.tail(); ++i) {
    const Node& node = route.node(i);
    const bool pushed = node.is_visit() && node.index == visit;
    const Seconds arrival = pushed ? node.arrival() : std::max(at + node.access, node.earliest);
    const Seconds begin = std::max({arrival, node.bound, pushed ? start : 0});
    const Seconds judged = problem.rules.late_at_start ? begin : arrival;
    if (judged > node.limit) return kInfinite;
    if (begin == node.start()) return total;
    if (node.is_visit()) {
      total += problem.delay_cost(node.index, judged - node.latest, arrival) - node.late +
               around.ledger.worse(problem, judged - node.latest);
      if (depth > 0 && problem.is_linked(node.index)) {
        total += push_partners(around, node, route.vehicle(), begin, depth - 1, budget - total);
      }
      if (total >= budget) return kInfinite;
    }
    const int next = i + 1 < route.tail() ? route.node(i + 1).location : vehicle.end;
    at = problem.arrive(vehicle, node.location, next, begin + node.duration);
  }
  if (at > route.latest_end()) return kInfinite;
  const Seconds overtime = std::max(0, at - vehicle.latest) - std::max(0, route.end() - vehicle.latest);
  return total + vehicle.per_second * (at - route.end()) +
         vehicle.per_overtime_second * overtime;
}

}  // namespace

Seconds bound_on_partner(const Link& link, int visit, Seconds start, Seconds ready,
                         Seconds duration) {
  if (visit == link.first) return (link.from_end ? ready : start) + link.least;
  if (link.most == kUnlimited) return 0;
  return start - link.most - (link.from_end ? duration : 0);
}

Seconds bound_on(const Surroundings& around, int visit, int vehicle, Seconds duration) {
  Seconds bound = 0;
  for (const int l : around.problem.links_of[static_cast<std::size_t>(visit)]) {
    const Link& link = around.problem.links[static_cast<std::size_t>(l)];
    const int partner = partner_of(link, visit);
    const int k = around.vehicle_of[static_cast<std::size_t>(partner)];
    if (k < 0 || k == vehicle) continue;
    const Node& other = around.route(k).node(
        around.position_of[static_cast<std::size_t>(partner)]);
    bound = std::max(bound, bound_on_partner(link, partner, other.start(), other.ready, duration));
  }
  return bound;
}

bool persons_allow(const Surroundings& around, int vehicle, int visit) {
  const int person = around.vehicle(vehicle).person;
  for (const int l : around.problem.links_of[static_cast<std::size_t>(visit)]) {
    const Link& link = around.problem.links[static_cast<std::size_t>(l)];
    const int k = around.vehicle_of[static_cast<std::size_t>(partner_of(link, visit))];
    if (k < 0 || link.person == 0) continue;
    const bool same = around.vehicle(k).person == person;
    if (same != (link.person == 1)) return false;
  }
  return true;
}

namespace {

// True if a visit would have to wait for one behind it on the same route to be over. (One that may
// not start too long before the other can wait for it.)
bool is_crossed(const Problem& problem, const Route& built, int position) {
  const Node& node = built.node(position);
  for (const int l : problem.links_of[static_cast<std::size_t>(node.index)]) {
    const Link& link = problem.links[static_cast<std::size_t>(l)];
    if (link.first != node.index) continue;
    const int partner = link.second;
    for (int i = 0; i < position; ++i) {
      const Node& other = built.node(i);
      if (!other.is_visit() || other.index != partner) continue;
      if (bound_on_partner(link, node.index, node.start(), node.ready, other.duration) >
          other.start()) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

Cost price_on_others(const Surroundings& around, const Route& built, Cost budget) {
  Cost total = 0;
  for (int i = 0; i < built.size(); ++i) {
    const Node& node = built.node(i);
    if (!node.is_visit() || !around.problem.is_linked(node.index)) continue;
    if (is_crossed(around.problem, built, i)) return kInfinite;
    total += push_partners(around, node, built.vehicle(), node.start(), kDepth, budget - total);
    if (total >= budget) return kInfinite;
  }
  return total;
}

Cost sum_of_linked_starts(const Problem& problem, const Route& route) {
  Cost sum = 0;
  if (problem.links.empty()) return sum;
  for (const Node& node : route.nodes()) {
    if (node.is_visit() && problem.is_linked(node.index)) sum += node.start();
  }
  return sum;
}

Cost price_on_plan(const Surroundings& around, const Route& built, Cost budget) {
  const Route& now = around.route(built.vehicle());
  const Cost shared = around.ledger.worse(around.problem, built.worst_late()) +
                      around.ledger.change(around.problem, built.vehicle(),
                                           built.work() - now.work(),
                                           built.distance() - now.distance());
  if (around.problem.links.empty()) return shared;
  if (shared >= budget) return kInfinite;
  return shared + price_on_others(around, built, budget - shared);
}

}  // namespace servicenet::routing
