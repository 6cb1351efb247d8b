// Where the breaks of a route are taken.
#pragma once

#include "route.h"

namespace servicenet::routing {

// Most break layouts of one route that are tried exhaustively; beyond, one break at a time.
inline constexpr int kMaxLayouts = 400;

// Puts the breaks of the route where they cost least, its visits keeping order and windows.
// Exact while the layouts do not exceed kMaxLayouts; otherwise a local optimum in which no single
// break can be moved with profit. False, route unchanged and not updated, if no layout is feasible.
bool place_breaks(const Problem& problem, Route& route);

}  // namespace servicenet::routing
