#include "loose_search.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace servicenet::routing {

namespace {

constexpr int kAround = 40;
constexpr int kNear = 20;
// Where vehicles may not do all visits, many near a visit are on tours that may not take it: more are
// tried, and what is taken out lies farther apart.
constexpr int kNearOfSites = 40;
constexpr int kBuilt = 8;  // visits an iteration adds to the first plan
constexpr int kMostShaken = 25;
constexpr double kTaken = 0.5;         // chance of each near the first to be taken out, too
constexpr double kTakenOfSites = 0.3;
constexpr double kWholeTour = 0.05;    // chance to take out a tour as a whole instead
constexpr double kForced = 0.2;        // chance that all have to go on some tour at first
constexpr int kFineEvery = 200;        // iterations
constexpr double kLegal = 0.5;         // wanted share of plans that break no rule of a kind
constexpr double kFirstFine = 3.0;

// Temperatures are multiples of the typical leg.
constexpr double kLongTour = 15.0;  // mean visits
constexpr Heat kShortTours{4.0, 0.2};

struct Settings {
  Manner manner;
  Heat long_tours;
  double pause_growth;
};

// Hot: places are overlooked, parts turned round, trials without a tour become rarer while they fail.
// Below 600 visits that was better only where tours are long and all vehicles alike, and there without
// exchanges of pairs; from 600 on everywhere, with them. What lies between 400 and 1000 was not measured.
constexpr int kMedium = 300;
constexpr int kMany = 600;
constexpr Settings kCold{{0.0, false, true}, {1.0, 0.1}, 1.0};
constexpr Settings kHot{{0.05, true, false}, {16.0, 0.05}, 1.5};
constexpr Settings kHotOfMany{{0.05, true, true}, {16.0, 0.05}, 1.5};

const Settings& settings_of(Style style) {
  if (style == Style::kCold) return kCold;
  return style == Style::kHot ? kHot : kHotOfMany;
}

constexpr double kLastClosing = 0.85;  // progress

bool has_sites(const Problem& problem) {
  return std::any_of(problem.assignment.begin(), problem.assignment.end(),
                     [](Cost price) { return price < 0; });
}

}  // namespace

LooseSearch::LooseSearch(const Problem& problem, std::uint64_t seed)
    : LooseSearch(problem, seed,
                  {{0, 0}, problem.n_visits >= kMany ? Style::kHotOfMany : Style::kCold}, {}) {}

LooseSearch::LooseSearch(const Problem& problem, std::uint64_t seed, const Learned& learned,
                         Excerpt excerpt)
    : problem_(problem),
      random_(seed),
      has_sites_(has_sites(problem)),
      neighborhood_(problem, kAround, has_sites_ ? kNearOfSites : kNear, excerpt),
      plan_(problem),
      fines_(learned.fines),
      descent_(plan_, neighborhood_, fines_, random_),
      closing_(plan_, descent_, random_),
      best_cost_(plan_.true_cost()) {
  best_ = plan_.decision();
  take(learned.style);
}

void LooseSearch::take(Style style) {
  style_ = style;
  descent_.use(settings_of(style).manner);
  closing_.grow_pauses(settings_of(style).pause_growth);
}

void LooseSearch::prepare() {
  typical_leg_ = std::max(1.0, neighborhood_.typical_leg());
  if (fines_.late == 0) estimate_fines();
}

// A second costs what a few meters do, a visit's load what a few legs do.
void LooseSearch::estimate_fines() {
  long long demand = 0;
  for (const int units : problem_.demand) demand += units;
  const auto entries = std::max<std::size_t>(1, problem_.demand.size());
  const double mean = std::max(1.0, static_cast<double>(demand) / static_cast<double>(entries));
  fines_.late = std::max<Cost>(1, static_cast<Cost>(kFirstFine * kFine) *
                                      problem_.vehicles.front().per_meter);
  fines_.load = std::max<Cost>(1, static_cast<Cost>(kFirstFine * kFine * typical_leg_ / mean));
}

// The next visits of a plan of its own, not of the one of ruin and recreate: that has too few routes
// often, and a search does not get away from it.
void LooseSearch::build() {
  removed_.clear();
  for (int count = kBuilt; count > 0 && !pending_.empty(); --count) {
    removed_.push_back(pending_.back());
    pending_.pop_back();
  }
  for (const int visit : removed_) {
    if (!descent_.put_back(visit, false)) descent_.push(visit);
  }
  if (pending_.empty()) {
    descent_.take_in_missing(true);
    for (int visit = 0; visit < problem_.n_visits; ++visit) {
      if (plan_.vehicle_of(visit) < 0) descent_.push(visit);
    }
  }
  descent_.run();
  current_ = plan_.fined(fines_);
  choose_heat();
  remember();
}

