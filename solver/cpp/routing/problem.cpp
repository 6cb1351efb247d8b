#include "problem.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "alike.h"

namespace servicenet::routing {

namespace {

bool same_column(const Problem& problem, int a, int b) {
  for (int v = 0; v < problem.n_visits; ++v) {
    if (problem.assignment_cost(v, a) != problem.assignment_cost(v, b)) return false;
  }
  for (int d = 0; d < problem.n_loads; ++d) {
    const auto row = static_cast<std::size_t>(problem.n_loads);
    const auto offset = static_cast<std::size_t>(d);
    if (problem.capacity[static_cast<std::size_t>(a) * row + offset] !=
        problem.capacity[static_cast<std::size_t>(b) * row + offset]) {
      return false;
    }
  }
  return true;
}

// How many vehicles share each value of `member`; values below 0 are nobody's.
template <typename Member>
std::vector<int> count_users(const Problem& problem, Member member) {
  std::vector<int> users;
  for (const Vehicle& vehicle : problem.vehicles) {
    const int value = vehicle.*member;
    if (value < 0) continue;
    if (static_cast<int>(users.size()) <= value) users.resize(static_cast<std::size_t>(value) + 1);
    ++users[static_cast<std::size_t>(value)];
  }
  return users;
}

// What tells vehicles apart beside what they may serve.
std::vector<Cost> signature(const Problem& problem, const Vehicle& vehicle,
                            const std::vector<int>& alike) {
  const RouteLimits& most = vehicle.limits;
  std::vector<Cost> key{alike[static_cast<std::size_t>(vehicle.start)],
                        alike[static_cast<std::size_t>(vehicle.end)],
                        vehicle.profile,   vehicle.earliest,
                        vehicle.latest,    vehicle.end_limit,
                        vehicle.fixed,     vehicle.per_second,
                        vehicle.per_overtime_second, vehicle.per_meter,
                        vehicle.group,     most.visits,
                        most.distance,     most.driving,
                        most.duration,
                        vehicle.out ? 1 : 0,
                        problem.has_order() ? vehicle.told_as : -1};
  for (int b = vehicle.first_break; b < vehicle.last_break; ++b) {
    const Break& pause = problem.breaks[static_cast<std::size_t>(b)];
    key.insert(key.end(), {pause.earliest, pause.latest, pause.duration});
  }
  if (vehicle.van >= 0) {
    const auto parts = static_cast<std::size_t>(problem.n_parts);
    const auto row = static_cast<std::size_t>(vehicle.van) * parts;
    for (std::size_t p = 0; p < parts; ++p) key.push_back(problem.van_stock[row + p]);
  }
  if (vehicle.person >= 0 && !problem.shares.empty()) {
    const Share& share = problem.shares[static_cast<std::size_t>(vehicle.person)];
    key.insert(key.end(), {share.work, share.distance, share.per_second, share.per_meter});
  }
  return key;
}

}  // namespace

void Problem::find_allowed() {
  const auto vehicles_here = static_cast<std::size_t>(n_vehicles);
  allowed_words_ = (vehicles_here + 63) / 64;
  allowed_.assign(static_cast<std::size_t>(n_visits) * allowed_words_, 0);
  for (std::size_t v = 0; v < static_cast<std::size_t>(n_visits); ++v) {
    for (std::size_t k = 0; k < vehicles_here; ++k) {
      const std::uint64_t may = assignment[v * vehicles_here + k] >= 0 ? 1 : 0;
      allowed_[v * allowed_words_ + k / 64] |= may << (k % 64);
    }
  }
}

void Problem::finish() {
  find_allowed();
  only_hard = std::all_of(windows.begin(), windows.end(),
                          [](const Window& each) { return each.latest >= each.limit; });
  time_costs = rules.worst_late_rate > 0;
  for (const Visit& visit : visits) {
    time_costs = time_costs || visit.late_rate > 0 || visit.late_rate_after > 0;
  }
  for (Vehicle& vehicle : vehicles) {
    time_costs = time_costs || vehicle.per_second > 0 || vehicle.per_overtime_second > 0;
    vehicle.rush = traffic.concerns(vehicle.profile);
  }
  for (const Share& share : shares) time_costs = time_costs || share.per_second > 0;
  find_agreed();
  links_of.assign(links.empty() ? 0 : visits.size(), {});
  for (std::size_t l = 0; l < links.size(); ++l) {
    links_of[static_cast<std::size_t>(links[l].first)].push_back(static_cast<int>(l));
    links_of[static_cast<std::size_t>(links[l].second)].push_back(static_cast<int>(l));
  }
  find_types();
  sort_points();
  find_groups();
}

void Problem::find_agreed() {
  idle.clear();
  for (const Told& said : told) {
    time_costs = time_costs || (said.rate > 0 && said.latest < kUnlimited);
    only_hard = only_hard && said.latest >= kUnlimited;
    if (said.person >= 0) most_order_cost = std::max(most_order_cost, said.order_cost);
  }
  const bool any_out = std::any_of(vehicles.begin(), vehicles.end(),
                                   [](const Vehicle& each) { return each.out; });
  if (!any_out) return;
  for (const Vehicle& vehicle : vehicles) {
    idle.push_back(vehicle.out ? find_idle(vehicle) : Idle{});
  }
}

void Problem::find_groups() {
  groups_.assign(1, {});
  group_number_.assign(visits.size(), 0);
  for (int v = 0; v < n_visits && !links.empty(); ++v) {
    if (group_number_[static_cast<std::size_t>(v)] != 0) continue;
    std::vector<int> found{v};
    for (std::size_t i = 0; i < found.size(); ++i) {
      for (const int l : links_of[static_cast<std::size_t>(found[i])]) {
        const Link& link = links[static_cast<std::size_t>(l)];
        if (link.demands == 0) continue;
        const int other = link.first == found[i] ? link.second : link.first;
        if (std::find(found.begin(), found.end(), other) == found.end()) found.push_back(other);
      }
    }
    if (found.size() < 2) continue;
    sort_by_links(found);
    for (const int member : found) {
      group_number_[static_cast<std::size_t>(member)] = static_cast<int>(groups_.size());
    }
    groups_.push_back(found);
  }
}

// Each member after those whose link names it second; members of a circle by number.
void Problem::sort_by_links(std::vector<int>& members) const {
  std::vector<int> sorted;
  std::sort(members.begin(), members.end());
  while (!members.empty()) {
    const auto free = std::find_if(members.begin(), members.end(), [&](int visit) {
      for (const int l : links_of[static_cast<std::size_t>(visit)]) {
        const Link& link = links[static_cast<std::size_t>(l)];
        const bool waits = link.demands != 0 && link.second == visit &&
                           std::find(members.begin(), members.end(), link.first) != members.end();
        if (waits) return false;
      }
      return true;
    });
    const auto next = free == members.end() ? members.begin() : free;
    sorted.push_back(*next);
    members.erase(next);
  }
  members = sorted;
}

void Problem::sort_points() {
  std::vector<int> vans;
  for (const Vehicle& vehicle : vehicles) vans.push_back(vehicle.van);
  std::sort(vans.begin(), vans.end());
  const bool shared = std::adjacent_find(vans.begin(), vans.end()) != vans.end();
  parts_concern_one = !shared && std::all_of(stock.begin(), stock.end(), [](int units) {
    return units >= kUnlimited;
  });
  points_near_.assign(static_cast<std::size_t>(n_locations), {});
  if (points.empty()) return;
  std::vector<int> order(points.size());
  for (std::size_t s = 0; s < order.size(); ++s) order[s] = static_cast<int>(s);
  const int profile = vehicles.empty() ? 0 : vehicles.front().profile;
  for (const Visit& visit : visits) {
    auto& near = points_near_[static_cast<std::size_t>(visit.location)];
    if (!near.empty()) continue;
    near = order;
    std::stable_sort(near.begin(), near.end(), [&](int a, int b) {
      const auto way = [&](int s) {
        return leg(profile, points[static_cast<std::size_t>(s)].location, visit.location).distance;
      };
      return way(a) < way(b);
    });
  }
}

void Problem::find_types() {
  const std::vector<int> van_users = count_users(*this, &Vehicle::van);
  const std::vector<int> shifts = count_users(*this, &Vehicle::person);
  const std::vector<int> places = find_alike_places(*this);
  std::map<std::vector<Cost>, std::vector<int>> representatives;
  n_types = 0;
  for (int k = 0; k < n_vehicles; ++k) {
    Vehicle& vehicle = vehicles[static_cast<std::size_t>(k)];
    // Who shares a van or works another shift, too, is like nobody else.
    const bool shares_van = vehicle.van >= 0 && van_users[static_cast<std::size_t>(vehicle.van)] > 1;
    const bool returns =
        vehicle.person >= 0 && shifts[static_cast<std::size_t>(vehicle.person)] > 1;
    auto& alike = representatives[signature(*this, vehicle, places)];
    const auto twin = shares_van || returns
                          ? alike.end()
                          : std::find_if(alike.begin(), alike.end(), [&](int other) {
                              return same_column(*this, other, k);
                            });
    if (twin != alike.end()) {
      vehicle.type = vehicles[static_cast<std::size_t>(*twin)].type;
      continue;
    }
    vehicle.type = n_types++;
    if (!shares_van && !returns) alike.push_back(k);
  }
}

}  // namespace servicenet::routing
