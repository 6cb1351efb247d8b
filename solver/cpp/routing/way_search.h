// The trials behind `WayFinder`: which ways are worth carrying out.
//
// Ejection follows Nagata & Braysy (2009), section 3: a visit takes its place, and those that no
// longer fit leave and are put in elsewhere. Two vehicles change; where nobody can be served like
// that, a chain goes on to a third one.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "breaks.h"
#include "insertion.h"
#include "way_trials.h"
#include "ways.h"

namespace servicenet::routing {

// Stops (not breaks) in front of node `position`; and a node in front of which so many stand.
int stops_before(const Route& route, int position);
int node_behind(const Route& route, int stops);

Cost left_of(Cost bound, Cost price);

class WaySearch {
 public:
  WaySearch(const Plan& plan, const Prepared& prepared, int visit, int top);

  // Ways to put the visit between the others: the best ones of each vehicle.
  void insert();
  // Ways that take up to `most` neighboring visits of a vehicle out of its way.
  void eject(int most);
  // After `eject`, which found no way: those who make room go to pools, or the one who does takes the
  // place of another visit, which goes to a pool or where the chain began. Two vehicles at most.
  void exchange();
  // After that: those who make room go to two vehicles.
  void part();
  // Pairs of vehicles between which everybody might be served: one that makes room and one that is in
  // time for somebody who does. The cheapest room first.
  std::vector<std::pair<int, int>> find_pairs() const;
  // After `exchange`: one takes the place of another, that one of the next, and so on, until one goes
  // where nobody has to leave. The fewest vehicles there are.
  void follow();
  // Where nothing else was found: one of those who make room goes wherever it can, later than promised.
  void spare();
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

  // A displaced visit that leaves together with another one, and goes where nobody has to.
  struct Side {
    int visit = -1;
    Home home;
  };
  // A route on which a displaced visit takes the place of `ousted`, and maybe of one more.
  struct Replacement {
    Insertion way;
    int ousted;
    Side side;
    Cost price;  // with `ousted` on no route
  };
  // The cheapest ones for a visit, cheapest first.
  struct Replacements {
    bool known = false;
    std::vector<Replacement> best;
  };

  // A position that may be worth it with the breaks placed anew.
  struct Promise {
    Cost least;
    int vehicle;
    int stops;  // before it, breaks aside
  };

  // A visit without a place at the end of a chain: it left for the one of `parent`.
  struct Link {
    int visit;
    int parent;       // link before it, -1 = it made room
    int room;         // where the chain began
    Side side;        // who left with it
    Insertion taken;  // where the one of `parent` goes
    Cost price;       // with `visit` on no route
  };

  void rank_vehicles();
  Cost least_price(int vehicle) const;
  void insert_into(int vehicle);
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

  bool take_place(const Room& room, Route& route);
  void give_to_two(const Room& room);
  void sketch(const Room& room, std::vector<Home> back, Cost price);
  void give_to_pools(const Room& room);
  void give_one_to_pool(const Room& room);
  void hand_on(const Room& room);
  void find_onward(int visit, const Route& taken, Home& home);
  bool is_exchange(const Replacement& next) const;
  void find_home_elsewhere(int vehicle, int visit, Home& home);
  void find_home_in_pool(int visit, Home& home) const;
  const std::vector<Replacement>& find_replacements(int visit);
  void replace_on(int vehicle, int visit, std::vector<Replacement>& found);
  void replace(int visit, int first, int second, std::vector<Replacement>& found);
  Home find_side(int visit, const Route& with);
  const Route* without(int visit, int next);
  bool put_on(const Route& rest, Insertion way, int visit, Route& route);

  void begin_chains(std::vector<Link>& links);
  void begin_chain(int room, std::size_t open, std::vector<Link>& links);
  void end_chain(const std::vector<Link>& links, int last);
  Home find_end(const std::vector<Link>& links, int last);
  Home find_end_on_chain(const std::vector<Link>& links, const Link& link);
  void lengthen_chain(const std::vector<Link>& links, int last, std::vector<Link>& next);
  bool is_on_chain(const std::vector<Link>& links, int last, int vehicle) const;

  const Plan& plan_;
  const Problem& problem_;
  const Prepared& prepared_;
  const Surroundings around_;
  WayTrials trials_;
  int visit_;
  std::size_t top_;
  std::vector<std::pair<Cost, int>> vehicles_;  // (least price, vehicle)
  std::vector<Cost> best_of_;                   // per vehicle, the cheapest way so far
  Cost threshold_ = kInfinite;                  // a way as dear as this is not among the best
  std::vector<Sketch> sketches_;
  std::vector<Room> rooms_;
  std::vector<Homes> homes_;
  int replaced_ = 0;
  std::vector<Replacements> replacements_;            // per visit
  std::vector<char> tried_without_;                    // per visit, alone and with the next one
  std::vector<char> linked_;                           // per visit: it is at the end of some chain
  std::vector<std::unique_ptr<const Route>> without_;  // the same: its route if it leaves
  Scratch scratch_;
  BreakPlacer placer_;
  Route rest_;
  Route built_;
  Route host_;
};

}  // namespace servicenet::routing
