#include "ejection_pool.h"

#include <algorithm>
#include <limits>

#include "way_search.h"

namespace servicenet::routing {

EjectionPool::EjectionPool(Plan& plan, int visit)
    : plan_(plan), problem_(plan.problem()), trials_(plan), visit_(visit) {}

bool EjectionPool::serve(const std::vector<int>& vehicles, int most_steps) {
  counts_.assign(static_cast<std::size_t>(problem_.n_visits), 1);
  waiting_ = {visit_};
  for (int step = 0; step < most_steps && !waiting_.empty(); ++step) {
    const int visit = waiting_.back();
    waiting_.pop_back();
    if (put_in(visit, vehicles) || put_in_pool(visit)) continue;
    ++counts_[static_cast<std::size_t>(visit)];
    if (!oust_for(visit, vehicles)) return false;
  }
  return waiting_.empty();
}

// Visits that hang together with others stay, and so do their routes.
bool EjectionPool::may_leave(const Node& node) const {
  return node.is_visit() && !problem_.is_linked(node.index);
}

bool EjectionPool::takes(const Route& route, int visit) const {
  return !route.has_links() && trials_.takes(route, visit);
}

// Where it costs least, on a route that has changed already if one takes it.
bool EjectionPool::put_in(int visit, const std::vector<int>& vehicles) {
  const auto& touched = plan_.touched();
  std::array<Insertion, 2> best;  // on those that have changed, on the others
  for (const int k : vehicles) {
    if (!takes(plan_.route(k), visit)) continue;
    const bool changed = std::find(touched.begin(), touched.end(), k) != touched.end();
    trials_.scan(plan_.route(k), visit, best[changed ? 0 : 1]);
  }
  return std::any_of(best.begin(), best.end(), [&](const Insertion& way) {
    return way.vehicle >= 0 && put(visit, way);
  });
}

bool EjectionPool::put(int visit, Insertion way) {
  const auto k = static_cast<std::size_t>(way.vehicle);
  // Breaks placed anew may make a route cheaper than the trial said.
  if (problem_.vehicles[k].has_breaks()) way.delta = kInfinite;
  return way.position <= plan_.route(way.vehicle).size() && plan_.insert(visit, way);
}

bool EjectionPool::put_in_pool(int visit) {
  const int pool = visit == visit_ ? -1 : plan_.find_pool(visit);
  if (pool < 0) return false;
  plan_.insert_into_pool(visit, pool);
  return true;
}

bool EjectionPool::oust_for(int visit, const std::vector<int>& vehicles) {
  Ousting best;
  best.count = std::numeric_limits<int>::max();
  const auto each = [&](auto oust) {
    for (const int k : vehicles) {
      const bool able = !plan_.route(k).has_links() && trials_.reaches(visit, k);
      if (able) (this->*oust)(visit, plan_.route(k), best);
    }
  };
  each(&EjectionPool::oust_one);
  each(&EjectionPool::oust_two);
  if (best.way.vehicle < 0) return false;
  carry_out(visit, best);
  return true;
}

void EjectionPool::oust_one(int visit, const Route& route, Ousting& best) {
  for (const Node& node : route.nodes()) {
    if (!may_leave(node) || count(node.index) > best.count) continue;
    try_without(visit, route, {{node.index, -1}, count(node.index), {}, 0}, best);
  }
}

// Two leave only if they were hard to put in less often than any one who could.
void EjectionPool::oust_two(int visit, const Route& route, Ousting& best) {
  for (auto first = route.nodes().begin(); first != route.nodes().end(); ++first) {
    if (!may_leave(*first)) continue;
    for (auto second = first + 1; second != route.nodes().end(); ++second) {
      if (!may_leave(*second)) continue;
      const int both = count(first->index) + count(second->index);
      if (both >= best.count) continue;
      try_without(visit, route, {{first->index, second->index}, both, {}, 0}, best);
    }
  }
}

void EjectionPool::try_without(int visit, const Route& route, Ousting gone, Ousting& best) {
  rest_ = route;
  for (int i = rest_.size() - 1; i >= 0; --i) {
    const Node& node = rest_.node(i);
    const auto leaves = std::find(gone.visits.begin(), gone.visits.end(), node.index);
    if (node.is_visit() && leaves != gone.visits.end()) rest_.erase(i);
  }
  if (!rest_.update(problem_) || !takes(rest_, visit)) return;
  rest_.look_back(problem_);
  const Cost saved = route.cost() - rest_.cost();
  if (gone.count == best.count) gone.way.delta = left_of(best.price, -saved);
  trials_.scan(rest_, visit, gone.way);
  if (gone.way.vehicle < 0) return;
  gone.price = gone.way.delta - saved;
  best = gone;
}

// A visit that does not fit after all waits with those who made room for it.
void EjectionPool::carry_out(int visit, const Ousting& ousting) {
  std::vector<int> gone(ousting.visits.begin(), ousting.visits.end());
  if (gone.back() < 0) gone.pop_back();
  plan_.remove_from_route(ousting.way.vehicle, gone);
  waiting_.insert(waiting_.end(), gone.begin(), gone.end());
  if (!put(visit, ousting.way)) waiting_.push_back(visit);
}

}  // namespace servicenet::routing
