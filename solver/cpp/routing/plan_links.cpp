// Linked visits in a plan: starts are the least that all links allow, found by pushing partners
// until nothing moves.
#include <algorithm>

#include "links.h"
#include "plan.h"

namespace servicenet::routing {

namespace {

// Routes re-timed for one change before it is given up: visits that push each other in a circle
// never come to rest.
constexpr int kMostUpdates = 30;

// How often each route answers to where the others have put their breaks.
constexpr int kBreakRounds = 2;

}  // namespace

bool Plan::is_ready_for(int visit) const {
  if (!problem_->is_linked(visit)) return true;
  for (const int l : problem_->links_of[static_cast<std::size_t>(visit)]) {
    const Link& link = problem_->links[static_cast<std::size_t>(l)];
    const bool needed = link.demands == 2 || (link.demands == 1 && link.second == visit);
    if (needed && vehicle_of(partner_of(link, visit)) < 0) return false;
  }
  return true;
}

bool Plan::links_hold() const {
  for (const Link& link : problem_->links) {
    const int k = vehicle_of(link.first);
    const int m = vehicle_of(link.second);
    if (k < 0 || m < 0) continue;
    const Node& first = route(k).node(position_of(link.first));
    const Node& second = route(m).node(position_of(link.second));
    const Seconds gap = second.start() - (link.from_end ? first.ready : first.start());
    if (gap < link.least || gap > link.most) return false;
  }
  return true;
}

bool Plan::lacks_first(int visit) const {
  for (const int l : problem_->links_of[static_cast<std::size_t>(visit)]) {
    const Link& link = problem_->links[static_cast<std::size_t>(l)];
    if (link.demands == 1 && link.second == visit && vehicle_of(link.first) < 0) return true;
  }
  return false;
}

// Raises the bounds of visits that have to start later because of this route, and of visits on it
// that have to wait for others; their routes go to `late` and are not yet re-timed.
void Plan::push_partners(int vehicle, std::vector<int>& late) {
  const auto raise = [&](int visit, Seconds bound) {
    const int k = vehicle_of(visit);
    const Node& node = route(k).node(position_of(visit));
    if (bound <= std::max(node.bound, node.start())) return;
    if (std::find(late.begin(), late.end(), k) == late.end()) {
      save(k);
      late.push_back(k);
    }
    routes_[static_cast<std::size_t>(k)].set_bound(position_of(visit), bound);
  };
  for (int i = 0; i < route(vehicle).size(); ++i) {
    const Node& node = route(vehicle).node(i);
    if (!node.is_visit() || !problem_->is_linked(node.index)) continue;
    for (const int l : problem_->links_of[static_cast<std::size_t>(node.index)]) {
      const Link& link = problem_->links[static_cast<std::size_t>(l)];
      const int partner = partner_of(link, node.index);
      if (vehicle_of(partner) < 0) continue;
      const Node& other = route(vehicle_of(partner)).node(position_of(partner));
      raise(partner, bound_on_partner(link, node.index, node.start(), node.ready, other.duration));
      raise(node.index,
            bound_on_partner(link, partner, other.start(), other.ready, node.duration));
    }
  }
}

// Recomputes a route that has to wait for others; its breaks go where they fit best.
bool Plan::time_waiting(Route& route) {
  const Vehicle& vehicle = problem_->vehicles[static_cast<std::size_t>(route.vehicle())];
  return vehicle.has_breaks() ? place_breaks(route) : route.update(*problem_);
}

bool Plan::settle_links(std::vector<int> queue) {
  if (problem_->links.empty()) return true;
  int updates = kMostUpdates + 2 * problem_->n_vehicles;
  while (!queue.empty()) {
    const int vehicle = queue.back();
    queue.pop_back();
    std::vector<int> late;
    push_partners(vehicle, late);
    for (const int k : late) {
      if (--updates < 0 || !time_waiting(routes_[static_cast<std::size_t>(k)])) return false;
      settle(k);
      if (std::find(queue.begin(), queue.end(), k) == queue.end()) queue.push_back(k);
    }
  }
  return true;
}

// Routes that hang together with those that lost visits.
std::vector<int> Plan::linked_component() const {
  std::vector<int> found;
  const auto add = [&](int vehicle) {
    if (vehicle >= 0 && std::find(found.begin(), found.end(), vehicle) == found.end()) {
      found.push_back(vehicle);
    }
  };
  for (const int vehicle : stale_) add(vehicle);
  // Partners of visits that are gone are no longer reached from here.
  for (const int visit : absent_) {
    if (!problem_->is_linked(visit)) continue;
    for (const int l : problem_->links_of[static_cast<std::size_t>(visit)]) {
      add(vehicle_of(partner_of(problem_->links[static_cast<std::size_t>(l)], visit)));
    }
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const Node& node : route(found[i]).nodes()) {
      if (!node.is_visit() || !problem_->is_linked(node.index)) continue;
      for (const int l : problem_->links_of[static_cast<std::size_t>(node.index)]) {
        add(vehicle_of(partner_of(problem_->links[static_cast<std::size_t>(l)], node.index)));
      }
    }
  }
  return found;
}

// Times the routes from scratch: first as if nobody waited for others, then the breaks by what
// everybody pays for them.
bool Plan::retime(const std::vector<int>& component) {
  for (const int vehicle : component) {
    save(vehicle);
    Route& route = routes_[static_cast<std::size_t>(vehicle)];
    for (int i = 0; i < route.size(); ++i) route.set_bound(i, 0);
    if (!time_anew(route)) return false;
    settle(vehicle);
  }
  for (int round = 0; round < kBreakRounds; ++round) {
    for (const int vehicle : component) {
      if (!problem_->vehicles[static_cast<std::size_t>(vehicle)].has_breaks()) continue;
      if (!place_breaks(routes_[static_cast<std::size_t>(vehicle)])) return false;
      settle(vehicle);
    }
  }
  return settle_links(component);
}

void Plan::refresh_links() {
  while (!stale_.empty()) {
    const std::vector<int> component = linked_component();
    const int loser = stale_.back();
    stale_.clear();
    n_saved_ = 0;
    bool fits = retime(component);
    if (!fits) {
      // What waited before may go on waiting.
      undo_saved();
      fits = settle_links(component);
    }
    if (!fits) {
      undo_saved();
      evict(loser);
    }
    n_saved_ = 0;
  }
}

}  // namespace servicenet::routing
