#include "large_search.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace servicenet::routing {

namespace {

constexpr int kLargeFrom = 800;
// A quarter of the day, so that threads have regions, within these limits: small regions are searched
// faster, but what lies across their borders waits for the next cut.
constexpr int kFewestVisits = 350;
constexpr int kMostVisits = 800;
constexpr int kLongRoute = 15;  // visits

// Neighbors of a visit in the whole day: more than a region uses, for some lie in other regions.
constexpr int kAround = 200;
constexpr int kBeside = 80;

// A plan is cut so often that a region has at least so much to do in each round: what lies across a
// border waits for the next cut, which costs more than tables made anew.
constexpr int kMostRounds = 16;
constexpr long long kRoundIterations = 20;  // per visit
constexpr double kRoundSeconds = 0.1;
// Where the plan was good before it was cut first.
constexpr int kMostRoundsLater = 8;
constexpr double kRoundSecondsLater = 0.5;
// Where only idleness ends the search.
constexpr long long kOpenEndIterations = 50;  // per visit

}  // namespace

LargeSearch::LargeSearch(const Problem& problem, std::uint64_t seed, int threads)
    : problem_(problem),
      random_(seed),
      threads_(static_cast<std::size_t>(threads)),
      region_visits_(std::clamp(problem.n_visits / 4, kFewestVisits, kMostVisits)),
      neighborhood_(problem, kAround, kBeside) {}

LargeSearch::LargeSearch(const Problem& problem, std::uint64_t seed, int threads,
                         const Search& other, double from)
    : LargeSearch(problem, seed, threads) {
  region_visits_ = problem.n_visits / threads;
  from_ = to_ = first_ = from;
  is_loose_ = other.is_loose();
  if (is_loose_) learned_ = other.learned();
  best_ = other.best();
  best_cost_ = other.best_cost();
  base_ = other.current();
  base_cost_ = is_loose_ ? 0 : other.cost();
}

bool LargeSearch::is_possible(const Problem& problem) {
  if (problem.n_visits < kLargeFrom || !Region::suits(problem)) return false;
  // Where all vehicles are alike the search through illegal plans finds more.
  return problem.n_types > 1 || !Search::goes_loose(problem);
}

bool LargeSearch::suits(const Problem& problem, const Decision& plan) {
  if (!is_possible(problem)) return false;
  const auto used = std::count_if(plan.routes.begin(), plan.routes.end(),
                                  [](const auto& steps) { return !steps.empty(); });
  return used * kLongRoute > problem.n_visits;
}

void LargeSearch::start_from(const Decision& decision, Cost cost) {
  base_ = best_ = decision;
  base_cost_ = best_cost_ = cost;
}

long long LargeSearch::iterations() const {
  long long total = iterations_;
  for (const Task& task : tasks_) {
    total += task.search ? task.search->iterations() : task.iterations;
  }
  return total;
}

void LargeSearch::work(double seconds, const Allowance& left) {
  const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                        std::chrono::duration<double>(seconds));
  if (!list_neighbors(until)) return;
  if (tasks_.empty()) begin_round(left);
  std::vector<std::thread> workers;
  for (std::size_t t = 1; t < threads_; ++t) {
    workers.emplace_back([this, t, until] { work_on(t, until); });
  }
  work_on(0, until);
  for (std::thread& worker : workers) worker.join();
  keep_best();
  const bool over = std::all_of(tasks_.begin(), tasks_.end(), [](const Task& t) { return t.done; });
  if (over) end_round();
}

// All lists before threads look at them; false if the time was up.
bool LargeSearch::list_neighbors(Clock::time_point until) {
  for (; listed_ < problem_.n_visits; ++listed_) {
    if (Clock::now() >= until) return false;
    neighborhood_.around(listed_);
  }
  return true;
}

void LargeSearch::begin_round(const Allowance& left) {
  std::vector<Piece> pieces = cut(problem_, base_, region_visits_, random_);
  if (first_ > 0.0) deal_idle(problem_, base_, pieces);
  for (Piece& piece : pieces) {
    Task& task = tasks_.emplace_back();
    task.piece = std::move(piece);
    task.seed = random_.next();
  }
  if (rounds_ == 0) rounds_ = count_rounds(left);
  from_ = to_;
  to_ = std::min(1.0, first_ + (1.0 - first_) * (round_ + 1) / rounds_);
  share_out(left);
}

int LargeSearch::count_rounds(const Allowance& left) const {
  const bool later = first_ > 0.0;
  double rounds = later ? kMostRoundsLater : kMostRounds;
  if (left.iterations >= 0) {
    const auto each = static_cast<double>(kRoundIterations * problem_.n_visits);
    rounds = std::min(rounds, static_cast<double>(left.iterations) / each);
  }
  if (left.seconds >= 0) {
    const double each = (later ? kRoundSecondsLater : kRoundSeconds) *
                        static_cast<double>(tasks_.size());
    rounds = std::min(rounds, left.seconds * static_cast<double>(threads_) / each);
  }
  return std::max(1, static_cast<int>(rounds));
}

