#include "neighborhood.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace servicenet::routing {

namespace {

constexpr double kWaitingWeight = 0.2;
constexpr double kNever = 1e15;

// Visits nearest by travel among which those nearest in time, too, are looked for.
constexpr std::size_t kShortlist = 300;

constexpr int kSample = 256;

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

}  // namespace

Neighborhood::Prices::Prices(const Problem& problem) {
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

double Neighborhood::Prices::leg(const Leg& way) const {
  if (way.duration >= kNoWay) return kNever;
  return per_meter * way.distance + per_second * way.duration;
}

Neighborhood::Neighborhood(const Problem& problem, int n_around, int n_beside,
                           Excerpt excerpt)
    : problem_(problem),
      prices_(problem),
      n_around_(n_around),
      n_beside_(n_beside),
      excerpt_(excerpt),
      lists_(static_cast<std::size_t>(problem.n_visits)) {
  for (const Visit& visit : problem.visits) places_.push_back(visit.location);
}

double Neighborhood::typical_leg() {
  double total = 0.0;
  int counted = 0;
  const int step = std::max(1, problem_.n_visits / kSample);
  for (int v = 0; v < problem_.n_visits; v += step) {
    // Visits at the same place say nothing about how far apart places are.
    const auto& near = around(v);
    const auto other = std::find_if(near.begin(), near.end(),
                                    [&](int each) { return travel(v, each) > 0.0; });
    if (other == near.end()) continue;
    const double first = travel(v, *other);
    if (first >= kNever) continue;
    total += first;
    ++counted;
  }
  return counted > 0 ? total / counted : 0.0;
}

double Neighborhood::travel(int a, int b) const {
  const int from = problem_.visits[static_cast<std::size_t>(a)].location;
  const int to = problem_.visits[static_cast<std::size_t>(b)].location;
  return std::min(prices_.leg(problem_.leg(prices_.profile, from, to)),
                  prices_.leg(problem_.leg(prices_.profile, to, from)));
}

double Neighborhood::travel_and_idle(int a, int b) const {
  const Visit& first = problem_.visits[static_cast<std::size_t>(a)];
  const Visit& second = problem_.visits[static_cast<std::size_t>(b)];
  const double idle_price = std::max(prices_.per_second, prices_.per_meter);
  const auto one_way = [&](const Visit& from, const Visit& to) {
    const Leg& leg = problem_.leg(prices_.profile, from.location, to.location);
    const auto [waiting, late] = least_idle(problem_, from, to, leg.duration);
    return prices_.leg(leg) + idle_price * (kWaitingWeight * waiting + late);
  };
  return std::min(one_way(first, second), one_way(second, first));
}

// Fills `candidates_` with others by the price of the way to them: all, or at least the `wanted`
// nearest. Only the visit's own row of the matrix is read: the way back is asked for the shortlist
// alone.
void Neighborhood::collect(int visit, std::size_t wanted) {
  candidates_.clear();
  const int from = places_[static_cast<std::size_t>(visit)];
  const Leg* ways = &problem_.leg(prices_.profile, from, 0);
  const double bound = find_bound(ways, wanted);
  const auto add_if = [&](auto wants) {
    for (int other = 0; other < problem_.n_visits; ++other) {
      const double price = prices_.leg(ways[places_[static_cast<std::size_t>(other)]]);
      if (wants(price) && other != visit) candidates_.emplace_back(price, other);
    }
  };
  add_if([bound](double price) { return price <= bound; });
  if (candidates_.size() < wanted) add_if([bound](double price) { return price > bound; });
}

// A price below which, as a sample has it, about twice as many as `wanted` lie.
double Neighborhood::find_bound(const Leg* ways, std::size_t wanted) {
  const std::size_t step = places_.size() / kSample;
  const std::size_t rank = 2 * wanted * kSample / std::max<std::size_t>(1, places_.size());
  if (step < 2 || rank >= kSample) return std::numeric_limits<double>::max();
  sample_.clear();
  for (std::size_t v = 0; v < places_.size(); v += step) {
    sample_.push_back(prices_.leg(ways[places_[v]]));
  }
  const auto middle = sample_.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(sample_.begin(), middle, sample_.end());
  return *middle;
}

void Neighborhood::keep_nearest(std::size_t count) {
  if (candidates_.size() > count) {
    const auto end = candidates_.begin() + static_cast<std::ptrdiff_t>(count);
    std::nth_element(candidates_.begin(), end, candidates_.end());
    candidates_.erase(end, candidates_.end());
  }
  std::sort(candidates_.begin(), candidates_.end());
}

Beside Neighborhood::ways(int visit, int other) const {
  const int here = problem_.visits[static_cast<std::size_t>(visit)].location;
  const int there = problem_.visits[static_cast<std::size_t>(other)].location;
  return {other, prices_.profile, problem_.leg(prices_.profile, there, here),
          problem_.leg(prices_.profile, here, there)};
}

void Neighborhood::take_from_whole(int visit, Lists& lists) const {
  const int there = (*excerpt_.visits)[static_cast<std::size_t>(visit)];
  const Lists& all = excerpt_.whole->lists_[static_cast<std::size_t>(there)];
  const auto here = [this](int other) { return (*excerpt_.here)[static_cast<std::size_t>(other)]; };
  const auto full = [](const auto& list, int most) { return static_cast<int>(list.size()) >= most; };
  for (const int other : all.around) {
    if (full(lists.around, n_around_)) break;
    if (here(other) >= 0) lists.around.push_back(here(other));
  }
  for (const Beside& near : all.beside) {
    if (full(lists.beside, n_beside_)) break;
    if (here(near.visit) < 0) continue;
    lists.beside.push_back(near);
    lists.beside.back().visit = here(near.visit);
  }
}

const Neighborhood::Lists& Neighborhood::lists(int visit) {
  Lists& lists = lists_[static_cast<std::size_t>(visit)];
  if (lists.made) return lists;
  lists.made = true;
  if (excerpt_.whole != nullptr) {
    take_from_whole(visit, lists);
    return lists;
  }
  collect(visit, kShortlist);
  if (candidates_.size() > kShortlist) keep_nearest(kShortlist);
  for (Candidate& candidate : candidates_) candidate.first = travel(visit, candidate.second);
  std::sort(candidates_.begin(), candidates_.end());
  for (const auto& [price, other] : candidates_) {
    if (static_cast<int>(lists.around.size()) < n_around_) lists.around.push_back(other);
  }
  for (Candidate& candidate : candidates_) {
    candidate.first = travel_and_idle(visit, candidate.second);
  }
  keep_nearest(static_cast<std::size_t>(n_beside_));
  for (const auto& [price, other] : candidates_) {
    if (price < kNever) lists.beside.push_back(ways(visit, other));
  }
  return lists;
}

}  // namespace servicenet::routing
