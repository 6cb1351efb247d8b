// Trials without one of the tours: its visits go on others, their surroundings are searched for a
// while, and only then is the plan compared with the one before. One descent does not do that: on
// the way from one number of long tours to another every plan is dear. (Route elimination as in
// Nagata & Braysy 2009, but judged by cost.)
#pragma once

#include <vector>

#include "descent.h"

namespace servicenet::routing {

class Closing {
 public:
  Closing(LoosePlan& plan, Descent& descent, Random& random);

  // By how much a pause grows after a trial that failed.
  void grow_pauses(double longer) { longer_ = longer; }

  // Counts an iteration; true if the trial under way is over with it.
  bool pass();
  bool is_on() const { return left_ > 0; }
  bool is_due() const { return left_ == 0 && pause_ <= 0; }

  // Takes a tour apart and goes down; until the end of the trial no empty vehicle sets out.
  void begin();
  // A visit that has lost its tour.
  int draw() { return homeless_[random_.below(static_cast<int>(homeless_.size()))]; }
  const Decision& before() const { return before_; }
  // The plan stays without the tour, or goes back to what it was before the trial.
  void keep();
  void take_back();
  void stop();

 private:
  int choose_tour();

  LoosePlan& plan_;
  Descent& descent_;
  Random& random_;
  double longer_ = 1.0;
  int left_ = 0;   // iterations of the trial under way
  int pause_ = 0;  // iterations until the next
  double pauses_;  // how many trials a pause is long: longer the more have failed in a row
  std::vector<int> homeless_;
  Decision before_;
};

}  // namespace servicenet::routing
