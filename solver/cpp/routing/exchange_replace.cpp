#include "exchange.h"

namespace servicenet::routing {

// Where not all can be served, full tours have room for a dearer visit only if a cheaper one goes.
bool Exchange::replace(int vehicle, int i, int visit) {
  const Tour& tour = plan_.tour(vehicle);
  const Stop& before = tour.stops[i - 1];
  const Stop& behind = tour.stops[i + 1];
  const Stop& added = plan_.stop(visit);
  const int gone = tour.stops[i].visit;
  if (!plan_.takes_all() && !plan_.problem().allowed(visit, vehicle)) return false;
  const Leg& in = plan_.leg(tour, before.place, added.place);
  const Leg& out = plan_.leg(tour, added.place, behind.place);
  const Cost way = before.way + in.distance + out.distance - behind.way;
  Cost more = tour.per_meter * way - tour.fine(fines_) + plan_.penalty(gone) -
              plan_.penalty(visit) + plan_.assignment(visit, vehicle) -
              plan_.assignment(gone, vehicle);
  if (more >= 0) return false;
  for (std::size_t d = 0; d < load_.size(); ++d) {
    const auto dimension = static_cast<int>(d);
    load_[d] = plan_.demand(visit, dimension) - plan_.demand(gone, dimension);
  }
  more += fines_.load * plan_.excess_with(tour, load_);
  if (more >= 0) return false;
  const Warped time = join(before.upto, in.duration + added.access, added.alone);
  const Warped whole = join(time, out.duration + behind.access, behind.from);
  more += fines_.late * tour.warp_of(whole);
  if (more >= 0) return false;
  new_a_.clear();
  append(new_a_, tour, 1, i);
  new_a_.push_back(visit);
  append(new_a_, tour, i + 1, tour.size() + 1);
  return set(vehicle, -1, more);
}

}  // namespace servicenet::routing
