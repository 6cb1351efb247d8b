#include "engine.h"

#include <algorithm>
#include <cassert>
#include <thread>
#include <utility>

namespace servicenet::routing {

namespace {

// Iterations of a search between two looks at what all have found. Several threads wait for the
// slowest, so they look less often; but this often at least on the way to a limit.
constexpr long long kShortestRound = 500;
constexpr long long kLongerRound = 4;
constexpr long long kLooks = 16;

constexpr int kConstructionSlice = 8;
constexpr long long kTraceStretch = 20;

// Problems of this size in which time has no price are searched by two searches a thread: one alone
// settles early on too few or too many routes, the worse of two starts again from what the better
// has found. Larger ones need every iteration for one plan, smaller ones find theirs anyway.
constexpr int kPairFrom = 100;
constexpr int kPairTo = 300;

// Progress from which on threads work together on the best plan, each on a region of it, where that
// leaves each so many visits at least. Together from a tenth on was better than never, but worse
// than to choose the better of two plans first.
constexpr double kTogetherFrom = 0.5;
constexpr int kLeastTogether = 60;

// Routes remembered by each search.
constexpr std::size_t kMostRoutes = 20'000;

// Where no parts are fetched, routes are put together anew on days of up to this many visits: where
// routes are short, the integer program takes half a second there and finds exchanges of many ends at
// once. Long ones can keep it busy for minutes, so only a search that a clock ends does that.
constexpr int kFewVisits = 75;

// Progress at which routes are put together anew: where plans have become good, a few times, for an
// integer program takes as long as thousands of iterations. None of that in short searches.
constexpr double kFirstDue = 0.4;
constexpr double kDueStep = 0.25;
constexpr long long kShortestStretch = 5'000;

// Without parts the search itself gains more for long; only plans that are nearly the best are
// bettered by exchanges of many ends.
constexpr long long kStretchPerVisit = 2'000;

int searches_per_thread(const Problem& problem) {
  const bool medium = problem.n_visits >= kPairFrom && problem.n_visits <= kPairTo;
  return medium && !problem.time_costs && !Search::goes_loose(problem) ? 2 : 1;
}

long long round_length(const Problem& problem, int threads, const Limits& limits) {
  const auto least = std::max<long long>(kShortestRound, problem.n_visits);
  if (threads == 1 || searches_per_thread(problem) > 1) return least;
  long long length = kLongerRound * least;
  for (const long long limit : {limits.max_iterations, limits.max_idle}) {
    if (limit >= 0) length = std::min(length, limit / (kLooks * threads));
  }
  return std::max(least, length);
}

}  // namespace

Engine::Engine(const Problem& problem, std::uint64_t seed, int threads, Limits limits)
    : started_(Clock::now()),
      problem_(problem),
      limits_(limits),
      seed_(seed),
      threads_(threads),
      joins_(threads > 1 && problem_.n_visits >= kLeastTogether * threads &&
             Region::suits(problem_)),
      round_length_(round_length(problem_, threads, limits)) {
  add_search();
  if (PiecewiseStart::suits(problem_)) pieces_ = std::make_unique<PiecewiseStart>(problem_, seed);
}

void Engine::add_search() {
  const auto stream = seed_ * 1'000'003ULL + static_cast<std::uint64_t>(searches_.size());
  searches_.push_back(std::make_unique<Search>(problem_, stream));
}

double Engine::runtime_s() const {
  return std::chrono::duration<double>(Clock::now() - started_).count();
}

const Search& Engine::leader() const {
  const auto better = [](const auto& a, const auto& b) { return a->best_cost() < b->best_cost(); };
  return **std::min_element(searches_.begin(), searches_.end(), better);
}

const Decision& Engine::best() const {
  return is_large_ahead() ? large_->best() : leader().best();
}

Cost Engine::cost() const {
  return is_large_ahead() ? large_->best_cost() : leader().best_cost();
}

bool Engine::is_large_ahead() const {
  return large_ && large_->is_started() && large_->best_cost() < leader().best_cost();
}

void Engine::warm_start(const Decision& decision) {
  pieces_.reset();
  searches_.front()->start_from(decision);
}

long long Engine::iterations() const {
  long long total = 0;
  for (const auto& search : searches_) total += search->iterations();
  return large_ ? total + large_->iterations() : total;
}

double Engine::progress(long long iteration) const {
  double share = 0.0;
  if (limits_.max_iterations > 0) {
    share = static_cast<double>(iteration) / static_cast<double>(limits_.max_iterations);
  }
  if (limits_.max_runtime_s > 0) share = std::max(share, runtime_s() / limits_.max_runtime_s);
  if (limits_.max_iterations < 0 && limits_.max_runtime_s < 0) {
    // The end is not known: cool ever more slowly.
    share = static_cast<double>(iteration) / static_cast<double>(iteration + limits_.max_idle);
  }
  return std::min(1.0, share);
}

// Idle searches are judged at meetings only, where all have done the same number of iterations.
bool Engine::idle(const Search& search) const {
  const auto threads = static_cast<long long>(searches_.size());
  return limits_.max_idle >= 0 &&
         (search.iterations() - search.best_iteration()) * threads >= limits_.max_idle;
}

bool Engine::out_of_time() const {
  return limits_.max_runtime_s >= 0 && runtime_s() >= limits_.max_runtime_s;
}

Ended Engine::ended() const {
  if (limits_.max_iterations >= 0 && iterations() >= limits_.max_iterations) {
    return Ended::kIterations;
  }
  if (out_of_time()) return Ended::kRuntime;
  if (!constructed_) return Ended::kNot;
  if (large_) {
    const bool idle = limits_.max_idle >= 0 && large_->is_between() && large_->is_started() &&
                      large_->iterations() - large_->best_iteration() >= limits_.max_idle;
    return idle ? Ended::kIdle : Ended::kNot;
  }
  const bool all_idle = std::all_of(searches_.begin(), searches_.end(),
                                    [this](const auto& search) { return idle(*search); });
  return all_idle ? Ended::kIdle : Ended::kNot;
}

void Engine::note() {
  if (trace_.empty() || cost() < trace_.back().cost) {
    trace_.push_back({runtime_s(), iterations(), cost()});
  }
}

Ended Engine::run(double seconds) {
  double until = runtime_s() + seconds;
  if (limits_.max_runtime_s >= 0) until = std::min(until, limits_.max_runtime_s);
  if (!constructed_) {
    // Only the clock may cut the first plan short.
    if (!construct(until)) return out_of_time() ? Ended::kRuntime : Ended::kNot;
    note();
  }
  Ended end = ended();
  while (end == Ended::kNot && !due_ && runtime_s() < until) {
    if (large_) {
      run_large(until);
    } else {
      run_round(until);
    }
    end = ended();
  }
  return end;
}

// The first search builds; the others start from its plan.
bool Engine::construct(double until) {
  Search& first = *searches_.front();
  if (pieces_ && !construct_piecewise(until)) return false;
  while (!first.construct(kConstructionSlice)) {
    if (runtime_s() >= until) return false;
  }
  if (LargeSearch::suits(problem_, first.best())) {
    large_ = std::make_unique<LargeSearch>(problem_, seed_, threads_);
  } else {
    for (int t = 1; t < threads_ * searches_per_thread(problem_); ++t) {
      add_search();
      searches_.back()->adopt(first.best());
    }
  }
  collects_ = collects_ && !large_;
  for (const auto& search : searches_) {
    if (collects_) search->collect(kMostRoutes);
  }
  constructed_ = true;
  return true;
}

// What no region could serve is left to the first search.
bool Engine::construct_piecewise(double until) {
  bool done = false;
  while (!done && runtime_s() < until) done = pieces_->construct(kConstructionSlice);
  if (!done && !out_of_time()) return false;
  searches_.front()->start_from(pieces_->plan());
  pieces_.reset();
  return done;
}

// Iterations after which a search has to wait for the others, or has done its share.
long long Engine::goal(std::size_t search) const {
  const auto searches = static_cast<long long>(searches_.size());
  const long long meeting = round_ * round_length_;
  if (limits_.max_iterations < 0) return meeting;
  const auto before = static_cast<long long>(search);
  return std::min(meeting, (limits_.max_iterations - before + searches - 1) / searches);
}

void Engine::run_one(Search& search, long long goal, double until) const {
  const auto threads = static_cast<long long>(searches_.size());
  while (search.iterations() < goal) {
    search.iterate(progress(search.iterations() * threads));
    if (runtime_s() >= until || (threads == 1 && idle(search))) return;
  }
}

// The searches of one thread, one after the other.
void Engine::run_thread(std::size_t thread, double until) const {
  const std::size_t each = searches_.size() / static_cast<std::size_t>(threads_);
  for (std::size_t s = thread * each; s < (thread + 1) * each; ++s) {
    run_one(*searches_[s], goal(s), until);
  }
}

void Engine::run_round(double until) {
  if (searches_.size() == 1) {
    // Short stretches keep the trace fine; they do not influence the search.
    const long long stretch = searches_.front()->iterations() + kTraceStretch;
    run_one(*searches_.front(), std::min(goal(0), stretch), until);
  } else {
    std::vector<std::thread> workers;
    for (int t = 1; t < threads_; ++t) {
      workers.emplace_back([this, t, until] { run_thread(static_cast<std::size_t>(t), until); });
    }
    run_thread(0, until);
    for (std::thread& worker : workers) worker.join();
  }
  note();
  bool all_there = true;
  for (std::size_t t = 0; t < searches_.size(); ++t) {
    all_there = all_there && searches_[t]->iterations() >= goal(t);
  }
  if (all_there) {
    ++round_;
    meet();
    due_ = collects_ && is_recombination_due();
    if (joins_ && progress(iterations()) >= kTogetherFrom) {
      large_ = std::make_unique<LargeSearch>(problem_, seed_, threads_, leader(), kTogetherFrom);
    }
  }
}

// Judged at meetings only, where all have done the same number of iterations.
bool Engine::is_recombination_due() const {
  const auto searches = static_cast<long long>(searches_.size());
  const long long stretch =
      problem_.n_parts > 0 ? kShortestStretch : kStretchPerVisit * problem_.n_visits;
  return progress(iterations()) >= next_due_ && iterations() - recombined_at_ >= stretch * searches;
}

void Engine::collect_routes() {
  // Where lateness is priced, or time is free, nothing was gained.
  const bool is_strict = problem_.only_hard && problem_.time_costs;
  const bool is_small = problem_.n_visits <= kFewVisits && limits_.max_runtime_s > 0;
  const bool gains = problem_.n_parts > 0 || (is_strict && is_small);
  collects_ = gains && RoutePool::suits(problem_);
  next_due_ = kFirstDue;
}

const RoutePool& Engine::gather() {
  gathered_ = std::make_unique<RoutePool>(problem_, kMostRoutes * searches_.size());
  Plan plan(problem_);
  plan.restore(best());
  gathered_->offer(plan);
  for (const auto& search : searches_) {
    if (!search->pool()) continue;
    for (const Column& column : search->pool()->columns()) gathered_->offer(column);
  }
  return *gathered_;
}

void Engine::recombine(const std::vector<int>& chosen, const std::vector<int>& pool_of) {
  due_ = false;
  recombined_at_ = iterations();
  while (next_due_ <= progress(iterations())) next_due_ += kDueStep;
  if (chosen.empty()) return;
  const auto cheaper = [](const auto& a, const auto& b) { return a->cost() < b->cost(); };
  Search& worst = **std::max_element(searches_.begin(), searches_.end(), cheaper);
  worst.adopt(gathered_->assemble(chosen, pool_of));
  note();
}

Allowance Engine::left() const {
  Allowance left;
  left.idle = limits_.max_idle;
  if (limits_.max_iterations >= 0) left.iterations = limits_.max_iterations - iterations();
  if (limits_.max_runtime_s >= 0) left.seconds = limits_.max_runtime_s - runtime_s();
  return left;
}

void Engine::run_large(double until) {
  const Search& first = *searches_.front();
  if (!large_->is_started()) large_->start_from(first.best(), first.best_cost());
  large_->work(until - runtime_s(), left());
  note();
}

// Only searches in turns on one thread meet. So one of several threads does what one alone would do,
// and the others can but add to that.
void Engine::meet() {
  const auto each = static_cast<std::ptrdiff_t>(searches_.size()) / threads_;
  if (each < 2) return;
  const auto cheaper = [](const auto& a, const auto& b) { return a->cost() < b->cost(); };
  const auto better = [](const auto& a, const auto& b) { return a->best_cost() < b->best_cost(); };
  for (auto first = searches_.begin(); first != searches_.end(); first += each) {
    Search& worst = **std::max_element(first, first + each, cheaper);
    const Search& best = **std::min_element(first, first + each, better);
    if (&worst != &best && !worst.goes_alone()) worst.adopt(best.best());
  }
}

void Engine::finish() {
  Search& first = *searches_.front();
  if (!constructed_) {
    first.keep_unfinished();
  } else {
    if (is_large_ahead()) {
      first.adopt(large_->best());
      assert(first.best_cost() == large_->best_cost());
    } else if (&leader() != &first) {
      first.adopt(leader().best());
    }
    first.polish([this] { return out_of_time(); });
  }
  note();
}

}  // namespace servicenet::routing