void LooseSearch::choose_heat() {
  int used = 0;
  for (int k = 0; k < problem_.n_vehicles; ++k) used += plan_.tour(k).empty() ? 0 : 1;
  const bool has_long_tours = problem_.n_visits >= kLongTour * used;
  const bool is_built = pending_.empty();
  if (style_ == Style::kCold && is_built && has_long_tours && problem_.n_visits >= kMedium &&
      problem_.n_types == 1) {
    take(Style::kHot);
  }
  heat_ = has_long_tours ? settings_of(style_).long_tours : kShortTours;
}

void LooseSearch::adopt(const Decision& decision) {
  if (typical_leg_ == 0.0) prepare();
  closing_.stop();
  plan_.adopt(decision);
  current_ = plan_.fined(fines_);
  choose_heat();
  remember();
}

void LooseSearch::remember() {
  if (!plan_.is_legal() || plan_.true_cost() >= best_cost_) return;
  best_cost_ = plan_.true_cost();
  best_iteration_ = iterations_;
  plan_.refresh(best_, noted_);
  noted_ = plan_.clock();
}

void LooseSearch::iterate(double progress) {
  if (typical_leg_ == 0.0) {
    prepare();
    pending_.resize(problem_.n_visits);
    std::iota(pending_.begin(), pending_.end(), 0);
    random_.shuffle(pending_);
    descent_.take_in_missing(false);
  }
  ++iterations_;
  plan_.begin();
  if (!pending_.empty()) return build();
  if (closing_.pass()) end_closing();
  if (closing_.is_due() && progress < kLastClosing) return begin_closing();
  shake();
  // Often all visits go back to where they were.
  if (plan_.fined(fines_) == current_) {
    descent_.forget();
  } else {
    descent_.run();
    remember();
  }
  if (!closing_.is_on()) count_legal();
  const Cost cost = plan_.fined(fines_);
  if (is_acceptable(cost, progress)) {
    current_ = cost;
  } else {
    plan_.undo();
  }
  if (counted_ == kFineEvery) adjust_fines();
}

void LooseSearch::count_legal() {
  ++counted_;
  legal_in_time_ += plan_.is_late() ? 0 : 1;
  legal_in_load_ += plan_.is_overloaded() ? 0 : 1;
}

void LooseSearch::begin_closing() {
  cost_before_closing_ = current_;
  closing_.begin();
  remember();
  current_ = plan_.fined(fines_);
}

// At no temperature: a tour is closed more easily than opened again.
void LooseSearch::end_closing() {
  if (current_ < cost_before_closing_) return closing_.keep();
  current_ = cost_before_closing_;
  closing_.take_back();
  assert(plan_.fined(fines_) == current_);
}

bool LooseSearch::is_acceptable(Cost cost, double progress) {
  const double temperature =
      kFine * typical_leg_ * heat_.first * std::pow(heat_.last / heat_.first, progress);
  return static_cast<double>(cost - current_) < -temperature * std::log(1.0 - random_.uniform());
}

void LooseSearch::adjust_fines() {
  const auto next = [](Cost fine, int legal) {
    const double share = static_cast<double>(legal) / kFineEvery;
    const double factor = share < kLegal - 0.05 ? 1.25 : (share > kLegal + 0.05 ? 0.85 : 1.0);
    const auto cost = static_cast<Cost>(static_cast<double>(fine) * factor + (factor > 1 ? 1 : 0));
    return std::clamp<Cost>(cost, 1, 1'000'000 * kFine);
  };
  fines_.late = next(fines_.late, legal_in_time_);
  fines_.load = next(fines_.load, legal_in_load_);
  counted_ = legal_in_time_ = legal_in_load_ = 0;
  current_ = plan_.fined(fines_);
}

void LooseSearch::shake() {
  const int seed = closing_.is_on() ? closing_.draw() : random_.below(problem_.n_visits);
  removed_.clear();
  if (!closing_.is_on() && random_.chance(kWholeTour) && plan_.vehicle_of(seed) >= 0) {
    const Tour& tour = plan_.tour(plan_.vehicle_of(seed));
    for (int i = 1; i <= tour.size(); ++i) removed_.push_back(tour.stops[i].visit);
  } else {
    choose_near(seed);
  }
  descent_.take_out(removed_);
  random_.shuffle(removed_);
  // Two may be worth their way together where neither is alone.
  const bool forced = random_.chance(kForced);
  for (const int visit : removed_) descent_.put_back(visit, forced);
}

void LooseSearch::choose_near(int seed) {
  const int most = 1 + random_.below(kMostShaken);
  removed_.push_back(seed);
  for (const int visit : neighborhood_.around(seed)) {
    if (static_cast<int>(removed_.size()) >= most) break;
    if (random_.chance(has_sites_ ? kTakenOfSites : kTaken)) removed_.push_back(visit);
  }
}

}  // namespace servicenet::routing
