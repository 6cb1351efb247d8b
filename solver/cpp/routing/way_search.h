// The trials behind `WayFinder`: which ways are worth carrying out.
//
// Ejection follows Nagata & Braysy (2009), section 3: a visit takes its place, and those that no
// longer fit leave and are put in elsewhere; with two vehicles at most the chain has length one.
#pragma once

#include <utility>
#include <vector>

#include "breaks.h"
#include "insertion.h"
#include "ways.h"

namespace servicenet::routing {

// Stops (not breaks) in front of node `position`; and a node in front of which so many stand.
int stops_before(const Route& route, int position);
int node_behind(const Route& route, int stops);

class WaySearch {
 public:
  WaySearch(const Plan& plan, const Prepared& prepared, int visit, int top);

  // Ways to put the visit between the others: the best ones of each vehicle.
  void insert();
  // Ways that take up to `most` neighboring visits of a vehicle out of its way.
  void eject(int most);
  // Where nothing else was found: ways that leave visits out.
  void drop();

  // Cheapest first.
  std::vector<Sketch> take_sketches();

 private:
  // A route that has made room.
  struct Room {
    Insertion way;
    std::vector<int> removed;
    Cost price;  // with `removed` on no route
  };
  // The best ways for a displaced visit to other vehicles, cheapest first; complete below `bound`.
  struct Homes {
    bool known = false;
    Cost bound = 0;
    std::vector<Insertion> best;
  };

  // A position that may be worth it with the breaks placed anew.
  struct Promise {
    Cost least;
    int vehicle;
    int stops;  // before it, breaks aside
  };

  void rank_vehicles();
  Cost least_price(int vehicle) const;
  Cost late_price(int visit, Seconds arrival) const;
  bool takes(const Route& route, int visit) const;
  void insert_into(int vehicle);
  void insert_alone(const Route& empty, int visit, Insertion& best);
  void find_promises(int vehicle, std::vector<Promise>& promises);
  void place_breaks_anew();
  void try_promise(const Promise& promise);
  void add_sketch(Sketch sketch);
  Cost bound_of(int vehicle) const;

  bool may_leave(int visit) const;
  void make_room(int vehicle, int most);
  void try_room(const Route& route, const std::vector<int>& nodes);
  void rehouse(const Room& room);
  void settle_on(Route& route, const Room& room);
  const std::vector<Insertion>& find_homes(int visit, Cost bound);
  void look_for_home(int visit, int vehicle, Homes& homes);
  void scan(const Route& route, int visit, Insertion& best);

  const Plan& plan_;
  const Problem& problem_;
  const Prepared& prepared_;
  const Surroundings around_;
  int visit_;
  std::size_t top_;
  std::vector<std::pair<Cost, int>> vehicles_;  // (least price, vehicle)
  std::vector<Cost> best_of_;                   // per vehicle, the cheapest way so far
  Cost threshold_ = kInfinite;                  // a way as dear as this is not among the best
  std::vector<Sketch> sketches_;
  std::vector<Room> rooms_;
  std::vector<Homes> homes_;
  Scratch scratch_;
  BreakPlacer placer_;
  Route rest_;
  Route built_;
  Route host_;
};

}  // namespace servicenet::routing
