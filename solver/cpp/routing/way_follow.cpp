// Chains of any length: a visit takes the place of another one, that one of the next, and so on, until
// one goes where nobody has to leave. Breadth first, so that as few vehicles change as can.
//
// No vehicle is on a chain twice, so each route can be tried on the plan as it stands.
#include <algorithm>

#include "way_search.h"

namespace servicenet::routing {

namespace {

// Vehicles on a chain, and ends tried of one length.
constexpr int kMostVehicles = 8;
constexpr std::size_t kMostEnds = 400;

}  // namespace

void WaySearch::follow() {
  linked_.assign(static_cast<std::size_t>(problem_.n_visits), 0);
  std::vector<Link> links;
  begin_chains(links);
  std::size_t first = 0;
  for (int length = 1; length < kMostVehicles && first < links.size(); ++length) {
    const std::size_t end = links.size();
    for (std::size_t i = first; i < std::min(end, first + kMostEnds); ++i) {
      end_chain(links, static_cast<int>(i));
    }
    if (!sketches_.empty()) return;
    std::vector<Link> next;
    for (std::size_t i = first; i < end; ++i) lengthen_chain(links, static_cast<int>(i), next);
    std::stable_sort(next.begin(), next.end(),
                     [](const Link& a, const Link& b) { return a.price < b.price; });
    links.insert(links.end(), next.begin(), next.end());
    first = end;
  }
}

void WaySearch::begin_chains(std::vector<Link>& links) {
  for (std::size_t r = 0; r < rooms_.size(); ++r) {
    const std::size_t count = rooms_[r].removed.size();
    if (count > 2) continue;
    for (std::size_t open = 0; open < count; ++open) begin_chain(static_cast<int>(r), open, links);
  }
  std::stable_sort(links.begin(), links.end(),
                   [](const Link& a, const Link& b) { return a.price < b.price; });
}

// Of two who made room one goes where nobody has to leave.
void WaySearch::begin_chain(int room, std::size_t open, std::vector<Link>& links) {
  const Room& begun = rooms_[static_cast<std::size_t>(room)];
  Link link = {begun.removed[open], -1, room, {}, {}, begun.price};
  if (begun.removed.size() == 2) {
    const int other = begun.removed[1 - open];
    find_home_elsewhere(begun, other, link.side);
    const int pool = plan_.find_pool(other);
    if (pool >= 0 && problem_.pool_price(other, pool) < link.side.way.delta) {
      link.side = {{}, pool};
      link.side.way.delta = problem_.pool_price(other, pool);
    }
    if (link.side.way.delta >= kInfinite) return;
    link.price += link.side.way.delta;
  }
  links.push_back(link);
}

// Ends a chain where nobody has to leave, if there is such a place for its last visit.
void WaySearch::end_chain(const std::vector<Link>& links, int last) {
  const Link& link = links[static_cast<std::size_t>(last)];
  const Room& room = rooms_[static_cast<std::size_t>(link.room)];
  Home home;
  for (const Insertion& way : find_homes(link.visit, kInfinite)) {
    if (is_on_chain(links, last, way.vehicle)) continue;
    home = {way};
    home.way.position = stops_before(plan_.route(way.vehicle), way.position);
    break;
  }
  const int pool = plan_.find_pool(link.visit);
  if (pool >= 0 && problem_.pool_price(link.visit, pool) < home.way.delta) {
    home = {{}, pool};
    home.way.delta = problem_.pool_price(link.visit, pool);
  }
  if (home.way.delta >= kInfinite) return;
  Sketch sketch;
  sketch.way = room.way;
  sketch.removed = room.removed;
  sketch.price = link.price + home.way.delta;
  int at = last;
  for (; links[static_cast<std::size_t>(at)].parent >= 0;
       at = links[static_cast<std::size_t>(at)].parent) {
    const Link& own = links[static_cast<std::size_t>(at)];
    sketch.chain.push_back({own.visit, home});
    home = {own.taken};
  }
  std::reverse(sketch.chain.begin(), sketch.chain.end());
  const Link& begin = links[static_cast<std::size_t>(at)];
  for (const int visit : room.removed) {
    sketch.back.push_back(visit == begin.visit ? home : begin.side);
  }
  add_sketch(std::move(sketch));
}

void WaySearch::lengthen_chain(const std::vector<Link>& links, int last, std::vector<Link>& next) {
  const Link& link = links[static_cast<std::size_t>(last)];
  for (const Replacement& one : find_replacements(link.visit)) {
    char& linked = linked_[static_cast<std::size_t>(one.ousted)];
    if (linked || is_on_chain(links, last, one.way.vehicle)) continue;
    linked = 1;
    next.push_back({one.ousted, last, link.room, {}, one.way, link.price + one.price});
  }
}

bool WaySearch::is_on_chain(const std::vector<Link>& links, int last, int vehicle) const {
  for (int at = last; at >= 0; at = links[static_cast<std::size_t>(at)].parent) {
    const Link& link = links[static_cast<std::size_t>(at)];
    if (plan_.vehicle_of(link.visit) == vehicle || link.side.way.vehicle == vehicle) return true;
  }
  return false;
}

}  // namespace servicenet::routing
