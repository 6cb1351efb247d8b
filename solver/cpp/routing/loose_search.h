// Iterated local search through plans that may be late or overloaded for a fine (Vidal, Crainic,
// Gendreau & Prins 2013; Wouda, Lan & Kool 2024): strong on long routes, where ruin and recreate,
// which never breaks a rule, cannot get from one good plan to another.
#pragma once

#include <cstdint>
#include <vector>

#include "closing.h"
#include "descent.h"

namespace servicenet::routing {

// First and last temperature.
struct Heat {
  double first = 1.0;
  double last = 1.0;
};

// How widely plans are looked for: a cold search stays where it first gets to.
enum class Style { kCold, kHot, kHotOfMany };

// What the search of a whole has found out, for searches of its parts.
struct Learned {
  Fines fines{0, 0};  // 0 = not known
  Style style = Style::kCold;
};

class LooseSearch {
 public:
  LooseSearch(const Problem& problem, std::uint64_t seed);
  LooseSearch(const Problem& problem, std::uint64_t seed, const Learned& learned, Excerpt excerpt);
  LooseSearch(const LooseSearch&) = delete;
  LooseSearch& operator=(const LooseSearch&) = delete;

  // Takes over a plan.
  void adopt(const Decision& decision);

  // Takes some visits out, puts them back, goes down; keeps the plan or goes back. `progress` in
  // [0, 1]: the temperature falls with it.
  void iterate(double progress);

  Learned learned() const { return {fines_, style_}; }
  // The plan gone on from, which may break rules.
  Decision current() const { return closing_.is_on() ? closing_.before() : plan_.decision(); }

  const Problem& problem() const { return problem_; }
  const Decision& best() const { return best_; }
  Cost best_cost() const { return best_cost_; }
  Cost cost() const { return current_; }
  long long iterations() const { return iterations_; }
  long long best_iteration() const { return best_iteration_; }

 private:
  void prepare();
  void estimate_fines();
  void build();
  void take(Style style);
  void choose_heat();
  void begin_closing();
  void end_closing();
  void shake();
  void choose_near(int seed);
  bool is_acceptable(Cost cost, double progress);
  void count_legal();
  void adjust_fines();
  void remember();

  const Problem& problem_;
  Style style_ = Style::kCold;
  Random random_;
  bool has_sites_;  // vehicles that may not do all visits
  Neighborhood neighborhood_;
  LoosePlan plan_;
  Fines fines_;
  Descent descent_;
  Closing closing_;
  Cost cost_before_closing_ = 0;
  Heat heat_;
  double typical_leg_ = 0.0;  // 0 = not prepared yet
  Cost current_ = 0;          // fined
  int counted_ = 0;  // plans since fines were adjusted
  int legal_in_time_ = 0;
  int legal_in_load_ = 0;
  long long iterations_ = 0;
  long long best_iteration_ = 0;
  std::vector<int> pending_;  // not tried in the first plan yet
  std::vector<int> removed_;
  Decision best_;
  long long noted_ = 0;  // clock of the plan when it was the best
  Cost best_cost_;
};

}  // namespace servicenet::routing
