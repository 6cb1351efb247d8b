// What stands beside a visit on its route, in one cache line: enough to see that another visit
// cannot go there, or is too dear, without a look at the route. Most trials end here.
#pragma once

#include <vector>

#include "neighborhood.h"
#include "route.h"

namespace servicenet::routing {

struct alignas(64) Flank {
  // In the place of a location: a break, whose place depends on who comes next to it.
  static constexpr int kBreak = -1;

  int vehicle = -1;
  int profile = -1;  // below 0: pick-ups or the hour have a say; nothing can be told
  Cost per_meter = 0;
  Cost per_second = 0;  // of a later end
  int before = kBreak;  // location of the stop in front
  Seconds ready_before = 0;
  Meters leg_in = 0;
  Seconds latest_at = 0;
  Seconds free_until = 0;  // being here later moves the end of the route by as much
  Seconds ready = 0;
  int behind = kBreak;  // location of the stop behind
  Meters leg_out = 0;
  Seconds latest_behind = 0;
  Seconds free_behind = 0;
};

// Brings the flanks of the visits on `route`, whose times are known, up to date.
void fill_flanks(const Problem& problem, const Route& route, std::vector<Flank>& flanks);

// A visit that looks for a place.
struct Candidate {
  const Problem& problem;
  int visit;
  const Visit& source;
  const Window& window;  // the first
  bool is_plain;  // one window, no parts, no links, one service time
  Cost undone;    // most that standing between two others can save: their order as told

  Candidate(const Problem& all, int which);

  // False only if the visit cannot stand directly behind (in front of) `near`, at whose side
  // `flank` tells what there is, for less than `bound`.
  bool may_follow(const Flank& flank, const Beside& near, Cost bound) const;
  bool may_precede(const Flank& flank, const Beside& near, Cost bound) const;

 private:
  // One side of a visit: what a stop there would stand between.
  struct Side {
    Seconds ready;
    Meters leg;
    Seconds latest;
    Seconds free_until;
  };
  bool may_stand(const Flank& flank, const Side& side, const Leg& in, const Leg& out,
                 Cost bound) const;
  Cost saved_by_leaving_later(const Flank& flank, const Side& side, const Leg& in,
                              Seconds arrival) const;
};

}  // namespace servicenet::routing
