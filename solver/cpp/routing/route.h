// One vehicle's day as a chain of nodes with its schedule and cost.
//
// Breaks and pick-ups are nodes like visits: they have a place, a window on their start and a
// duration. (The place of a break is that of the stop before it or, taken after traveling, that of
// the stop after it.) So one recursion times all:
//
//   at      = when the vehicle that left the place before at `ready` is here
//   arrival = max(at + access, earliest)       must be <= limit
//   start   = max(arrival, bound)              `bound`: linked visits wait for each other
//   ready   = start + duration
//
// Two stretches are special. Breaks taken at the start place before anything else (`lead` of them)
// lie before departure and are unpaid; breaks taken at the end place (from `tail` on) begin after
// the route has ended and only have to start by their limit. A vehicle that is out leaves at once:
// no break of it lies before departure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "problem.h"

namespace servicenet::routing {

enum class Block {
  kNone,
  kForbidden,
  kUnreachable,
  kCapacity,
  kWindow,
  kBreak,
  kShift,
  kPart,
  kLimit,
  kLink
};

// How long a stretch of stops with hard windows lasts at least, and the earliest and latest begin for
// which it lasts no longer (Vidal, Crainic, Gendreau & Prins 2013).
struct Stretch {
  Seconds lasts = 0;
  Seconds earliest = 0;
  Seconds latest = 0;
};

// The stretch of `first`, then `way` seconds of driving, then `second`; their windows can be kept.
inline Stretch join(const Stretch& first, Seconds way, const Stretch& second) {
  const Seconds ahead = first.lasts + way;
  const Seconds waits = std::max(0, second.earliest - ahead - first.latest);
  return {ahead + second.lasts + waits,
          std::max(second.earliest - ahead, first.earliest) - waits,
          std::min(second.latest - ahead, first.latest)};
}

enum class Kind : char { kVisit, kBreak, kPickup };

struct Node {
  int index = 0;   // visit, break, or pick-up point
  int choice = 0;  // visit: window; break: 0 before traveling on, 1 after traveling
  Kind kind = Kind::kVisit;
  int location = 0;
  Seconds access = 0;
  Seconds earliest = 0;
  Seconds latest = 0;
  Seconds limit = 0;
  Seconds duration = 0;
  Seconds bound = 0;         // linked visits: start no earlier
  Seconds leg_duration = 0;  // of the way here
  Meters leg_distance = 0;
  Seconds at = 0;
  Seconds ready = 0;
  Seconds latest_at = 0;  // being here later makes something behind impossible
  Cost late = 0;

  bool is_visit() const { return kind == Kind::kVisit; }
  bool is_break() const { return kind == Kind::kBreak; }
  bool is_pickup() const { return kind == Kind::kPickup; }
  Seconds arrival() const { return std::max(at + access, earliest); }
  Seconds start() const { return ready - duration; }
};

Node visit_node(const Problem& problem, int visit, int window, int vehicle);
Node break_node(const Problem& problem, int pause, int choice);
Node pickup_node(const Problem& problem, int point);

// Earliest start that links to visits before node `position` of the same chain allow; they are timed.
Seconds bound_in_chain(const Problem& problem, const std::vector<Node>& nodes, int position);

// Units a route takes from a stock.
struct Taking {
  int node = 0;
  int stock = 0;
  int part = 0;
  int units = 0;
};

class Route {
 public:
  Route() = default;
  Route(const Problem& problem, int vehicle) : vehicle_(vehicle) { clear(problem); }

  int vehicle() const { return vehicle_; }
  const std::vector<Node>& nodes() const { return nodes_; }
  const Node& node(int i) const { return nodes_[static_cast<std::size_t>(i)]; }
  int size() const { return static_cast<int>(nodes_.size()); }
  int n_visits() const { return n_visits_; }
  // Visits in their order.
  std::vector<int> visits() const {
    std::vector<int> all;
    for (const Node& node : nodes_) {
      if (node.is_visit()) all.push_back(node.index);
    }
    return all;
  }
  bool empty() const { return n_visits_ == 0; }
  bool has_pickups() const { return !takings_.empty(); }
  bool has_links() const { return has_links_; }
  // True if `stretch_to` and `stretch_from` are known: only where a route lasts as short as its order
  // allows and no promise can be missed.
  bool has_stretches() const { return has_stretches_; }
  // From the start place to the end of a stop; from a stop to the end place.
  const Stretch& stretch_to(int i) const { return stretches_to_[static_cast<std::size_t>(i)]; }
  const Stretch& stretch_from(int i) const { return stretches_from_[static_cast<std::size_t>(i)]; }
  int load(int dimension) const { return load_[static_cast<std::size_t>(dimension)]; }

