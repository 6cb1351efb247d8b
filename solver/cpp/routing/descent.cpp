#include "descent.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace servicenet::routing {

namespace {

struct Sizes {
  int first;
  int second;
};

// How many visits change places with how many; pairs with others last.
constexpr std::array<Sizes, 7> kSizes{{{1, 0}, {2, 0}, {3, 0}, {1, 1}, {2, 1}, {1, 2}, {2, 2}}};
constexpr std::size_t kWithoutPairs = 4;
constexpr std::array<Sizes, 3> kSizesBefore{{{1, 0}, {2, 0}, {1, 1}}};

}  // namespace

Descent::Descent(LoosePlan& plan, Neighborhood& neighborhood, const Fines& fines, Random& random)
    : plan_(plan),
      fines_(fines),
      random_(random),
      exchange_(plan, fines),
      tested_(plan.problem().n_visits, -1),
      is_queued_(plan.problem().n_visits, 0),
      leaves_(plan.problem().n_visits, 0) {
  list_near(neighborhood);
}

void Descent::list_near(Neighborhood& neighborhood) {
  near_.resize(plan_.problem().n_visits);
  for (int visit = 0; visit < plan_.problem().n_visits; ++visit) {
    for (const Beside& beside : neighborhood.beside(visit)) {
      near_[visit].push_back({beside.visit, beside.in.distance, beside.out.distance, false});
    }
  }
  for (int visit = 0; visit < plan_.problem().n_visits; ++visit) {
    for (Near& near : near_[visit]) {
      const std::vector<Near>& back = near_[near.visit];
      near.is_mutual = std::any_of(back.begin(), back.end(), [visit](const Near& other) {
        return other.visit == visit;
      });
    }
  }
}

void Descent::push(int visit) {
  if (visit < 0 || is_queued_[visit]) return;
  is_queued_[visit] = 1;
  queue_.push_back(visit);
}

// Those at a place where a tour has been cut.
void Descent::push_around(int vehicle, int position) {
  const Tour& tour = plan_.tour(vehicle);
  const int last = tour.size() + 1;
  for (int i = std::max(0, position - 1); i <= std::min(last, position + 1); ++i) {
    push(tour.stops[i].visit);
  }
}

void Descent::take_out(const std::vector<int>& visits) {
  for (const int visit : visits) leaves_[visit] = 1;
  for (const int visit : visits) {
    const int vehicle = plan_.vehicle_of(visit);
    if (vehicle < 0) continue;
    const std::vector<Stop>& stops = plan_.tour(vehicle).stops;
    stay_.clear();
    for (std::size_t i = 1; i + 1 < stops.size(); ++i) {
      const bool goes = leaves(stops[i]);
      if (!goes) stay_.push_back(stops[i].visit);
      if (!goes && (leaves(stops[i - 1]) || leaves(stops[i + 1]))) push(stops[i].visit);
    }
    plan_.set(vehicle, stay_);
  }
  for (const int visit : visits) leaves_[visit] = 0;
}

void Descent::try_place(int visit, int vehicle, int position, Place& best) {
  if (!plan_.takes_all() && !plan_.problem().allowed(visit, vehicle)) return;
  const Cost price = exchange_.price_of_adding(visit, vehicle, position, best.price);
  if (price < best.price) best = {price, vehicle, position};
}

bool Descent::put_back(int visit, bool forced) {
  const Problem& problem = plan_.problem();
  Place best{forced ? kInfinite : plan_.penalty(visit), -1, 0};
  for (const Near& near : near_[visit]) {
    const int vehicle = plan_.vehicle_of(near.visit);
    if (vehicle < 0 || (manner_.blink > 0.0 && random_.chance(manner_.blink))) continue;
    const int position = plan_.position_of(near.visit);
    try_place(visit, vehicle, position + 1, best);
    if (position == 1) try_place(visit, vehicle, 1, best);
  }
  for (int type = 0; may_open_ && type < problem.n_types; ++type) {
    const int vehicle = plan_.find_empty(type);
    if (vehicle >= 0) try_place(visit, vehicle, 1, best);
  }
  if (best.vehicle < 0) return false;
  exchange_.add(visit, best.vehicle, best.position);
  push_around(best.vehicle, best.position);
  return true;
}

