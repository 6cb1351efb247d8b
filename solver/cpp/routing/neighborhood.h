// Which visits are near which: the granularity of the search.
#pragma once

#include <utility>
#include <vector>

#include "problem.h"

namespace servicenet::routing {

// One of the visits next to which another may be inserted, and the ways between them.
struct Beside {
  int visit = 0;
  int profile = 0;
  Leg in;   // from there
  Leg out;  // to there
};

class Neighborhood;

// A part of a problem: where its visits are in the whole, and the other way round (-1 = not here).
// All lists of the whole have been made.
struct Excerpt {
  const Neighborhood* whole = nullptr;
  const std::vector<int>* visits = nullptr;
  const std::vector<int>* here = nullptr;
};

// For each visit two lists of others, nearest first: `around` by travel alone (what to tear out
// together) and `beside` by travel plus unavoidable waiting and lateness between the two (next to
// whom to insert; Vidal, Crainic, Gendreau & Prins 2013, section 4.3).
//
// Lists of a part of a larger problem can be taken from those of the whole.
//
// A list is made when it is first asked for, so that large problems have a plan before all lists
// exist. Every search owns its lists; threads share nothing.
class Neighborhood {
 public:
  Neighborhood(const Problem& problem, int n_around, int n_beside, Excerpt excerpt = {});

  const std::vector<int>& around(int visit) { return lists(visit).around; }
  const std::vector<Beside>& beside(int visit) { return lists(visit).beside; }

  // Mean price of the way from a visit to its nearest other one, from a sample; scales
  // temperatures.
  double typical_leg();

 private:
  struct Lists {
    bool made = false;
    std::vector<int> around;
    std::vector<Beside> beside;
  };
  // Average prices over the fleet: proximity is one figure for all vehicles.
  struct Prices {
    explicit Prices(const Problem& problem);
    double leg(const Leg& way) const;
    double per_meter = 0.0;
    double per_second = 0.0;
    int profile = 0;
  };
  using Candidate = std::pair<double, int>;  // price, visit

  const Lists& lists(int visit);
  void take_from_whole(int visit, Lists& lists) const;
  void collect(int visit, std::size_t wanted);
  double find_bound(const Leg* ways, std::size_t wanted);
  void keep_nearest(std::size_t count);
  Beside ways(int visit, int other) const;
  double travel(int a, int b) const;
  double travel_and_idle(int a, int b) const;

  const Problem& problem_;
  Prices prices_;
  int n_around_;
  int n_beside_;
  Excerpt excerpt_;
  std::vector<Lists> lists_;
  std::vector<int> places_;  // of visits
  std::vector<Candidate> candidates_;
  std::vector<double> sample_;
};

}  // namespace servicenet::routing
