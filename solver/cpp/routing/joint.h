// All trials that make stop i of tour a follow stop j - 1 of tour b have one new leg and two old ones in
// common. Legs alone say of most that they gain nothing: those end here, after few looks at the table of
// legs, often before all their new legs are added up.
#pragma once

#include <algorithm>
#include <cstdlib>

#include "loose_plan.h"

namespace servicenet::routing {

class Joint {
 public:
  // A tour and one of its stops.
  struct End {
    const Tour& tour;
    int stop;
  };

  // Parts that change places have at most so many visits.
  static constexpr int kLongest = 3;

  // `way`: meters of the new leg, if all vehicles go the same ways.
  Joint(const LoosePlan& plan, const Fines& fines, const End& a, const End& b, Cost way)
      : plan_(plan),
        tour_(a.tour),
        s_(a.tour.stops.data() + a.stop),
        t_(b.tour.stops.data() + b.stop),
        decides_(do_legs_decide(plan, a, b)),
        back_(between(s_ - 1, t_)),
        more_((plan.has_one_profile() ? way : between(t_ - 1, s_)) - leg_to(s_) - leg_to(t_) -
              (decides_ ? spare(fines, a.tour, b.tour) : 0)) {}

  // True if it is vain that `m` stops of a, from the i-th on, change places with `n` of b, from the j-th.
  bool is_vain_behind(int m, int n) const {
    if (!decides_) return false;
    Cost more = more_ - leg_to(s_ + m) - (n > 0 ? leg_to(t_ + n) - back_ : 0);
    if (more >= 0) return true;
    more += between(s_ + m - 1, t_ + n);
    if (more >= 0) return true;
    return more + between(n > 0 ? t_ + n - 1 : s_ - 1, s_ + m) >= 0;
  }

  // The same of the `m` stops of b in front of the j-th and the `n` of a in front of the i-th.
  bool is_vain_before(int m, int n) const {
    if (!decides_) return false;
    Cost more = more_ - leg_to(t_ - m) - (n > 0 ? leg_to(s_ - n) - back_ : 0);
    if (more >= 0) return true;
    more += between(s_ - 1 - n, t_ - m);
    if (more >= 0) return true;
    return more + between(t_ - m - 1, n > 0 ? s_ - n : t_) >= 0;
  }

  // The same of tails.
  bool is_vain_for_tails() const { return decides_ && more_ + back_ >= 0; }

 private:
  static Cost leg_to(const Stop* stop) { return stop->way - (stop - 1)->way; }
  Cost between(const Stop* from, const Stop* to) const {
    return plan_.leg(tour_, from->place, to->place).distance;
  }

  // Not where prices of legs differ, tours may lose all visits, or parts of one tour may touch.
  static bool do_legs_decide(const LoosePlan& plan, const End& a, const End& b) {
    if (a.tour.vehicle == b.tour.vehicle && std::abs(a.stop - b.stop) <= kLongest) return false;
    const bool may_empty = std::min(a.tour.size(), b.tour.size()) <= kLongest ||
                           (a.stop == 1 && b.stop == b.tour.size() + 1);
    return !may_empty && a.tour.legs == b.tour.legs && a.tour.per_meter == b.tour.per_meter &&
           a.tour.per_meter > 0 && plan.assigns_free();
  }

  // Meters that are worth as much as the fines.
  static Cost spare(const Fines& fines, const Tour& a, const Tour& b) {
    const Cost fine = a.fine(fines) + b.fine(fines);
    return fine == 0 ? 0 : fine / a.per_meter + 1;
  }

  const LoosePlan& plan_;
  const Tour& tour_;
  const Stop* s_;
  const Stop* t_;
  bool decides_;
  Cost back_;  // of the leg from stop i - 1 to stop j
  Cost more_;  // by how many meters tours grow, but for the rest of the legs
};

}  // namespace servicenet::routing
