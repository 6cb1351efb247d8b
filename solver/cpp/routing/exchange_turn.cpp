#include "exchange.h"

namespace servicenet::routing {

// Long tours in wide windows are travelling salesman problems in large part: there, parts that are
// gone through the wrong way round are what no other trial puts right.
bool Exchange::turn(int vehicle, int from, int to) {
  const Tour& tour = plan_.tour(vehicle);
  const Stop* s = tour.stops.data();
  Cost more = tour.per_meter * more_turned(tour, from, to) - fines_.late * tour.warp;
  if (more >= 0) return false;
  Warped time = s[from - 1].upto;
  int place = s[from - 1].place;
  for (int i = to - 1; i >= from; --i) {
    time = join(time, plan_.leg(tour, place, s[i].place).duration + s[i].access, s[i].alone);
    place = s[i].place;
    if (more + fines_.late * time.warp >= 0) return false;
  }
  const Seconds to_there = plan_.leg(tour, place, s[to].place).duration + s[to].access;
  more += fines_.late * tour.warp_of(join(time, to_there, s[to].from));
  if (more >= 0) return false;
  new_a_.clear();
  append(new_a_, tour, 1, from);
  for (int i = to - 1; i >= from; --i) new_a_.push_back(s[i].visit);
  append(new_a_, tour, to, tour.size() + 1);
  return set(vehicle, -1, more);
}

// By how many meters a tour grows if [from, to) is turned round.
Cost Exchange::more_turned(const Tour& tour, int from, int to) const {
  const Stop* s = tour.stops.data();
  const auto way = [&](int i, int j) {
    return static_cast<Cost>(plan_.leg(tour, s[i].place, s[j].place).distance);
  };
  const Cost now = s[to].way - s[from - 1].way;
  return way(from - 1, to - 1) + s[to - 1].back - s[from].back + way(from, to) - now;
}

}  // namespace servicenet::routing
