// Search in regions: a plan is cut, each region is searched for a while as a problem of its own, then
// the plan is cut anew along other lines. Threads work on different regions; what is found in one
// does not depend on the others. For large days, and for threads that work together on one plan.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "cut.h"
#include "region.h"
#include "search.h"

namespace servicenet::routing {

// What a search may still use; -1 = no limit of this kind.
struct Allowance {
  long long iterations = -1;
  long long idle = -1;  // iterations without a better plan
  double seconds = -1.0;
};

class LargeSearch {
 public:
  LargeSearch(const Problem& problem, std::uint64_t seed, int threads);
  // Goes on where another search has done the first `from` of its way: every thread has a region.
  LargeSearch(const Problem& problem, std::uint64_t seed, int threads, const Search& other,
              double from);
  LargeSearch(const LargeSearch&) = delete;
  LargeSearch& operator=(const LargeSearch&) = delete;

  // True if the day is large, and its regions can be searched one by one.
  static bool is_possible(const Problem& problem);
  // True if a search that begins with `plan` had better work in regions: many routes, and short ones.
  static bool suits(const Problem& problem, const Decision& plan);

  void start_from(const Decision& decision, Cost cost);
  // Works for about `seconds` of what is left now.
  void work(double seconds, const Allowance& left);

  bool is_started() const { return !base_.routes.empty(); }
  const Decision& best() const { return best_; }
  Cost best_cost() const { return best_cost_; }
  long long iterations() const;
  long long best_iteration() const { return best_iteration_; }
  // True between two rounds, where every region has had its share.
  bool is_between() const { return tasks_.empty(); }

 private:
  using Clock = std::chrono::steady_clock;

  struct Task {
    Piece piece;
    std::uint64_t seed = 0;
    long long goal = -1;     // iterations
    double seconds = -1.0;
    double spent = 0.0;
    std::unique_ptr<Region> region;  // while it is worked on
    std::unique_ptr<Search> search;
    bool done = false;
    long long iterations = 0;
    Cost before = 0;
    Cost cost = 0;
    Cost best_cost = 0;
    Decision plan;  // in the numbers of the whole, once done
    Decision best;
    Fines fines;
  };

  bool list_neighbors(Clock::time_point until);
  void begin_round(const Allowance& left);
  int count_rounds(const Allowance& left) const;
  void share_out(const Allowance& left);
  void end_round();
  void work_on(std::size_t thread, Clock::time_point until);
  bool advance(Task& task, Clock::time_point until) const;
  void open(Task& task) const;
  void close(Task& task) const;
  double progress(const Task& task, double spent) const;
  void keep_best();
  Fines mean_fines() const;

  const Problem& problem_;
  Random random_;
  std::size_t threads_;
  int region_visits_;
  bool is_loose_ = false;
  Learned learned_;  // where the search breaks rules
  Neighborhood neighborhood_;  // from which regions take theirs
  int listed_ = 0;             // visits that have their lists
  Decision base_;  // at the begin of the round
  Cost base_cost_ = 0;
  Decision best_;
  Cost best_cost_ = 0;
  std::vector<Task> tasks_;
  int rounds_ = 0;  // planned
  int round_ = 0;
  double first_ = 0.0;  // progress at which it has begun
  double from_ = 0.0;  // progress of the search at the begin of the round
  double to_ = 0.0;    // and at its end
  long long iterations_ = 0;  // of rounds that are over
  long long best_iteration_ = 0;
};

}  // namespace servicenet::routing
