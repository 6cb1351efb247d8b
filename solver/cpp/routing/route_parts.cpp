// What a route takes where: from the van, and at pick-up stops.
#include <algorithm>

#include "route.h"

namespace servicenet::routing {

bool Route::check_parts(const Problem& problem) {
  if (problem.n_parts == 0) return true;
  takings_.clear();
  van_used_.clear();
  bool needs = false;
  bool pickups = false;
  for (const Node& node : nodes_) {
    needs = needs || (node.is_visit() &&
                      problem.visits[static_cast<std::size_t>(node.index)].needs_parts());
    pickups = pickups || node.is_pickup();
  }
  if (needs && !take_parts(problem)) return false;
  // What is dropped shifts the nodes behind it.
  if (pickups && drop_needless() && needs) return take_parts(problem);
  return true;
}

// What is on the van goes to the earliest visits; the rest is taken at the last pick-up before the
// visit that stocks the part.
bool Route::take_parts(const Problem& problem) {
  const auto parts = static_cast<std::size_t>(problem.n_parts);
  const auto van = static_cast<std::size_t>(
      problem.vehicles[static_cast<std::size_t>(vehicle_)].van);
  takings_.clear();
  van_used_.assign(parts, 0);
  std::vector<int> loaded(parts, 0);  // tools picked up so far
  for (int i = 0; i < size(); ++i) {
    if (!node(i).is_visit()) continue;
    const Visit& visit = problem.visits[static_cast<std::size_t>(node(i).index)];
    for (int n = visit.first_need; n < visit.last_need; ++n) {
      const Need& need = problem.needs[static_cast<std::size_t>(n)];
      const auto p = static_cast<std::size_t>(need.part);
      const bool used_up = problem.is_used_up[p] != 0;
      const int gone = van_gone_.empty() ? 0 : van_gone_[p];
      int left = problem.van_stock[van * parts + p] - gone;
      left += used_up ? -van_used_[p] : loaded[p];
      const int lacking = need.units - std::min(left, need.units);
      if (used_up) van_used_[p] += need.units - lacking;
      if (lacking == 0) continue;
      const int pickup = find_pickup(problem, i, need.part);
      if (pickup < 0) {
        missing_node_ = i;
        missing_part_ = need.part;
        return fail(Block::kPart, lacking);
      }
      const Point& point = problem.points[static_cast<std::size_t>(node(pickup).index)];
      takings_.push_back({pickup, point.stock, need.part, lacking});
      if (!used_up) loaded[p] += lacking;
    }
  }
  return true;
}

int Route::find_pickup(const Problem& problem, int before, int part) const {
  for (int i = before - 1; i >= 0; --i) {
    if (!node(i).is_pickup()) continue;
    const Point& point = problem.points[static_cast<std::size_t>(node(i).index)];
    if (problem.stock_of(point, part) > 0) return i;
  }
  return -1;
}

bool Route::drop_needless() {
  bool dropped = false;
  for (int i = size() - 1; i >= 0; --i) {
    if (!node(i).is_pickup()) continue;
    const bool used = std::any_of(takings_.begin(), takings_.end(),
                                  [i](const Taking& taking) { return taking.node == i; });
    if (used) continue;
    erase(i);
    dropped = true;
  }
  return dropped;
}

}  // namespace servicenet::routing
