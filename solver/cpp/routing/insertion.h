// The exact price of adding one visit to a route at one position with one window.
//
// Most trials fail or are too dear, so the cheap tests come first: is there a way, does the visit
// itself fit, does everything behind it still fit (`Node::latest_at`), can the price still beat the
// bound. Only then lateness is propagated, and only until waiting has absorbed the delay.
#pragma once

#include "route.h"

namespace servicenet::routing {

struct Insertion {
  Cost delta = kInfinite;
  int vehicle = -1;
  int position = 0;  // node index in front of which the visit goes
  int window = 0;
  bool rearranged = false;  // the price holds with the breaks placed anew
};

// Price of inserting `visit` with `window` in front of node `position` of a non-empty feasible
// route, breaks keeping their place in the order. kInfinite if impossible or not below `bound`.
// `scratch` is working memory.
Cost insertion_cost(const Problem& problem, const Route& route, int position, int visit, int window,
                    Cost bound, Route& scratch);

// True if the loads of `visit` fit on top of the route's.
bool load_fits(const Problem& problem, const Route& route, int visit);

// The cheapest window at `position`; updates `best` if it beats it.
void try_position(const Problem& problem, const Route& route, int position, int visit,
                  Insertion& best, Route& scratch);

}  // namespace servicenet::routing
