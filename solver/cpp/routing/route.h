// One vehicle's day as a chain of nodes with its schedule and cost.
//
// A break is a node like a visit: it has a place (that of the visit before it, or, taken after
// traveling, that of the visit after it), a window on its start and a duration. So one recursion
// times both:
//
//   at      = ready(previous) + leg            vehicle at the place
//   arrival = max(at + access, earliest)       must be <= limit
//   ready   = arrival + duration
//
// Two stretches are special. Breaks before the first visit taken at the start place (`lead` of
// them) lie before departure and are unpaid; breaks taken at the end place (from `tail` on) begin
// after the route has ended and only have to start by their limit.
#pragma once

#include <cstddef>
#include <vector>

#include "problem.h"

namespace servicenet::routing {

enum class Block { kNone, kForbidden, kUnreachable, kCapacity, kWindow, kBreak, kShift };

struct Node {
  int index = 0;          // visit, or break
  int choice = 0;         // visit: window; break: 0 before traveling on, 1 after traveling
  bool is_break = false;
  int location = 0;
  Seconds access = 0;
  Seconds earliest = 0;
  Seconds latest = 0;
  Seconds limit = 0;
  Seconds duration = 0;
  Seconds leg_duration = 0;  // of the way here
  Meters leg_distance = 0;
  Seconds at = 0;
  Seconds ready = 0;
  Seconds latest_at = 0;  // being here later makes something behind impossible
  Cost late = 0;
};

Node visit_node(const Problem& problem, int visit, int window);
Node break_node(const Problem& problem, int pause, int choice);

class Route {
 public:
  Route() = default;
  Route(const Problem& problem, int vehicle) : vehicle_(vehicle) { clear(problem); }

  int vehicle() const { return vehicle_; }
  const std::vector<Node>& nodes() const { return nodes_; }
  const Node& node(int i) const { return nodes_[static_cast<std::size_t>(i)]; }
  int size() const { return static_cast<int>(nodes_.size()); }
  int n_visits() const { return n_visits_; }
  bool empty() const { return n_visits_ == 0; }
  int load(int dimension) const { return load_[static_cast<std::size_t>(dimension)]; }

  int first() const { return first_; }  // node index of the first visit
  int last() const { return last_; }    // node index of the last visit
  int tail() const { return tail_; }    // first break taken at the end place, or size()
  Seconds departure() const { return departure_; }
  Seconds end() const { return end_; }
  Seconds latest_end() const { return latest_end_; }
  const Leg& last_leg() const { return last_leg_; }
  Seconds work() const { return end_ - departure_ - paid_breaks_; }
  Cost cost() const { return cost_; }

  // Why and by how much the last `update` failed.
  Block block() const { return block_; }
  Seconds excess() const { return excess_; }

  void clear(const Problem& problem);
  // Empties the route and gives it to another vehicle; keeps its memory.
  void use(const Problem& problem, int vehicle) {
    vehicle_ = vehicle;
    clear(problem);
  }
  void insert(int position, const Node& node);
  void erase(int position);
  void assign(const std::vector<Node>& nodes) { nodes_ = nodes; }

  // Recomputes schedule and cost from the order of nodes. False if a rule is broken; then only
  // `block` and `excess` are meaningful.
  bool update(const Problem& problem);

 private:
  void place(const Problem& problem);
  bool run_forward(const Problem& problem);
  bool finish_route(const Problem& problem);
  void find_departure(const Problem& problem);
  void run_backward();
  void add_costs(const Problem& problem);
  bool check_load(const Problem& problem);
  bool fail(Block block, Seconds excess);

  int vehicle_ = 0;
  std::vector<Node> nodes_;
  std::vector<int> load_;
  int n_visits_ = 0;
  int first_ = 0;
  int last_ = 0;
  int lead_ = 0;
  int tail_ = 0;
  Leg last_leg_;
  Seconds departure_ = 0;
  Seconds end_ = 0;
  Seconds latest_end_ = 0;
  Seconds paid_breaks_ = 0;  // breaks between departure and end: not paid as work
  Cost cost_ = 0;
  Block block_ = Block::kNone;
  Seconds excess_ = 0;
};

}  // namespace servicenet::routing
