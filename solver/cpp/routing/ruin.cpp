#include "ruin.h"

#include <algorithm>
#include <cmath>

namespace servicenet::routing {

Ruin::Ruin(const Problem& problem, Neighborhood& neighborhood, RuinSettings settings)
    : problem_(problem),
      neighborhood_(neighborhood),
      settings_(settings),
      ruined_at_(static_cast<std::size_t>(problem.n_vehicles), 0) {}

int Ruin::pick_seed(const Plan& plan, Random& random) const {
  if (!plan.absent().empty() && random.chance(settings_.absent_seed)) {
    const auto& absent = plan.absent();
    return absent[static_cast<std::size_t>(random.below(static_cast<int>(absent.size())))];
  }
  return random.below(problem_.n_visits);
}

void Ruin::apply(Plan& plan, Random& random, std::vector<int>& removed) {
  ++iteration_;
  const double longest = std::max(1.0, std::min(settings_.longest_string, plan.mean_route()));
  const double most = 4.0 * settings_.mean_removed / (1.0 + longest) - 1.0;
  strings_left_ = std::max(1, static_cast<int>(1.0 + random.uniform() * std::max(0.0, most)));

  const int seed = pick_seed(plan, random);
  const auto known = plan.absent().size();
  visit_neighbor(plan, random, seed, longest);
  waiting_.clear();
  if (plan.absent().size() == known && plan.is_absent(seed)) waiting_.push_back(seed);
  for (const int visit : neighborhood_.around(seed)) {
    if (strings_left_ <= 0) break;
    if (plan.is_absent(visit)) {
      waiting_.push_back(visit);
    } else {
      visit_neighbor(plan, random, visit, longest);
    }
  }
  removed.assign(plan.absent().begin() + static_cast<std::ptrdiff_t>(known), plan.absent().end());
  for (const int visit : waiting_) {
    if (std::find(removed.begin(), removed.end(), visit) == removed.end()) {
      removed.push_back(visit);
    }
  }
}

void Ruin::visit_neighbor(Plan& plan, Random& random, int visit, double longest) {
  if (plan.pool_of(visit) >= 0) {
    plan.remove_from_pool(visit);
    --strings_left_;
    return;
  }
  const int vehicle = plan.vehicle_of(visit);
  if (vehicle < 0 || ruined_at_[static_cast<std::size_t>(vehicle)] == iteration_) return;
  ruined_at_[static_cast<std::size_t>(vehicle)] = iteration_;
  --strings_left_;
  const double here = std::min<double>(plan.route(vehicle).n_visits(), longest);
  take_string(plan, random, visit, static_cast<int>(1.0 + random.uniform() * here));
}

void Ruin::take_string(Plan& plan, Random& random, int visit, int length) {
  const Route& route = plan.route(plan.vehicle_of(visit));
  order_.clear();
  int place = 0;
  for (const Node& node : route.nodes()) {
    if (!node.is_visit()) continue;
    if (node.index == visit) place = static_cast<int>(order_.size());
    order_.push_back(node.index);
  }
  const int size = static_cast<int>(order_.size());
  length = std::min(length, size);
  int kept = 0;
  if (length > 1 && length < size && random.chance(settings_.split_chance)) {
    kept = 1;
    while (length + kept < size && !random.chance(settings_.keep_chance)) ++kept;
    kept = std::min(kept, size - length);
  }
  const int span = length + kept;
  const int low = std::max(0, place - span + 1);
  const int high = std::min(place, size - span);
  const int begin = low + random.below(high - low + 1);
  const int keep_from = kept > 0 ? begin + 1 + random.below(length - 1) : 0;
  string_.clear();
  for (int i = begin; i < begin + span; ++i) {
    if (kept > 0 && i >= keep_from && i < keep_from + kept) continue;
    string_.push_back(order_[static_cast<std::size_t>(i)]);
  }
  plan.remove_from_route(route.vehicle(), string_);
}

}  // namespace servicenet::routing
