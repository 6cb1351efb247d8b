// A visit alone with a vehicle that has none yet: the types that may come cheapest, and what they cost.
#include <algorithm>

#include "recreate.h"

namespace servicenet::routing {

namespace {

// Types of vehicle remembered per visit; a plan rarely has use for one farther away.
constexpr std::size_t kMostSolos = 200;

}  // namespace

// Travel, work and access are the least any vehicle pays for; waiting, lateness, overtime and
// breaks come on top.
Recreate::Solo Recreate::bound_solo(int visit, int type) const {
  const int k = vehicles_of_type_[static_cast<std::size_t>(type)].front();
  if (!problem_.allowed(visit, k)) return {kInfinite, type};
  const Vehicle& vehicle = problem_.vehicles[static_cast<std::size_t>(k)];
  const Visit& source = problem_.visits[static_cast<std::size_t>(visit)];
  const Leg& out = problem_.leg(vehicle.profile, vehicle.start, source.location);
  const Leg& back = problem_.leg(vehicle.profile, source.location, vehicle.end);
  if (out.duration >= kNoWay || back.duration >= kNoWay) return {kInfinite, type};
  const Seconds driving = vehicle.rush ? 0 : out.duration + back.duration;
  const Cost seconds =
      static_cast<Cost>(driving) + source.access + problem_.service(visit, vehicle);
  const Cost meters = static_cast<Cost>(out.distance) + back.distance;
  return {vehicle.fixed + problem_.assignment_cost(visit, k) + vehicle.per_meter * meters +
              vehicle.per_second * seconds - problem_.idle_cost(k),
          type};
}

// The types that may come cheapest for this visit alone, by bound. The list never changes, so it
// is made once per visit, when first needed; exact prices are filled in as they are asked for.
std::vector<Recreate::Solo>& Recreate::solos(int visit) {
  auto& known = solos_[static_cast<std::size_t>(visit)];
  if (solos_known_[static_cast<std::size_t>(visit)]) return known;
  solos_known_[static_cast<std::size_t>(visit)] = 1;
  for (int type = 0; type < problem_.n_types; ++type) {
    const Solo solo = bound_solo(visit, type);
    if (solo.bound < kInfinite) known.push_back(solo);
  }
  const auto cheaper = [](const Solo& a, const Solo& b) {
    return a.bound != b.bound ? a.bound < b.bound : a.type < b.type;
  };
  if (known.size() > kMostSolos) {
    std::nth_element(known.begin(), known.begin() + kMostSolos, known.end(), cheaper);
    known.resize(kMostSolos);
  }
  std::sort(known.begin(), known.end(), cheaper);
  known.shrink_to_fit();
  return known;
}

int Recreate::find_empty(const Plan& plan, int type) const {
  for (const int vehicle : vehicles_of_type_[static_cast<std::size_t>(type)]) {
    if (plan.route(vehicle).empty()) return vehicle;
  }
  return -1;
}

bool Recreate::may_set_out(const Plan& plan) const {
  return most_vehicles_ >= problem_.n_vehicles || plan.n_used() < most_vehicles_;
}

void Recreate::scan_empty(const Plan& plan, Random& random, int visit, double blink, bool wide,
                          Insertion& best) {
  if (!may_set_out(plan)) return;
  auto& known = solos(visit);
  for (Solo& solo : known) {
    if (solo.bound >= best.delta) return;
    if (blink > 0.0 && random.chance(blink)) continue;
    try_solo(plan, visit, solo, best);
  }
  if (!wide || best.vehicle >= 0 || known.size() < kMostSolos) return;
  for (int type = 0; type < problem_.n_types; ++type) {
    Solo solo = bound_solo(visit, type);
    if (solo.bound < best.delta) try_solo(plan, visit, solo, best);
  }
}

void Recreate::try_solo(const Plan& plan, int visit, Solo& solo, Insertion& best) {
  const int vehicle = find_empty(plan, solo.type);
  if (vehicle < 0) return;
  if (problem_.is_linked(visit) && !takes(plan, vehicle, visit)) return;
  if (problem_.visits[static_cast<std::size_t>(visit)].needs_parts() || problem_.is_linked(visit)) {
    return try_solo_exactly(plan, vehicle, visit, best);
  }
  if (solo.cost == kUnknown) price_solo(plan, vehicle, visit, solo);
  if (solo.cost >= best.delta) return;
  Insertion way;
  way.vehicle = vehicle;
  way.window = solo.window;
  way.delta = solo.cost + plan.ledger().change(problem_, vehicle, solo.work, solo.distance) +
              plan.ledger().worse(problem_, solo.late);
  if (way.delta < best.delta) best = way;
}

void Recreate::price_solo(const Plan& plan, int vehicle, int visit, Solo& solo) {
  solo.cost = kInfinite;
  const Route& idle = plan.route(vehicle);
  const Visit& source = problem_.visits[static_cast<std::size_t>(visit)];
  const bool breaks = problem_.vehicles[static_cast<std::size_t>(vehicle)].has_breaks();
  for (int window = source.first_window; window < source.last_window; ++window) {
    rearranged_.use(problem_, vehicle);
    rearranged_.assign({visit_node(problem_, visit, window, vehicle)});
    const bool fits = breaks ? placer_.place(plan.surroundings(), rearranged_) : rearranged_.update(problem_);
    if (!fits || rearranged_.cost() - idle.cost() >= solo.cost) continue;
    solo.window = window;
    solo.cost = rearranged_.cost() - idle.cost();
    solo.work = rearranged_.work() - idle.work();
    solo.distance = rearranged_.distance() - idle.distance();
    solo.late = rearranged_.worst_late();
  }
}

// What parts are to be had, and when linked visits start, depends on the rest of the plan, so nothing
// is remembered.
void Recreate::try_solo_exactly(const Plan& plan, int vehicle, int visit, Insertion& best) {
  const Visit& source = problem_.visits[static_cast<std::size_t>(visit)];
  const Route& empty = plan.route(vehicle);
  for (int window = source.first_window; window < source.last_window; ++window) {
    Insertion way;
    way.vehicle = vehicle;
    way.window = window;
    rearranged_ = empty;
    put(plan.surroundings(), way, visit, rearranged_);
    try_pickups(plan.surroundings(), empty, way, rearranged_, best, scratch_, &placer_);
  }
}

}  // namespace servicenet::routing