  int first() const { return first_; }  // node index of the first visit
  int last() const { return last_; }    // node index of the last visit
  int tail() const { return tail_; }    // first break taken at the end place, or size()
  Seconds departure() const { return departure_; }
  Seconds end() const { return end_; }
  Seconds latest_end() const { return latest_end_; }
  const Leg& last_leg() const { return last_leg_; }
  Seconds work() const { return end_ - departure_ - paid_breaks_; }
  Cost distance() const { return distance_; }
  Cost cost() const { return cost_; }
  Seconds worst_late() const { return worst_late_; }

  // Units of each part used from the van; empty if the route needs no parts.
  const std::vector<int>& van_used() const { return van_used_; }
  const std::vector<Taking>& takings() const { return takings_; }
  // What other shifts have used of the van before; empty = nothing.
  const std::vector<int>& van_gone() const { return van_gone_; }
  void set_van_gone(const std::vector<int>& units) { van_gone_ = units; }

  // Why and by how much the last `update` failed; for kPart the node and the part.
  Block block() const { return block_; }
  Seconds excess() const { return excess_; }
  int missing_node() const { return missing_node_; }
  int missing_part() const { return missing_part_; }

  // Takes over what `other`, the same stops in the same order, takes where.
  void keep_parts(Route& other) {
    std::swap(van_gone_, other.van_gone_);
    std::swap(van_used_, other.van_used_);
    std::swap(takings_, other.takings_);
  }

  void clear(const Problem& problem);
  // Empties the route and gives it to another vehicle; keeps its memory.
  void use(const Problem& problem, int vehicle) {
    vehicle_ = vehicle;
    van_gone_.clear();
    clear(problem);
  }
  void insert(int position, const Node& node);
  void erase(int position);
  void assign(const std::vector<Node>& nodes) { nodes_ = nodes; }
  void set_bound(int position, Seconds bound) {
    nodes_[static_cast<std::size_t>(position)].bound = bound;
  }

  // Recomputes schedule and cost from the order of nodes; pick-ups nobody needs are dropped. False
  // if a rule is broken; then only `block` and what belongs to it are meaningful.
  bool update(const Problem& problem);

  // The two halves of `update`: what is taken where, and everything else.
  bool check_parts(const Problem& problem);
  bool time(const Problem& problem);

  // Fills what trials against this route need, `Node::latest_at` and stretches; once after `update`.
  void look_back(const Problem& problem);

 private:
  void go_home(const Problem& problem);
  bool place(const Problem& problem);
  bool run_forward(const Problem& problem);
  bool finish_route(const Problem& problem);
  void join_stretches(const Problem& problem);
  void find_departure(const Problem& problem);
  void find_lean_departure(const Problem& problem);
  void add_costs(const Problem& problem);
  bool check_load(const Problem& problem);
  bool check_limits(const Problem& problem);
  Seconds driven_from_departure(const Problem& problem) const;
  bool take_parts(const Problem& problem);
  int find_pickup(const Problem& problem, int before, int part) const;
  bool drop_needless();
  int place_before(const Vehicle& vehicle, int position) const;
  Seconds ready_before(const Vehicle& vehicle, int position) const;
  bool fail(Block block, Seconds excess);

  int vehicle_ = 0;
  std::vector<Node> nodes_;
  std::vector<int> load_;
  std::vector<int> van_gone_;
  std::vector<int> van_used_;
  std::vector<Taking> takings_;
  std::vector<Stretch> stretches_to_;
  std::vector<Stretch> stretches_from_;
  bool has_links_ = false;
  bool has_stretches_ = false;
  bool has_looked_back_ = false;
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
  Seconds driving_ = 0;
  Seconds worst_late_ = 0;
  Cost distance_ = 0;
  Cost cost_ = 0;
  Block block_ = Block::kNone;
  Seconds excess_ = 0;
  int missing_node_ = 0;
  int missing_part_ = 0;
};

}  // namespace servicenet::routing
