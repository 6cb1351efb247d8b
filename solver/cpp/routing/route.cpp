#include "route.h"

#include <algorithm>
#include <limits>

#include "agreed.h"

namespace servicenet::routing {

Node visit_node(const Problem& problem, int visit, int window, int vehicle) {
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
  node.duration = problem.service(visit, problem.vehicles[static_cast<std::size_t>(vehicle)]);
  return node;
}

Node break_node(const Problem& problem, int pause, int choice) {
  const Break& source = problem.breaks[static_cast<std::size_t>(pause)];
  Node node;
  node.index = pause;
  node.choice = choice;
  node.kind = Kind::kBreak;
  node.earliest = source.earliest;
  node.latest = source.latest;
  node.limit = source.latest;
  node.duration = source.duration;
  return node;
}

Node pickup_node(const Problem& problem, int point) {
  const Point& source = problem.points[static_cast<std::size_t>(point)];
  Node node;
  node.index = point;
  node.kind = Kind::kPickup;
  node.location = source.location;
  node.earliest = source.earliest;
  node.latest = source.latest;
  node.limit = source.latest;
  node.duration = source.service;
  return node;
}

Seconds bound_in_chain(const Problem& problem, const std::vector<Node>& nodes, int position) {
  const int visit = nodes[static_cast<std::size_t>(position)].index;
  Seconds bound = 0;
  for (const int l : problem.links_of[static_cast<std::size_t>(visit)]) {
    const Link& link = problem.links[static_cast<std::size_t>(l)];
    if (link.second != visit || link.person == 2) continue;
    for (int i = 0; i < position; ++i) {
      const Node& first = nodes[static_cast<std::size_t>(i)];
      if (!first.is_visit() || first.index != link.first) continue;
      bound = std::max(bound, (link.from_end ? first.ready : first.start()) + link.least);
    }
  }
  return bound;
}

void Route::clear(const Problem& problem) {
  nodes_.clear();
  takings_.clear();
  van_used_.clear();
  load_.assign(static_cast<std::size_t>(problem.n_loads), 0);
  n_visits_ = 0;
  has_links_ = false;
  has_stretches_ = false;
  first_ = last_ = lead_ = tail_ = 0;
  departure_ = end_ = problem.vehicles[static_cast<std::size_t>(vehicle_)].earliest;
  paid_breaks_ = driving_ = worst_late_ = 0;
  distance_ = 0;
  cost_ = 0;
  block_ = Block::kNone;
  if (problem.vehicles[static_cast<std::size_t>(vehicle_)].out) go_home(problem);
}

// What a vehicle does that is out and has no visits.
void Route::go_home(const Problem& problem) {
  const Idle& idle = problem.idle[static_cast<std::size_t>(vehicle_)];
  last_leg_ = idle.leg;
  end_ = idle.end;
  paid_breaks_ = idle.rested;
  driving_ = idle.leg.duration;
  distance_ = idle.leg.distance;
  cost_ = idle.cost;
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
  return check_parts(problem) && time(problem);
}

bool Route::time(const Problem& problem) {
  has_stretches_ = false;
  block_ = Block::kNone;
  excess_ = 0;
  n_visits_ = 0;
  has_links_ = false;
  has_looked_back_ = false;
  for (const Node& node : nodes_) {
    if (!node.is_visit()) continue;
    ++n_visits_;
    has_links_ = has_links_ || problem.is_linked(node.index);
  }
  if (n_visits_ == 0) {
    clear(problem);
    return true;
  }
  if (!check_load(problem)) return false;
  if (!place(problem)) return fail(Block::kBreak, 0);
  if (!run_forward(problem) || !finish_route(problem)) return false;
  if (problem.vehicles[static_cast<std::size_t>(vehicle_)].out) {
    departure_ = problem.vehicles[static_cast<std::size_t>(vehicle_)].earliest;
  } else if (problem.rules.leaves_for_end) {
    find_lean_departure(problem);
  } else {
    find_departure(problem);
  }
  add_costs(problem);
  return check_limits(problem);
}

bool Route::check_load(const Problem& problem) {
  const auto dimensions = static_cast<std::size_t>(problem.n_loads);
  load_.assign(dimensions, 0);
  for (std::size_t d = 0; d < dimensions; ++d) {
    for (const Node& node : nodes_) {
      if (node.is_visit()) {
        load_[d] += problem.demand[static_cast<std::size_t>(node.index) * dimensions + d];
      }
    }
    const int capacity = problem.capacity[static_cast<std::size_t>(vehicle_) * dimensions + d];
    if (load_[d] > capacity) return fail(Block::kCapacity, load_[d] - capacity);
  }
  return true;
}

// Gives every break its location and finds the special stretches; false if breaks are out of order.
bool Route::place(const Problem& problem) {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(vehicle_)];
  first_ = -1;
  int here = vehicle.start;
  int first_stop = -1;
  for (int i = 0; i < size(); ++i) {
    Node& node = nodes_[static_cast<std::size_t>(i)];
    if (!node.is_break()) {
      here = node.location;
      if (first_stop < 0) first_stop = i;
      if (!node.is_visit()) continue;
      if (first_ < 0) first_ = i;
      last_ = i;
    } else if (node.choice == 0) {
      node.location = here;
      // What stood between two breaks may be gone: one after traveling, then one before.
      if (i > 0 && nodes_[static_cast<std::size_t>(i - 1)].choice == 1 &&
          nodes_[static_cast<std::size_t>(i - 1)].is_break()) {
        return false;
      }
    }
  }
  int next = vehicle.end;
  for (int i = size() - 1; i >= 0; --i) {
    Node& node = nodes_[static_cast<std::size_t>(i)];
    if (!node.is_break()) {
      next = node.location;
    } else if (node.choice == 1) {
      node.location = next;
    }
  }
  lead_ = 0;
  while (!vehicle.out && lead_ < first_stop && node(lead_).choice == 0) ++lead_;
  tail_ = last_ + 1;
  while (tail_ < size() && node(tail_).choice == 0) ++tail_;
  return true;
}

