// Ways over pools and a third vehicle: those who make room part, or the one who does takes the place of
// another visit, which goes on (an ejection chain of length two).
#include <algorithm>

#include "way_search.h"

namespace servicenet::routing {

namespace {

// Routes with room from which a chain begins, and visits for which another one is made to leave.
constexpr int kMostBegun = 100;
constexpr int kMostReplaced = 250;

// Replacements remembered per displaced visit.
constexpr std::size_t kMostReplacements = 80;

}  // namespace

void WaySearch::exchange() {
  int begun = 0;
  for (const Room& room : rooms_) {
    if (begun++ == kMostBegun) return;
    give_to_pools(room);
    if (room.removed.size() == 1) hand_on(room);
    if (room.removed.size() == 2) give_one_to_pool(room);
  }
}

void WaySearch::part() {
  int begun = 0;
  for (const Room& room : rooms_) {
    if (begun++ == kMostBegun) return;
    if (room.removed.size() == 2) give_to_two(room);
  }
}

// All who left go to pools.
void WaySearch::give_to_pools(const Room& room) {
  Cost price = room.price;
  std::vector<Home> back;
  for (const int visit : room.removed) {
    const int pool = plan_.find_pool(visit);
    if (pool < 0) return;
    price += problem_.pool_price(visit, pool);
    back.push_back({{}, pool});
  }
  sketch(room, std::move(back), price);
}

// One of two who left goes to a pool, the other one to another vehicle or to another turn.
void WaySearch::give_one_to_pool(const Room& room) {
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
    const int visit = room.removed[i];
    const int other = room.removed[1 - i];
    const int pool = plan_.find_pool(visit);
    if (pool < 0) continue;
    Home home;
    const Cost price = room.price + problem_.pool_price(visit, pool);
    home.way.delta = left_of(bound_of(room.way.vehicle), price);
    if (take_place(room, built_) && trials_.takes(built_, other)) {
      trials_.scan(built_, other, home.way);
    }
    if (home.way.vehicle >= 0) home.way.position = stops_before(built_, home.way.position);
    find_home_elsewhere(room.way.vehicle, other, home);
    if (home.way.vehicle < 0) continue;
    std::vector<Home> back = {{{}, pool}, {{}, pool}};
    back[1 - i] = home;
    sketch(room, std::move(back), price + home.way.delta);
  }
}

// Two who left go to two vehicles.
void WaySearch::give_to_two(const Room& room) {
  for (const Insertion& first : find_homes(room.removed[0], kInfinite)) {
    for (const Insertion& second : find_homes(room.removed[1], kInfinite)) {
      if (first.vehicle == second.vehicle || first.vehicle == room.way.vehicle) continue;
      if (second.vehicle == room.way.vehicle) continue;
      const Cost price = room.price + first.delta + second.delta;
      if (price >= bound_of(room.way.vehicle)) break;
      std::vector<Home> back;
      for (Insertion way : {first, second}) {
        way.position = stops_before(plan_.route(way.vehicle), way.position);
        back.push_back({way});
      }
      sketch(room, std::move(back), price);
    }
  }
}

void WaySearch::sketch(const Room& room, std::vector<Home> back, Cost price) {
  if (price >= bound_of(room.way.vehicle)) return;
  Sketch sketch;
  sketch.way = room.way;
  sketch.removed = room.removed;
  sketch.back = std::move(back);
  sketch.price = price;
  add_sketch(std::move(sketch));
}

void WaySearch::hand_on(const Room& room) {
  if (!take_place(room, built_)) return;
  const Route taken = built_;
  const int vehicle = room.way.vehicle;
  for (const Replacement& next : find_replacements(room.removed.front())) {
    if (room.price + next.price >= bound_of(vehicle) || !is_exchange(next)) continue;
    Home onward;
    onward.way.delta = left_of(bound_of(vehicle), room.price + next.price);
    find_onward(next.ousted, taken, onward);
    if (onward.way.vehicle < 0 && onward.pool < 0) continue;
    Sketch sketch;
    sketch.way = room.way;
    sketch.removed = room.removed;
    sketch.back.push_back({next.way});
    if (next.side.visit >= 0) sketch.chain.push_back({next.side.visit, next.side.home});
    sketch.chain.push_back({next.ousted, onward});
    sketch.price = room.price + next.price + onward.way.delta;
    add_sketch(std::move(sketch));
  }
}

// True if no third vehicle is needed for who leaves on the side.
bool WaySearch::is_exchange(const Replacement& next) const {
  return next.side.home.way.vehicle < 0 || next.side.home.way.vehicle == next.way.vehicle;
}

// A pool or the route where the chain began, if that costs less than `home` does.
void WaySearch::find_onward(int visit, const Route& taken, Home& home) {
  find_home_in_pool(visit, home);
  if (!trials_.takes(taken, visit)) return;
  Insertion back;
  back.delta = home.way.delta;
  trials_.scan(taken, visit, back);
  if (back.vehicle < 0) return;
  home = {back};
  home.way.position = stops_before(taken, back.position);
}

