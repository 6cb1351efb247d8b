// First plan of a large day: the town is cut into regions, each gets a greedy plan of its own. No
// visit looks at vehicles from the far end of town, which takes most of the time and makes routes
// that cross it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "random.h"
#include "region.h"
#include "search.h"

namespace servicenet::routing {

class PiecewiseStart {
 public:
  PiecewiseStart(const Problem& problem, std::uint64_t seed);
  PiecewiseStart(const PiecewiseStart&) = delete;
  PiecewiseStart& operator=(const PiecewiseStart&) = delete;

  // True if the day is large, its regions do not depend on each other, and vehicles start from so
  // many places that every region has some.
  static bool suits(const Problem& problem);

  // Tries the next visits, at most `count`; true once all were tried in their region.
  bool construct(int count);
  // The regions that are done, together.
  const Decision& plan() const { return plan_; }

 private:
  void open();
  void close();

  const Problem& problem_;
  Random random_;
  Decision plan_;
  std::vector<Piece> pieces_;  // yet to do, the next one last
  std::unique_ptr<Region> region_;  // under construction
  std::unique_ptr<Search> search_;
};

}  // namespace servicenet::routing
