#include "route.h"

#include <algorithm>
#include <limits>

namespace servicenet::routing {

Node visit_node(const Problem& problem, int visit, int window) {
  const Visit& source = problem.visits[static_cast<std::size_t>(visit)];
  const Window& promise = problem.windows[static_cast<std::size_t>(window)];
  Node node;
  node.index = visit;
  node.choice = window;
  node.location = source.location;
  node.access = source.access;
  node.earliest = promise.earliest;
  node.latest = promise.latest;
  node.limit = promise.limit;
  node.duration = source.service;
  return node;
}

Node break_node(const Problem& problem, int pause, int choice) {
  const Break& source = problem.breaks[static_cast<std::size_t>(pause)];
  Node node;
  node.index = pause;
  node.choice = choice;
  node.is_break = true;
  node.earliest = source.earliest;
  node.latest = source.latest;
  node.limit = source.latest;
  node.duration = source.duration;
  return node;
}

void Route::clear(const Problem& problem) {
  nodes_.clear();
  load_.assign(static_cast<std::size_t>(problem.n_loads), 0);
  n_visits_ = 0;
  first_ = last_ = lead_ = tail_ = 0;
  departure_ = end_ = problem.vehicles[static_cast<std::size_t>(vehicle_)].earliest;
  paid_breaks_ = 0;
  cost_ = 0;
  block_ = Block::kNone;
}

void Route::insert(int position, const Node& node) {
  nodes_.insert(nodes_.begin() + position, node);
}

void Route::erase(int position) { nodes_.erase(nodes_.begin() + position); }

bool Route::fail(Block block, Seconds excess) {
  block_ = block;
  excess_ = excess;
  return false;
}

bool Route::update(const Problem& problem) {
  block_ = Block::kNone;
  excess_ = 0;
  n_visits_ = 0;
  for (const Node& node : nodes_) n_visits_ += node.is_break ? 0 : 1;
  if (n_visits_ == 0) {
    clear(problem);
    return true;
  }
  if (!check_load(problem)) return false;
  place(problem);
  if (!run_forward(problem) || !finish_route(problem)) return false;
  find_departure(problem);
  run_backward();
  add_costs(problem);
  return true;
}

bool Route::check_load(const Problem& problem) {
  const auto dimensions = static_cast<std::size_t>(problem.n_loads);
  load_.assign(dimensions, 0);
  for (std::size_t d = 0; d < dimensions; ++d) {
    for (const Node& node : nodes_) {
      if (!node.is_break) {
        load_[d] += problem.demand[static_cast<std::size_t>(node.index) * dimensions + d];
      }
    }
    const int capacity = problem.capacity[static_cast<std::size_t>(vehicle_) * dimensions + d];
    if (load_[d] > capacity) return fail(Block::kCapacity, load_[d] - capacity);
  }
  return true;
}

// Gives every break its location and finds the special stretches.
void Route::place(const Problem& problem) {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(vehicle_)];
  first_ = -1;
  int here = vehicle.start;
  for (int i = 0; i < size(); ++i) {
    Node& node = nodes_[static_cast<std::size_t>(i)];
    if (!node.is_break) {
      here = node.location;
      if (first_ < 0) first_ = i;
      last_ = i;
    } else if (node.choice == 0) {
      node.location = here;
    }
  }
  int next = vehicle.end;
  for (int i = size() - 1; i >= 0; --i) {
    Node& node = nodes_[static_cast<std::size_t>(i)];
    if (!node.is_break) {
      next = node.location;
    } else if (node.choice == 1) {
      node.location = next;
    }
  }
  lead_ = 0;
  while (lead_ < first_ && node(lead_).choice == 0) ++lead_;
  tail_ = last_ + 1;
  while (tail_ < size() && node(tail_).choice == 0) ++tail_;
}

bool Route::run_forward(const Problem& problem) {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(vehicle_)];
  Seconds time = vehicle.earliest;
  int here = vehicle.start;
  for (int i = 0; i < tail_; ++i) {
    Node& node = nodes_[static_cast<std::size_t>(i)];
    const Leg& leg = problem.leg(vehicle.profile, here, node.location);
    if (leg.duration >= kNoWay) return fail(Block::kUnreachable, 0);
    node.leg_duration = leg.duration;
    node.leg_distance = leg.distance;
    node.at = time + leg.duration;
    const Seconds arrival = std::max(node.at + node.access, node.earliest);
    if (arrival > node.limit) {
      return fail(node.is_break ? Block::kBreak : Block::kWindow, arrival - node.limit);
    }
    node.ready = arrival + node.duration;
    if (!node.is_break) {
      node.late = problem.late_cost(problem.visits[static_cast<std::size_t>(node.index)],
                                    arrival - node.latest);
    }
    time = node.ready;
    here = node.location;
  }
  last_leg_ = problem.leg(vehicle.profile, here, vehicle.end);
  if (last_leg_.duration >= kNoWay) return fail(Block::kUnreachable, 0);
  end_ = time + last_leg_.duration;
  return true;
}

// The end of the route, then the breaks taken at the end place.
bool Route::finish_route(const Problem& problem) {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(vehicle_)];
  if (end_ > vehicle.end_limit) return fail(Block::kShift, end_ - vehicle.end_limit);
  Seconds time = end_;
  for (int i = tail_; i < size(); ++i) {
    Node& node = nodes_[static_cast<std::size_t>(i)];
    node.at = time;
    node.leg_duration = 0;
    node.leg_distance = 0;
    const Seconds start = std::max(time, node.earliest);
    if (start > node.limit) return fail(Block::kBreak, start - node.limit);
    node.ready = time = start + node.duration;
  }
  latest_end_ = std::numeric_limits<Seconds>::max() / 2;
  for (int i = size() - 1; i >= tail_; --i) {
    latest_end_ = std::min(node(i).limit, latest_end_ - node(i).duration);
  }
  latest_end_ = std::min(latest_end_, vehicle.end_limit);
  return true;
}

// Latest departure that keeps every arrival; breaks on the way to the first visit move with it.
void Route::find_departure(const Problem& problem) {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(vehicle_)];
  const Node& visit = node(first_);
  Seconds time = visit.ready - visit.duration - visit.access;
  for (int i = first_ - 1; i >= lead_; --i) {
    time = std::min(node(i).limit, time - node(i).duration);
  }
  departure_ = time - problem.leg(vehicle.profile, vehicle.start, visit.location).duration;
}

void Route::run_backward() {
  Seconds latest = latest_end_ - last_leg_.duration;
  for (int i = tail_ - 1; i >= 0; --i) {
    Node& node = nodes_[static_cast<std::size_t>(i)];
    node.latest_at = std::min(node.limit, latest - node.duration) - node.access;
    latest = node.latest_at - node.leg_duration;
  }
}

void Route::add_costs(const Problem& problem) {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(vehicle_)];
  std::int64_t distance = last_leg_.distance;
  cost_ = vehicle.fixed;
  paid_breaks_ = 0;
  for (int i = 0; i < tail_; ++i) {
    const Node& node = nodes_[static_cast<std::size_t>(i)];
    if (node.is_break) {
      if (i >= lead_) paid_breaks_ += node.duration;
    } else {
      cost_ += node.late + problem.assignment_cost(node.index, vehicle_);
    }
    distance += node.leg_distance;
  }
  cost_ += vehicle.per_meter * distance + vehicle.per_second * work();
  cost_ += vehicle.per_overtime_second * std::max(0, end_ - vehicle.latest);
}

}  // namespace servicenet::routing
