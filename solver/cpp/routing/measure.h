// Quantities of the engine. Seconds count from the start of the planning horizon, meters along the
// fastest way, costs in the caller's integer unit.
#pragma once

#include <cstdint>
#include <limits>

namespace servicenet::routing {

using Seconds = std::int32_t;
using Meters = std::int32_t;
using Cost = std::int64_t;

// Stands in for "no way" inside the engine. Any arrival after such a leg lies beyond every limit,
// and a sum of two of them still fits 32 bits.
inline constexpr Seconds kNoWay = 1'000'000'000;

inline constexpr Cost kInfinite = std::numeric_limits<Cost>::max() / 4;

}  // namespace servicenet::routing
