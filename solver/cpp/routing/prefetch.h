// Asks for a cell of a large table before it is needed: the innermost loops look at cells all over
// the tables of legs, and would wait for the slow memory once for each.
#pragma once

namespace servicenet::routing {

inline void prefetch([[maybe_unused]] const void* address) {
#if defined(__GNUC__) || defined(__clang__)
  __builtin_prefetch(address);
#endif
}

}  // namespace servicenet::routing
