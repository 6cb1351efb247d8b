#include "tails.h"

#include <cassert>

#include "agreed.h"
#include "prefetch.h"

namespace servicenet::routing {

namespace {

int place_before(const Vehicle& vehicle, const Route& route, int position) {
  return position == 0 ? vehicle.start : route.node(position - 1).location;
}

// Where the vehicle goes from node `position` - 1; its end place if that was the last.
int place_at(const Vehicle& vehicle, const Route& route, int position) {
  return position < route.size() ? route.node(position).location : vehicle.end;
}

Cost price(const Vehicle& vehicle, const Leg& leg) {
  return vehicle.per_meter * leg.distance + vehicle.per_second * leg.duration;
}

Leg leg_to(const Route& route, int position) {
  if (position >= route.size()) return route.last_leg();
  return {route.node(position).leg_duration, route.node(position).leg_distance};
}

}  // namespace

// Linked visits and pick-ups would have to be cut with care; days with them do without.
Tails::Tails(const Problem& problem, Neighborhood& neighborhood)
    : problem_(problem),
      neighborhood_(neighborhood),
      usable_(problem.links.empty() && problem.n_parts == 0) {}

bool Tails::apply(Plan& plan, Random& random) {
  if (!usable_) return false;
  const int visit = random.below(problem_.n_visits);
  const int a = plan.vehicle_of(visit);
  if (a < 0) return false;
  const int here = plan.position_of(visit);
  Cut best;
  list_cuts(plan, visit);
  for (const Cut& cut : cuts_) consider(plan, cut, best);
  consider_empty(plan, random, a, here, best);
  return best.a >= 0 && carry_out(plan, best);
}

// Exchanges after which the visit stands beside a neighbor, but those that come too late there as a
// look at their sides tells. The other way each would make is asked for.
void Tails::list_cuts(const Plan& plan, int visit) {
  cuts_.clear();
  const int a = plan.vehicle_of(visit);
  const int here = plan.position_of(visit);
  const Flank& own = plan.flank_of(visit);
  const auto ask = [&](int from, int to) {
    if (from >= 0 && to >= 0) prefetch(&problem_.leg(own.profile, from, to));
  };
  for (const Beside& near : neighborhood_.beside(visit)) {
    const int b = plan.vehicle_of(near.visit);
    if (b < 0 || b == a) continue;
    const Flank& other = plan.flank_of(near.visit);
    const bool told = own.profile == near.profile && other.profile == near.profile;
    const int there = plan.position_of(near.visit);
    if (!told || own.ready + near.out.duration <= other.latest_at) {
      cuts_.push_back({a, here + 1, b, there});
      if (told) ask(other.before, own.behind);
    }
    if (!told || other.ready + near.in.duration <= own.latest_at) {
      cuts_.push_back({a, here, b, there + 1});
      if (told) ask(own.before, other.behind);
    }
  }
}

void Tails::consider_empty(const Plan& plan, Random& random, int vehicle, int position,
                           Cut& best) const {
  const int first = random.below(problem_.n_vehicles);
  for (int i = 0; i < problem_.n_vehicles; ++i) {
    const int k = (first + i) % problem_.n_vehicles;
    if (!plan.route(k).empty()) continue;
    return consider(plan, {vehicle, position, k, 0}, best);
  }
}

void Tails::consider(const Plan& plan, Cut cut, Cut& best) const {
  const Route& a = plan.route(cut.a);
  const Route& b = plan.route(cut.b);
  if (cut.p <= a.first() && cut.q <= b.first()) return;  // the vehicles would change places
  if (cut.p > a.last() && (b.empty() || cut.q > b.last())) return;
  if (cut.p <= a.first() && b.empty()) return;
  cut.delta = price_of_taking(plan, cut.a, cut.p, cut.b, cut.q) +
              price_of_taking(plan, cut.b, cut.q, cut.a, cut.p);
  if (problem_.has_order()) {
    cut.delta += price_order_joined(problem_, a, cut.p, b, cut.q) +
                 price_order_joined(problem_, b, cut.q, a, cut.p) -
                 price_order(problem_, cut.a, a.nodes()) - price_order(problem_, cut.b, b.nodes());
  }
  if (cut.delta >= best.delta) return;
  if (!in_time(plan, cut.a, cut.p, cut.b, cut.q) || !in_time(plan, cut.b, cut.q, cut.a, cut.p)) {
    return;
  }
  if (!takes(plan, cut.a, cut.p, cut.b, cut.q) || !takes(plan, cut.b, cut.q, cut.a, cut.p)) return;
  best = cut;
}

// Change of the price of travel if `keeper`, having done what stands before node `before`, goes on
// with what `giver` does from node `from` on.
Cost Tails::price_of_taking(const Plan& plan, int keeper, int before, int giver, int from) const {
  const Vehicle& vehicle = problem_.vehicles[static_cast<std::size_t>(keeper)];
  const Vehicle& other = problem_.vehicles[static_cast<std::size_t>(giver)];
  const Route& kept = plan.route(keeper);
  const Route& given = plan.route(giver);
  // Who is out goes home without visits, too.
  const bool stays = kept.empty() && !vehicle.out;
  const Cost now = stays ? -vehicle.fixed : price(vehicle, leg_to(kept, before));
  const bool gets = from < given.size();
  if (!gets && before == 0 && !vehicle.out) return stays ? 0 : -now - vehicle.fixed;
  const int here = place_before(vehicle, kept, before);
  const int to = place_at(vehicle, given, from);
  Cost change = price(vehicle, problem_.leg(vehicle.profile, here, to)) - now;
  if (gets && other.end != vehicle.end) {
    const int last = given.node(given.size() - 1).location;
    change += price(vehicle, problem_.leg(vehicle.profile, last, vehicle.end));
    change -= price(other, given.last_leg());
  }
  return change;
}

// True if `keeper`, having done what stands before node `before`, is in time for what `giver` does
// from node `from` on. Exact for vehicles of one type without breaks, else an estimate.
bool Tails::in_time(const Plan& plan, int keeper, int before, int giver, int from) const {
  const Vehicle& vehicle = problem_.vehicles[static_cast<std::size_t>(keeper)];
  const Route& kept = plan.route(keeper);
  const Route& given = plan.route(giver);
  const int here = place_before(vehicle, kept, before);
  const int to = place_at(vehicle, given, from);
  if (problem_.leg(vehicle.profile, here, to).duration >= kNoWay) return false;
  const Seconds ready = before == 0 ? vehicle.earliest : kept.node(before - 1).ready;
  const Seconds at = problem_.arrive(vehicle, here, to, ready);
  const bool moves = from < given.tail();
  return at <= (moves ? given.node(from).latest_at : vehicle.end_limit);
}

bool Tails::takes(const Plan& plan, int keeper, int before, int giver, int from) const {
  const Route& kept = plan.route(keeper);
  const Route& given = plan.route(giver);
  const auto dimensions = static_cast<std::size_t>(problem_.n_loads);
  for (std::size_t d = 0; d < dimensions; ++d) {
    int load = 0;
    const auto add = [&](const Node& node) {
      if (!node.is_visit()) return;
      load += problem_.demand[static_cast<std::size_t>(node.index) * dimensions + d];
    };
    for (int i = 0; i < before; ++i) add(kept.node(i));
    for (int i = from; i < given.size(); ++i) add(given.node(i));
    if (load > problem_.capacity[static_cast<std::size_t>(keeper) * dimensions + d]) return false;
  }
  const auto type = [&](int k) { return problem_.vehicles[static_cast<std::size_t>(k)].type; };
  if (type(keeper) == type(giver)) return true;
  for (int i = from; i < given.size(); ++i) {
    const Node& node = given.node(i);
    if (node.is_visit() && !problem_.allowed(node.index, keeper)) return false;
  }
  return true;
}

void Tails::collect(const Route& route, int from, int taker, std::vector<int>& visits,
                    std::vector<Node>& block) const {
  visits.clear();
  block.clear();
  for (int i = from; i < route.size(); ++i) {
    const Node& node = route.node(i);
    if (!node.is_visit()) continue;
    visits.push_back(node.index);
    block.push_back(visit_node(problem_, node.index, node.choice, taker));
  }
}

bool Tails::append(Plan& plan, int vehicle, const std::vector<Node>& block) const {
  if (block.empty()) return true;
  const Route& route = plan.route(vehicle);
  return plan.insert_block(vehicle, route.empty() ? 0 : route.last() + 1, block);
}

bool Tails::carry_out(Plan& plan, const Cut& cut) {
  [[maybe_unused]] const Cost before = plan.cost();
  const auto known = plan.absent().size();
  collect(plan.route(cut.a), cut.p, cut.b, visits_of_a_, block_for_b_);
  collect(plan.route(cut.b), cut.q, cut.a, visits_of_b_, block_for_a_);
  if (!visits_of_a_.empty()) plan.remove_from_route(cut.a, visits_of_a_);
  if (!visits_of_b_.empty()) plan.remove_from_route(cut.b, visits_of_b_);
  if (!append(plan, cut.a, block_for_a_) || !append(plan, cut.b, block_for_b_)) return false;
  if (plan.absent().size() != known) return false;  // a removal can take a whole route with it
  assert(!is_exact(cut) || plan.cost() - before == cut.delta);
  return true;
}

// True if travel is all that changes.
bool Tails::is_exact(const Cut& cut) const {
  const Vehicle& a = problem_.vehicles[static_cast<std::size_t>(cut.a)];
  const Vehicle& b = problem_.vehicles[static_cast<std::size_t>(cut.b)];
  return a.type == b.type && !a.has_breaks() && !problem_.time_costs && problem_.shares.empty();
}

}  // namespace servicenet::routing
