#include "neighborhood.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace servicenet::routing {

namespace {

constexpr double kWaitingWeight = 0.2;
constexpr double kNever = 1e15;

// Average prices over the fleet: proximity is one figure for all vehicles.
struct Prices {
  double per_meter = 0.0;
  double per_second = 0.0;
  int profile = 0;

  explicit Prices(const Problem& problem) {
    std::vector<int> users(problem.legs.size(), 0);
    for (const Vehicle& vehicle : problem.vehicles) {
      per_meter += static_cast<double>(vehicle.per_meter);
      per_second += static_cast<double>(vehicle.per_second);
      ++users[static_cast<std::size_t>(vehicle.profile)];
    }
    const auto fleet = static_cast<double>(std::max<std::size_t>(1, problem.vehicles.size()));
    per_meter /= fleet;
    per_second /= fleet;
    if (per_meter == 0.0 && per_second == 0.0) per_second = 1.0;
    profile = static_cast<int>(std::max_element(users.begin(), users.end()) - users.begin());
  }

  double leg(const Leg& way) const {
    if (way.duration >= kNoWay) return kNever;
    return per_meter * way.distance + per_second * way.duration;
  }
};

// Seconds a vehicle that serves a then b must wait, and be late, at the least.
std::pair<double, double> least_idle(const Problem& problem, const Visit& a, const Visit& b,
                                     Seconds travel) {
  double waiting = kNever;
  double late = kNever;
  const Seconds between = a.service + travel + b.access;
  for (int i = a.first_window; i < a.last_window; ++i) {
    const Window& from = problem.windows[static_cast<std::size_t>(i)];
    for (int j = b.first_window; j < b.last_window; ++j) {
      const Window& to = problem.windows[static_cast<std::size_t>(j)];
      waiting = std::min(waiting, std::max(0.0, static_cast<double>(to.earliest) - between -
                                                    std::max(from.latest, from.earliest)));
      late = std::min(late, std::max(0.0, static_cast<double>(from.earliest) + between -
                                              std::max(to.latest, to.earliest)));
    }
  }
  return {waiting, late};
}

// Those without any way come last if `farthest`, else they are no neighbors.
std::vector<int> nearest(const std::vector<double>& distance, int self, int count, bool farthest) {
  std::vector<int> order;
  order.reserve(distance.size());
  for (int v = 0; v < static_cast<int>(distance.size()); ++v) {
    if (v != self && (farthest || distance[static_cast<std::size_t>(v)] < kNever)) {
      order.push_back(v);
    }
  }
  const auto nearer = [&](int a, int b) {
    const double da = distance[static_cast<std::size_t>(a)];
    const double db = distance[static_cast<std::size_t>(b)];
    return da != db ? da < db : a < b;
  };
  const auto kept = std::min(order.size(), static_cast<std::size_t>(count));
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                    nearer);
  order.resize(kept);
  order.shrink_to_fit();
  return order;
}

}  // namespace

Neighborhood::Neighborhood(const Problem& problem, int n_around, int n_beside) {
  const Prices prices(problem);
  const auto n = static_cast<std::size_t>(problem.n_visits);
  const double idle_price = std::max(prices.per_second, prices.per_meter);
  std::vector<double> travel(n);
  std::vector<double> timed(n);
  double total = 0.0;
  for (std::size_t u = 0; u < n; ++u) {
    const Visit& a = problem.visits[u];
    for (std::size_t v = 0; v < n; ++v) {
      const Visit& b = problem.visits[v];
      const Leg& there = problem.leg(prices.profile, a.location, b.location);
      const Leg& back = problem.leg(prices.profile, b.location, a.location);
      travel[v] = std::min(prices.leg(there), prices.leg(back));
      const auto [wait_there, late_there] = least_idle(problem, a, b, there.duration);
      const auto [wait_back, late_back] = least_idle(problem, b, a, back.duration);
      timed[v] = std::min(
          prices.leg(there) + idle_price * (kWaitingWeight * wait_there + late_there),
          prices.leg(back) + idle_price * (kWaitingWeight * wait_back + late_back));
    }
    around_.push_back(nearest(travel, static_cast<int>(u), n_around, true));
    beside_.push_back(nearest(timed, static_cast<int>(u), n_beside, false));
    if (!around_.back().empty()) {
      const double first = travel[static_cast<std::size_t>(around_.back().front())];
      if (first < kNever) total += first;
    }
  }
  typical_leg_ = n > 0 ? total / static_cast<double>(n) : 0.0;
}

}  // namespace servicenet::routing
