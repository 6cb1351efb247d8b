// The exact price of adding one visit to a route at one position with one window.
//
// Most trials fail or are too dear, so the cheap tests come first: is there a way, does the visit
// itself fit, does everything behind it still fit (`Node::latest_at`), can the price still beat the
// bound. Only then lateness is propagated, and only until waiting has absorbed the delay.
//
// What the quick arithmetic does not know (pick-ups that have to be added, limits of a route, the
// ends of a route with breaks, visits that wait for each other) is priced by building the route.
#pragma once

#include <array>

#include "breaks.h"
#include "links.h"

namespace servicenet::routing {

struct Pickup {
  int position = 0;  // node index in front of which it goes, the visit and earlier ones being in
  int point = 0;
};

struct Insertion {
  static constexpr int kMostPickups = 3;

  Cost delta = kInfinite;
  int vehicle = -1;
  int position = 0;  // node index in front of which the visit goes
  int window = 0;
  bool rearranged = false;  // the price holds with the breaks placed anew
  bool moves_pickups = false;  // the route's other pick-ups are left out
  int n_pickups = 0;
  std::array<Pickup, kMostPickups> pickups{};
};

// Working memory of trials.
struct Scratch {
  Route route;
  Route timed;
  std::array<Route, Insertion::kMostPickups + 1> with_pickups;
};

// Price of inserting `visit` with `window` in front of node `position` of a non-empty feasible
// route, breaks keeping their place in the order and parts being at hand. kInfinite if impossible or
// not below `bound`.
Cost insertion_cost(const Surroundings& around, const Route& route, int position,
                    int visit, int window, Cost bound, Scratch& scratch);

// True if the loads of `visit` fit on top of the route's.
bool load_fits(const Problem& problem, const Route& route, int visit);

// Puts what `insertion` says into a route that is then to be updated.
void put(const Surroundings& around, const Insertion& insertion, int visit, Route& route);

// Its pick-ups alone; what else it says is in the route.
void put_pickups(const Problem& problem, const Insertion& insertion, Route& route);

// The cheapest window at `position`, with pick-ups where parts are missing; updates `best` if it
// beats it.
void try_position(const Surroundings& around, const Route& route, int position,
                  int visit, Insertion& best, Scratch& scratch);

// Completes `built`, which is `before` with what `way` puts into it, with the cheapest pick-ups that
// give every visit its parts; updates `best`. With `placer` breaks are placed anew each time.
void try_pickups(const Surroundings& around, const Route& before, const Insertion& way,
                 const Route& built, Insertion& best, Scratch& scratch, BreakPlacer* placer);

}  // namespace servicenet::routing
