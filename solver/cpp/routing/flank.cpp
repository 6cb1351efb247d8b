#include "flank.h"

namespace servicenet::routing {

void fill_flanks(const Problem& problem, const Route& route, std::vector<Flank>& flanks) {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(route.vehicle())];
  const bool plain = !vehicle.rush && !vehicle.has_breaks() && !route.has_pickups();
  int before = vehicle.start;
  Seconds ready_before = vehicle.earliest;
  for (int i = 0; i < route.size(); ++i) {
    const Node& node = route.node(i);
    if (node.is_visit()) {
      Flank& flank = flanks[static_cast<std::size_t>(node.index)];
      const bool last = i + 1 >= route.size();
      flank.vehicle = route.vehicle();
      flank.profile = plain ? vehicle.profile : -1;
      flank.per_meter = vehicle.per_meter;
      flank.before = before;
      flank.ready_before = ready_before;
      flank.leg_in = node.leg_distance;
      flank.latest_at = node.latest_at;
      flank.ready = node.ready;
      flank.behind = last ? vehicle.end : route.node(i + 1).location;
      flank.leg_out = last ? route.last_leg().distance : route.node(i + 1).leg_distance;
      flank.latest_behind = last ? route.latest_end() : route.node(i + 1).latest_at;
    }
    before = node.location;
    ready_before = node.ready;
  }
}

Candidate::Candidate(const Problem& all, int which)
    : problem(all),
      visit(which),
      source(all.visits[static_cast<std::size_t>(which)]),
      earliest(all.windows[static_cast<std::size_t>(source.first_window)].earliest),
      limit(all.windows[static_cast<std::size_t>(source.first_window)].limit),
      is_plain(source.last_window - source.first_window == 1 && !source.needs_parts() &&
               !all.is_linked(which) && all.group_service.empty()),
      undone(all.most_order_cost) {}

bool Candidate::may_stand(const Flank& flank, Seconds ready, const Leg& in, const Leg& out,
                          Meters leg, Seconds latest, Cost bound) const {
  const Cost longer = static_cast<Cost>(in.distance) + out.distance - leg;
  if (flank.per_meter * longer >= bound + undone) return false;
  const Seconds arrival = std::max(ready + in.duration + source.access, earliest);
  return arrival <= limit && arrival + source.service + out.duration <= latest;
}

bool Candidate::may_follow(const Flank& flank, const Beside& near, Cost bound) const {
  if (!is_plain || flank.profile != near.profile) return true;
  if (flank.ready + near.in.duration + source.access > limit) return false;
  const Leg& out = problem.leg(flank.profile, source.location, flank.behind);
  return may_stand(flank, flank.ready, near.in, out, flank.leg_out, flank.latest_behind, bound);
}

bool Candidate::may_precede(const Flank& flank, const Beside& near, Cost bound) const {
  if (!is_plain || flank.profile != near.profile) return true;
  const Seconds soonest = std::max(flank.ready_before + source.access, earliest);
  if (soonest + source.service + near.out.duration > flank.latest_at) return false;
  const Leg& in = problem.leg(flank.profile, flank.before, source.location);
  return may_stand(flank, flank.ready_before, in, near.out, flank.leg_in, flank.latest_at, bound);
}

}  // namespace servicenet::routing
