// The solve as a whole: limits, threads, first plan, search, polish.
//
// Work is done in slices so that the caller can report progress and stop; slices do not influence
// the result. Every thread runs a search of its own, or two in turns, of which the worse takes over
// the best plan of both after a fixed number of iterations. So under an iteration limit a seed and
// a number of threads give the same plan always. Regions of a large day are searched instead, on
// which all threads work; where a plan can be cut into regions, they do so from half of the way on.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "large_search.h"
#include "piecewise_start.h"
#include "search.h"

namespace servicenet::routing {

struct Limits {
  long long max_iterations = -1;  // all searches together; -1 = none
  long long max_idle = -1;        // iterations without a better plan; -1 = none
  double max_runtime_s = -1.0;    // -1 = none
};

struct TracePoint {
  double runtime_s;
  long long iteration;
  Cost cost;
};

enum class Ended { kNot, kIterations, kIdle, kRuntime };

class Engine {
 public:
  // Time runs from here on, taking over the problem included.
  Engine(const Problem& problem, std::uint64_t seed, int threads, Limits limits);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Starts from this plan; what of it is impossible is left out and built anew. Its steps have to
  // exist (visits, windows, breaks, points), nothing else.
  void warm_start(const Decision& decision);

  // Keeps routes of good plans, so that they can be put together anew; not where routes are not
  // priced one by one, and not on a large day. Call before `run`.
  void collect_routes();
  bool collects() const { return collects_; }
  // True where it is time to put the routes seen together anew; `run` waits for `recombine`.
  bool is_due() const { return due_; }
  // The routes seen by all searches, those of the best plan first.
  const RoutePool& gather();
  // Goes on from the plan made of `chosen` columns of what was gathered, and pools; from its own
  // without.
  void recombine(const std::vector<int>& chosen, const std::vector<int>& pool_of);

  // Works for about `seconds`; says what ended the search, or kNot.
  Ended run(double seconds);

  // Final improvement; call once after the last slice.
  void finish();

  const Problem& problem() const { return problem_; }
  const Decision& best() const;
  Cost cost() const;
  long long iterations() const;
  double runtime_s() const;
  const std::vector<TracePoint>& trace() const { return trace_; }

 private:
  using Clock = std::chrono::steady_clock;

  const Search& leader() const;
  bool is_large_ahead() const;
  void add_search();
  bool construct(double until);
  bool construct_piecewise(double until);
  void meet();
  void run_round(double until);
  void run_large(double until);
  Allowance left() const;
  void run_thread(std::size_t thread, double until) const;
  void run_one(Search& search, long long goal, double until) const;
  long long goal(std::size_t search) const;
  bool idle(const Search& search) const;
  double progress(long long iteration) const;
  bool out_of_time() const;
  bool is_recombination_due() const;
  Ended ended() const;
  void note();

  Clock::time_point started_;
  Problem problem_;
  Limits limits_;
  std::uint64_t seed_;
  int threads_ = 1;
  bool joins_ = false;  // threads work together from some progress on
  std::vector<std::unique_ptr<Search>> searches_;
  std::unique_ptr<PiecewiseStart> pieces_;  // of the first plan of a large day
  std::unique_ptr<LargeSearch> large_;  // takes over from the first plan or from half of the way on
  bool constructed_ = false;
  long long round_ = 1;
  bool collects_ = false;
  bool due_ = false;
  double next_due_ = 0.0;  // progress
  long long recombined_at_ = 0;
  std::unique_ptr<RoutePool> gathered_;
  long long round_length_ = 0;  // iterations of each search between two meetings
  std::vector<TracePoint> trace_;
};

}  // namespace servicenet::routing