void Descent::forget() {
  for (const int visit : queue_) is_queued_[visit] = 0;
  queue_.clear();
}

void Descent::run() {
  random_.shuffle(queue_);
  // Grows while it is worked off.
  for (std::size_t next = 0; next < queue_.size(); ++next) {
    const int visit = queue_[next];
    is_queued_[visit] = 0;
    improve(visit);
  }
  queue_.clear();
}

void Descent::improve(int visit) {
  if (plan_.vehicle_of(visit) < 0) {
    put_back(visit, false);
    return;
  }
  const long long known = tested_[visit];
  tested_[visit] = plan_.clock();
  for (const Near& near : near_[visit]) {
    if (plan_.vehicle_of(near.visit) >= 0) {
      if (!is_tested(visit, near, known)) improve_pair(visit, near);
    } else if (may_take_in_ && plan_.tour(plan_.vehicle_of(visit)).changed > known) {
      take_in(near.visit, visit);
      if (plan_.vehicle_of(visit) < 0) return;
    }
  }
  if (plan_.tour(plan_.vehicle_of(visit)).changed <= known || open_tour(visit)) return;
  leave_out(visit);
}

void Descent::leave_out(int visit) {
  const int own = plan_.vehicle_of(visit);
  const int position = plan_.position_of(visit);
  const Tour& tour = plan_.tour(own);
  const int before = tour.stops[position - 1].visit;
  const int behind = tour.stops[position + 1].visit;
  if (!exchange_.leave_out(own, position)) return;
  push(before);
  push(behind);
}

// A visit on no tour goes next to `visit`, or takes its place.
void Descent::take_in(int missing, int visit) {
  const int vehicle = plan_.vehicle_of(visit);
  const int position = plan_.position_of(visit);
  Place best{plan_.penalty(missing), -1, 0};
  try_place(missing, vehicle, position, best);
  try_place(missing, vehicle, position + 1, best);
  if (best.vehicle >= 0) {
    exchange_.add(missing, vehicle, best.position);
    push_around(vehicle, best.position);
  } else if (exchange_.replace(vehicle, position, missing)) {
    push(visit);
    push_around(vehicle, position);
  }
}

// True if neither tour has changed since one of the two was tried with all that is near it.
bool Descent::is_tested(int visit, const Near& near, long long known) const {
  if (near.is_mutual) known = std::max(known, tested_[near.visit]);
  return plan_.tour(plan_.vehicle_of(visit)).changed <= known &&
         plan_.tour(plan_.vehicle_of(near.visit)).changed <= known;
}

bool Descent::improve_pair(int visit, const Near& near) {
  return follow(near.visit, visit, near.in) ||
         follow(visit, near.visit, near.out) || lead(visit, near.visit);
}

// After `p` and `q` have changed places.
bool Descent::changed(const Part& p, const Part& q) {
  if (p.vehicle == q.vehicle) {
    const Part& x = p.from <= q.from ? p : q;
    const Part& y = p.from <= q.from ? q : p;
    push_around(x.vehicle, x.from);
    push_around(x.vehicle, x.from + y.length());
    push_around(x.vehicle, y.to - x.length());
    push_around(x.vehicle, y.to);
    return true;
  }
  push_around(p.vehicle, p.from);
  push_around(p.vehicle, p.from + q.length());
  push_around(q.vehicle, q.from);
  push_around(q.vehicle, q.from + p.length());
  return true;
}

// A way that is new has to be shorter than one that goes, unless fines or a tour can go.
bool Descent::may_gain(int before, int visit, Meters way) const {
  const Spot& i = plan_.spot(before);
  const Spot& j = plan_.spot(visit);
  const Tour& a = plan_.tour(i.vehicle);
  const Tour& b = plan_.tour(j.vehicle);
  if (a.legs != b.legs) return true;
  if (!plan_.has_one_profile()) {
    const int from = a.stops[i.position].place;
    way = plan_.leg(b, from, b.stops[j.position].place).distance;
  }
  const Cost more = b.per_meter * way - std::max(a.per_meter * i.out, b.per_meter * j.in);
  return more < 0 || more < a.fine(fines_) + b.fine(fines_) + a.fixed + b.fixed;
}

