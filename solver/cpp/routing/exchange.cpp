#include "exchange.h"

#include <cassert>

namespace servicenet::routing {

Exchange::Exchange(LoosePlan& plan, const Fines& fines)
    : plan_(plan), fines_(fines), load_(plan.problem().n_loads, 0) {}

Cost Exchange::bridge(const Tour& onto, const Stop& before, const Tour& giver, int from, int to,
                      const Stop& behind) const {
  if (from == to) return plan_.leg(onto, before.place, behind.place).distance;
  const Stop* stops = giver.stops.data();
  Cost way = static_cast<Cost>(plan_.leg(onto, before.place, stops[from].place).distance) +
             plan_.leg(onto, stops[to - 1].place, behind.place).distance;
  if (onto.legs == giver.legs) return way + stops[to - 1].way - stops[from].way;
  for (int i = from; i + 1 < to; ++i) {
    way += plan_.leg(onto, stops[i].place, stops[i + 1].place).distance;
  }
  return way;
}

void Exchange::go_through(const Tour& onto, Warped& time, int& place, const Tour& giver, int from,
                          int to) const {
  for (int i = from; i < to; ++i) {
    const Stop& stop = giver.stops[i];
    time = join(time, plan_.leg(onto, place, stop.place).duration + stop.access, stop.alone);
    place = stop.place;
  }
}

// Warp of `onto` up to stop `from`, then [first, last) of `giver`, then `onto` from stop `to` on.
Seconds Exchange::warp_with(const Tour& onto, int from, const Tour& giver, int first, int last,
                            int to) const {
  Warped time = onto.stops[from].upto;
  int place = onto.stops[from].place;
  go_through(onto, time, place, giver, first, last);
  const Stop& behind = onto.stops[to];
  const Seconds way = plan_.leg(onto, place, behind.place).duration + behind.access;
  return onto.warp_of(join(time, way, behind.from));
}

bool Exchange::fits(const Tour& giver, int from, int to, int vehicle) const {
  if (plan_.takes_all()) return true;
  for (int i = from; i < to; ++i) {
    if (!plan_.problem().allowed(giver.stops[i].visit, vehicle)) return false;
  }
  return true;
}

Cost Exchange::assigned(const Tour& giver, int from, int to, int vehicle) const {
  if (plan_.takes_all()) return 0;
  Cost price = 0;
  for (int i = from; i < to; ++i) {
    price += plan_.assignment(giver.stops[i].visit, vehicle);
  }
  return price;
}

Cost Exchange::basic(const Tour& tour, Cost way, Cost assigned, bool empties) const {
  return empties ? 0 : tour.fixed + assigned + tour.per_meter * way;
}

void Exchange::change_loads(const Tour& tour, int from, int to, int sign) {
  const int loads = plan_.problem().n_loads;
  const int* upto = tour.load_upto.data();
  for (int d = 0; d < loads; ++d) {
    load_[d] += sign * (upto[(to - 1) * loads + d] - upto[(from - 1) * loads + d]);
  }
}

void Exchange::append(std::vector<int>& visits, const Tour& tour, int from, int to) {
  for (int i = from; i < to; ++i) visits.push_back(tour.stops[i].visit);
}

// Takes over the new visits of two tours; of one, if `b` is -1.
bool Exchange::set(int a, int b, [[maybe_unused]] Cost more) {
  [[maybe_unused]] const Cost before = plan_.fined(fines_);
  plan_.set(a, new_a_);
  if (b >= 0) plan_.set(b, new_b_);
  assert(plan_.fined(fines_) == before + more);
  return true;
}

Cost Exchange::excess_fine(const Tour& a, const Tour& b) {
  const Cost first = plan_.excess_with(a, load_);
  for (int& load : load_) load = -load;
  return fines_.load * (first + plan_.excess_with(b, load_));
}

bool Exchange::parts(const Part& p, const Part& q) {
  if (p.vehicle != q.vehicle) return between(p, q);
  return p.from <= q.from ? within(p, q) : within(q, p);
}

// Both tours without fines once p and q have changed places; kInfinite if that is forbidden.
Cost Exchange::basic_between(const Tour& a, const Part& p, const Tour& b, const Part& q) const {
  const Stop* s = a.stops.data();
  const Stop* t = b.stops.data();
  if (a.type != b.type &&
      (!fits(a, p.from, p.to, q.vehicle) || !fits(b, q.from, q.to, p.vehicle))) {
    return kInfinite;
  }
  const Cost way_a = a.way() + bridge(a, s[p.from - 1], b, q.from, q.to, s[p.to]) - s[p.to].way +
                     s[p.from - 1].way;
  const Cost way_b = b.way() + bridge(b, t[q.from - 1], a, p.from, p.to, t[q.to]) - t[q.to].way +
                     t[q.from - 1].way;
  const Cost assigned_a = a.assigned - assigned(a, p.from, p.to, p.vehicle) +
                          assigned(b, q.from, q.to, p.vehicle);
  const Cost assigned_b = b.assigned - assigned(b, q.from, q.to, q.vehicle) +
                          assigned(a, p.from, p.to, q.vehicle);
  return basic(a, way_a, assigned_a, q.length() == 0 && p.length() == a.size()) +
         basic(b, way_b, assigned_b, p.length() == 0 && q.length() == b.size());
}

// By how much two tours that go the same ways grow together if p and q change places.
Cost Exchange::more_between(const Tour& a, const Part& p, const Tour& b, const Part& q) const {
  const Stop* s = a.stops.data();
  const Stop* t = b.stops.data();
  const auto way = [&](const Stop& from, const Stop& to) {
    return static_cast<Cost>(plan_.leg(a, from.place, to.place).distance);
  };
  Cost more = s[p.from - 1].way - s[p.from].way + t[q.from - 1].way - t[q.from].way;
  if (p.length() > 0) {
    more += s[p.to - 1].way - s[p.to].way + way(t[q.from - 1], s[p.from]) +
            way(s[p.to - 1], t[q.to]);
  } else {
    more += way(t[q.from - 1], t[q.to]);
  }
  if (q.length() > 0) {
    more += t[q.to - 1].way - t[q.to].way + way(s[p.from - 1], t[q.from]) +
            way(t[q.to - 1], s[p.to]);
  } else {
    more += way(s[p.from - 1], s[p.to]);
  }
  return more;
}

bool Exchange::between(const Part& p, const Part& q) {
  const Tour& a = plan_.tour(p.vehicle);
  const Tour& b = plan_.tour(q.vehicle);
  const Cost fine = a.fine(fines_) + b.fine(fines_);
  const bool empties = (q.length() == 0 && p.length() == a.size()) ||
                       (p.length() == 0 && q.length() == b.size());
  // Decides most trials. A tour without visits does not go from its start to its end.
  if (!empties && a.legs == b.legs && a.per_meter == b.per_meter && plan_.assigns_free() &&
      a.per_meter * more_between(a, p, b, q) >= fine) {
    return false;
  }
  const Cost now = a.cost + b.cost + fine;
  Cost after = basic_between(a, p, b, q);
  if (after >= now) return false;
  std::fill(load_.begin(), load_.end(), 0);
  change_loads(b, q.from, q.to, 1);
  change_loads(a, p.from, p.to, -1);
  after += excess_fine(a, b);
  if (after >= now) return false;
  if (q.length() > 0 || p.length() < a.size()) {
    after += fines_.late * warp_with(a, p.from - 1, b, q.from, q.to, p.to);
    if (after >= now) return false;
  }
  if (p.length() > 0 || q.length() < b.size()) {
    after += fines_.late * warp_with(b, q.from - 1, a, p.from, p.to, q.to);
    if (after >= now) return false;
  }
  new_a_.clear();
  append(new_a_, a, 1, p.from);
  append(new_a_, b, q.from, q.to);
  append(new_a_, a, p.to, a.size() + 1);
  new_b_.clear();
  append(new_b_, b, 1, q.from);
  append(new_b_, a, p.from, p.to);
  append(new_b_, b, q.to, b.size() + 1);
  return set(p.vehicle, q.vehicle, after - now);
}

// x lies before y: then come y, what is between them, x.
bool Exchange::within(const Part& x, const Part& y) {
  if (x.to > y.from || x.length() + y.length() == 0) return false;
  if (x.to == y.from && (x.length() == 0 || y.length() == 0)) return false;
  const Tour& tour = plan_.tour(x.vehicle);
  const Cost fine = fines_.late * tour.warp;
  Cost more = tour.per_meter * more_within(tour, x, y) - fine;
  if (more >= 0) return false;
  const std::array<Part, 3> pieces{y, Part{x.vehicle, x.to, y.from}, x};
  Warped time = tour.stops[x.from - 1].upto;
  int place = tour.stops[x.from - 1].place;
  for (const Part& piece : pieces) {
    for (int i = piece.from; i < piece.to; ++i) {
      go_through(tour, time, place, tour, i, i + 1);
      if (more + fines_.late * time.warp >= 0) return false;
    }
  }
  const Stop& behind = tour.stops[y.to];
  const Seconds to_there = plan_.leg(tour, place, behind.place).duration + behind.access;
  more += fines_.late * tour.warp_of(join(time, to_there, behind.from));
  if (more >= 0) return false;
  new_a_.clear();
  append(new_a_, tour, 1, x.from);
  for (const Part& piece : pieces) append(new_a_, tour, piece.from, piece.to);
  append(new_a_, tour, y.to, tour.size() + 1);
  return set(x.vehicle, -1, more);
}

// By how much a tour grows if x and y, which lies behind, change places.
Cost Exchange::more_within(const Tour& tour, const Part& x, const Part& y) const {
  const Stop* s = tour.stops.data();
  int last = x.from - 1;
  Cost more = s[last].way - s[y.to].way;
  const auto go_on = [&](int from, int to) {
    if (from == to) return;
    more += plan_.leg(tour, s[last].place, s[from].place).distance + s[to - 1].way - s[from].way;
    last = to - 1;
  };
  go_on(y.from, y.to);
  go_on(x.to, y.from);
  go_on(x.from, x.to);
  return more + plan_.leg(tour, s[last].place, s[y.to].place).distance;
}

bool Exchange::tails(int va, int i, int vb, int j) {
  const Tour& a = plan_.tour(va);
  const Tour& b = plan_.tour(vb);
  const int end_a = a.size() + 1;
  const int end_b = b.size() + 1;
  if ((i == 1 && j == 1) || (i == end_a && j == end_b)) return false;
  // Where tours end at different places, each keeps its own.
  if (a.type != b.type) return between({va, i, end_a}, {vb, j, end_b});
  const Cost now = a.cost + b.cost + a.fine(fines_) + b.fine(fines_);
  Cost after = joined(a, i, b, j, false) + joined(b, j, a, i, false);
  if (after >= now) return false;
  after = joined(a, i, b, j, true) + joined(b, j, a, i, true);
  if (after >= now) return false;
  std::fill(load_.begin(), load_.end(), 0);
  change_loads(b, j, end_b, 1);
  change_loads(a, i, end_a, -1);
  after += excess_fine(a, b);
  if (after >= now) return false;
  new_a_.clear();
  append(new_a_, a, 1, i);
  append(new_a_, b, j, end_b);
  new_b_.clear();
  append(new_b_, b, 1, j);
  append(new_b_, a, i, end_a);
  return set(va, vb, after - now);
}

// Tour a up to its i-th stop, then b from its j-th on: without fines, or with that for lateness.
Cost Exchange::joined(const Tour& a, int i, const Tour& b, int j, bool with_time) const {
  if (i == 1 && j == b.size() + 1) return 0;
  const Stop& last = a.stops[i - 1];
  const Stop& next = b.stops[j];
  const Leg& between = plan_.leg(a, last.place, next.place);
  const Cost way = last.way + between.distance + b.way() - next.way;
  const Cost price = assigned(a, 1, i, a.vehicle) + assigned(b, j, b.size() + 1, a.vehicle);
  const Cost cost = basic(a, way, price, false);
  if (!with_time) return cost;
  const Warped time = join(last.upto, between.duration + next.access, next.from);
  return cost + fines_.late * a.warp_of(time);
}

Cost Exchange::price_of_adding(int visit, int vehicle, int i, Cost most) {
  const Tour& tour = plan_.tour(vehicle);
  const Stop& before = tour.stops[i - 1];
  const Stop& behind = tour.stops[i];
  const Stop& added = plan_.stop(visit);
  const Leg& in = plan_.leg(tour, before.place, added.place);
  const Leg& out = plan_.leg(tour, added.place, behind.place);
  const Cost way = before.way + in.distance + out.distance + tour.way() - behind.way;
  const Cost price = plan_.assignment(visit, vehicle);
  Cost more = basic(tour, way, tour.assigned + price, false) - tour.cost - tour.fine(fines_);
  if (more >= most) return most;
  for (std::size_t d = 0; d < load_.size(); ++d) {
    load_[d] = plan_.demand(visit, static_cast<int>(d));
  }
  more += fines_.load * plan_.excess_with(tour, load_);
  if (more >= most) return most;
  const Warped time = join(before.upto, in.duration + added.access, added.alone);
  const Warped whole = join(time, out.duration + behind.access, behind.from);
  return more + fines_.late * tour.warp_of(whole);
}

void Exchange::add(int visit, int vehicle, int i) {
  const Tour& tour = plan_.tour(vehicle);
  new_a_.clear();
  append(new_a_, tour, 1, i);
  new_a_.push_back(visit);
  append(new_a_, tour, i, tour.size() + 1);
  plan_.set(vehicle, new_a_);
}

void Exchange::remove(int vehicle, int i) {
  const Tour& tour = plan_.tour(vehicle);
  new_a_.clear();
  append(new_a_, tour, 1, i);
  append(new_a_, tour, i + 1, tour.size() + 1);
  plan_.set(vehicle, new_a_);
}

bool Exchange::leave_out(int vehicle, int i) {
  const Tour& tour = plan_.tour(vehicle);
  const int visit = tour.stops[i].visit;
  const Cost penalty = plan_.penalty(visit);
  const Cost now = tour.cost + tour.fine(fines_);
  if (penalty >= now) return false;
  const bool empties = tour.size() == 1;
  const Cost way = tour.way() + bridge(tour, tour.stops[i - 1], tour, i, i, tour.stops[i + 1]) -
                   tour.stops[i + 1].way + tour.stops[i - 1].way;
  const Cost price = tour.assigned - assigned(tour, i, i + 1, vehicle);
  Cost after = penalty + basic(tour, way, price, empties);
  if (after >= now) return false;
  std::fill(load_.begin(), load_.end(), 0);
  change_loads(tour, i, i + 1, -1);
  after += fines_.load * plan_.excess_with(tour, load_);
  if (!empties) after += fines_.late * warp_with(tour, i - 1, tour, i, i, i + 1);
  if (after >= now) return false;
  [[maybe_unused]] const Cost before = plan_.fined(fines_);
  remove(vehicle, i);
  assert(plan_.fined(fines_) == before + after - now);
  return true;
}

}  // namespace servicenet::routing