bool Route::run_forward(const Problem& problem) {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(vehicle_)];
  Seconds time = vehicle.earliest;
  int here = vehicle.start;
  for (int i = 0; i < tail_; ++i) {
    Node& node = nodes_[static_cast<std::size_t>(i)];
    const Leg& leg = problem.leg(vehicle.profile, here, node.location);
    if (leg.duration >= kNoWay) return fail(Block::kUnreachable, 0);
    node.at = problem.arrive(vehicle, here, node.location, time);
    node.leg_duration = node.at - time;
    node.leg_distance = leg.distance;
    const Seconds arrival = node.arrival();
    Seconds start = std::max(arrival, node.bound);
    if (has_links_ && node.is_visit() && problem.is_linked(node.index)) {
      start = std::max(start, bound_in_chain(problem, nodes_, i));
    }
    const Seconds judged = problem.rules.late_at_start ? start : arrival;
    if (judged > node.limit) {
      return fail(node.is_break() ? Block::kBreak : Block::kWindow, judged - node.limit);
    }
    node.ready = start + node.duration;
    if (node.is_visit()) {
      node.late = problem.delay_cost(node.index, judged - node.latest, arrival);
    }
    time = node.ready;
    here = node.location;
  }
  last_leg_ = problem.leg(vehicle.profile, here, vehicle.end);
  if (last_leg_.duration >= kNoWay) return fail(Block::kUnreachable, 0);
  end_ = problem.arrive(vehicle, here, vehicle.end, time);
  last_leg_.duration = end_ - time;
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

int Route::place_before(const Vehicle& vehicle, int position) const {
  return position == 0 ? vehicle.start : node(position - 1).location;
}

Seconds Route::ready_before(const Vehicle& vehicle, int position) const {
  return position == 0 ? vehicle.earliest : node(position - 1).ready;
}

// Latest departure that keeps every arrival; breaks and pick-ups on the way to the first visit move
// with it.
void Route::find_departure(const Problem& problem) {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(vehicle_)];
  Seconds at = node(first_).arrival() - node(first_).access;
  for (int i = first_;; --i) {
    const Seconds leaves = problem.leave(vehicle, place_before(vehicle, i), node(i).location,
                                         ready_before(vehicle, i), at);
    if (i == lead_) {
      departure_ = leaves;
      return;
    }
    at = std::min(node(i - 1).limit, leaves - node(i - 1).duration);
  }
}

// Latest departure that keeps the end and adds no lateness.
void Route::find_lean_departure(const Problem& problem) {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(vehicle_)];
  Seconds leaves = problem.leave(vehicle, node(tail_ - 1).location, vehicle.end,
                                 node(tail_ - 1).ready, end_);
  for (int i = tail_ - 1;; --i) {
    const Node& here = node(i);
    const bool linked = here.is_visit() && problem.is_linked(here.index);
    Seconds due = std::min(here.limit, here.latest);
    if (here.is_visit() && !problem.told.empty()) {
      due = std::min(due, problem.told[static_cast<std::size_t>(here.index)].latest);
    }
    const Seconds kept = std::max(due, here.arrival());
    Seconds start = std::min(kept, leaves - here.duration);
    if (linked) start = std::min(start, here.start());  // others count on it
    leaves = problem.leave(vehicle, place_before(vehicle, i), here.location,
                           ready_before(vehicle, i), start - here.access);
    if (i == lead_) break;
  }
  departure_ = leaves;
}