// Another vehicle than the one it leaves, if that costs less than `home` does.
void WaySearch::find_home_elsewhere(int vehicle, int visit, Home& home) {
  for (const Insertion& way : find_homes(visit, kInfinite)) {
    if (way.vehicle == vehicle) continue;
    if (way.delta >= home.way.delta) return;
    home = {way};
    home.way.position = stops_before(plan_.route(way.vehicle), way.position);
    return;
  }
}

// A pool, if that costs less than `home` does.
void WaySearch::find_home_in_pool(int visit, Home& home) const {
  const int pool = plan_.find_pool(visit);
  if (pool < 0 || problem_.pool_price(visit, pool) >= home.way.delta) return;
  home = {{}, pool};
  home.way.delta = problem_.pool_price(visit, pool);
}

const std::vector<WaySearch::Replacement>& WaySearch::find_replacements(int visit) {
  Replacements& found = replacements_[static_cast<std::size_t>(visit)];
  if (found.known || replaced_ == kMostReplaced) return found.best;
  found.known = true;
  ++replaced_;
  for (int k = 0; k < problem_.n_vehicles; ++k) {
    const bool stays = prepared_.barred[static_cast<std::size_t>(k)] != 0;
    if (stays || k == plan_.vehicle_of(visit) || !problem_.allowed(visit, k)) continue;
    replace_on(k, visit, found.best);
  }
  std::stable_sort(found.best.begin(), found.best.end(),
                   [](const auto& a, const auto& b) { return a.price < b.price; });
  if (found.best.size() > kMostReplacements) found.best.resize(kMostReplacements);
  return found.best;
}

void WaySearch::replace_on(int vehicle, int visit, std::vector<Replacement>& found) {
  int before = -1;
  for (const Node& node : plan_.route(vehicle).nodes()) {
    if (!node.is_visit()) continue;
    const bool leaves = may_leave(node.index);
    if (leaves) replace(visit, node.index, -1, found);
    if (leaves && before >= 0) replace(visit, before, node.index, found);
    before = leaves ? node.index : -1;
  }
}

// Tries `visit` in place of `first` and, if there is one, of `second`, which comes next; one of two
// goes where nobody has to leave.
void WaySearch::replace(int visit, int first, int second, std::vector<Replacement>& found) {
  const Route* rest = without(first, second);
  if (rest == nullptr || !trials_.takes(*rest, visit)) return;
  Replacement next;
  trials_.scan(*rest, visit, next.way);
  if (next.way.vehicle < 0) return;
  next.ousted = first;
  next.price = next.way.delta - (plan_.route(rest->vehicle()).cost() - rest->cost());
  next.way.position = stops_before(*rest, next.way.position);
  if (second < 0) return found.push_back(next);
  if (!put_on(*rest, next.way, visit, host_)) return;
  for (const int other : {second, first}) {
    Replacement both = next;
    both.ousted = other == second ? first : second;
    both.side = {other, find_side(other, host_)};
    both.price += both.side.home.way.delta;
    if (both.side.home.way.delta < kInfinite) found.push_back(both);
  }
}

// Where a visit costs least without anybody leaving: on the route `with` which it left, on another
// one or in a pool. The price of a pool stands where that of a way does.
Home WaySearch::find_side(int visit, const Route& with) {
  Home home;
  if (trials_.takes(with, visit)) trials_.scan(with, visit, home.way);
  if (home.way.vehicle >= 0) home.way.position = stops_before(with, home.way.position);
  find_home_elsewhere(with.vehicle(), visit, home);
  find_home_in_pool(visit, home);
  return home;
}

// The route of a visit if it leaves, alone or with the `next` one; null if the others cannot be timed
// then.
const Route* WaySearch::without(int visit, int next) {
  const auto at = 2 * static_cast<std::size_t>(visit) + (next < 0 ? 0 : 1);
  if (!tried_without_[at]) {
    tried_without_[at] = 1;
    rest_ = plan_.route(plan_.vehicle_of(visit));
    if (next >= 0) rest_.erase(plan_.position_of(next));
    rest_.erase(plan_.position_of(visit));
    if (rest_.update(problem_)) {
      rest_.look_back(problem_);
      without_[at] = std::make_unique<const Route>(rest_);
    }
  }
  return without_[at].get();
}

// Makes `route` the one with a visit put on `rest`, the position counted in stops.
bool WaySearch::put_on(const Route& rest, Insertion way, int visit, Route& route) {
  way.position = node_behind(rest, way.position);
  route = rest;
  put(around_, way, visit, route);
  if (way.rearranged && !placer_.place(around_, route)) return false;
  if (!route.update(problem_)) return false;
  route.look_back(problem_);
  return true;
}

}  // namespace servicenet::routing
