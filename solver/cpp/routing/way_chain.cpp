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
constexpr std::size_t kMostReplacements = 40;

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

void WaySearch::chain() {
  int begun = 0;
  for (const Room& room : rooms_) {
    if (begun++ == kMostBegun) return;
    if (room.removed.size() == 2) part(room);
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
    if (take_place(room, built_) && takes(built_, other)) scan(built_, other, home.way);
    if (home.way.vehicle >= 0) home.way.position = stops_before(built_, home.way.position);
    find_home_elsewhere(room, other, home);
    if (home.way.vehicle < 0) continue;
    std::vector<Home> back = {{{}, pool}, {{}, pool}};
    back[1 - i] = home;
    sketch(room, std::move(back), price + home.way.delta);
  }
}

// Two who left go to two vehicles.
void WaySearch::part(const Room& room) {
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
    if (room.price + next.price >= bound_of(vehicle)) continue;
    Home onward;
    onward.way.delta = left_of(bound_of(vehicle), room.price + next.price);
    find_onward(next.ousted, taken, onward);
    if (onward.way.vehicle < 0 && onward.pool < 0) continue;
    Sketch sketch;
    sketch.way = room.way;
    sketch.removed = room.removed;
    sketch.back.push_back({next.way});
    sketch.chain.push_back({next.ousted, onward});
    sketch.price = room.price + next.price + onward.way.delta;
    add_sketch(std::move(sketch));
  }
}

// A pool or the route where the chain began, if that costs less than `home` does.
void WaySearch::find_onward(int visit, const Route& taken, Home& home) {
  const int pool = plan_.find_pool(visit);
  if (pool >= 0 && problem_.pool_price(visit, pool) < home.way.delta) {
    home.pool = pool;
    home.way.delta = problem_.pool_price(visit, pool);
  }
  if (!takes(taken, visit)) return;
  Insertion back;
  back.delta = home.way.delta;
  scan(taken, visit, back);
  if (back.vehicle < 0) return;
  home = {back};
  home.way.position = stops_before(taken, back.position);
}

// A vehicle none of those who left the room comes from, if that costs less than `home` does.
void WaySearch::find_home_elsewhere(const Room& room, int visit, Home& home) {
  for (const Insertion& way : find_homes(visit, kInfinite)) {
    if (way.vehicle == room.way.vehicle) continue;
    if (way.delta >= home.way.delta) return;
    home = {way};
    home.way.position = stops_before(plan_.route(way.vehicle), way.position);
    return;
  }
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
  const Route& route = plan_.route(vehicle);
  for (const Node& node : route.nodes()) {
    if (!node.is_visit() || !may_leave(node.index)) continue;
    const Route* rest = without(node.index);
    if (rest == nullptr || !takes(*rest, visit)) continue;
    Replacement next;
    if (rest->empty()) {
      insert_alone(*rest, visit, next.way);
    } else {
      scan(*rest, visit, next.way);
    }
    if (next.way.vehicle < 0) continue;
    next.ousted = node.index;
    next.price = next.way.delta - (route.cost() - rest->cost());
    next.way.position = stops_before(*rest, next.way.position);
    found.push_back(next);
  }
}

// The route of a visit if it leaves; null if the others cannot be timed then.
const Route* WaySearch::without(int visit) {
  const auto v = static_cast<std::size_t>(visit);
  if (!tried_without_[v]) {
    tried_without_[v] = 1;
    rest_ = plan_.route(plan_.vehicle_of(visit));
    rest_.erase(plan_.position_of(visit));
    if (rest_.update(problem_)) {
      rest_.look_back(problem_);
      without_[v] = std::make_unique<const Route>(rest_);
    }
  }
  return without_[v].get();
}

}  // namespace servicenet::routing
