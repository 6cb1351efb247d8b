// Places that are equally far from everywhere, under whatever numbers they go: vehicles that start
// there are interchangeable.
#pragma once

#include <vector>

#include "problem.h"

namespace servicenet::routing {

// For every place, the first of the starts and ends of vehicles that is equally far from and to
// every place at every hour; itself for one like no other.
std::vector<int> find_alike_places(const Problem& problem);

}  // namespace servicenet::routing
