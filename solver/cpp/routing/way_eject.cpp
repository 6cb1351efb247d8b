// Ways that make room: visits leave the route, and go to one other vehicle or to another turn on
// the same one.
#include <algorithm>

#include "way_search.h"

namespace servicenet::routing {

namespace {

// Vehicles whose routes are asked to make room, those that can be there soonest first.
constexpr int kMostVehicles = 40;

// Routes with room for which a home of the displaced is looked for.
constexpr int kMostRooms = 150;

// Other vehicles remembered per displaced visit.
constexpr std::size_t kMostHomes = 4;

}  // namespace

void WaySearch::eject(int most) {
  int asked = 0;
  for (const auto& [least, vehicle] : vehicles_) {
    if (least >= bound_of(vehicle)) continue;
    if (asked++ == kMostVehicles) break;
    make_room(vehicle, most);
  }
  std::stable_sort(rooms_.begin(), rooms_.end(),
                   [](const Room& a, const Room& b) { return a.price < b.price; });
  int tried = 0;
  for (const Room& room : rooms_) {
    if (room.price >= bound_of(room.way.vehicle)) continue;
    if (tried++ == kMostRooms) return;
    rehouse(room);
  }
}

// Visits that hang together with others stay.
bool WaySearch::may_leave(int visit) const { return !problem_.is_linked(visit); }

void WaySearch::make_room(int vehicle, int most) {
  const Route& route = plan_.route(vehicle);
  std::vector<int> visits;
  for (int i = 0; i < route.size(); ++i) {
    if (route.node(i).is_visit()) visits.push_back(i);
  }
  for (std::size_t first = 0; first < visits.size(); ++first) {
    std::vector<int> nodes;
    for (std::size_t i = first; i < visits.size() && static_cast<int>(nodes.size()) < most; ++i) {
      if (!may_leave(route.node(visits[i]).index)) break;
      nodes.push_back(visits[i]);
      try_room(route, nodes);
    }
  }
}

void WaySearch::try_room(const Route& route, const std::vector<int>& nodes) {
  rest_ = route;
  Room room;
  for (auto i = nodes.rbegin(); i != nodes.rend(); ++i) rest_.erase(*i);
  for (const int i : nodes) room.removed.push_back(route.node(i).index);
  if (!rest_.update(problem_) || !trials_.takes(rest_, visit_)) return;
  const Cost saved = route.cost() - rest_.cost();
  room.way.delta = left_of(bound_of(route.vehicle()), -saved);
  rest_.look_back(problem_);
  trials_.scan(rest_, visit_, room.way);
  if (room.way.vehicle < 0) return;
  room.price = room.way.delta - saved;
  rooms_.push_back(std::move(room));
}

// Looks for homes on the routes that are best for one of those who left, and on the same route.
void WaySearch::rehouse(const Room& room) {
  const int vehicle = room.way.vehicle;
  std::vector<int> asked;
  for (const int visit : room.removed) {
    for (const Insertion& home : find_homes(visit, left_of(bound_of(vehicle), room.price))) {
      if (home.vehicle == vehicle) continue;
      if (std::find(asked.begin(), asked.end(), home.vehicle) != asked.end()) continue;
      asked.push_back(home.vehicle);
      host_ = plan_.route(home.vehicle);
      settle_on(host_, room);
    }
  }
  if (take_place(room, host_)) settle_on(host_, room);
}

// Makes `route` that of the vehicle with the visit on it and without those who made room.
bool WaySearch::take_place(const Room& room, Route& route) {
  route = plan_.route(room.way.vehicle);
  for (int i = route.size() - 1; i >= 0; --i) {
    const Node& node = route.node(i);
    const auto& gone = room.removed;
    const bool leaves =
        node.is_visit() && std::find(gone.begin(), gone.end(), node.index) != gone.end();
    if (leaves) route.erase(i);
  }
  if (!route.update(problem_)) return false;
  put(around_, room.way, visit_, route);
  const bool placed = room.way.rearranged ? placer_.place(around_, route) : true;
  if (!placed || !route.update(problem_)) return false;
  route.look_back(problem_);
  return true;
}

// Puts those who left on `route`, one after the other where each costs least.
void WaySearch::settle_on(Route& route, const Room& room) {
  Sketch sketch;
  sketch.way = room.way;
  sketch.removed = room.removed;
  sketch.price = room.price;
  for (const int visit : room.removed) {
    if (!trials_.takes(route, visit)) return;
    Insertion best;
    best.delta = left_of(bound_of(room.way.vehicle), sketch.price);
    trials_.scan(route, visit, best);
    if (best.vehicle < 0) return;
    sketch.price += best.delta;
    put(around_, best, visit, route);
    const bool last = visit == room.removed.back();
    best.position = stops_before(route, best.position);
    sketch.back.push_back({best});
    if (last) break;
    const bool placed = best.rearranged ? placer_.place(around_, route) : true;
    if (!placed || !route.update(problem_)) return;
    route.look_back(problem_);
  }
  add_sketch(std::move(sketch));
}

const std::vector<Insertion>& WaySearch::find_homes(int visit, Cost bound) {
  Homes& homes = homes_[static_cast<std::size_t>(visit)];
  if (homes.known && (homes.best.size() == kMostHomes || bound <= homes.bound)) return homes.best;
  homes.known = true;
  homes.bound = bound;
  homes.best.clear();
  for (int k = 0; k < problem_.n_vehicles; ++k) {
    if (prepared_.barred[static_cast<std::size_t>(k)] || k == plan_.vehicle_of(visit)) continue;
    if (trials_.takes(plan_.route(k), visit)) look_for_home(visit, k, homes);
  }
  return homes.best;
}

void WaySearch::look_for_home(int visit, int vehicle, Homes& homes) {
  const Route& route = plan_.route(vehicle);
  const bool full = homes.best.size() == kMostHomes;
  Insertion best;
  best.delta = full ? homes.best.back().delta : homes.bound;
  trials_.scan(route, visit, best);
  if (best.vehicle < 0) return;
  if (full) homes.best.pop_back();
  const auto place = std::upper_bound(
      homes.best.begin(), homes.best.end(), best,
      [](const Insertion& a, const Insertion& b) { return a.delta < b.delta; });
  homes.best.insert(place, best);
}

void WaySearch::drop() {
  const Cost most = problem_.visits[static_cast<std::size_t>(visit_)].penalty;
  for (const Room& room : rooms_) {
    Sketch sketch;
    sketch.way = room.way;
    sketch.removed = room.removed;
    sketch.price = room.price;
    for (const int visit : room.removed) {
      sketch.price += problem_.visits[static_cast<std::size_t>(visit)].penalty;
    }
    if (sketch.price < most) add_sketch(std::move(sketch));
  }
}

}  // namespace servicenet::routing
