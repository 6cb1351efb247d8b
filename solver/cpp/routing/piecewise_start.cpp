#include "piecewise_start.h"

#include <algorithm>

#include "cut.h"
#include "large_search.h"
#include "plan.h"

namespace servicenet::routing {

namespace {

// Half a day, within these limits: smaller regions leave more visits to the whole day, where looking
// for a place takes long.
constexpr int kFewestVisits = 400;
constexpr int kMostVisits = 1500;
constexpr int kBasesEach = 2;  // at the least, for every region

int region_visits(const Problem& problem) {
  return std::clamp(problem.n_visits / 2, kFewestVisits, kMostVisits);
}

}  // namespace

PiecewiseStart::PiecewiseStart(const Problem& problem, std::uint64_t seed)
    : problem_(problem), random_(seed), plan_(Plan(problem).decision()) {
  pieces_ = cut(problem, plan_, region_visits(problem), random_);
}

bool PiecewiseStart::suits(const Problem& problem) {
  // Where visits may be late the regions' plans were far dearer than one made as a whole, and no sooner.
  if (!problem.only_hard) return false;
  if (!LargeSearch::is_possible(problem)) return false;
  std::vector<int> starts;
  for (const Vehicle& vehicle : problem.vehicles) starts.push_back(vehicle.start);
  std::sort(starts.begin(), starts.end());
  const auto bases = std::unique(starts.begin(), starts.end()) - starts.begin();
  return bases * region_visits(problem) >= kBasesEach * problem.n_visits;
}

bool PiecewiseStart::construct(int count) {
  if (pieces_.empty()) return true;
  if (!search_) open();
  if (search_->construct(count)) close();
  return pieces_.empty();
}

void PiecewiseStart::open() {
  region_ = std::make_unique<Region>(problem_, plan_, pieces_.back());
  search_ = std::make_unique<Search>(region_->problem(), random_.next(), false);
}

void PiecewiseStart::close() {
  write(pieces_.back(), region_->translate(search_->best()), plan_);
  search_.reset();
  region_.reset();
  pieces_.pop_back();
}

}  // namespace servicenet::routing
