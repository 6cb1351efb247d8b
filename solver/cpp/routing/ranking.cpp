#include "ranking.h"

#include <algorithm>
#include <utility>

#include "agreed.h"
#include "breaks.h"

namespace servicenet::routing {

namespace {

// Ways to give one visit to one vehicle, the least detour first.
class Ranker {
 public:
  Ranker(const Surroundings& around, int visit, int vehicle)
      : around_(around), visit_(visit), route_(around.route(vehicle)) {
    ranked_.vehicle = vehicle;
  }

  Ranked rank() {
    const Problem& problem = around_.problem;
    if (!problem.allowed(visit_, ranked_.vehicle)) {
      ranked_.block = Block::kForbidden;
      return ranked_;
    }
    if (problem.is_linked(visit_) && !persons_allow(around_, ranked_.vehicle, visit_)) {
      ranked_.block = Block::kLink;
      return ranked_;
    }
    const Visit& source = problem.visits[static_cast<std::size_t>(visit_)];
    for (int window = source.first_window; window < source.last_window; ++window) {
      try_window(window);
    }
    return ranked_;
  }

 private:
  // Least price of the visit between two places: the detour. Waiting may absorb the time.
  Cost detour(int from, int to, int position) const {
    const Vehicle& vehicle = around_.vehicle(ranked_.vehicle);
    const Problem& problem = around_.problem;
    const int location = problem.visits[static_cast<std::size_t>(visit_)].location;
    const Cost there = problem.leg(vehicle.profile, from, location).distance;
    const Cost onward = problem.leg(vehicle.profile, location, to).distance;
    if (route_.empty()) return -kInfinite;  // the only gap; who is out may even save waiting
    const Cost direct = problem.leg(vehicle.profile, from, to).distance;
    const Cost turned =
        problem.has_order() ? change_of_order(problem, route_, position, visit_) : 0;
    return vehicle.per_meter * (there + onward - direct) + turned;
  }

  // (detour, node position) of every gap between visits and pick-ups.
  std::vector<std::pair<Cost, int>> sorted_gaps() const {
    const Vehicle& vehicle = around_.vehicle(ranked_.vehicle);
    std::vector<std::pair<Cost, int>> gaps;
    int from = vehicle.start;
    for (int i = 0; i <= route_.size(); ++i) {
      if (i < route_.size() && route_.node(i).is_break()) continue;
      const int to = i < route_.size() ? route_.node(i).location : vehicle.end;
      gaps.emplace_back(detour(from, to, i), i);
      from = to;
    }
    std::sort(gaps.begin(), gaps.end());
    return gaps;
  }

  void try_window(int window) {
    const Cost extra = around_.problem.assignment_cost(visit_, ranked_.vehicle);
    for (const auto& [least, position] : sorted_gaps()) {
      if (least + extra >= ranked_.cost) return;
      Insertion way;
      way.vehicle = ranked_.vehicle;
      way.position = position;
      way.window = window;
      built_ = route_;
      put(around_, way, visit_, built_);
      Insertion best;
      best.delta = ranked_.cost;
      try_pickups(around_, route_, way, built_, best, scratch_, &placer_);
      if (best.vehicle >= 0) {
        ranked_.cost = best.delta;
        ranked_.block = Block::kNone;
        ranked_.excess = 0;
        ranked_.position = visits_before(position);
        ranked_.window = window;
      } else if (ranked_.cost == kInfinite) {
        explain();
      }
    }
  }

  int visits_before(int position) const {
    int count = 0;
    for (int i = 0; i < position; ++i) count += route_.node(i).is_visit() ? 1 : 0;
    return count;
  }

  // Times the visits without their breaks, to tell a day that is too full from one whose break
  // does not fit.
  void explain() {
    std::vector<Node> stops;
    for (const Node& node : built_.nodes()) {
      if (!node.is_break()) stops.push_back(node);
    }
    built_.assign(stops);
    const bool fits = built_.update(around_.problem);
    const bool breaks = around_.vehicle(ranked_.vehicle).has_breaks();
    const bool parts = !fits || around_.ledger.holds(built_);
    const Block block = !fits    ? built_.block()
                        : !parts ? Block::kPart
                        : breaks ? Block::kBreak
                                 : Block::kLink;
    const Seconds excess = fits ? 0 : built_.excess();
    if (ranked_.block == Block::kNone || excess < ranked_.excess) {
      ranked_.block = block;
      ranked_.excess = excess;
    }
  }

  const Surroundings& around_;
  int visit_;
  const Route& route_;
  Ranked ranked_;
  Route built_;
  Scratch scratch_;
  BreakPlacer placer_;
};

}  // namespace

std::vector<Ranked> rank_insertions(const Plan& plan, int visit) {
  const Surroundings around = plan.surroundings();
  std::vector<Ranked> result;
  for (int k = 0; k < plan.problem().n_vehicles; ++k) {
    result.push_back(Ranker(around, visit, k).rank());
  }
  return result;
}

}  // namespace servicenet::routing
