#include "ledger.h"

#include <algorithm>

namespace servicenet::routing {

Ledger::Ledger(const Problem& problem)
    : problem_(&problem),
      entries_(problem.vehicles.size()),
      work_(problem.shares.size(), 0),
      distance_(problem.shares.size(), 0),
      taken_(problem.stock.size(), 0),
      pool_taken_(problem.pool_stock.size(), 0) {
  for (const Share& share : problem.shares) cost_ += price(share, 0, 0);
}

Cost Ledger::price(const Share& share, Cost work, Cost distance) {
  return share.per_second * std::max<Cost>(0, work - share.work) +
         share.per_meter * std::max<Cost>(0, distance - share.distance);
}

void Ledger::book(const Route& route) {
  Entry& entry = entries_[static_cast<std::size_t>(route.vehicle())];
  if (!problem_->shares.empty()) book_person(route.vehicle(), entry, route);
  if (problem_->rules.worst_late_rate > 0) book_lateness(entry, route);
  if (problem_->n_parts == 0) return;
  for (const Taking& taking : entry.takings) taken_[cell(taking.stock, taking.part)] -= taking.units;
  entry.takings = route.takings();
  for (const Taking& taking : entry.takings) taken_[cell(taking.stock, taking.part)] += taking.units;
}

void Ledger::book_person(int vehicle, Entry& entry, const Route& route) {
  const Cost work = route.work();
  const Cost distance = route.distance();
  cost_ += change(*problem_, vehicle, work - entry.work, distance - entry.distance);
  const auto person = static_cast<std::size_t>(
      problem_->vehicles[static_cast<std::size_t>(vehicle)].person);
  work_[person] += work - entry.work;
  distance_[person] += distance - entry.distance;
  entry.work = work;
  entry.distance = distance;
}

void Ledger::book_lateness(Entry& entry, const Route& route) {
  const Seconds before = worst_;
  const Seconds old = entry.late;
  entry.late = route.empty() ? 0 : route.worst_late();
  if (entry.late >= worst_) {
    worst_ = entry.late;
  } else if (old == worst_) {
    worst_ = 0;
    for (const Entry& each : entries_) worst_ = std::max(worst_, each.late);
  }
  cost_ += problem_->rules.worst_late_rate * (worst_ - before);
}

Cost Ledger::change(const Problem& problem, int vehicle, Cost work, Cost distance) const {
  if (problem.shares.empty()) return 0;
  const auto person = static_cast<std::size_t>(
      problem.vehicles[static_cast<std::size_t>(vehicle)].person);
  const Share& share = problem.shares[person];
  return price(share, work_[person] + work, distance_[person] + distance) -
         price(share, work_[person], distance_[person]);
}

const Taking* Ledger::find_excess(const Route& route) const {
  if (route.takings().empty()) return nullptr;
  const Entry& entry = entries_[static_cast<std::size_t>(route.vehicle())];
  for (const Taking& wanted : route.takings()) {
    const std::size_t place = cell(wanted.stock, wanted.part);
    if (problem_->stock[place] == kUnlimited) continue;
    int units = taken_[place];
    for (const Taking& old : entry.takings) {
      if (old.stock == wanted.stock && old.part == wanted.part) units -= old.units;
    }
    for (const Taking& taking : route.takings()) {
      if (taking.stock == wanted.stock && taking.part == wanted.part) units += taking.units;
    }
    if (units > problem_->stock[place]) return &wanted;
  }
  return nullptr;
}

int Ledger::left_for(int vehicle, int stock, int part) const {
  const std::size_t place = cell(stock, part);
  if (problem_->stock[place] == kUnlimited) return kUnlimited;
  int left = problem_->stock[place] - taken_[place];
  for (const Taking& own : entries_[static_cast<std::size_t>(vehicle)].takings) {
    if (own.stock == stock && own.part == part) left += own.units;
  }
  return left;
}

bool Ledger::pool_holds(int visit, int pool) const {
  const Visit& source = problem_->visits[static_cast<std::size_t>(visit)];
  for (int n = source.first_need; n < source.last_need; ++n) {
    const Need& need = problem_->needs[static_cast<std::size_t>(n)];
    const std::size_t place = cell(pool, need.part);
    if (problem_->pool_stock[place] == kUnlimited) continue;
    if (pool_taken_[place] + need.units > problem_->pool_stock[place]) return false;
  }
  return true;
}

void Ledger::book_pool(int visit, int pool, int sign) {
  const Visit& source = problem_->visits[static_cast<std::size_t>(visit)];
  for (int n = source.first_need; n < source.last_need; ++n) {
    const Need& need = problem_->needs[static_cast<std::size_t>(n)];
    pool_taken_[cell(pool, need.part)] += sign * need.units;
  }
}

}  // namespace servicenet::routing
