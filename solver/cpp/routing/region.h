// A piece of a large day as a problem of its own: some vehicles with all they serve, what pools serve
// and what nobody serves nearby. Its tables are small enough for the fast memory of one core, and
// regions of one plan can be searched at the same time.
#pragma once

#include <vector>

#include "neighborhood.h"
#include "plan.h"

namespace servicenet::routing {

// Vehicles and visits of the whole, each in ascending order; visits on a vehicle's route go with it.
struct Piece {
  std::vector<int> vehicles;
  std::vector<int> visits;
  std::vector<int> pool_room;  // visits that each pool may serve
};

class Region {
 public:
  Region(const Problem& whole, const Decision& plan, Piece piece);
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;

  // True if routes share nothing but the room in pools, so that the prices of regions add up.
  static bool suits(const Problem& whole);

  const Problem& problem() const { return problem_; }
  // For neighbors from lists of the whole.
  Excerpt excerpt(const Neighborhood& whole) const {
    return {&whole, &piece_.visits, &visit_here_};
  }
  // What the plan does here, in the numbers of `problem`.
  const Decision& start() const { return start_; }
  // What was found here in the numbers of the whole, in the order of the piece's vehicles and visits.
  Decision translate(const Decision& found) const;

 private:
  void copy_places(const Problem& whole);
  void copy_visits(const Problem& whole);
  void copy_vehicles(const Problem& whole);
  void copy_pools(const Problem& whole);
  void copy_traffic(const Problem& whole);
  Step inward(std::size_t vehicle, const Step& step) const;
  Step outward(std::size_t vehicle, const Step& step) const;

  Piece piece_;
  Problem problem_;
  Decision start_;
  std::vector<int> places_;       // of the whole, near ones beside each other
  std::vector<int> place_here_;   // per place of the whole, -1 = elsewhere
  std::vector<int> visit_here_;   // per visit of the whole, -1 = elsewhere
  std::vector<int> window_shift_; // per visit here: window of the whole - window here
  std::vector<int> break_shift_;  // per vehicle here: break of the whole - break here
};

// Puts what `Region::translate` returned into the plan of the whole.
void write(const Piece& piece, const Decision& found, Decision& plan);

}  // namespace servicenet::routing
