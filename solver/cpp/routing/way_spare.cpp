// Ways that give up one promise, where none keeps them all: rather than several come late, or one is
// left out.
#include "guest.h"
#include "way_search.h"

namespace servicenet::routing {

namespace {

// Sketches carried out, each with a look at every route.
constexpr std::size_t kMostTries = 30;

}  // namespace

void WaySearch::spare() {
  std::vector<Link> links;
  begin_chains(links);
  for (const Link& link : links) {
    const Room& room = rooms_[static_cast<std::size_t>(link.room)];
    Sketch sketch;
    sketch.way = room.way;
    sketch.removed = room.removed;
    sketch.late = link.visit;
    for (const int visit : room.removed) {
      sketch.back.push_back(visit == link.visit ? Home{} : link.side.home);
    }
    sketch.price = link.price;
    add_sketch(std::move(sketch));
  }
}

std::vector<Way> WayFinder::spare(int visit, const std::vector<Seconds>& limits,
                                  WaySearch& search) {
  std::vector<Way> ways;
  if (problem_.only_hard) return ways;  // routes are timed without lateness then
  search.spare();
  std::vector<Sketch> sketches = search.take_sketches();
  if (sketches.size() > kMostTries) sketches.resize(kMostTries);
  for (const Sketch& sketch : sketches) {
    const Lenience lenience(problem_, sketch.late, limits);
    Way way;
    if (carry_out(visit, sketch, 0, way)) ways.push_back(std::move(way));
  }
  return ways;
}

// Puts a visit where it costs least, lateness included.
bool WayFinder::put_late(int visit) {
  Insertion best;
  Scratch scratch;
  for (int k = 0; k < problem_.n_vehicles; ++k) {
    const Route& route = plan_.route(k);
    const bool stays = prepared_.barred[static_cast<std::size_t>(k)] != 0;
    if (stays || route.empty() || !problem_.allowed(visit, k)) continue;
    if (!load_fits(problem_, route, visit)) continue;
    for (int position = 0; position <= route.size(); ++position) {
      try_position(plan_.surroundings(), route, position, visit, best, scratch);
    }
  }
  return best.vehicle >= 0 && plan_.insert(visit, best);
}

}  // namespace servicenet::routing