// Moves that make `visit` follow `before`.
bool Descent::follow(int before, int visit, Meters way) {
  const int a = plan_.vehicle_of(visit);
  const int b = plan_.vehicle_of(before);
  const int i = plan_.position_of(visit);
  const int j = plan_.position_of(before) + 1;
  if ((a == b && i == j) || !may_gain(before, visit, way)) return false;
  const Joint joint(plan_, fines_, {plan_.tour(a), i}, {plan_.tour(b), j}, way);
  if (change_parts(joint, {a, i, i}, {b, j, j})) return true;
  if (a == b) return manner_.turns && j < i && turn(a, j, i);
  assert(!joint.is_vain_for_tails() || !exchange_.tails(b, j, a, i));
  if (joint.is_vain_for_tails() || !exchange_.tails(b, j, a, i)) return false;
  push_around(b, j);
  push_around(a, i);
  return true;
}

// Parts that begin at two stops change places, or parts that end in front of them.
bool Descent::change_parts(const Joint& joint, const Part& s, const Part& t) {
  const int rest_s = plan_.tour(s.vehicle).size() + 1 - s.from;
  const int rest_t = plan_.tour(t.vehicle).size() + 1 - t.from;
  const auto change = [this](bool is_vain, const Part& p, const Part& q) {
    assert(!is_vain || !exchange_.parts(p, q));
    return !is_vain && exchange_.parts(p, q) && changed(p, q);
  };
  const std::size_t sizes = manner_.pairs ? kSizes.size() : kWithoutPairs;
  for (std::size_t k = 0; k < sizes; ++k) {
    const auto [m, n] = kSizes[k];
    if (m > rest_s || n > rest_t) continue;
    const Part p{s.vehicle, s.from, s.from + m};
    const Part q{t.vehicle, t.from, t.from + n};
    if (change(joint.is_vain_behind(m, n), p, q)) return true;
  }
  for (const auto [m, n] : kSizesBefore) {
    if (m >= t.from || n >= s.from) continue;
    const Part p{t.vehicle, t.from - m, t.from};
    const Part q{s.vehicle, s.from - n, s.from};
    if (change(joint.is_vain_before(m, n), p, q)) return true;
  }
  return false;
}

// Turns a part of a tour round so that its i-th stop follows the one before the j-th.
bool Descent::turn(int vehicle, int j, int i) {
  if (exchange_.turn(vehicle, j, i + 1)) {
    push_around(vehicle, j);
    push_around(vehicle, i + 1);
    return true;
  }
  if (!exchange_.turn(vehicle, j - 1, i)) return false;
  push_around(vehicle, j - 1);
  push_around(vehicle, i);
  return true;
}

// `visit` becomes the first of the tour that begins with `first`.
bool Descent::lead(int visit, int first) {
  if (plan_.position_of(first) != 1) return false;
  const int a = plan_.vehicle_of(visit);
  const int b = plan_.vehicle_of(first);
  const int i = plan_.position_of(visit);
  if (a == b) return false;
  if (exchange_.parts({a, i, i + 1}, {b, 1, 1})) return changed({a, i, i + 1}, {b, 1, 1});
  if (!exchange_.tails(a, i, b, 1)) return false;
  push_around(a, i);
  push_around(b, 1);
  return true;
}

bool Descent::open_tour(int visit) {
  const int a = plan_.vehicle_of(visit);
  const int i = plan_.position_of(visit);
  for (int type = 0; may_open_ && type < plan_.problem().n_types; ++type) {
    const int k = plan_.find_empty(type);
    if (k < 0) continue;
    const Part p{a, i, i + 1};
    if (exchange_.parts(p, {k, 1, 1})) return changed(p, {k, 1, 1});
    if (exchange_.tails(k, 1, a, i)) {
      push_around(k, 1);
      push_around(a, i);
      return true;
    }
  }
  return false;
}

}  // namespace servicenet::routing
