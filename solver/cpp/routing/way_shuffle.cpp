#include "way_shuffle.h"

#include <algorithm>

namespace servicenet::routing {

namespace {

// Vehicles asked to make room for a visit, those that come nearest to it first.
constexpr std::size_t kMostVehicles = 30;

// Neighboring visits that leave together.
constexpr int kMostGone = 2;

// Prices are multiplied by 1 to 1 + so much, so that no two tries are the same.
constexpr double kNoise = 0.5;

}  // namespace

WayShuffle::WayShuffle(Plan& plan, const Prepared& prepared, int visit, Limits limits)
    : plan_(plan),
      problem_(plan.problem()),
      prepared_(prepared),
      visit_(visit),
      limits_(limits),
      hardness_(static_cast<std::size_t>(problem_.n_visits), 0) {}

bool WayShuffle::apply(int steps, std::uint64_t seed) {
  random_ = Random(seed);
  waiting_ = {visit_};
  for (; steps > 0 && !waiting_.empty(); --steps) {
    const int visit = waiting_.back();
    waiting_.pop_back();
    if (put(visit)) continue;
    ++hardness_[static_cast<std::size_t>(visit)];
    if (!oust(visit)) return false;
  }
  return waiting_.empty() && count_displaced() <= limits_.displaced;
}

// Puts a visit where it costs least without anybody leaving; into a pool if no vehicle takes it.
bool WayShuffle::put(int visit) {
  Insertion best;
  for (int k = 0; k < problem_.n_vehicles; ++k) {
    const Route& route = plan_.route(k);
    if (route.empty() || !takes(route, visit)) continue;
    for (int position = 0; position <= route.size(); ++position) {
      try_position(plan_.surroundings(), route, position, visit, best, scratch_);
    }
  }
  if (best.vehicle >= 0) return plan_.insert(visit, best);
  return visit != visit_ && put_into_pool(visit);
}

bool WayShuffle::put_into_pool(int visit) {
  const int pool = plan_.find_pool(visit);
  if (pool < 0) return false;
  plan_.insert_into_pool(visit, pool);
  ++pooled_;
  return true;
}

bool WayShuffle::oust(int visit) {
  displaced_ = count_displaced();
  Ousting best;
  best.hardness = kUnlimited;
  for (const int k : vehicles_near(visit)) try_vehicle(visit, k, best);
  if (best.gone.empty()) return false;
  plan_.remove_from_route(best.way.vehicle, best.gone);
  const auto k = static_cast<std::size_t>(best.way.vehicle);
  if (problem_.vehicles[k].has_breaks()) best.way.delta = kInfinite;
  if (best.way.position > plan_.route(best.way.vehicle).size()) return false;
  if (!plan_.insert(visit, best.way)) return false;
  waiting_.insert(waiting_.end(), best.gone.begin(), best.gone.end());
  return true;
}

void WayShuffle::try_vehicle(int visit, int vehicle, Ousting& best) {
  const Route& route = plan_.route(vehicle);
  std::vector<int> nodes;
  for (int first = 0; first < route.size(); ++first) {
    nodes.clear();
    for (int i = first; i < route.size() && static_cast<int>(nodes.size()) < kMostGone; ++i) {
      const Node& node = route.node(i);
      if (!node.is_visit()) {
        if (nodes.empty()) break;
        continue;
      }
      if (node.index == visit_ || problem_.is_linked(node.index)) break;
      nodes.push_back(i);
      try_ousting(visit, route, nodes, best);
    }
  }
}

void WayShuffle::try_ousting(int visit, const Route& route, const std::vector<int>& nodes,
                             Ousting& best) {
  int hardness = 0;
  for (const int i : nodes) {
    hardness += 1 + hardness_[static_cast<std::size_t>(route.node(i).index)];
  }
  if (hardness > best.hardness || displaced_by(route, nodes, visit) > limits_.displaced) {
    return;
  }
  rest_ = route;
  for (auto i = nodes.rbegin(); i != nodes.rend(); ++i) rest_.erase(*i);
  if (!rest_.update(problem_) || rest_.empty() || !takes(rest_, visit)) return;
  rest_.look_back(problem_);
  Insertion way;
  for (int position = 0; position <= rest_.size(); ++position) {
    try_position(plan_.surroundings(), rest_, position, visit, way, scratch_);
  }
  if (way.vehicle < 0) return;
  const auto saved = static_cast<double>(route.cost() - rest_.cost());
  const double price =
      (static_cast<double>(way.delta) - saved) * (1.0 + kNoise * random_.uniform());
  if (hardness == best.hardness && price >= best.price) return;
  best.way = way;
  best.hardness = hardness;
  best.price = price;
  best.gone.clear();
  for (const int i : nodes) best.gone.push_back(route.node(i).index);
}

std::vector<int> WayShuffle::vehicles_near(int visit) {
  const int place = problem_.visits[static_cast<std::size_t>(visit)].location;
  near_.clear();
  for (int k = 0; k < problem_.n_vehicles; ++k) {
    const Route& route = plan_.route(k);
    if (!may_change(k) || route.empty() || !problem_.allowed(visit, k)) continue;
    const int profile = problem_.vehicles[static_cast<std::size_t>(k)].profile;
    Seconds least = kNoWay;
    for (const Node& node : route.nodes()) {
      least = std::min(least, problem_.leg(profile, node.location, place).duration);
    }
    near_.emplace_back(least, k);
  }
  const std::size_t most = std::min(near_.size(), kMostVehicles);
  std::partial_sort(near_.begin(), near_.begin() + static_cast<std::ptrdiff_t>(most), near_.end());
  std::vector<int> vehicles;
  for (std::size_t i = 0; i < most; ++i) vehicles.push_back(near_[i].second);
  return vehicles;
}

bool WayShuffle::may_change(int vehicle) const {
  if (prepared_.barred[static_cast<std::size_t>(vehicle)]) return false;
  const auto& touched = plan_.touched();
  return static_cast<int>(touched.size()) < limits_.vehicles ||
         std::find(touched.begin(), touched.end(), vehicle) != touched.end();
}

bool WayShuffle::takes(const Route& route, int visit) const {
  return may_change(route.vehicle()) && problem_.allowed(visit, route.vehicle()) &&
         load_fits(problem_, route, visit);
}

// Those who wait are on no vehicle, so they count; so do those in pools.
int WayShuffle::count_displaced() const {
  int count = pooled_;
  const auto moved = [this](int visit) {
    const int before = prepared_.vehicle_of[static_cast<std::size_t>(visit)];
    return before >= 0 && before != plan_.vehicle_of(visit);
  };
  for (const int k : plan_.touched()) {
    for (const Node& node : plan_.route(k).nodes()) count += node.is_visit() && moved(node.index);
  }
  for (const int visit : waiting_) count += moved(visit);
  return count;
}

// How many were on another vehicle before if these leave and `visit`, who is waiting, comes.
int WayShuffle::displaced_by(const Route& route, const std::vector<int>& nodes, int visit) const {
  const auto home = [&](int each) {
    return prepared_.vehicle_of[static_cast<std::size_t>(each)] == route.vehicle();
  };
  int count = displaced_ + (visit != visit_ && !home(visit) ? 1 : 0);
  for (const int i : nodes) count += home(route.node(i).index);
  return count;
}

}  // namespace servicenet::routing
