// Visits that depend on each other: who may serve them, and when they start.
#pragma once

#include <vector>

#include "surroundings.h"

namespace servicenet::routing {

// The visit at the other end of a link.
inline int partner_of(const Link& link, int visit) {
  return link.first == visit ? link.second : link.first;
}

// Earliest start that `link` allows the partner of a visit that starts at `start` and is ready at
// `ready`; `duration` is the partner's.
Seconds bound_on_partner(const Link& link, int visit, Seconds start, Seconds ready,
                         Seconds duration);

// Earliest start the visits on other routes allow `visit` on `vehicle`, where it takes `duration`.
Seconds bound_on(const Surroundings& around, int visit, int vehicle, Seconds duration);

// True if no link forbids that `vehicle` serves `visit` as the plan stands.
bool persons_allow(const Surroundings& around, int vehicle, int visit);

// What it costs the other routes that the linked visits on `built` start when they do; kInfinite
// where one of them cannot follow or the price reaches `budget`. Looks two routes deep: an estimate,
// made exact by the plan.
Cost price_on_others(const Surroundings& around, const Route& built, Cost budget);

// Sum of the starts of linked visits on `route`; 0 without any.
Cost sum_of_linked_starts(const Problem& problem, const Route& route);

// What the rest of the plan pays, beside the route's own cost, if `built` takes the place of its
// vehicle's route: people's shares, the worst lateness, linked visits. kInfinite from `budget` on.
Cost price_on_plan(const Surroundings& around, const Route& built, Cost budget = kInfinite);

}  // namespace servicenet::routing
