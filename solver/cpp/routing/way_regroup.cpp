// Ways that making room one after the other does not find: everybody is served again, on as few
// routes as that can be done.
#include <algorithm>
#include <iterator>

#include "ejection_pool.h"
#include "way_polish.h"
#include "way_search.h"

namespace servicenet::routing {

namespace {

// Steps of a search over all vehicles, with fewer than before, and with two.
constexpr int kMostSteps = 150;
constexpr int kMostStepsWithFewer = 20;
constexpr int kMostStepsOfTwo = 7;

// Routes between which visits change places.
constexpr std::size_t kMostPolished = 4;

// Pairs of vehicles tried.
constexpr std::size_t kMostPairs = 250;

std::vector<int> changed_by(const Way& way) {
  std::vector<int> vehicles;
  for (const auto& [vehicle, steps] : way.changed) vehicles.push_back(vehicle);
  return vehicles;
}

}  // namespace

std::vector<std::pair<int, int>> WaySearch::find_pairs() const {
  std::vector<std::pair<int, int>> pairs;
  for (const Room& room : rooms_) {
    for (int k = 0; k < problem_.n_vehicles; ++k) {
      const std::pair<int, int> pair = {room.way.vehicle, k};
      const auto reached = [&](int visit) { return trials_.reaches(visit, k); };
      if (k == room.way.vehicle || prepared_.barred[static_cast<std::size_t>(k)]) continue;
      if (std::none_of(room.removed.begin(), room.removed.end(), reached)) continue;
      if (std::find(pairs.begin(), pairs.end(), pair) == pairs.end()) pairs.push_back(pair);
      if (pairs.size() == kMostPairs) return pairs;
    }
  }
  return pairs;
}

// Ways over two vehicles, and one over any; none if there is none over any number and nothing is
// `known` to be possible.
std::vector<Way> WayFinder::regroup(int visit, const WaySearch& search, bool known) {
  EjectionPool pool(plan_, visit);
  std::vector<Way> ways;
  std::vector<int> all;
  for (int k = 0; k < problem_.n_vehicles; ++k) {
    if (!prepared_.barred[static_cast<std::size_t>(k)]) all.push_back(k);
  }
  Way way;
  if (regroup(pool, visit, all, kMostSteps, way)) {
    reduce(pool, visit, way);
    ways.push_back(way);
  } else if (!known) {
    return ways;
  }
  for (const auto& [one, other] : search.find_pairs()) {
    if (regroup(pool, visit, {one, other}, kMostStepsOfTwo, way)) ways.push_back(way);
  }
  return ways;
}

// Serves everybody by changes of these vehicles alone, if that is found.
bool WayFinder::regroup(EjectionPool& pool, int visit, const std::vector<int>& vehicles,
                        int most_steps, Way& way) {
  const Cost before = plan_.cost();
  const std::size_t expected = plan_.absent().size() - 1;
  const bool done = pool.serve(vehicles, most_steps) && is_whole(expected);
  if (done) {
    way = state(visit, before);
    if (way.changed.size() <= kMostPolished) improve(visit, expected, before, way);
  }
  plan_.rollback();
  return done;
}

// Visits of the way that has been carried out change places between its routes while that pays and no
// more of them change hands.
void WayFinder::improve(int visit, std::size_t absent, Cost before, Way& way) {
  const int displaced = static_cast<int>(way.displaced.size());
  if (!WayPolish(plan_, prepared_, visit, displaced).improve() || !is_whole(absent)) return;
  Way better = state(visit, before);
  if (better.displaced.size() <= way.displaced.size()) way = std::move(better);
}

// Makes the way one over fewer vehicles: again with those it changes, then without one of them.
void WayFinder::reduce(EjectionPool& pool, int visit, Way& way) {
  const auto take = [&](const std::vector<int>& vehicles, int most_steps) {
    Way other;
    const bool fewer = regroup(pool, visit, vehicles, most_steps, other) &&
                       other.changed.size() < way.changed.size();
    if (fewer) way = std::move(other);
    return fewer;
  };
  while (take(changed_by(way), kMostSteps)) continue;
  const auto take_without_one = [&] {
    const std::vector<int> vehicles = changed_by(way);
    return std::any_of(vehicles.begin(), vehicles.end(), [&](int gone) {
      std::vector<int> others;
      std::remove_copy(vehicles.begin(), vehicles.end(), std::back_inserter(others), gone);
      return take(others, kMostStepsWithFewer);
    });
  };
  while (take_without_one()) continue;
}

}  // namespace servicenet::routing
