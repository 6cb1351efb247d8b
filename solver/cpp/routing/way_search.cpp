#include "way_search.h"

#include <algorithm>

namespace servicenet::routing {

namespace {

// Positions tried with the breaks of the route placed anew.
constexpr int kMostPlacements = 40;

}  // namespace

int stops_before(const Route& route, int position) {
  int count = 0;
  for (int i = 0; i < position; ++i) count += route.node(i).is_break() ? 0 : 1;
  return count;
}

int node_behind(const Route& route, int stops) {
  int position = 0;
  for (; stops > 0 && position < route.size(); ++position) {
    stops -= route.node(position).is_break() ? 0 : 1;
  }
  return position;
}

WaySearch::WaySearch(const Plan& plan, const Prepared& prepared, int visit, int top)
    : plan_(plan),
      problem_(plan.problem()),
      prepared_(prepared),
      around_(plan.surroundings()),
      trials_(plan),
      visit_(visit),
      top_(static_cast<std::size_t>(top)),
      best_of_(static_cast<std::size_t>(problem_.n_vehicles), kInfinite),
      homes_(static_cast<std::size_t>(problem_.n_visits)),
      replacements_(static_cast<std::size_t>(problem_.n_visits)),
      tried_without_(2 * static_cast<std::size_t>(problem_.n_visits), 0),
      without_(2 * static_cast<std::size_t>(problem_.n_visits)) {
  rank_vehicles();
}

void WaySearch::rank_vehicles() {
  for (int k = 0; k < problem_.n_vehicles; ++k) {
    if (prepared_.barred[static_cast<std::size_t>(k)] || !trials_.takes(plan_.route(k), visit_)) continue;
    const Cost least = least_price(k);
    if (least < kInfinite) vehicles_.emplace_back(least, k);
  }
  std::sort(vehicles_.begin(), vehicles_.end());
}

// Nobody is there sooner than without any break from the place that is left first.
Cost WaySearch::least_price(int vehicle) const {
  const Vehicle& source = around_.vehicle(vehicle);
  const Visit& visit = problem_.visits[static_cast<std::size_t>(visit_)];
  const Route& bare = prepared_.bare[static_cast<std::size_t>(vehicle)];
  Seconds soonest = kNoWay;
  int from = source.start;
  Seconds ready = source.earliest;
  for (int i = 0; i <= bare.size(); ++i) {
    if (problem_.leg(source.profile, from, visit.location).duration < kNoWay) {
      soonest = std::min(soonest, problem_.arrive(source, from, visit.location, ready));
    }
    if (i == bare.size()) break;
    from = bare.node(i).location;
    ready = bare.node(i).ready;
    if (ready >= soonest) break;
  }
  if (soonest >= kNoWay) return kInfinite;
  const Cost late = trials_.late_price(visit_, soonest + visit.access);
  if (late >= kInfinite) return late;
  return late + problem_.assignment_cost(visit_, vehicle) - problem_.most_order_cost;
}

// What is left of a bound; no bound stays none, so that what is impossible is not below it.
Cost left_of(Cost bound, Cost price) { return bound < kInfinite ? bound - price : kInfinite; }

Cost WaySearch::bound_of(int vehicle) const {
  return std::min(threshold_, best_of_[static_cast<std::size_t>(vehicle)]);
}

void WaySearch::add_sketch(Sketch sketch) {
  Cost& best = best_of_[static_cast<std::size_t>(sketch.way.vehicle)];
  const bool better = sketch.price < best;
  if (better) best = sketch.price;
  sketches_.push_back(std::move(sketch));
  if (!better || best_of_.size() < top_) return;
  std::vector<Cost> prices = best_of_;
  const auto last = prices.begin() + static_cast<std::ptrdiff_t>(top_) - 1;
  std::nth_element(prices.begin(), last, prices.end());
  threshold_ = *last;
}

std::vector<Sketch> WaySearch::take_sketches() {
  std::stable_sort(sketches_.begin(), sketches_.end(),
                   [](const Sketch& a, const Sketch& b) { return a.price < b.price; });
  // What turns out impossible must not keep others from being tried later.
  std::fill(best_of_.begin(), best_of_.end(), kInfinite);
  threshold_ = kInfinite;
  return std::exchange(sketches_, {});
}

void WaySearch::insert() {
  for (const auto& [least, vehicle] : vehicles_) insert_into(vehicle);
  place_breaks_anew();
}

// Every position is kept: the cheapest that disturbs nobody may be none of the cheapest.
void WaySearch::insert_into(int vehicle) {
  const Route& route = plan_.route(vehicle);
  for (int position = 0; position <= route.size(); ++position) {
    Insertion way;
    if (route.empty()) {
      trials_.scan(route, visit_, way);
    } else {
      try_position(around_, route, position, visit_, way, scratch_);
    }
    if (way.vehicle < 0) continue;
    Sketch sketch;
    sketch.way = way;
    sketch.price = way.delta;
    add_sketch(std::move(sketch));
  }
}

// Quick trials leave breaks where they are in the order. Where a route without any would be cheap
// enough, its breaks are placed anew.
void WaySearch::place_breaks_anew() {
  std::vector<Promise> promises;
  for (const auto& [least, vehicle] : vehicles_) {
    if (least < bound_of(vehicle) && around_.vehicle(vehicle).has_breaks()) {
      find_promises(vehicle, promises);
    }
  }
  std::stable_sort(promises.begin(), promises.end(),
                   [](const Promise& a, const Promise& b) { return a.least < b.least; });
  int tried = 0;
  for (const Promise& promise : promises) {
    if (promise.least >= bound_of(promise.vehicle)) continue;
    if (tried++ == kMostPlacements) return;
    try_promise(promise);
  }
}

// The price of a route whose breaks are neither paid nor in the way is the least there is.
void WaySearch::find_promises(int vehicle, std::vector<Promise>& promises) {
  const Route& route = plan_.route(vehicle);
  const Route& bare = prepared_.bare[static_cast<std::size_t>(vehicle)];
  if (route.empty() || bare.empty()) return;
  const Vehicle& source = around_.vehicle(vehicle);
  Cost paid = 0;
  for (int b = source.first_break; b < source.last_break; ++b) {
    paid += problem_.breaks[static_cast<std::size_t>(b)].duration;
  }
  const Cost known = route.cost() - bare.cost() + source.per_second * paid;
  for (int position = 0; position <= bare.size(); ++position) {
    Insertion way;
    way.delta = left_of(bound_of(vehicle), -known);
    try_position(around_, bare, position, visit_, way, scratch_);
    if (way.vehicle >= 0) promises.push_back({way.delta - known, vehicle, position});
  }
}

void WaySearch::try_promise(const Promise& promise) {
  const Route& route = plan_.route(promise.vehicle);
  const Visit& source = problem_.visits[static_cast<std::size_t>(visit_)];
  Insertion best;
  best.delta = bound_of(promise.vehicle);
  for (int window = source.first_window; window < source.last_window; ++window) {
    Insertion way;
    way.vehicle = promise.vehicle;
    way.position = node_behind(route, promise.stops);
    way.window = window;
    built_ = route;
    put(around_, way, visit_, built_);
    try_pickups(around_, route, way, built_, best, scratch_, &placer_);
  }
  if (best.vehicle < 0) return;
  Sketch sketch;
  sketch.way = best;
  sketch.price = best.delta;
  add_sketch(std::move(sketch));
}

}  // namespace servicenet::routing
