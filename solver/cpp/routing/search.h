// Ruin and recreate under simulated annealing (SISR: Christiaens & Vanden Berghe 2020), now and then
// an exchange of tails instead. Where distance is all that costs and there are neither few nor very
// many visits, a search through plans that break rules for a fine does the work.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "fleet_reduction.h"
#include "loose_search.h"
#include "neighborhood.h"
#include "plan.h"
#include "random.h"
#include "recreate.h"
#include "route_pool.h"
#include "ruin.h"
#include "tails.h"

namespace servicenet::routing {

// Temperatures as multiples of the typical leg.
struct Annealing {
  double first = 10.0;
  double last = 0.1;
};

class Search {
 public:
  // How long plans may break rules at the begin of a search is measured for whole problems only. A
  // part of a problem can take its neighbors from the whole.
  Search(const Problem& problem, std::uint64_t seed, bool may_begin_loose = true,
         Excerpt excerpt = {});
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  // Serves the next visits of the first plan, at most `count`; true once all were tried.
  bool construct(int count);

  // One candidate: change, then accept or undo. `progress` in [0, 1] sets the temperature.
  void iterate(double progress);

  // Begins with this plan; `construct` then tries the visits it does not serve.
  void start_from(const Decision& decision);

  // Keeps the routes of good plans from now on.
  void collect(std::size_t most) { pool_ = std::make_unique<RoutePool>(problem_, most); }
  const RoutePool* pool() const { return pool_.get(); }

  // Begins with this plan, which may break rules, of a part of the problem that `learned` is about.
  void go_on_loose(const Decision& decision, const Learned& learned);
  // What there is to know about the whole for `go_on_loose`; only of a search that breaks rules.
  Learned learned() const { return loose_->learned(); }

  // Takes over another search's plan.
  void adopt(const Decision& decision);

  // Keeps what there is of an unfinished first plan.
  void keep_unfinished();

  // Moves single visits to their cheapest places until nothing changes any more; `expired` cuts
  // that short. Unserved visits are always offered every place once.
  void polish(const std::function<bool()>& expired);

  // True if this problem is left to the search through plans that break rules.
  static bool goes_loose(const Problem& problem);
  bool is_loose() const { return loose_ != nullptr; }
  // True while it may not be told to go on from the plan of another search.
  bool goes_alone() const { return loose_ || fleet_; }
  Cost cost() const { return plan_.cost(); }
  Cost best_cost() const { return best_cost_; }
  long long iterations() const { return iterations_; }
  long long best_iteration() const { return best_iteration_; }
  const Decision& best() const { return best_; }
  // The plan gone on from, which may break rules where the search does.
  Decision current() const { return loose_ ? loose_->current() : plan_.decision(); }

 private:
  bool is_part() const { return excerpt_.whole != nullptr; }
  void begin();
  void begin_loose();
  void iterate_fleet(double progress);
  void iterate_loose(double progress);
  void keep_loose_if_better();
  Cost draw_most(double progress);
  Cost draw_allowance(double heat);
  bool change(Cost most);
  bool insert_absent();
  bool move(int visit);
  bool keep_if_better();
  void remember_best();
  void collect_changed();

  const Problem& problem_;
  Random random_;
  Plan plan_;
  Neighborhood neighborhood_;
  Ruin ruin_;
  Recreate recreate_;
  Tails tails_;
  Annealing annealing_;
  double typical_leg_ = 1.0;
  double annealed_from_ = 0.0;  // progress
  std::uint64_t seed_;
  bool may_begin_loose_;
  Excerpt excerpt_;  // where this is a part of a larger problem
  std::unique_ptr<FleetReduction> fleet_;
  std::unique_ptr<LooseSearch> loose_;
  std::unique_ptr<RoutePool> pool_;
  bool is_warm_ = false;
  std::vector<int> queue_;  // visits the construction has not tried yet, last first
  std::vector<int> removed_;
  Decision best_;
  Cost best_cost_;
  long long iterations_ = 0;
  long long best_iteration_ = 0;
};

}  // namespace servicenet::routing
