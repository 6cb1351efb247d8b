// Routes seen in good plans, so that the best of different plans can be put together again by set
// partitioning (Rochat & Taillard 1995; Subramanian, Uchoa & Ochi 2013).
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "plan.h"

namespace servicenet::routing {

// The cheapest way seen in which a type of vehicle serves a set of visits.
struct Column {
  // Units taken from a stock others may need, too; `cell` is its place in `Problem::stock`.
  struct Use {
    int cell;
    int units;
  };

  int type = 0;
  Cost cost = 0;           // more than the vehicle costs without visits
  Cost plan = 0;           // the cheapest plan it was part of
  std::uint64_t key = 0;   // of type and set
  std::vector<Step> steps;  // breaks counted from the vehicle's first
  std::vector<Use> uses;
};

class RoutePool {
 public:
  RoutePool(const Problem& problem, std::size_t most) : problem_(problem), most_(most) {}

  // True if the price of a route does not depend on other routes, and what they share are stocks.
  static bool suits(const Problem& problem);

  // `route` is part of a legal plan that costs `plan`.
  void offer(const Route& route, Cost plan);
  void offer(const Plan& plan);
  void offer(const Column& column);

  const std::vector<Column>& columns() const { return columns_; }

  // Every column's vehicle is the first free one of its type.
  Decision assemble(const std::vector<int>& chosen, const std::vector<int>& pool_of) const;

 private:
  std::uint64_t key_of(const Route& route) const;
  int first_break(int vehicle) const;
  std::vector<Step> steps_for(const Column& column, int vehicle) const;
  void fill(Column& column, const Route& route) const;
  bool is_priced_right(const Route& route) const;
  void drop_worst();

  const Problem& problem_;
  std::size_t most_;
  std::vector<Column> columns_;
  std::unordered_map<std::uint64_t, std::size_t> slots_;
};

}  // namespace servicenet::routing
