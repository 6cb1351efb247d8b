// Python's door to the ways to serve one visit more.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>
#include <mutex>

#include "engine_steps.h"
#include "guest.h"
#include "ways.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace servicenet::routing {

namespace {

using Ints = nb::ndarray<const std::int32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Longs = nb::ndarray<const std::int64_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using IntTable = nb::ndarray<const std::int32_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

// (vehicle, pool, rung, cost, arrival, changed routes, displaced, dropped, given to pools, late)
using PyWay = std::tuple<int, int, int, Cost, int, std::vector<std::pair<int, std::vector<PyStep>>>,
                         std::vector<int>, std::vector<int>, std::vector<std::pair<int, int>>, int>;

void check(bool holds, const char* what) {
  if (!holds) throw std::invalid_argument(std::string(what) + " has the wrong size");
}

// Its own copy of a problem, with a seat for a guest, and the plan; one question at a time.
class Desk {
 public:
  Desk(const Problem& problem, const PyRoutes& routes, std::vector<int> pool_of, Cost cost,
       const std::vector<int>& kept, std::vector<Seconds> lenient)
      : problem_(problem), lenient_(std::move(lenient)), seat_(problem_), finder_([&] {
          pool_of.push_back(-1);
          return WayFinder(problem_, to_decision(problem_, routes, pool_of), cost, kept);
        }()) {}

  bool is_in_plan(int visit) const { return finder_.is_in_plan(visit); }
  std::vector<int> barred() const { return finder_.barred(); }

  std::vector<PyWay> find(int visit, int top, int eject, bool chain, int by) {
    std::vector<Way> ways;
    {
      nb::gil_scoped_release unlocked;
      const std::lock_guard<std::mutex> alone(mutex_);
      seat_.leave();
      const Deadline deadline(problem_, visit, by);
      ways = finder_.find(visit, {top, eject, chain, &lenient_});
    }
    return to_python(ways);
  }

  std::vector<PyWay> find_for_guest(const Guest& guest, int top, int eject, bool chain, int by) {
    check_size(guest);
    std::vector<Way> ways;
    {
      nb::gil_scoped_release unlocked;
      const std::lock_guard<std::mutex> alone(mutex_);
      seat_.take(guest);
      const Deadline deadline(problem_, seat_.visit(), by);
      ways = finder_.find(seat_.visit(), {top, eject, chain, &lenient_});
    }
    return to_python(ways);
  }

 private:
  void check_size(const Guest& guest) const {
    const auto places = static_cast<std::size_t>(problem_.n_locations) - 1;
    check(guest.ways.size() == problem_.legs.size(), "the guest's list of profiles");
    for (std::size_t p = 0; p < guest.ways.size(); ++p) {
      const GuestWays& ways = guest.ways[p];
      const bool rush = problem_.traffic.concerns(static_cast<int>(p));
      const std::size_t seconds = rush ? places * problem_.traffic.n_regimes : 0;
      check(ways.to.size() == places && ways.from.size() == places, "the guest's travel");
      check(ways.to_by_regime.size() == seconds && ways.from_by_regime.size() == seconds,
            "the guest's travel by hour");
    }
    check(static_cast<int>(guest.demand.size()) == problem_.n_loads, "the guest's demand");
    check(static_cast<int>(guest.assignment.size()) == problem_.n_vehicles, "assignment_cost");
    check(static_cast<int>(guest.pool_cost.size()) == problem_.n_pools, "pool_cost");
    const int groups = problem_.group_service.empty() ? 0 : problem_.n_groups;
    check(static_cast<int>(guest.group_service.size()) == groups, "service times by group");
    check(!guest.windows.empty(), "the guest's list of windows");
  }

  static std::vector<PyWay> to_python(const std::vector<Way>& ways) {
    std::vector<PyWay> result;
    for (const Way& way : ways) {
      std::vector<std::pair<int, std::vector<PyStep>>> changed;
      for (const auto& [vehicle, steps] : way.changed) {
        changed.emplace_back(vehicle, from_steps(steps));
      }
      result.emplace_back(way.vehicle, way.pool, static_cast<int>(way.rung), way.cost, way.arrival,
                          std::move(changed), way.displaced, way.dropped, way.pooled, way.late);
    }
    return result;
  }

