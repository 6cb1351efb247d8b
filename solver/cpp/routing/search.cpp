#include "search.h"

#include <algorithm>
#include <cmath>

namespace servicenet::routing {

namespace {

// With more unserved visits than this, moving one visit does not offer its place to all of them.
constexpr std::size_t kFewAbsent = 20;

constexpr int kAround = 100;
constexpr int kBeside = 40;

// Share of candidates that exchange tails; fewer in small problems, where ruin and recreate reaches
// the same plans.
constexpr double kTailChance = 0.2;
constexpr double kTailVisits = 200.0;

// Problems of this size are left to the search through illegal plans where it suits; smaller and
// larger ones, for which it has not been measured, are solved by ruin and recreate. One iteration of
// this search takes as long as so many of ruin and recreate.
constexpr int kLooseFrom = 150;
constexpr int kLooseTo = 1000;
constexpr int kLooseWeight = 8;
constexpr double kPatience = 0.4;  // progress

// Vehicles are made fewer first, for so long, at a temperature of so many typical legs.
constexpr double kFleetShare = 0.3;  // progress
constexpr double kFleetHeat = 1.0;

// Where parts are fetched, a search any colder sees no new routes, and recombination lives on them.
constexpr double kLastWithParts = 1.0;  // temperature in typical legs

}  // namespace

Search::Search(const Problem& problem, std::uint64_t seed, bool may_begin_loose,
               Excerpt excerpt)
    : problem_(problem),
      random_(seed),
      plan_(problem),
      neighborhood_(problem, kAround, kBeside, excerpt),
      ruin_(problem, neighborhood_, {}),
      recreate_(problem, neighborhood_, {}),
      tails_(problem, neighborhood_),
      seed_(seed),
      may_begin_loose_(may_begin_loose),
      excerpt_(excerpt),
      best_cost_(plan_.cost()) {
  if (problem.n_parts > 0) annealing_.last = kLastWithParts;
  plan_.snapshot(best_);
  for (int v = 0; v < problem.n_visits; ++v) queue_.push_back(v);
  // Dear ones first, then those whose promise ends early: the queue is worked from its back.
  std::stable_sort(queue_.begin(), queue_.end(), [&](int a, int b) {
    const Visit& first = problem.visits[static_cast<std::size_t>(a)];
    const Visit& second = problem.visits[static_cast<std::size_t>(b)];
    if (first.penalty != second.penalty) return first.penalty < second.penalty;
    return problem.windows[static_cast<std::size_t>(first.first_window)].latest >
           problem.windows[static_cast<std::size_t>(second.first_window)].latest;
  });
}

bool Search::construct(int count) {
  for (; count > 0 && !queue_.empty(); --count) {
    const int visit = queue_.back();
    queue_.pop_back();
    if (plan_.is_absent(visit)) recreate_.insert_best(plan_, random_, visit, true, 0.0);
  }
  if (!queue_.empty()) return false;
  plan_.commit();
  if (plan_.cost() < best_cost_) remember_best();
  return true;
}

void Search::keep_unfinished() {
  queue_.clear();
  plan_.commit();
  if (plan_.cost() < best_cost_) remember_best();
}

void Search::iterate(double progress) {
  if (iterations_ == 0) begin();
  ++iterations_;
  if (fleet_) return iterate_fleet(progress);
  if (loose_) return iterate_loose(progress);
  // Giving up early was measured in regions of large days; days of 200 visits were no better for it.
  const Cost ahead = is_part() ? draw_most(progress) : kInfinite;
  if (!change(ahead)) return plan_.rollback();
  if (plan_.cost() < (is_part() ? ahead : draw_most(progress))) {
    if (pool_) collect_changed();
    plan_.commit();
    if (plan_.cost() < best_cost_) remember_best();
  } else {
    plan_.rollback();
  }
}

void Search::begin() {
  typical_leg_ = std::max(1.0, neighborhood_.typical_leg());
  if (!is_part() && plan_.absent().empty() && FleetReduction::suits(problem_, typical_leg_)) {
    fleet_ = std::make_unique<FleetReduction>(plan_, ruin_, recreate_, random_);
  } else {
    begin_loose();
  }
}

void Search::iterate_fleet(double progress) {
  if (fleet_->iterate(draw_allowance(kFleetHeat))) remember_best();
  if (progress < kFleetShare && !fleet_->is_done()) return;
  fleet_.reset();
  plan_.restore(best_);
  annealed_from_ = progress;
}

// A plan that costs as much is refused.
Cost Search::draw_most(double progress) {
  const double share = (progress - annealed_from_) / std::max(1e-9, 1.0 - annealed_from_);
  const double heat = annealing_.first * std::pow(annealing_.last / annealing_.first, share);
  return plan_.committed_cost() + draw_allowance(heat);
}

// `heat` in typical legs.
Cost Search::draw_allowance(double heat) {
  return static_cast<Cost>(std::ceil(-typical_leg_ * heat * std::log(1.0 - random_.uniform())));
}

void Search::collect_changed() {
  for (const int vehicle : plan_.touched()) pool_->offer(plan_.route(vehicle), plan_.cost());
}

bool Search::goes_loose(const Problem& problem) {
  return problem.n_visits >= kLooseFrom && problem.n_visits <= kLooseTo &&
         LoosePlan::suits(problem);
}

void Search::begin_loose() {
  if (!may_begin_loose_ || !goes_loose(problem_)) return;
  loose_ = std::make_unique<LooseSearch>(problem_, seed_);
  if (is_warm_) loose_->adopt(best_);
}

void Search::iterate_loose(double progress) {
  if (iterations_ % kLooseWeight == 0) loose_->iterate(progress);
  keep_loose_if_better();
  if (progress > kPatience && loose_->best_cost() > best_cost_) {
    // Not even as good as the first plan: ruin and recreate takes over.
    loose_.reset();
    plan_.restore(best_);
  }
}

void Search::keep_loose_if_better() {
  if (loose_->best_cost() >= best_cost_) return;
  best_ = loose_->best();
  best_cost_ = loose_->best_cost();
  best_iteration_ = iterations_;
}

bool Search::change(Cost most) {
  const double share = std::min(1.0, problem_.n_visits / kTailVisits);
  if (random_.chance(kTailChance * share)) return tails_.apply(plan_, random_);
  ruin_.apply(plan_, random_, removed_);
  return recreate_.apply(plan_, random_, removed_, most);
}

void Search::start_from(const Decision& decision) {
  is_warm_ = true;
  plan_.restore(decision);
  if (plan_.cost() < best_cost_) remember_best();
}

void Search::go_on_loose(const Decision& decision, const Learned& learned) {
  loose_ = std::make_unique<LooseSearch>(problem_, seed_, learned, excerpt_);
  loose_->adopt(decision);
  keep_loose_if_better();
}

void Search::adopt(const Decision& decision) {
  queue_.clear();
  fleet_.reset();
  plan_.restore(decision);
  if (plan_.cost() < best_cost_) remember_best();
}

void Search::polish(const std::function<bool()>& expired) {
  fleet_.reset();
  plan_.restore(best_);
  bool improved = true;
  while (improved) {
    improved = insert_absent();
    for (int v = 0; v < problem_.n_visits && !expired(); ++v) improved = move(v) || improved;
  }
  if (plan_.cost() < best_cost_) remember_best();
}

bool Search::insert_absent() {
  std::vector<int> out(plan_.absent());
  std::sort(out.begin(), out.end());
  bool inserted = false;
  for (const int visit : out) {
    inserted = recreate_.insert_best(plan_, random_, visit, true, 0.0) || inserted;
  }
  return keep_if_better() && inserted;
}

// Takes a visit out and puts it where it costs least.
bool Search::move(int visit) {
  if (plan_.vehicle_of(visit) >= 0) {
    plan_.remove_from_route(plan_.vehicle_of(visit), {visit});
  } else if (plan_.pool_of(visit) >= 0) {
    plan_.remove_from_pool(visit);
  } else {
    return false;
  }
  std::vector<int> out(plan_.absent());  // a removal can take a whole route with it
  if (out.size() > kFewAbsent) out = {visit};
  std::sort(out.begin(), out.end());
  for (const int each : out) {
    if (plan_.is_absent(each)) recreate_.insert_best(plan_, random_, each, true, 0.0);
  }
  return keep_if_better();
}

bool Search::keep_if_better() {
  const bool better = plan_.cost() < plan_.committed_cost();
  if (better) {
    plan_.commit();
  } else {
    plan_.rollback();
  }
  return better;
}

void Search::remember_best() {
  plan_.snapshot(best_);
  best_cost_ = plan_.cost();
  best_iteration_ = iterations_;
}

}  // namespace servicenet::routing
