#include "way_polish.h"

namespace servicenet::routing {

namespace {

constexpr int kMostMoves = 6;

}  // namespace

WayPolish::WayPolish(Plan& plan, const Prepared& prepared, int visit, int most)
    : plan_(plan),
      problem_(plan.problem()),
      prepared_(prepared),
      visit_(visit),
      most_(most),
      vehicles_(plan.touched()) {}

bool WayPolish::improve() {
  for (int moves = 0; moves < kMostMoves; ++moves) {
    const Move best = find_best();
    if (best.visit < 0) return true;
    if (!carry_out(best)) return false;
  }
  return true;
}

WayPolish::Move WayPolish::find_best() {
  Move best;
  for (const int vehicle : vehicles_) {
    const Route& route = plan_.route(vehicle);
    for (int i = 0; i < route.size(); ++i) {
      const Node& node = route.node(i);
      const bool may = node.is_visit() && node.index != visit_ && !problem_.is_linked(node.index);
      if (may) try_visit(vehicle, i, best);
    }
  }
  return best;
}

void WayPolish::try_visit(int vehicle, int position, Move& best) {
  const Route& route = plan_.route(vehicle);
  const int visit = route.node(position).index;
  rest_ = route;
  rest_.erase(position);
  if (!rest_.update(problem_)) return;
  const Cost saved = route.cost() - rest_.cost();
  for (const int other : vehicles_) {
    if (other == vehicle && !rest_.empty()) {
      rest_.look_back(problem_);
      try_route(rest_, visit, saved, best);
    } else if (other != vehicle && may_join(visit, other)) {
      try_route(plan_.route(other), visit, saved, best);
    }
  }
}

void WayPolish::try_route(const Route& route, int visit, Cost saved, Move& best) {
  if (route.empty()) return;
  Insertion way;
  way.delta = saved - best.gain;
  for (int position = 0; position <= route.size(); ++position) {
    try_position(plan_.surroundings(), route, position, visit, way, scratch_);
  }
  if (way.vehicle >= 0) best = {visit, way, saved - way.delta};
}

bool WayPolish::may_join(int visit, int vehicle) const {
  if (!problem_.allowed(visit, vehicle)) return false;
  if (!load_fits(problem_, plan_.route(vehicle), visit)) return false;
  int displaced = 0;
  for (const int k : vehicles_) {
    for (const Node& node : plan_.route(k).nodes()) {
      if (!node.is_visit() || node.index == visit_) continue;
      const int now = node.index == visit ? vehicle : k;
      if (prepared_.vehicle_of[static_cast<std::size_t>(node.index)] != now) ++displaced;
    }
  }
  return displaced <= most_;
}

bool WayPolish::carry_out(Move move) {
  plan_.remove_from_route(plan_.vehicle_of(move.visit), {move.visit});
  const auto k = static_cast<std::size_t>(move.way.vehicle);
  // Placing its breaks anew may make a route cheaper than the trial said.
  if (problem_.vehicles[k].has_breaks()) move.way.delta = kInfinite;
  return move.way.position <= plan_.route(move.way.vehicle).size() &&
         plan_.insert(move.visit, move.way);
}

}  // namespace servicenet::routing
