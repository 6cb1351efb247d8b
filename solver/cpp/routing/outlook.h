// What a plan under repair will cost at the least, so that the repair of one that is bound to be
// refused ends early. Visits that wait to be put back are taken to cost nothing. (What each has cost
// at the least so far is a poor guess: a visit alone on a route is then never tried elsewhere.)
#pragma once

#include <vector>

#include "plan.h"

namespace servicenet::routing {

class Outlook {
 public:
  explicit Outlook(const Problem& problem);

  // `visits` are about to be put back, and the plan is of no use if it then costs `most` or more.
  void begin(const Plan& plan, const std::vector<int>& visits, Cost most);
  // `visit` is the next: it must cost less than this.
  Cost room_for(const Plan& plan, int visit);

 private:
  Cost penalty(int visit) const {
    return problem_.visits[static_cast<std::size_t>(visit)].penalty;
  }

  const Problem& problem_;
  Cost most_ = 0;
  Cost waiting_ = 0;  // penalties of visits that wait
};

}  // namespace servicenet::routing
