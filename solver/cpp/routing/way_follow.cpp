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
    if (!take_place(begun, host_)) return;
    const int other = begun.removed[1 - open];
    link.side = {other, find_side(other, host_)};
    if (link.side.home.way.delta >= kInfinite) return;
    link.price += link.side.home.way.delta;
  }
  links.push_back(link);
}

// Ends a chain where nobody has to leave, if there is such a place for its last visit.
void WaySearch::end_chain(const std::vector<Link>& links, int last) {
  Home home = find_end(links, last);
  if (home.way.delta >= kInfinite) return;
  const Link* link = &links[static_cast<std::size_t>(last)];
  const Room& room = rooms_[static_cast<std::size_t>(link->room)];
  Sketch sketch;
  sketch.way = room.way;
  sketch.removed = room.removed;
  sketch.price = link->price + home.way.delta;
  for (; link->parent >= 0; link = &links[static_cast<std::size_t>(link->parent)]) {
    sketch.chain.push_back({link->visit, home});
    // Who leaves on the side may go back on the route, behind the one who takes the place.
    if (link->side.visit >= 0) sketch.chain.push_back({link->side.visit, link->side.home});
    home = {link->taken};
  }
  std::reverse(sketch.chain.begin(), sketch.chain.end());
  for (const int visit : room.removed) {
    sketch.back.push_back(visit == link->visit ? home : link->side.home);
  }
  add_sketch(std::move(sketch));
}

// Where the last visit of a chain costs least without anybody leaving.
Home WaySearch::find_end(const std::vector<Link>& links, int last) {
  const Link& link = links[static_cast<std::size_t>(last)];
  Home home = link.parent < 0 ? Home{} : find_end_on_chain(links, link);
  for (const Insertion& way : find_homes(link.visit, kInfinite)) {
    if (way.delta >= home.way.delta) break;
    if (is_on_chain(links, last, way.vehicle)) continue;
    home = {way};
    home.way.position = stops_before(plan_.route(way.vehicle), way.position);
  }
  find_home_in_pool(link.visit, home);
  return home;
}

// At another turn on the route the visit left, or where the chain began.
Home WaySearch::find_end_on_chain(const std::vector<Link>& links, const Link& link) {
  const auto scan_for = [&](const Route& route, Home& home) {
    Insertion way;
    way.delta = home.way.delta;
    if (trials_.takes(route, link.visit)) trials_.scan(route, link.visit, way);
    if (way.vehicle < 0) return;
    home = {way};
    home.way.position = stops_before(route, way.position);
  };
  Home home;
  const int parent = links[static_cast<std::size_t>(link.parent)].visit;
  const int vehicle = plan_.vehicle_of(link.visit);
  if (link.side.visit < 0 && put_on(*without(link.visit, -1), link.taken, parent, host_)) {
    scan_for(host_, home);
  }
  const Room& room = rooms_[static_cast<std::size_t>(link.room)];
  if (room.removed.size() == 1 && room.way.vehicle != vehicle && take_place(room, host_)) {
    scan_for(host_, home);
  }
  return home;
}

void WaySearch::lengthen_chain(const std::vector<Link>& links, int last, std::vector<Link>& next) {
  const Link& link = links[static_cast<std::size_t>(last)];
  for (const Replacement& one : find_replacements(link.visit)) {
    char& linked = linked_[static_cast<std::size_t>(one.ousted)];
    const int vehicle = one.way.vehicle;
    const int side = one.side.home.way.vehicle;
    if (linked || is_on_chain(links, last, vehicle)) continue;
    if (side >= 0 && side != vehicle && is_on_chain(links, last, side)) continue;
    linked = 1;
    next.push_back({one.ousted, last, link.room, one.side, one.way, link.price + one.price});
  }
}

bool WaySearch::is_on_chain(const std::vector<Link>& links, int last, int vehicle) const {
  for (int at = last; at >= 0; at = links[static_cast<std::size_t>(at)].parent) {
    const Link& link = links[static_cast<std::size_t>(at)];
    if (plan_.vehicle_of(link.visit) == vehicle) return true;
    if (link.side.home.way.vehicle == vehicle) return true;
  }
  return false;
}

}  // namespace servicenet::routing
