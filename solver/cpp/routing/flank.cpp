#include "flank.h"

namespace servicenet::routing {

namespace {

// True if all that a later end of the route changes is what its vehicle is paid, or more.
bool pays_for_end(const Problem& problem, const Route& route) {
  return !problem.rules.leaves_for_end && problem.shares.empty() && !route.has_links();
}

int place_of(const Node& node) { return node.is_break() ? Flank::kBreak : node.location; }

// The side of the last stop that looks at the end place.
Flank flank_of_end(const Problem& problem, const Route& route) {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(route.vehicle())];
  Flank flank;
  flank.vehicle = route.vehicle();
  flank.profile = vehicle.rush || route.has_pickups() ? -1 : vehicle.profile;
  flank.per_meter = vehicle.per_meter;
  flank.per_second = pays_for_end(problem, route) ? vehicle.per_second : 0;
  flank.behind = route.tail() < route.size() ? Flank::kBreak : vehicle.end;
  flank.leg_out = route.last_leg().distance;
  flank.latest_behind = route.latest_end();
  flank.free_behind = route.end();
  return flank;
}

}  // namespace

void fill_flanks(const Problem& problem, const Route& route, std::vector<Flank>& flanks) {
  if (route.empty()) return;
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(route.vehicle())];
  Flank flank = flank_of_end(problem, route);
  Seconds waiting = 0;
  for (int i = route.tail() - 1; i >= 0; --i) {
    const Node& node = route.node(i);
    waiting += node.start() - node.at - node.access;
    flank.before = i > 0 ? place_of(route.node(i - 1)) : vehicle.start;
    flank.ready_before = i > 0 ? route.node(i - 1).ready : vehicle.earliest;
    flank.leg_in = node.leg_distance;
    flank.latest_at = node.latest_at;
    // In front of the first visit the departure moves, too.
    flank.free_until = i > route.first() ? node.at + waiting : kUnlimited;
    flank.ready = node.ready;
    if (node.is_visit()) flanks[static_cast<std::size_t>(node.index)] = flank;
    flank.behind = place_of(node);
    flank.leg_out = node.leg_distance;
    flank.latest_behind = node.latest_at;
    flank.free_behind = flank.free_until;
  }
}

Candidate::Candidate(const Problem& all, int which)
    : problem(all),
      visit(which),
      source(all.visits[static_cast<std::size_t>(which)]),
      window(all.windows[static_cast<std::size_t>(source.first_window)]),
      is_plain(source.last_window - source.first_window == 1 && !source.needs_parts() &&
               !all.is_linked(which) && all.group_service.empty()),
      undone(all.most_order_cost) {}

bool Candidate::may_stand(const Flank& flank, const Side& side, const Leg& in, const Leg& out,
                          Cost bound) const {
  const Cost longer = static_cast<Cost>(in.distance) + out.distance - side.leg;
  const Seconds arrival = std::max(side.ready + in.duration + source.access, window.earliest);
  const Cost most = bound + undone + saved_by_leaving_later(flank, side, in, arrival);
  Cost least = flank.per_meter * longer;
  if (least >= most) return false;
  const Seconds at = arrival + source.service + out.duration;
  if (arrival > window.limit || at > side.latest) return false;
  if (!problem.time_costs) return true;
  least += problem.delay_cost(visit, arrival - window.latest, arrival) +
           flank.per_second * std::max(0, at - side.free_until);
  return least < most;
}

// In front of the first visit the departure moves: who waits for the new one leaves that much later, and
// waiting farther on may be less.
Cost Candidate::saved_by_leaving_later(const Flank& flank, const Side& side, const Leg& in,
                                       Seconds arrival) const {
  if (!problem.time_costs || side.free_until < kUnlimited) return 0;
  const Seconds later = arrival - source.access - in.duration - side.ready;
  if (later <= 0) return 0;
  // Shares and links price time in ways of their own.
  if (!problem.shares.empty() || !problem.links.empty()) return kInfinite / 2;
  return flank.per_second * later;
}

bool Candidate::may_follow(const Flank& flank, const Beside& near, Cost bound) const {
  if (!is_plain || flank.profile != near.profile || flank.behind == Flank::kBreak) return true;
  if (flank.ready + near.in.duration + source.access > window.limit) return false;
  const Leg& out = problem.leg(flank.profile, source.location, flank.behind);
  const Side side{flank.ready, flank.leg_out, flank.latest_behind, flank.free_behind};
  return may_stand(flank, side, near.in, out, bound);
}

bool Candidate::may_precede(const Flank& flank, const Beside& near, Cost bound) const {
  if (!is_plain || flank.profile != near.profile || flank.before == Flank::kBreak) return true;
  const Seconds soonest = std::max(flank.ready_before + source.access, window.earliest);
  if (soonest + source.service + near.out.duration > flank.latest_at) return false;
  const Leg& in = problem.leg(flank.profile, flank.before, source.location);
  const Side side{flank.ready_before, flank.leg_in, flank.latest_at, flank.free_until};
  return may_stand(flank, side, in, near.out, bound);
}

}  // namespace servicenet::routing
