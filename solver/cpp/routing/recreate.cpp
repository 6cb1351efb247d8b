#include "recreate.h"

#include <algorithm>
#include <cassert>

#include "prefetch.h"

namespace servicenet::routing {

namespace {

constexpr int kMostTries = 3;
constexpr double kRetryBlink = 0.5;

}  // namespace

Recreate::Recreate(const Problem& problem, Neighborhood& neighborhood, RecreateSettings settings)
    : problem_(problem),
      neighborhood_(neighborhood),
      settings_(settings),
      vehicles_of_type_(static_cast<std::size_t>(problem.n_types)),
      solos_(static_cast<std::size_t>(problem.n_visits)),
      solos_known_(static_cast<std::size_t>(problem.n_visits), 0),
      most_vehicles_(problem.n_vehicles),
      outlook_(problem),
      after_visit_(static_cast<std::size_t>(problem.n_visits), 0),
      after_break_(problem.breaks.size(), 0),
      at_start_(static_cast<std::size_t>(problem.n_vehicles), 0),
      vehicle_mark_(static_cast<std::size_t>(problem.n_vehicles), 0),
      vehicle_takes_(static_cast<std::size_t>(problem.n_vehicles), 0) {
  for (int k = 0; k < problem.n_vehicles; ++k) {
    const int type = problem.vehicles[static_cast<std::size_t>(k)].type;
    vehicles_of_type_[static_cast<std::size_t>(type)].push_back(k);
    any_breaks_ = any_breaks_ || problem.vehicles[static_cast<std::size_t>(k)].has_breaks();
  }
  for (const Visit& visit : problem.visits) {
    any_choice_ = any_choice_ || visit.last_window - visit.first_window > 1;
  }
}

void Recreate::sort(Random& random, std::vector<int>& visits) const {
  random.shuffle(visits);
  if (problem_.vehicles.empty()) return;
  const auto by = [&](auto key) {
    std::stable_sort(visits.begin(), visits.end(), [&](int a, int b) {
      return key(problem_.visits[static_cast<std::size_t>(a)]) <
             key(problem_.visits[static_cast<std::size_t>(b)]);
    });
  };
  const auto window = [&](const Visit& v) -> const Window& {
    return problem_.windows[static_cast<std::size_t>(v.first_window)];
  };
  const Vehicle& any = problem_.vehicles.front();
  const auto far = [&](const Visit& v) {
    return problem_.leg(any.profile, any.start, v.location).distance;
  };
  // Weights as published; load becomes work at the visit, which is what fills our days.
  const int draw = random.below(17);
  if (draw < 4) return;
  if (draw < 6) return by([&](const Visit& v) { return -v.penalty; });
  if (draw < 9) return by([&](const Visit& v) { return -v.service; });
  if (draw < 11) return by([&](const Visit& v) { return -far(v); });
  if (draw < 12) return by(far);
  if (draw < 14) return by([&](const Visit& v) { return window(v).latest - window(v).earliest; });
  if (draw < 16) return by([&](const Visit& v) { return window(v).earliest; });
  by([&](const Visit& v) { return -window(v).latest; });
}

bool Recreate::apply(Plan& plan, Random& random, std::vector<int>& visits, Cost most) {
  plan.refresh_links();
  sort(random, visits);
  if (visits.size() > 1 && random.chance(std::min(settings_.most_blocks, settings_.blocks / problem_.n_visits))) {
    random.shuffle(visits);
    try_block(plan, random, visits);
  }
  const double blink =
      settings_.blink_chance + settings_.blink_chance_per_visit / problem_.n_visits;
  outlook_.begin(plan, visits, most);
  for (const int visit : visits) {
    if (!plan.is_absent(visit)) continue;
    const bool wide = random.chance(settings_.wide_chance);
    if (!put_back(plan, random, visit, wide, blink)) return false;
  }
  if ((any_choice_ || !problem_.links.empty() || problem_.n_parts > 0) &&
      random.chance(settings_.refined / problem_.n_visits)) {
    const std::vector<int> changed = plan.touched();
    for (const int vehicle : changed) plan.refine(vehicle);
    plan.refresh_links();
  }
  return true;
}

// False if with this visit the plan is bound to be refused. What linked visits cost together is not
// told in advance.
bool Recreate::put_back(Plan& plan, Random& random, int visit, bool wide, double blink) {
  if (!problem_.links.empty()) {
    insert_best(plan, random, visit, wide, blink);
    return true;
  }
  const Cost penalty = problem_.visits[static_cast<std::size_t>(visit)].penalty;
  const Cost room = outlook_.room_for(plan, visit);
  const bool is_tight = room < penalty;
  if (room <= 0) return false;
  const bool found =
      insert_one(plan, random, visit, wide && !is_tight, blink, std::min(room, penalty));
  return found || !is_tight;
}

bool Recreate::insert_best(Plan& plan, Random& random, int visit, bool wide, double blink) {
  plan.refresh_links();
  if (!problem_.group_of(visit).empty()) return insert_group(plan, random, visit, wide, blink);
  const Cost penalty = problem_.visits[static_cast<std::size_t>(visit)].penalty;
  return insert_one(plan, random, visit, wide, blink, penalty);
}

// Serves as much of the visit's group as can be had, if that is worth it.
bool Recreate::insert_group(Plan& plan, Random& random, int visit, bool wide, double blink) {
  const Cost before = plan.cost();
  const std::vector<int>& group = problem_.group_of(visit);
  Cost allowance = 0;
  for (const int member : group) {
    if (plan.is_absent(member)) {
      allowance += problem_.visits[static_cast<std::size_t>(member)].penalty;
    }
  }
  // Whoever comes first decides when; so now and then it is not the first in time.
  std::vector<int> order = group;
  const bool any_order = random.chance(0.5);
  if (any_order) random.shuffle(order);
  std::vector<int> added;
  for (const int member : order) {
    if (!plan.is_absent(member) || (!any_order && plan.lacks_first(member))) continue;
    if (insert_one(plan, random, member, wide, blink, allowance)) added.push_back(member);
  }
  plan.refresh_links();
  for (const int member : added) {
    const int vehicle = plan.vehicle_of(member);
    const bool useless = vehicle >= 0 && (plan.cost() > before || !plan.is_ready_for(member));
    if (useless) plan.remove_from_route(vehicle, {member});
  }
  plan.refresh_links();
  return plan.vehicle_of(visit) >= 0;
}

bool Recreate::insert_one(Plan& plan, Random& random, int visit, bool wide, double blink,
                          Cost allowance) {
  // Trials of linked visits are estimates; what turns out impossible is looked for elsewhere.
  for (int tries = problem_.is_linked(visit) ? kMostTries : 1; tries > 0; --tries) {
    const Insertion best = find_best(plan, random, visit, wide, blink, allowance);
    const int pool = find_pool(plan, random, visit, blink, best.delta);
    if (pool >= 0) {
      plan.insert_into_pool(visit, pool);
      return true;
    }
    if (best.vehicle < 0) return false;
    if (plan.insert(visit, best)) return true;
    blink = kRetryBlink;
  }
  return false;
}

Insertion Recreate::find_best(const Plan& plan, Random& random, int visit, bool wide, double blink,
                              Cost allowance) {
  ++mark_;
  Insertion best;
  best.delta = allowance;
  prefetch(solos(visit).data());
  scan_neighbors(plan, random, visit, blink, best);
  if (wide && best.vehicle < 0) scan_everything(plan, random, visit, blink, best);
  scan_empty(plan, random, visit, blink, wide, best);
  if (any_breaks_) {
    const double share = best.vehicle < 0 ? settings_.rearranged_if_stuck : settings_.rearranged;
    if (random.chance(share / problem_.n_visits)) scan_rearranged(plan, visit, best);
  }
  return best;
}

// Neighbors on routes that may take the visit; what a look at their sides needs is asked for.
void Recreate::list_near(const Plan& plan, int visit) {
  const int here = problem_.visits[static_cast<std::size_t>(visit)].location;
  near_.clear();
  for (const Beside& near : neighborhood_.beside(visit)) {
    const int vehicle = plan.vehicle_of(near.visit);
    if (vehicle < 0 || !problem_.allowed(visit, vehicle)) continue;
    near_.push_back(&near);
    const Flank& flank = plan.flank_of(near.visit);
    if (flank.profile < 0) continue;
    if (flank.behind >= 0) prefetch(&problem_.leg(flank.profile, here, flank.behind));
    if (flank.before >= 0) prefetch(&problem_.leg(flank.profile, flank.before, here));
  }
}

void Recreate::scan_neighbors(const Plan& plan, Random& random, int visit, double blink,
                              Insertion& best) {
  const Candidate candidate(problem_, visit);
  list_near(plan, visit);
  for (const Beside* each : near_) {
    const Beside& near = *each;
    const int vehicle = plan.vehicle_of(near.visit);
    const Flank& flank = plan.flank_of(near.visit);
    const bool behind = candidate.may_follow(flank, near, best.delta);
    const bool before = candidate.may_precede(flank, near, best.delta);
    const int position = plan.position_of(near.visit);
    assert(behind || !pays(plan, vehicle, position + 1, visit, best));
    assert(before || !pays(plan, vehicle, position, visit, best));
    if (!(behind || before) || !takes(plan, vehicle, visit)) continue;
    if (behind) scan_position(plan, random, vehicle, position + 1, visit, blink, best);
    if (before) scan_position(plan, random, vehicle, position, visit, blink, best);
  }
}

// True if the visit can stand there for less than `best`; what the quick look must not overlook.
bool Recreate::pays(const Plan& plan, int vehicle, int position, int visit, Insertion best) {
  if (!takes(plan, vehicle, visit)) return false;
  const Cost bound = best.delta;
  try_position(plan.surroundings(), plan.route(vehicle), position, visit, best, scratch_);
  return best.delta < bound;
}

void Recreate::scan_everything(const Plan& plan, Random& random, int visit, double blink,
                               Insertion& best) {
  for (int vehicle = 0; vehicle < problem_.n_vehicles; ++vehicle) {
    const Route& route = plan.route(vehicle);
    if (route.empty() || !takes(plan, vehicle, visit)) continue;
    for (int position = 0; position <= route.size(); ++position) {
      scan_position(plan, random, vehicle, position, visit, blink, best);
    }
  }
}

// Offers the first few of `visits`, with windows drawn at random, to one place of one vehicle.
void Recreate::try_block(Plan& plan, Random& random, const std::vector<int>& visits) {
  if (problem_.n_vehicles == 0) return;
  const int most = std::min(settings_.longest_block, static_cast<int>(visits.size()));
  const int length = 2 + random.below(most - 1);
  const int vehicle = random.below(problem_.n_vehicles);
  const Route& route = plan.route(vehicle);
  if (route.empty() && !may_set_out(plan)) return;
  const int position = random.below(route.size() + 1);
  block_.clear();
  for (int i = 0; i < length; ++i) {
    const int visit = visits[static_cast<std::size_t>(i)];
    const Visit& source = problem_.visits[static_cast<std::size_t>(visit)];
    if (!plan.is_absent(visit) || !problem_.allowed(visit, vehicle)) return;
    if (problem_.is_linked(visit)) return;
    const int windows = source.last_window - source.first_window;
    const int window = source.first_window + random.below(windows);
    block_.push_back(visit_node(problem_, visit, window, vehicle));
  }
  plan.insert_block(vehicle, position, block_);
}

// Quick trials leave breaks where they are in the order; here every position gets its own best
// placement. Routes of neighbors only, each once.
void Recreate::scan_rearranged(const Plan& plan, int visit, Insertion& best) {
  ++mark_;
  for (const Beside& near : neighborhood_.beside(visit)) {
    const int vehicle = plan.vehicle_of(near.visit);
    if (vehicle < 0 || vehicle_mark_[static_cast<std::size_t>(vehicle)] == mark_) continue;
    const Route& route = plan.route(vehicle);
    if (!problem_.vehicles[static_cast<std::size_t>(vehicle)].has_breaks()) continue;
    if (!takes(plan, vehicle, visit)) continue;
    for (int position = 0; position <= route.size(); ++position) {
      // Positions that differ only by breaks between them are the same here.
      const bool behind_visit = position == 0 || !route.node(position - 1).is_break();
      if (behind_visit) try_rearranged(plan, route, position, visit, best);
    }
  }
}

void Recreate::try_rearranged(const Plan& plan, const Route& route, int position, int visit,
                              Insertion& best) {
  const Visit& source = problem_.visits[static_cast<std::size_t>(visit)];
  for (int window = source.first_window; window < source.last_window; ++window) {
    Insertion way;
    way.vehicle = route.vehicle();
    way.position = position;
    way.window = window;
    rearranged_ = route;
    put(plan.surroundings(), way, visit, rearranged_);
    try_pickups(plan.surroundings(), route, way, rearranged_, best, scratch_, &placer_);
  }
}

void Recreate::scan_position(const Plan& plan, Random& random, int vehicle, int position, int visit,
                             double blink, Insertion& best) {
  const Route& route = plan.route(vehicle);
  if (seen(route, position) || (blink > 0.0 && random.chance(blink))) return;
  try_position(plan.surroundings(), route, position, visit, best, scratch_);
}

// The cheapest pool below `bound` with room, or -1.
int Recreate::find_pool(const Plan& plan, Random& random, int visit, double blink,
                        Cost bound) const {
  int pool = -1;
  for (int p = 0; p < problem_.n_pools; ++p) {
    const Cost price = problem_.pool_price(visit, p);
    if (price < 0 || price >= bound) continue;
    if (!plan.pool_takes(visit, p)) continue;
    if (blink > 0.0 && random.chance(blink)) continue;
    bound = price;
    pool = p;
  }
  return pool;
}

bool Recreate::takes(const Plan& plan, int vehicle, int visit) {
  const auto k = static_cast<std::size_t>(vehicle);
  if (vehicle_mark_[k] != mark_) {
    vehicle_mark_[k] = mark_;
    vehicle_takes_[k] = problem_.allowed(visit, vehicle) &&
                        load_fits(problem_, plan.route(vehicle), visit) &&
                        (!problem_.is_linked(visit) ||
                         persons_allow(plan.surroundings(), vehicle, visit));
  }
  return vehicle_takes_[k] != 0;
}

bool Recreate::seen(const Route& route, int position) {
  long long* mark = nullptr;
  if (position == 0) {
    mark = &at_start_[static_cast<std::size_t>(route.vehicle())];
  } else {
    const Node& before = route.node(position - 1);
    const auto index = static_cast<std::size_t>(before.index);
    if (before.is_pickup()) return false;  // stands on many routes; a second look costs little
    mark = before.is_break() ? &after_break_[index] : &after_visit_[index];
  }
  if (*mark == mark_) return true;
  *mark = mark_;
  return false;
}

}  // namespace servicenet::routing
