// A visit that needs parts and the stop that fetches them, priced together in constant time a place:
// for routes that last as short as their order allows, where every point has all of everything.
#pragma once

#include "insertion.h"

namespace servicenet::routing {

// True if `try_errand` can tell what `visit` costs on `route`.
bool is_errand(const Surroundings& around, const Route& route, int visit);

// True if the parts of `visit` are on the van, or can be fetched at a stop the route makes already,
// when it stands in front of node `position`.
bool has_parts(const Problem& problem, const Route& route, int position, int visit);

// The cheapest stop in front of the visit; it takes the place of all stops of the route. (They lie
// behind the visit, or its parts would be there.) Updates `best` if it beats it.
void try_errand(const Surroundings& around, const Route& route, int position, int visit, int window,
                Insertion& best);

}  // namespace servicenet::routing
