#include "fleet_reduction.h"

#include <algorithm>

namespace servicenet::routing {

namespace {

constexpr double kDear = 20.0;  // typical legs a vehicle has to cost

}  // namespace

FleetReduction::FleetReduction(Plan& plan, Ruin& ruin, Recreate& recreate, Random& random)
    : plan_(plan),
      problem_(plan.problem()),
      ruin_(ruin),
      recreate_(recreate),
      random_(random),
      counts_(static_cast<std::size_t>(plan.problem().n_visits), 1) {}

FleetReduction::~FleetReduction() { recreate_.use_at_most(problem_.n_vehicles); }

bool FleetReduction::suits(const Problem& problem, double typical_leg) {
  if (problem.n_vehicles < 2 || problem.n_types > 1 || problem.n_pools > 0 ||
      problem.n_parts > 0 || !problem.links.empty() || !problem.shares.empty() ||
      !problem.idle.empty() || problem.rules.worst_late_rate > 0) {
    return false;
  }
  const Cost fixed = problem.vehicles.front().fixed;
  return static_cast<double>(fixed) > kDear * typical_leg &&
         std::all_of(problem.visits.begin(), problem.visits.end(),
                     [fixed](const Visit& visit) { return visit.penalty > fixed; });
}

bool FleetReduction::iterate(Cost allowance) {
  if (most_ == 0) give_up_route();
  if (is_done_) return false;
  ruin_.apply(plan_, random_, removed_);
  removed_ = plan_.absent();
  recreate_.apply(plan_, random_, removed_, kInfinite);
  const std::vector<int> out = plan_.absent();
  if (out.empty()) {
    plan_.commit();
    most_ = 0;
    return true;
  }
  const long long before = weigh(waiting_);
  const long long after = weigh(out);
  const bool as_cheap = out.size() == waiting_.size() &&
                        plan_.cost() < plan_.committed_cost() + allowance;
  if (after < before || (after == before && as_cheap)) {
    plan_.commit();
    waiting_ = out;
  } else {
    plan_.rollback();
  }
  for (const int visit : out) ++counts_[static_cast<std::size_t>(visit)];
  return false;
}

// The one whose visits were left out least often.
int FleetReduction::choose_route() const {
  int chosen = -1;
  long long least = 0;
  for (int k = 0; k < problem_.n_vehicles; ++k) {
    if (plan_.route(k).empty()) continue;
    const long long weight = weigh(plan_.route(k).visits());
    if (chosen >= 0 && weight >= least) continue;
    chosen = k;
    least = weight;
  }
  return chosen;
}

void FleetReduction::give_up_route() {
  is_done_ = plan_.n_used() <= count_needed();
  if (is_done_) return;
  most_ = plan_.n_used() - 1;
  recreate_.use_at_most(most_);
  const int vehicle = choose_route();
  plan_.remove_from_route(vehicle, plan_.route(vehicle).visits());
  plan_.commit();
  waiting_ = plan_.absent();
}

// Vehicles that the loads fill.
int FleetReduction::count_needed() const {
  int needed = 1;
  for (int d = 0; d < problem_.n_loads; ++d) {
    long long sum = 0;
    const auto loads = static_cast<std::size_t>(problem_.n_loads);
    for (int v = 0; v < problem_.n_visits; ++v) {
      sum += problem_.demand[static_cast<std::size_t>(v) * loads + static_cast<std::size_t>(d)];
    }
    const long long room = std::max(1, problem_.capacity[static_cast<std::size_t>(d)]);
    needed = std::max(needed, static_cast<int>((sum + room - 1) / room));
  }
  return needed;
}

long long FleetReduction::weigh(const std::vector<int>& visits) const {
  long long weight = 0;
  for (const int visit : visits) weight += counts_[static_cast<std::size_t>(visit)];
  return weight;
}

}  // namespace servicenet::routing
