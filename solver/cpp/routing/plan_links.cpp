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

bool Plan::lacks_first(int visit) const {
  for (const int l : problem_->links_of[static_cast<std::size_t>(visit)]) {
    const Link& link = problem_->links[static_cast<std::size_t>(l)];
    if (link.demands == 1 && link.second == visit && vehicle_of(link.first) < 0) return true;
  }
  return false;
}

// Raises the bounds of visits that have to start later because of this route; their routes go to
// `late` and are not yet re-timed.
void Plan::push_partners(int vehicle, std::vector<int>& late) {
  for (int i = 0; i < route(vehicle).size(); ++i) {
    const Node& node = route(vehicle).node(i);
    if (!node.is_visit() || !problem_->is_linked(node.index)) continue;
    for (const int l : problem_->links_of[static_cast<std::size_t>(node.index)]) {
      const Link& link = problem_->links[static_cast<std::size_t>(l)];
      const int partner = partner_of(link, node.index);
      const int k = vehicle_of(partner);
      if (k < 0) continue;
      const Node& other = route(k).node(position_of(partner));
      const Seconds bound =
          bound_on_partner(link, node.index, node.start(), node.ready, other.duration);
      if (bound <= std::max(other.bound, other.start())) continue;
      if (std::find(late.begin(), late.end(), k) == late.end()) {
        save(k);
        late.push_back(k);
      }
      routes_[static_cast<std::size_t>(k)].set_bound(position_of(partner), bound);
    }
  }
}

// After `visits` came onto a route, or nothing but its times changed.
bool Plan::synchronize(int vehicle, const std::vector<int>& visits) {
  if (problem_->links.empty()) return true;
  std::vector<int> queue;
  for (const int visit : visits) {
    for (const int l : problem_->links_of[static_cast<std::size_t>(visit)]) {
      const int k = vehicle_of(partner_of(problem_->links[static_cast<std::size_t>(l)], visit));
      if (k >= 0) queue.push_back(k);
    }
  }
  queue.push_back(vehicle);
  return settle_links(queue);
}

bool Plan::settle_links(std::vector<int> queue) {
  int updates = kMostUpdates + 2 * problem_->n_vehicles;
  while (!queue.empty()) {
    const int vehicle = queue.back();
    queue.pop_back();
    std::vector<int> late;
    push_partners(vehicle, late);
    for (const int k : late) {
      if (--updates < 0 || !time_anew(routes_[static_cast<std::size_t>(k)])) return false;
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

void Plan::refresh_links() {
  if (stale_.empty()) return;
  const std::vector<int> component = linked_component();
  stale_.clear();
  saved_.clear();
  bool fits = true;
  for (const int vehicle : component) {
    save(vehicle);
    Route& route = routes_[static_cast<std::size_t>(vehicle)];
    for (int i = 0; i < route.size(); ++i) route.set_bound(i, 0);
    fits = fits && time_anew(route);
    if (fits) settle(vehicle);
  }
  // What could wait before can still do so, if nothing else.
  if (!fits || !settle_links(component)) undo_saved();
  saved_.clear();
}

}  // namespace servicenet::routing
