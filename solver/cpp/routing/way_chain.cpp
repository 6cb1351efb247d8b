// Ways over a third vehicle: those who make room part, or the one who does takes the place of another
// visit, which goes on (an ejection chain of length two).
#include <algorithm>

#include "way_search.h"

namespace servicenet::routing {

namespace {

// Routes with room from which a chain begins, and visits for which another one is made to leave.
constexpr int kMostBegun = 100;
constexpr int kMostReplaced = 30;

// Replacements remembered per displaced visit.
constexpr std::size_t kMostReplacements = 40;

}  // namespace

void WaySearch::chain() {
  int begun = 0;
  for (const Room& room : rooms_) {
    if (begun++ == kMostBegun) return;
    if (room.removed.size() == 1) hand_on(room);
    if (room.removed.size() == 2) part(room);
  }
}

// Two who left go to two vehicles.
void WaySearch::part(const Room& room) {
  for (const Insertion& first : find_homes(room.removed[0], kInfinite)) {
    for (const Insertion& second : find_homes(room.removed[1], kInfinite)) {
      if (first.vehicle == second.vehicle || first.vehicle == room.way.vehicle) continue;
      if (second.vehicle == room.way.vehicle) continue;
      Sketch sketch;
      sketch.way = room.way;
      sketch.removed = room.removed;
      sketch.home = first.vehicle;
      sketch.price = room.price + first.delta + second.delta;
      if (sketch.price >= bound_of(room.way.vehicle)) break;
      for (Insertion way : {first, second}) {
        way.position = stops_before(plan_.route(way.vehicle), way.position);
        sketch.back.push_back(way);
      }
      add_sketch(std::move(sketch));
    }
  }
}

void WaySearch::hand_on(const Room& room) {
  if (!take_place(room, built_)) return;
  const Route taken = built_;
  for (const Replacement& next : find_replacements(room.removed.front())) {
    if (room.price + next.price >= bound_of(room.way.vehicle)) continue;
    hand_on_to(room, next, taken);
  }
}

// The one who is ousted goes where that costs least: to a third vehicle, or where the chain began.
void WaySearch::hand_on_to(const Room& room, const Replacement& next, const Route& taken) {
  const int vehicle = room.way.vehicle;
  Insertion best;
  best.delta = bound_of(vehicle) - room.price - next.price;
  for (const Insertion& home : find_homes(next.ousted, kInfinite)) {
    if (home.vehicle == vehicle) continue;
    if (home.delta < best.delta) {
      best = home;
      best.position = stops_before(plan_.route(home.vehicle), home.position);
    }
    break;
  }
  if (takes(taken, next.ousted)) {
    Insertion back;
    back.delta = best.delta;
    scan(taken, next.ousted, back);
    if (back.vehicle >= 0) {
      best = back;
      best.position = stops_before(taken, back.position);
    }
  }
  if (best.vehicle < 0) return;
  Sketch sketch;
  sketch.way = room.way;
  sketch.removed = room.removed;
  sketch.home = next.way.vehicle;
  sketch.back.push_back(next.way);
  sketch.ousted = next.ousted;
  sketch.onward = best;
  sketch.price = room.price + next.price + best.delta;
  add_sketch(std::move(sketch));
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