void Route::look_back(const Problem& problem) {
  if (has_looked_back_ || empty()) return;
  has_looked_back_ = true;
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(vehicle_)];
  Seconds latest = problem.leave(vehicle, node(tail_ - 1).location, vehicle.end,
                                 node(tail_ - 1).ready, latest_end_);
  for (int i = tail_ - 1; i >= 0; --i) {
    Node& node = nodes_[static_cast<std::size_t>(i)];
    node.latest_at = std::min(node.limit, latest - node.duration) - node.access;
    latest = problem.leave(vehicle, place_before(vehicle, i), node.location,
                           ready_before(vehicle, i), node.latest_at);
  }
  join_stretches(problem);
}

// Quick trials need them where a route lasts as short as its order allows.
void Route::join_stretches(const Problem& problem) {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(vehicle_)];
  has_stretches_ = problem.rules.leaves_for_end && problem.only_hard && !has_links_ &&
                   !vehicle.rush && !vehicle.has_breaks() && !vehicle.out;
  if (!has_stretches_) return;
  const auto own = [](const Node& stop) { return Stretch{stop.duration, stop.earliest, stop.limit}; };
  stretches_to_.resize(nodes_.size());
  stretches_from_.resize(nodes_.size());
  Stretch all{0, vehicle.earliest, vehicle.end_limit};
  for (int i = 0; i < tail_; ++i) {
    all = join(all, node(i).leg_duration + node(i).access, own(node(i)));
    stretches_to_[static_cast<std::size_t>(i)] = all;
  }
  all = Stretch{0, vehicle.earliest, latest_end_};
  Seconds way = last_leg_.duration;
  for (int i = tail_ - 1; i >= 0; --i) {
    all = join(own(node(i)), way, all);
    stretches_from_[static_cast<std::size_t>(i)] = all;
    way = node(i).leg_duration + node(i).access;
  }
}

void Route::add_costs(const Problem& problem) {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(vehicle_)];
  distance_ = last_leg_.distance;
  driving_ = last_leg_.duration;
  cost_ = vehicle.fixed;
  paid_breaks_ = 0;
  worst_late_ = 0;
  for (int i = 0; i < tail_; ++i) {
    const Node& node = nodes_[static_cast<std::size_t>(i)];
    if (node.is_break()) {
      if (i >= lead_) paid_breaks_ += node.duration;
    } else if (node.is_visit()) {
      cost_ += node.late + problem.assignment_cost(node.index, vehicle_);
      const Seconds judged = problem.rules.late_at_start ? node.start() : node.arrival();
      worst_late_ = std::max(worst_late_, judged - node.latest);
    }
    distance_ += node.leg_distance;
    driving_ += node.leg_duration;
  }
  cost_ += vehicle.per_meter * distance_ + vehicle.per_second * work();
  cost_ += vehicle.per_overtime_second * std::max(0, end_ - vehicle.latest);
  if (problem.has_order()) cost_ += price_order(problem, vehicle_, nodes_);
}

// Under traffic the legs driven later than as early as possible may take another time.
Seconds Route::driven_from_departure(const Problem& problem) const {
  const Vehicle& vehicle = problem.vehicles[static_cast<std::size_t>(vehicle_)];
  if (!vehicle.rush) return driving_;
  Seconds driven = 0;
  Seconds time = departure_;
  int here = vehicle.start;
  for (int i = lead_; i < tail_; ++i) {
    const Node& stop = node(i);
    const Seconds at = problem.arrive(vehicle, here, stop.location, time);
    driven += at - time;
    time = std::max({at + stop.access, stop.earliest, stop.bound, stop.start()}) + stop.duration;
    here = stop.location;
  }
  return driven + problem.arrive(vehicle, here, vehicle.end, time) - time;
}

bool Route::check_limits(const Problem& problem) {
  const RouteLimits& most = problem.vehicles[static_cast<std::size_t>(vehicle_)].limits;
  if (n_visits_ > most.visits) return fail(Block::kLimit, n_visits_ - most.visits);
  if (distance_ > most.distance) {
    return fail(Block::kLimit, static_cast<Seconds>(distance_ - most.distance));
  }
  const Seconds driven = most.driving == kUnlimited ? 0 : driven_from_departure(problem);
  if (driven > most.driving) return fail(Block::kLimit, driven - most.driving);
  const Seconds lasts = end_ - departure_;
  return lasts <= most.duration || fail(Block::kLimit, lasts - most.duration);
}

}  // namespace servicenet::routing