// Visits have equal shares; the regions of one thread share its time.
void LargeSearch::share_out(const Allowance& left) {
  const int rounds = std::max(1, rounds_ - round_);
  long long iterations = left.iterations / rounds;
  if (left.iterations < 0) iterations = left.seconds < 0 ? kOpenEndIterations * problem_.n_visits : -1;
  if (left.iterations >= 0 && rounds == 1) iterations = left.iterations;
  if (left.iterations < 0 && left.seconds < 0) {
    const auto idle = static_cast<double>(left.idle);
    const double before = first_ / (1.0 - first_) * idle;
    const double done = before + static_cast<double>(iterations_ + iterations);
    to_ = done / (done + idle);
  }
  std::vector<double> visits_of(threads_, 0.0);
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    visits_of[i % threads_] += static_cast<double>(tasks_[i].piece.visits.size());
  }
  long long visits = 0;
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    Task& task = tasks_[i];
    const auto own = static_cast<long long>(task.piece.visits.size());
    if (iterations >= 0) {
      const auto upto = [&](long long count) { return iterations * count / problem_.n_visits; };
      task.goal = upto(visits + own) - upto(visits);
    }
    visits += own;
    if (left.seconds >= 0) {
      const double share = static_cast<double>(own) / std::max(1.0, visits_of[i % threads_]);
      task.seconds = left.seconds / rounds * share;
    }
  }
}

void LargeSearch::work_on(std::size_t thread, Clock::time_point until) {
  for (std::size_t i = thread; i < tasks_.size(); i += threads_) {
    if (!tasks_[i].done && !advance(tasks_[i], until)) return;
  }
}

// False if the time was up before the task was done.
bool LargeSearch::advance(Task& task, Clock::time_point until) const {
  if (task.piece.visits.empty() || task.goal == 0) {
    task.done = true;
    return true;
  }
  const auto begin = Clock::now();
  if (!task.search) open(task);
  while (task.goal < 0 || task.search->iterations() < task.goal) {
    const auto moment = Clock::now();
    const double now = task.spent + std::chrono::duration<double>(moment - begin).count();
    if (task.seconds >= 0 && now >= task.seconds) break;
    if (moment >= until) {
      task.spent = now;
      return false;
    }
    task.search->iterate(progress(task, now));
  }
  close(task);
  return true;
}

void LargeSearch::open(Task& task) const {
  task.region = std::make_unique<Region>(problem_, base_, task.piece);
  task.search = std::make_unique<Search>(task.region->problem(), task.seed, false,
                                         task.region->excerpt(neighborhood_));
  if (is_loose_) {
    // Plans that break rules have no cost: what is best in all regions is added up.
    task.search->go_on_loose(task.region->start(), learned_);
  } else {
    task.search->start_from(task.region->start());
    task.before = task.search->cost();
  }
}

void LargeSearch::close(Task& task) const {
  const Search& search = *task.search;
  task.iterations = search.iterations();
  if (!is_loose_) task.cost = search.cost();
  task.best_cost = search.best_cost();
  task.plan = task.region->translate(search.current());
  task.best = task.region->translate(search.best());
  if (is_loose_) task.fines = search.learned().fines;
  task.search.reset();
  task.region.reset();
  task.done = true;
}

double LargeSearch::progress(const Task& task, double spent) const {
  double share = 0.0;
  if (task.goal > 0) {
    share = static_cast<double>(task.search->iterations()) / static_cast<double>(task.goal);
  }
  if (task.seconds > 0) share = std::max(share, spent / task.seconds);
  return from_ + (to_ - from_) * std::min(1.0, share);
}

// The best that is known of each region, together.
void LargeSearch::keep_best() {
  Cost cost = base_cost_;
  for (const Task& task : tasks_) {
    if (is_loose_ && !task.search && !task.done) return;  // nothing is known of this region yet
    cost += (task.search ? task.search->best_cost() : task.best_cost) - task.before;
  }
  if (cost >= best_cost_) return;
  best_cost_ = cost;
  best_iteration_ = iterations();
  best_ = base_;
  for (const Task& task : tasks_) {
    if (task.search) write(task.piece, task.region->translate(task.search->best()), best_);
    if (task.iterations > 0) write(task.piece, task.best, best_);
  }
}

void LargeSearch::end_round() {
  iterations_ = iterations();
  if (is_loose_) learned_.fines = mean_fines();
  for (const Task& task : tasks_) {
    if (task.iterations == 0) continue;
    base_cost_ += task.cost - task.before;
    write(task.piece, task.plan, base_);
  }
  tasks_.clear();
  ++round_;
}

Fines LargeSearch::mean_fines() const {
  Fines sum{0, 0};
  Cost count = 0;
  for (const Task& task : tasks_) {
    if (task.iterations == 0) continue;
    sum.late += task.fines.late;
    sum.load += task.fines.load;
    ++count;
  }
  if (count == 0) return learned_.fines;
  return {std::max<Cost>(1, sum.late / count), std::max<Cost>(1, sum.load / count)};
}

}  // namespace servicenet::routing
