#include "alike.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace servicenet::routing {

namespace {

// Ways out of a place that are looked at before all of them are.
constexpr int kGlance = 8;

bool same_way(const Leg& a, const Leg& b) {
  return a.duration == b.duration && a.distance == b.distance;
}

bool same_hours(const Problem& problem, std::size_t profile, std::size_t a, std::size_t b) {
  if (!problem.traffic.concerns(static_cast<int>(profile))) return true;
  const std::vector<Seconds>& durations = problem.traffic.durations[profile];
  const std::size_t regimes = problem.traffic.n_regimes;
  const auto first = durations.begin() + static_cast<std::ptrdiff_t>(a * regimes);
  const auto second = durations.begin() + static_cast<std::ptrdiff_t>(b * regimes);
  return std::equal(first, first + static_cast<std::ptrdiff_t>(regimes), second);
}

bool are_alike(const Problem& problem, int a, int b) {
  const auto places = static_cast<std::size_t>(problem.n_locations);
  const auto row_a = static_cast<std::size_t>(a) * places;
  const auto row_b = static_cast<std::size_t>(b) * places;
  for (std::size_t p = 0; p < problem.legs.size(); ++p) {
    const auto same = [&](std::size_t one, std::size_t other) {
      return same_way(problem.legs[p][one], problem.legs[p][other]) &&
             same_hours(problem, p, one, other);
    };
    for (std::size_t i = 0; i < places; ++i) {
      const std::size_t column = i * places;
      if (!same(row_a + i, row_b + i)) return false;
      if (!same(column + static_cast<std::size_t>(a), column + static_cast<std::size_t>(b))) {
        return false;
      }
    }
  }
  return true;
}

std::vector<Meters> glance(const Problem& problem, int place) {
  std::vector<Meters> ways;
  for (int to = 0; to < std::min(kGlance, problem.n_locations); ++to) {
    ways.push_back(problem.leg(0, place, to).distance);
  }
  return ways;
}

}  // namespace

std::vector<int> find_alike_places(const Problem& problem) {
  std::vector<int> first(static_cast<std::size_t>(problem.n_locations));
  std::iota(first.begin(), first.end(), 0);
  std::vector<char> seen(first.size(), 0);
  std::map<std::vector<Meters>, std::vector<int>> known;
  const auto look_at = [&](int place) {
    const auto slot = static_cast<std::size_t>(place);
    if (seen[slot] || problem.legs.empty()) return;
    seen[slot] = 1;
    std::vector<int>& near = known[glance(problem, place)];
    const auto twin = std::find_if(near.begin(), near.end(), [&](int other) {
      return are_alike(problem, other, place);
    });
    if (twin != near.end()) {
      first[slot] = *twin;
    } else {
      near.push_back(place);
    }
  };
  for (const Vehicle& vehicle : problem.vehicles) {
    look_at(vehicle.start);
    look_at(vehicle.end);
  }
  return first;
}

}  // namespace servicenet::routing
