#include "ways.h"

#include <algorithm>
#include <cassert>
#include <functional>

#include "steps.h"
#include "way_polish.h"
#include "way_search.h"

namespace servicenet::routing {

namespace {

// Sketches carried out at the most, and of those for one vehicle while others have none yet.
constexpr int kMostTries = 60;
constexpr int kMostTriesPerVehicle = 3;

// Ways with displaced visits that are made better.
constexpr int kMostPolished = 8;

// Sketches carried out to find one that disturbs nobody.
constexpr int kMostCalmTries = 30;

bool is_calm(const Way& way) { return way.rung == Rung::kInsertion || way.rung == Rung::kPool; }

// Ways that change two vehicles at the most; and move two visits. Nobody who is late already pays
// for that.
bool is_of_two(const Way& way) { return way.changed.size() <= 2 && !way.delays; }
bool is_small(const Way& way) { return is_of_two(way) && way.displaced.size() <= 2; }

// The small ones if there are any, else those of two vehicles if there are any.
std::vector<Way> keep_smallest(std::vector<Way> ways) {
  for (const auto keep : {is_of_two, is_small}) {
    if (std::none_of(ways.begin(), ways.end(), keep)) continue;
    ways.erase(std::remove_if(ways.begin(), ways.end(), std::not_fn(keep)), ways.end());
  }
  return ways;
}

// How many vehicles a sketch names.
int vehicles_of(const Sketch& sketch) {
  std::vector<int> vehicles = {sketch.way.vehicle};
  for (const Home& home : sketch.back) vehicles.push_back(home.way.vehicle);
  for (const Onward& next : sketch.chain) vehicles.push_back(next.home.way.vehicle);
  std::sort(vehicles.begin(), vehicles.end());
  vehicles.erase(std::unique(vehicles.begin(), vehicles.end()), vehicles.end());
  return static_cast<int>(vehicles.size()) - (vehicles.front() < 0 ? 1 : 0);
}

// Who serves the visit; pools count below the vehicles.
int server_of(const Way& way) { return way.vehicle >= 0 ? way.vehicle : -1 - way.pool; }

bool same_way(const Way& a, const Way& b) {
  if (server_of(a) != server_of(b) || a.cost != b.cost) return false;
  return std::equal(a.changed.begin(), a.changed.end(), b.changed.begin(), b.changed.end(),
                    [](const auto& x, const auto& y) {
                      return x.first == y.first && same_steps(x.second, y.second);
                    });
}

// The cheapest way of every server, then the others; one that disturbs nobody is always there.
std::vector<Way> select(std::vector<Way> ways, std::size_t top) {
  std::stable_sort(ways.begin(), ways.end(),
                   [](const Way& a, const Way& b) { return a.cost < b.cost; });
  std::vector<Way> firsts;
  std::vector<Way> others;
  for (Way& way : ways) {
    const auto same = [&](const Way& other) { return same_way(way, other); };
    if (std::any_of(firsts.begin(), firsts.end(), same)) continue;
    const bool known = std::any_of(firsts.begin(), firsts.end(), [&](const Way& other) {
      return server_of(other) == server_of(way);
    });
    (known ? others : firsts).push_back(std::move(way));
  }
  firsts.insert(firsts.end(), others.begin(), others.end());
  if (firsts.size() <= top) return firsts;
  const auto end = firsts.begin() + static_cast<std::ptrdiff_t>(top);
  if (std::none_of(firsts.begin(), end, is_calm)) {
    const auto calm = std::find_if(end, firsts.end(), is_calm);
    if (calm != firsts.end()) *(end - 1) = std::move(*calm);
  }
  firsts.resize(top);
  return firsts;
}

}  // namespace

WayFinder::WayFinder(Problem& problem, const Decision& decision, Cost cost,
                     const std::vector<int>& kept)
    : problem_(problem),
      decision_(decision),
      kept_(kept),
      plan_(problem),
      in_plan_(static_cast<std::size_t>(problem.n_visits), 0) {
  decision_.pool_of.resize(static_cast<std::size_t>(problem.n_visits), -1);
  for (auto& steps : decision_.routes) {
    const std::vector<int> visits = visits_of(steps);
    for (const int visit : visits) in_plan_[static_cast<std::size_t>(visit)] = 1;
    if (visits.empty()) steps.clear();  // breaks on the way home are no decision
  }
  for (std::size_t v = 0; v < decision_.pool_of.size(); ++v) {
    if (decision_.pool_of[v] >= 0) in_plan_[v] = 1;
  }
  prepare();
  if (counts_all()) saved_ = plan_.cost() - cost;
}

// Puts every route back as it was given. Breaks move only where visits of other routes are waited
// for; `Plan::restore` would move more of them, and tear crews apart whose route is barred.
void WayFinder::restore() {
  plan_ = Plan(problem_);
  for (int k = 0; k < problem_.n_vehicles; ++k) {
    const auto& steps = decision_.routes[static_cast<std::size_t>(k)];
    if (!steps.empty()) plan_.restore_route(k, steps);
  }
  for (int v = 0; v < problem_.n_visits; ++v) {
    const int pool = decision_.pool_of[static_cast<std::size_t>(v)];
    if (pool >= 0) plan_.insert_into_pool(v, pool);
  }
  plan_.commit();
  plan_.rollback();  // forgets which routes could be timed anew
}

void WayFinder::prepare() {
  only_hard_ = problem_.only_hard;
  restore();
  prepared_ = {};
  prepared_.lateness.assign(static_cast<std::size_t>(problem_.n_visits), 0);
  for (int v = 0; v < problem_.n_visits; ++v) prepared_.vehicle_of.push_back(plan_.vehicle_of(v));
  for (int k = 0; k < problem_.n_vehicles; ++k) {
    const auto& given = decision_.routes[static_cast<std::size_t>(k)];
    const Route& route = plan_.route(k);
    const bool whole = visits_of(given) == visits_of(steps_of(route));
    prepared_.barred.push_back(whole ? 0 : 1);
    if (std::find(kept_.begin(), kept_.end(), k) != kept_.end()) prepared_.barred.back() = 1;
    if (whole && !same_steps(given, steps_of(route))) prepared_.moved.push_back(k);
    for (const Node& node : route.nodes()) {
      if (!node.is_visit()) continue;
      prepared_.lateness[static_cast<std::size_t>(node.index)] = lateness_of(problem_, node);
    }
    Route bare = route;
    for (int i = bare.size() - 1; i >= 0; --i) {
      if (bare.node(i).is_break()) bare.erase(i);
    }
    if (bare.update(problem_)) {
      bare.look_back(problem_);
    } else {
      bare.use(problem_, k);
    }
    prepared_.bare.push_back(std::move(bare));
  }
}

// False if a route is left out of the plan here.
bool WayFinder::counts_all() const {
  for (int k = 0; k < problem_.n_vehicles; ++k) {
    const auto& given = decision_.routes[static_cast<std::size_t>(k)];
    if (visits_of(given).size() != static_cast<std::size_t>(plan_.route(k).n_visits())) return false;
  }
  return true;
}

std::vector<int> WayFinder::barred() const {
  std::vector<int> vehicles;
  for (int k = 0; k < problem_.n_vehicles; ++k) {
    if (prepared_.barred[static_cast<std::size_t>(k)]) vehicles.push_back(k);
  }
  return vehicles;
}

std::vector<Way> WayFinder::find(int visit, const Question& question) {
  if (problem_.only_hard != only_hard_) prepare();
  WaySearch search(plan_, prepared_, visit, question.top);
  search.insert();
  const bool alone = problem_.group_of(visit).empty();
  if (question.eject > 0 && alone) search.eject(question.eject);
  std::vector<Way> ways = carry_out_best(visit, search.take_sketches(), question,
                                         kMostTriesPerVehicle);
  if (ways.empty() && alone && question.chain) ways = find_further(visit, question, search);
  add_pools(visit, ways);
  if (ways.empty() && alone) {
    search.drop();
    ways = carry_out_best(visit, search.take_sketches(), {question.top, 0}, kMostTriesPerVehicle);
  }
  return select(std::move(ways), static_cast<std::size_t>(question.top));
}

// What is asked for where nobody can be served like that: ways that change two vehicles, and only if
// there is none, ways over more.
std::vector<Way> WayFinder::find_further(int visit, const Question& question, WaySearch& search) {
  search.exchange();
  std::vector<Way> ways = carry_out_best(visit, search.take_sketches(), question, kMostTries);
  if (std::any_of(ways.begin(), ways.end(), is_small)) return keep_smallest(std::move(ways));
  if (problem_.links.empty()) {
    for (Way& way : regroup(visit, search, !ways.empty())) ways.push_back(std::move(way));
  }
  if (std::any_of(ways.begin(), ways.end(), is_of_two)) return keep_smallest(std::move(ways));
  search.part();
  search.follow();
  for (Way& way : carry_out_best(visit, search.take_sketches(), question, kMostTries)) {
    ways.push_back(std::move(way));
  }
  if (!ways.empty() || question.lenient == nullptr || question.lenient->empty()) return ways;
  return spare(visit, *question.lenient, search);
}

// Prices are estimates, and some ways turn out impossible: so a few more than asked for.
std::vector<Way> WayFinder::carry_out_best(int visit, const std::vector<Sketch>& sketches,
                                           const Question& question, int per_vehicle) {
  std::vector<Way> ways;
  int polished = 0;
  std::vector<int> tries(static_cast<std::size_t>(problem_.n_vehicles), 0);
  std::vector<char> served(static_cast<std::size_t>(problem_.n_vehicles), 0);
  int different = 0;
  int left = kMostTries;
  int calm_left = kMostCalmTries;
  for (const Sketch& sketch : sketches) {
    const bool enough = different >= question.top || left == 0;
    const bool calm = std::any_of(ways.begin(), ways.end(), is_calm);
    if (enough && (calm || calm_left == 0)) break;
    if (enough && !sketch.removed.empty()) continue;
    const auto k = static_cast<std::size_t>(sketch.way.vehicle);
    if (!enough && ++tries[k] > per_vehicle) continue;
    --(enough ? calm_left : left);
    const bool better = !sketch.removed.empty() && polished < kMostPolished;
    if (better) ++polished;
    Way way;
    if (!carry_out(visit, sketch, better ? question.eject : 0, way)) continue;
    if (!served[k]) ++different;
    served[k] = 1;
    ways.push_back(std::move(way));
  }
  return ways;
}

bool WayFinder::carry_out(int visit, const Sketch& sketch, int eject, Way& way) {
  const Cost before = plan_.cost();
  const std::size_t absent = plan_.absent().size();
  bool done = put_all(visit, sketch) && is_sound(visit, sketch, absent);
  if (done && eject > 0 && problem_.links.empty()) {
    done = polish(visit, sketch, eject) && is_sound(visit, sketch, absent);
  }
  if (done) way = state(visit, before);
  way.late = sketch.late;
  plan_.rollback();
  return done;
}

// The way that has been carried out, with its price.
Way WayFinder::state(int visit, Cost before) const {
  Way way = describe(visit);
  way.delays = makes_late(visit);
  way.cost = plan_.cost() - before + saved_;
  for (const int member : problem_.group_of(visit)) {
    if (!is_in_plan(member)) way.cost += problem_.visits[static_cast<std::size_t>(member)].penalty;
  }
  if (problem_.group_of(visit).empty()) {
    way.cost += problem_.visits[static_cast<std::size_t>(visit)].penalty;
  }
  check_price();
  return way;
}

// Keeps the way as it is if that does not pay.
bool WayFinder::polish(int visit, const Sketch& sketch, int eject) {
  const Cost before = plan_.cost();
  if (WayPolish(plan_, prepared_, visit, eject).improve() && plan_.cost() <= before) return true;
  plan_.rollback();
  return put_all(visit, sketch);
}

bool WayFinder::put_all(int visit, const Sketch& sketch) {
  const int vehicle = sketch.way.vehicle;
  if (!sketch.removed.empty()) plan_.remove_from_route(vehicle, sketch.removed);
  if (!put_one(visit, sketch.way)) return false;
  for (const Onward& next : sketch.chain) {
    plan_.remove_from_route(plan_.vehicle_of(next.visit), {next.visit});
  }
  for (std::size_t i = 0; i < sketch.back.size(); ++i) {
    if (sketch.removed[i] == sketch.late) continue;
    if (!put_back(sketch.removed[i], sketch.back[i])) return false;
  }
  for (const Onward& next : sketch.chain) {
    if (!put_back(next.visit, next.home)) return false;
  }
  if (sketch.late >= 0 && !put_late(sketch.late)) return false;
  if (!put_group(visit)) return false;
  // Breaks that moved may have made a linked visit start earlier.
  for (const int k : std::vector<int>(plan_.touched())) {
    if (plan_.route(k).has_links()) plan_.expect_earlier(k);
  }
  plan_.refresh_links();
  return true;
}

// Puts a displaced visit where it goes; its position counts stops.
bool WayFinder::put_back(int visit, const Home& home) {
  if (home.pool >= 0) {
    if (!plan_.pool_takes(visit, home.pool)) return false;
    plan_.insert_into_pool(visit, home.pool);
    return true;
  }
  Insertion insertion = home.way;
  insertion.position = node_behind(plan_.route(insertion.vehicle), insertion.position);
  // Breaks on the route have found better places since this was priced.
  const auto k = static_cast<std::size_t>(insertion.vehicle);
  if (problem_.vehicles[k].has_breaks()) insertion.delta = kInfinite;
  return put_one(visit, insertion);
}

// False if the route is not the one the insertion was found on: fewer pick-ups may be left of it.
bool WayFinder::put_one(int visit, const Insertion& insertion) {
  const int size = plan_.route(insertion.vehicle).size();
  if (insertion.position > size) return false;
  for (int i = 0; i < insertion.n_pickups; ++i) {
    if (insertion.pickups[static_cast<std::size_t>(i)].position > size + 1 + i) return false;
  }
  return plan_.insert(visit, insertion);
}

// Serves what is served together with `visit` or not at all, each where it costs least.
bool WayFinder::put_group(int visit) {
  for (const int member : problem_.group_of(visit)) {
    if (!plan_.is_absent(member)) continue;
    WaySearch search(plan_, prepared_, member, 1);
    search.insert();
    bool done = false;
    for (const Sketch& sketch : search.take_sketches()) {
      if (put_one(member, sketch.way)) {
        done = true;
        break;
      }
    }
    if (!done) return false;
  }
  return true;
}

// Nobody else was left out on the way, and no route that has to stay was changed.
bool WayFinder::is_sound(int visit, const Sketch& sketch, std::size_t absent) const {
  const auto& group = problem_.group_of(visit);
  const auto added = std::count_if(group.begin(), group.end(),
                                   [this](int member) { return !is_in_plan(member); });
  const std::size_t gone = sketch.back.empty() ? sketch.removed.size() : 0;
  const std::size_t expected =
      absent + gone - (group.empty() ? 1 : static_cast<std::size_t>(added));
  if (plan_.vehicle_of(visit) < 0 || !is_whole(expected)) return false;
  const auto& touched = plan_.touched();
  const auto moved = std::count_if(touched.begin(), touched.end(),
                                   [this](int k) { return has_moved(k); });
  if (sketch.removed.empty()) return true;
  return moved <= std::max(2, vehicles_of(sketch));
}

// True if so many visits are left out, and no route that has to stay was changed.
bool WayFinder::is_whole(std::size_t absent) const {
  const auto barred = [this](int k) { return prepared_.barred[static_cast<std::size_t>(k)] != 0; };
  const auto& touched = plan_.touched();
  return plan_.absent().size() == absent && std::none_of(touched.begin(), touched.end(), barred);
}

void WayFinder::add_pools(int visit, std::vector<Way>& ways) const {
  for (int pool = 0; pool < problem_.n_pools; ++pool) {
    const Cost price = problem_.pool_price(visit, pool);
    if (price < 0 || !plan_.pool_takes(visit, pool)) continue;
    Way way;
    way.pool = pool;
    way.rung = Rung::kPool;
    way.cost = price + saved_;
    for (const int k : prepared_.moved) way.changed.emplace_back(k, steps_of(plan_.route(k)));
    ways.push_back(std::move(way));
  }
}

// The same plan built from nothing has to cost the same.
void WayFinder::check_price() const {
#ifndef NDEBUG
  if (!problem_.links.empty()) return;  // waiting may settle in another way
  Decision now = decision_;
  for (int k = 0; k < problem_.n_vehicles; ++k) {
    now.routes[static_cast<std::size_t>(k)] = steps_of(plan_.route(k));
  }
  for (int v = 0; v < problem_.n_visits; ++v) {
    now.pool_of[static_cast<std::size_t>(v)] = plan_.pool_of(v);
  }
  Plan again(problem_);
  again.restore(now);
  // Route by route: the penalty of whoever sits on the spare seat changes from question to question.
  for (int k = 0; k < problem_.n_vehicles; ++k) {
    assert(again.route(k).cost() == plan_.route(k).cost());  // no links: nothing moves
  }
  assert(again.ledger().cost() == plan_.ledger().cost());
  assert(again.absent().size() == plan_.absent().size());
#endif
}

}  // namespace servicenet::routing
