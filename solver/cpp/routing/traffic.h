// Travel by hour: a leg consumes buckets of time as it drives, so nobody overtakes (Ichoua, Gendreau
// & Potvin 2003). The arithmetic is that of docs/semantics.md, in whole numbers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "measure.h"

namespace servicenet::routing {

struct Traffic {
  static constexpr std::int64_t kWhole = std::int64_t{1} << 30;
  static constexpr Seconds kRounding = 2;

  std::vector<Seconds> starts;  // of the buckets, ascending from 0
  std::vector<int> regimes;     // of the buckets
  std::size_t n_regimes = 0;
  // Per profile: seconds of cell c in regime r at c * n_regimes + r; empty = free flow always.
  std::vector<std::vector<Seconds>> durations;

  bool concerns(int profile) const {
    const auto p = static_cast<std::size_t>(profile);
    return p < durations.size() && !durations[p].empty();
  }

  // Arrival of a leg begun at `departure`; `leg` points to its seconds by regime.
  Seconds arrive(const Seconds* leg, Seconds departure) const {
    auto bucket = static_cast<std::size_t>(
        std::upper_bound(starts.begin() + 1, starts.end(), departure) - starts.begin() - 1);
    std::int64_t rest = kWhole;
    Seconds now = departure;
    while (true) {
      const std::int64_t whole = leg[regimes[bucket]];
      const bool last = bucket + 1 == starts.size();
      const std::int64_t span = last ? 0 : starts[bucket + 1] - now;
      if (last || rest * whole <= span * kWhole) {
        return now + static_cast<Seconds>((rest * whole + kWhole - 1) / kWhole);
      }
      rest -= span * kWhole / whole;
      now = starts[++bucket];
    }
  }

  // Latest departure of a leg that arrives no later than `arrival`; one at `earliest` does.
  Seconds leave(const Seconds* leg, Seconds earliest, Seconds arrival) const {
    // Roundings at the ends of buckets may cost a second or two.
    const auto [least, most] = std::minmax_element(leg, leg + n_regimes);
    Seconds low = std::max(earliest, arrival - *most - kRounding);
    Seconds high = std::max(low, arrival - *least);
    while (low < high) {
      const Seconds middle = low + (high - low + 1) / 2;
      if (arrive(leg, middle) <= arrival) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
};

}  // namespace servicenet::routing