  std::mutex mutex_;
  Problem problem_;
  std::vector<Seconds> lenient_;
  GuestSeat seat_;
  WayFinder finder_;
};

void set_visit(Guest& guest, int service, int access, Cost penalty, int knee, Cost rate,
               Cost rate_after) {
  guest.visit.service = service;
  guest.visit.access = access;
  guest.visit.penalty = penalty;
  guest.visit.late_knee = knee;
  guest.visit.late_rate = rate;
  guest.visit.late_rate_after = rate_after;
}

void set_choices(Guest& guest, const IntTable& windows, const IntTable& needs) {
  check(windows.shape(1) == 3 && needs.shape(1) == 2, "a row of windows or needs");
  for (std::size_t w = 0; w < windows.shape(0); ++w) {
    const std::int32_t* row = windows.data() + 3 * w;
    guest.windows.push_back({row[0], row[1], row[2]});
  }
  for (std::size_t n = 0; n < needs.shape(0); ++n) {
    const std::int32_t* row = needs.data() + 2 * n;
    guest.needs.push_back({row[0], row[1]});
  }
}

void set_rows(Guest& guest, const Ints& demand, const Longs& assignment, const Longs& pool_cost,
              const Ints& group_service) {
  guest.demand.assign(demand.data(), demand.data() + demand.size());
  guest.assignment.assign(assignment.data(), assignment.data() + assignment.size());
  guest.pool_cost.assign(pool_cost.data(), pool_cost.data() + pool_cost.size());
  guest.group_service.assign(group_service.data(), group_service.data() + group_service.size());
}

std::vector<Leg> make_legs(const Ints& durations, const Ints& distances) {
  check(durations.size() == distances.size(), "distances to or from the guest");
  std::vector<Leg> legs(durations.size());
  for (std::size_t i = 0; i < legs.size(); ++i) {
    const bool way = durations(i) >= 0;
    legs[i] = way ? Leg{durations(i), distances(i)} : Leg{kNoWay, 0};
  }
  return legs;
}

void add_profile(Guest& guest, const Ints& to_s, const Ints& to_m, const Ints& from_s,
                 const Ints& from_m) {
  guest.ways.push_back({make_legs(to_s, to_m), make_legs(from_s, from_m), {}, {}});
}

// Tables have one row per regime; the last profile added is meant.
void add_traffic(Guest& guest, const IntTable& to_s, const IntTable& from_s) {
  check(!guest.ways.empty() && to_s.size() == from_s.size(), "travel by hour");
  const auto turned = [](const IntTable& rows) {
    std::vector<Seconds> seconds(rows.size());
    for (std::size_t r = 0; r < rows.shape(0); ++r) {
      for (std::size_t place = 0; place < rows.shape(1); ++place) {
        seconds[place * rows.shape(0) + r] = rows.data()[r * rows.shape(1) + place];
      }
    }
    return seconds;
  };
  guest.ways.back().to_by_regime = turned(to_s);
  guest.ways.back().from_by_regime = turned(from_s);
}

void bind_guest(nb::module_& m) {
  nb::class_<Guest>(m, "Guest", "One visit more than a problem has.")
      .def(nb::init<>())
      .def("set_visit", &set_visit, "service_s"_a, "access_s"_a, "penalty"_a, "late_knee_s"_a,
           "late_rate"_a, "late_rate_after"_a)
      .def("set_choices", &set_choices, "windows"_a.noconvert(), "needs"_a.noconvert())
      .def("set_rows", &set_rows, "demand"_a.noconvert(), "assignment_cost"_a.noconvert(),
           "pool_cost"_a.noconvert(), "group_service_s"_a.noconvert())
      .def("add_profile", &add_profile, "to_s"_a.noconvert(), "to_m"_a.noconvert(),
           "from_s"_a.noconvert(), "from_m"_a.noconvert())
      .def("add_traffic", &add_traffic, "to_s"_a.noconvert(), "from_s"_a.noconvert());
}

}  // namespace

}  // namespace servicenet::routing

void bind_ways(nb::module_& m) {
  using namespace servicenet::routing;
  bind_guest(m);
  nb::class_<Desk>(m, "WayFinder", "Ways to serve one visit more in a plan.")
      .def(
          "__init__",
          [](Desk* self, const Problem& problem, const PyRoutes& routes,
             const std::vector<int>& pool_of, Cost cost, const std::vector<int>& kept,
             const std::vector<Seconds>& lenient) {
            nb::gil_scoped_release unlocked;
            new (self) Desk(problem, routes, pool_of, cost, kept, lenient);
          },
          "problem"_a, "routes"_a, "pool_of"_a, "cost"_a, "kept"_a, "lenient"_a)
      .def("is_in_plan", &Desk::is_in_plan, "visit"_a)
      .def_prop_ro("barred", &Desk::barred)
      .def("find", &Desk::find, "visit"_a, "top"_a, "eject"_a, "chain"_a, "by"_a)
      .def("find_for_guest", &Desk::find_for_guest, "guest"_a, "top"_a, "eject"_a, "chain"_a,
           "by"_a);
}
