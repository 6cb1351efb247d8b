// What the routes of a plan share: people's hours and meters, units of parts, the worst lateness.
#pragma once

#include <vector>

#include "route.h"

namespace servicenet::routing {

class Ledger {
 public:
  explicit Ledger(const Problem& problem);

  // Price of what no single route pays for.
  Cost cost() const { return cost_; }

  // Books the route in the place of what its vehicle did before.
  void book(const Route& route);

  // How the price changes if the vehicle works and drives so much more.
  Cost change(const Problem& problem, int vehicle, Cost work, Cost distance) const;

  // Price of the route becoming later than anything so far.
  Cost worse(const Problem& problem, Seconds lateness) const {
    return problem.rules.worst_late_rate * std::max(0, lateness - worst_);
  }

  // True if the stocks hold what `route` takes, in the place of what its vehicle took before.
  bool holds(const Route& route) const { return find_excess(route) == nullptr; }

  // The first thing `route` takes that is no longer there.
  const Taking* find_excess(const Route& route) const;

  // Units of a part that `vehicle` may take from a stock: what no other route takes.
  int left_for(int vehicle, int stock, int part) const;

  bool pool_holds(int visit, int pool) const;
  void book_pool(int visit, int pool, int sign);

 private:
  struct Entry {
    Cost work = 0;
    Cost distance = 0;
    Seconds late = 0;
    std::vector<Taking> takings;
  };

  static Cost price(const Share& share, Cost work, Cost distance);
  std::size_t cell(int stock, int part) const {
    return static_cast<std::size_t>(stock) * static_cast<std::size_t>(problem_->n_parts) +
           static_cast<std::size_t>(part);
  }
  void book_person(int vehicle, Entry& entry, const Route& route);
  void book_lateness(Entry& entry, const Route& route);

  const Problem* problem_;
  std::vector<Entry> entries_;  // per vehicle
  std::vector<Cost> work_;      // per person
  std::vector<Cost> distance_;  // per person
  std::vector<int> taken_;      // stocks x parts
  std::vector<int> pool_taken_;
  Seconds worst_ = 0;
  Cost cost_ = 0;
};

}  // namespace servicenet::routing
