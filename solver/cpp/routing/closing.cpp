#include "closing.h"

#include <algorithm>

namespace servicenet::routing {

namespace {

constexpr int kTrialPerVisit = 4;  // iterations
constexpr double kPauses = 3.0;    // as long as so many trials
constexpr double kMostPauses = 50.0;

}  // namespace

Closing::Closing(LoosePlan& plan, Descent& descent, Random& random)
    : plan_(plan), descent_(descent), random_(random), pauses_(kPauses) {}

bool Closing::pass() {
  if (left_ == 0) {
    --pause_;
    return false;
  }
  --left_;
  if (left_ == 0) descent_.open_tours(true);
  return left_ == 0;
}

// The shorter of two; -1 where there is no other tour to take its visits.
int Closing::choose_tour() {
  int used = 0;
  for (int k = 0; k < plan_.problem().n_vehicles; ++k) used += plan_.tour(k).empty() ? 0 : 1;
  if (used < 2) return -1;
  int chosen = -1;
  for (int draws = 0; draws < 2; ++draws) {
    const int vehicle = plan_.vehicle_of(random_.below(plan_.problem().n_visits));
    if (vehicle < 0) continue;
    if (chosen < 0 || plan_.tour(vehicle).size() < plan_.tour(chosen).size()) chosen = vehicle;
  }
  return chosen;
}

void Closing::begin() {
  const int vehicle = choose_tour();
  if (vehicle < 0) {
    pause_ = plan_.problem().n_visits;
    return;
  }
  before_ = plan_.decision();
  const Tour& tour = plan_.tour(vehicle);
  homeless_.clear();
  for (int i = 1; i <= tour.size(); ++i) homeless_.push_back(tour.stops[i].visit);
  left_ = kTrialPerVisit * tour.size();
  pause_ = static_cast<int>(pauses_ * left_);
  random_.shuffle(homeless_);
  descent_.open_tours(false);
  descent_.take_out(homeless_);
  for (const int visit : homeless_) {
    if (!descent_.put_back(visit, true)) descent_.push(visit);
  }
  descent_.run();
}

void Closing::keep() {
  pauses_ = kPauses;
}

void Closing::take_back() {
  pauses_ = std::min(longer_ * pauses_, kMostPauses);
  plan_.adopt(before_);
}

void Closing::stop() {
  left_ = 0;
  descent_.open_tours(true);
}

}  // namespace servicenet::routing
