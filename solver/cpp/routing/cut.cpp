#include "cut.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace servicenet::routing {

namespace {

// Lines are drawn between two items: the farthest apart of so many pairs.
constexpr int kPairs = 3;

// A vehicle with its route, or a visit that is on no route.
struct Item {
  int vehicle = -1;
  int visit = -1;
  int place = 0;
  int weight = 0;
};

using Items = std::vector<Item>;

class Cutter {
 public:
  Cutter(const Problem& problem, Random& random) : problem_(problem), random_(random) {}

  void split(Items items, int pieces, std::vector<Items>& found) {
    if (pieces < 2 || items.size() < 2) return found.push_back(std::move(items));
    sort_along_line(items);
    const int half = pieces / 2;
    int total = 0;
    for (const Item& item : items) total += item.weight;
    const double share = static_cast<double>(total) * half / pieces;
    int weight = 0;
    auto middle = items.begin() + 1;
    for (auto item = items.begin(); item != items.end() - 1; ++item) {
      if (weight >= share) break;
      weight += item->weight;
      middle = item + 1;
    }
    Items rest(middle, items.end());
    items.erase(middle, items.end());
    split(std::move(items), half, found);
    split(std::move(rest), pieces - half, found);
  }

 private:
  Seconds way(const Item& from, const Item& to) const {
    return problem_.leg(problem_.vehicles.front().profile, from.place, to.place).duration;
  }

  void sort_along_line(Items& items) {
    const int count = static_cast<int>(items.size());
    Item here;
    Item there;
    Seconds farthest = -1;
    for (int pair = 0; pair < kPairs; ++pair) {
      const Item& a = items[static_cast<std::size_t>(random_.below(count))];
      const Item& b = items[static_cast<std::size_t>(random_.below(count))];
      if (way(a, b) <= farthest) continue;
      farthest = way(a, b);
      here = a;
      there = b;
    }
    std::vector<std::pair<Seconds, std::size_t>> order;
    for (std::size_t i = 0; i < items.size(); ++i) {
      order.emplace_back(way(here, items[i]) - way(there, items[i]), i);
    }
    std::sort(order.begin(), order.end());
    Items sorted;
    for (const auto& [side, i] : order) sorted.push_back(items[i]);
    items = std::move(sorted);
  }

  const Problem& problem_;
  Random& random_;
};

// A route lies where the visit in its middle is.
Item item_of(const Problem& problem, int vehicle, const std::vector<Step>& steps) {
  std::vector<int> visits;
  for (const Step& step : steps) {
    if (step.kind == Kind::kVisit) visits.push_back(step.index);
  }
  Item item;
  item.vehicle = vehicle;
  item.weight = static_cast<int>(visits.size());
  item.place = visits.empty()
                   ? problem.vehicles[static_cast<std::size_t>(vehicle)].start
                   : problem.visits[static_cast<std::size_t>(visits[visits.size() / 2])].location;
  return item;
}

Items list_items(const Problem& problem, const Decision& plan) {
  Items items;
  std::vector<char> on_route(static_cast<std::size_t>(problem.n_visits), 0);
  for (int k = 0; k < problem.n_vehicles; ++k) {
    const auto& steps = plan.routes[static_cast<std::size_t>(k)];
    items.push_back(item_of(problem, k, steps));
    for (const Step& step : steps) {
      if (step.kind == Kind::kVisit) on_route[static_cast<std::size_t>(step.index)] = 1;
    }
  }
  for (int v = 0; v < problem.n_visits; ++v) {
    if (on_route[static_cast<std::size_t>(v)]) continue;
    items.push_back({-1, v, problem.visits[static_cast<std::size_t>(v)].location, 1});
  }
  return items;
}

Piece piece_of(const Decision& plan, const Items& items) {
  Piece piece;
  for (const Item& item : items) {
    if (item.vehicle < 0) {
      piece.visits.push_back(item.visit);
      continue;
    }
    piece.vehicles.push_back(item.vehicle);
    for (const Step& step : plan.routes[static_cast<std::size_t>(item.vehicle)]) {
      if (step.kind == Kind::kVisit) piece.visits.push_back(step.index);
    }
  }
  std::sort(piece.vehicles.begin(), piece.vehicles.end());
  std::sort(piece.visits.begin(), piece.visits.end());
  return piece;
}

// Every piece keeps what it uses of a pool; what is left is dealt out evenly.
void share_pools(const Problem& problem, const Decision& plan, std::vector<Piece>& pieces) {
  const int count = static_cast<int>(pieces.size());
  for (int p = 0; p < problem.n_pools; ++p) {
    int left = problem.pool_capacity[static_cast<std::size_t>(p)];
    for (const int pool : plan.pool_of) left -= pool == p ? 1 : 0;
    for (int i = 0; i < count; ++i) {
      Piece& piece = pieces[static_cast<std::size_t>(i)];
      const auto uses = std::count_if(piece.visits.begin(), piece.visits.end(), [&](int visit) {
        return plan.pool_of[static_cast<std::size_t>(visit)] == p;
      });
      const int spare = left / count + (i < left % count ? 1 : 0);
      piece.pool_room.push_back(static_cast<int>(uses) + spare);
    }
  }
}

}  // namespace

std::vector<Piece> cut(const Problem& problem, const Decision& plan, int size, Random& random) {
  std::vector<Items> groups;
  const int pieces = std::max(1, (problem.n_visits + size / 2) / size);
  Cutter(problem, random).split(list_items(problem, plan), pieces, groups);
  std::vector<Piece> found;
  for (const Items& items : groups) found.push_back(piece_of(plan, items));
  share_pools(problem, plan, found);
  return found;
}

void deal_idle(const Problem& problem, const Decision& plan, std::vector<Piece>& pieces) {
  std::vector<std::vector<int>> idle(static_cast<std::size_t>(problem.n_types));
  const auto idle_like = [&](int vehicle) -> std::vector<int>& {
    return idle[static_cast<std::size_t>(problem.vehicles[static_cast<std::size_t>(vehicle)].type)];
  };
  for (int k = 0; k < problem.n_vehicles; ++k) {
    if (plan.routes[static_cast<std::size_t>(k)].empty()) idle_like(k).push_back(k);
  }
  const auto is_dealt = [&](int vehicle) {
    return plan.routes[static_cast<std::size_t>(vehicle)].empty() &&
           idle_like(vehicle).size() >= pieces.size();
  };
  for (Piece& piece : pieces) {
    auto& own = piece.vehicles;
    own.erase(std::remove_if(own.begin(), own.end(), is_dealt), own.end());
  }
  for (const auto& alike : idle) {
    if (alike.size() < pieces.size()) continue;
    for (std::size_t i = 0; i < alike.size(); ++i) {
      pieces[i % pieces.size()].vehicles.push_back(alike[i]);
    }
  }
  for (Piece& piece : pieces) std::sort(piece.vehicles.begin(), piece.vehicles.end());
}

}  // namespace servicenet::routing
