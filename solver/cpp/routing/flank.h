// What stands beside a visit on its route, in one cache line: enough to see that another visit
// cannot go there, or is too dear, without a look at the route. Most trials end here.
#pragma once

#include <vector>

#include "neighborhood.h"
#include "route.h"

namespace servicenet::routing {

struct alignas(64) Flank {
  int vehicle = -1;
  int profile = -1;  // below 0: breaks, pick-ups or the hour have a say; nothing can be told
  Cost per_meter = 0;
  int before = 0;  // location of the stop in front
  Seconds ready_before = 0;
  Meters leg_in = 0;
  Seconds latest_at = 0;
  Seconds ready = 0;
  int behind = 0;  // location of the stop behind
  Meters leg_out = 0;
  Seconds latest_behind = 0;
};

// Brings the flanks of the visits on `route`, whose times are known, up to date.
void fill_flanks(const Problem& problem, const Route& route, std::vector<Flank>& flanks);

// A visit that looks for a place.
struct Candidate {
  const Problem& problem;
  int visit;
  const Visit& source;
  Seconds earliest;
  Seconds limit;
  bool is_plain;  // one window, no parts, no links, one service time
  Cost undone;    // most that standing between two others can save: their order as told

  Candidate(const Problem& all, int which);

  // False only if the visit cannot stand directly behind (in front of) `near`, at whose side
  // `flank` tells what there is, for less than `bound`.
  bool may_follow(const Flank& flank, const Beside& near, Cost bound) const;
  bool may_precede(const Flank& flank, const Beside& near, Cost bound) const;

 private:
  bool may_stand(const Flank& flank, Seconds ready, const Leg& in, const Leg& out, Meters leg,
                 Seconds latest, Cost bound) const;
};

}  // namespace servicenet::routing
