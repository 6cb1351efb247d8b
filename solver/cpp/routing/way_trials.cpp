#include "way_trials.h"

#include <algorithm>

namespace servicenet::routing {

WayTrials::WayTrials(const Plan& plan)
    : problem_(plan.problem()), around_(plan.surroundings()) {}

bool WayTrials::takes(const Route& route, int visit) const {
  return problem_.allowed(visit, route.vehicle()) && load_fits(problem_, route, visit) &&
         (!problem_.is_linked(visit) || persons_allow(around_, route.vehicle(), visit));
}

bool WayTrials::reaches(int visit, int vehicle) const {
  const Vehicle& source = around_.vehicle(vehicle);
  const Visit& target = problem_.visits[static_cast<std::size_t>(visit)];
  const auto leg = problem_.leg(source.profile, source.start, target.location);
  if (!problem_.allowed(visit, vehicle) || leg.duration >= kNoWay) return false;
  const Seconds at =
      problem_.arrive(source, source.start, target.location, source.earliest) + target.access;
  return late_price(visit, at) < kInfinite;
}

Cost WayTrials::late_price(int visit, Seconds arrival) const {
  const Visit& source = problem_.visits[static_cast<std::size_t>(visit)];
  Cost least = kInfinite;
  for (int w = source.first_window; w < source.last_window; ++w) {
    const Window& window = problem_.windows[static_cast<std::size_t>(w)];
    if (arrival > window.limit) continue;
    least = std::min(least, problem_.late_cost(source, arrival - window.latest));
  }
  return least;
}

void WayTrials::scan(const Route& route, int visit, Insertion& best) {
  if (route.empty()) {
    scan_empty(route, visit, best);
  } else {
    scan_positions(route, visit, best);
  }
}

void WayTrials::scan_empty(const Route& empty, int visit, Insertion& best) {
  const Visit& source = problem_.visits[static_cast<std::size_t>(visit)];
  for (int window = source.first_window; window < source.last_window; ++window) {
    Insertion way;
    way.vehicle = empty.vehicle();
    way.window = window;
    built_ = empty;
    put(around_, way, visit, built_);
    try_pickups(around_, empty, way, built_, best, scratch_, &placer_);
  }
}

void WayTrials::scan_positions(const Route& route, int visit, Insertion& best) {
  const Visit& source = problem_.visits[static_cast<std::size_t>(visit)];
  // Standing between two others it may undo a change of their order.
  const Cost own = problem_.assignment_cost(visit, route.vehicle()) - problem_.most_order_cost;
  Seconds opens = kNoWay;
  for (int w = source.first_window; w < source.last_window; ++w) {
    opens = std::min(opens, problem_.windows[static_cast<std::size_t>(w)].earliest);
  }
  for (int position = 0; position <= route.size(); ++position) {
    if (position > 0 && position <= route.tail()) {
      const Cost late = late_price(visit, route.node(position - 1).ready + source.access);
      if (late >= kInfinite || late + own >= best.delta) return;
    }
    if (position < route.tail() && route.node(position).latest_at < opens) continue;
    try_position(around_, route, position, visit, best, scratch_);
  }
}

}  // namespace servicenet::routing
