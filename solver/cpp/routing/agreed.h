// What customers were told before the plan changes, and vehicles that are out already.
#pragma once

#include "route.h"

namespace servicenet::routing {

// Price of visits that directly follow (breaks and pick-ups aside) one told to come after them.
Cost price_order(const Problem& problem, int vehicle, const std::vector<Node>& nodes);

// How that price changes if `visit` goes in front of node `position`.
Cost change_of_order(const Problem& problem, const Route& route, int position, int visit);

// Price if the vehicle of `kept`, having done what stands before node `before`, goes on with what
// `given` has from node `from` on.
Cost price_order_joined(const Problem& problem, const Route& kept, int before, const Route& given,
                        int from);

}  // namespace servicenet::routing
