// Python's door to the routing engine. Arrays are taken as they are (exact dtype, contiguous) or
// refused; a float is never cut.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <stdexcept>
#include <thread>
#include <tuple>
#include <vector>

#include "engine.h"
#include "engine_steps.h"
#include "ranking.h"

namespace nb = nanobind;
using namespace nb::literals;
using namespace servicenet::routing;

void bind_ways(nb::module_& m);
void bind_loose(nb::module_& m);

namespace {

using Ints = nb::ndarray<const std::int32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Longs = nb::ndarray<const std::int64_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using IntTable = nb::ndarray<const std::int32_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using LongTable = nb::ndarray<const std::int64_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

template <typename Target, typename Array>
std::vector<Target> copy(const Array& array) {
  return std::vector<Target>(array.data(), array.data() + array.size());
}

// False if the time was up before the table was taken over; then nothing of it is.
bool add_profile(Problem& problem, const IntTable& durations, const IntTable& distances,
                 double seconds) {
  const auto cells = durations.size();
  if (distances.size() != cells) throw std::invalid_argument("matrices of different shapes");
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  const std::size_t row = durations.shape(1);
  problem.n_locations = static_cast<int>(durations.shape(0));
  SharedTable<Leg>::Cells legs;
  legs.reserve(cells);
  for (std::size_t i = 0; i < cells; ++i) {
    if (i % row == 0 && std::chrono::steady_clock::now() >= until) return false;
    const bool way = durations.data()[i] >= 0;
    legs.push_back(way ? Leg{durations.data()[i], distances.data()[i]} : Leg{kNoWay, 0});
  }
  problem.legs.emplace_back(std::move(legs));
  return true;
}

void set_visits(Problem& problem, const Ints& location, const Ints& service, const Ints& access,
                const Longs& penalty, const Ints& knee, const Longs& rate, const Longs& rate_after,
                const Ints& window_offset, const IntTable& demand) {
  problem.n_visits = static_cast<int>(location.size());
  problem.n_loads = static_cast<int>(demand.shape(1));
  problem.demand = copy<int>(demand);
  for (std::size_t v = 0; v < location.size(); ++v) {
    problem.visits.push_back({location(v), service(v), access(v), penalty(v), knee(v), rate(v),
                              rate_after(v), window_offset(v), window_offset(v + 1)});
  }
}

void set_windows(Problem& problem, const Ints& earliest, const Ints& latest, const Ints& limit) {
  for (std::size_t w = 0; w < earliest.size(); ++w) {
    problem.windows.push_back({earliest(w), latest(w), limit(w)});
  }
}

void set_vehicles(Problem& problem, const Ints& start, const Ints& end, const Ints& profile,
                  const Ints& earliest, const Ints& latest, const Ints& overtime,
                  const Ints& break_offset, const IntTable& capacity) {
  problem.n_vehicles = static_cast<int>(start.size());
  problem.capacity = copy<int>(capacity);
  for (std::size_t k = 0; k < start.size(); ++k) {
    Vehicle vehicle;
    vehicle.start = start(k);
    vehicle.end = end(k);
    vehicle.profile = profile(k);
    vehicle.earliest = earliest(k);
    vehicle.latest = latest(k);
    vehicle.end_limit = latest(k) + overtime(k);
    vehicle.first_break = break_offset(k);
    vehicle.last_break = break_offset(k + 1);
    problem.vehicles.push_back(vehicle);
  }
}

void set_prices(Problem& problem, const Longs& fixed, const Longs& per_second,
                const Longs& per_overtime_second, const Longs& per_meter) {
  for (std::size_t k = 0; k < problem.vehicles.size(); ++k) {
    Vehicle& vehicle = problem.vehicles[k];
    vehicle.fixed = fixed(k);
    vehicle.per_second = per_second(k);
    vehicle.per_overtime_second = per_overtime_second(k);
    vehicle.per_meter = per_meter(k);
  }
}

void set_breaks(Problem& problem, const Ints& earliest, const Ints& latest, const Ints& duration) {
  for (std::size_t b = 0; b < earliest.size(); ++b) {
    problem.breaks.push_back({earliest(b), latest(b), duration(b)});
  }
}

void set_pools(Problem& problem, const LongTable& assignment, const Ints& capacity,
               const LongTable& cost) {
  problem.assignment = copy<Cost>(assignment);
  problem.n_pools = static_cast<int>(capacity.size());
  problem.pool_capacity = copy<int>(capacity);
  problem.pool_cost = copy<Cost>(cost);
}

void set_traffic(Problem& problem, const Ints& bucket_start, const Ints& bucket_regime) {
  problem.traffic.starts = copy<Seconds>(bucket_start);
  problem.traffic.regimes = copy<int>(bucket_regime);
  problem.traffic.durations.resize(problem.legs.size());
}

void add_regime(Problem& problem, int profile, const IntTable& durations) {
  // The regimes of one leg lie side by side.
  auto& all = problem.traffic.durations[static_cast<std::size_t>(profile)];
  const std::size_t cells = durations.size();
  const std::size_t before = all.size() / cells;
  std::vector<Seconds> wider(cells * (before + 1));
  for (std::size_t c = 0; c < cells; ++c) {
    for (std::size_t r = 0; r < before; ++r) wider[c * (before + 1) + r] = all[c * before + r];
    wider[c * (before + 1) + before] = durations.data()[c];
  }
  all = std::move(wider);
  problem.traffic.n_regimes = before + 1;
}

void set_service_times(Problem& problem, const Ints& vehicle_group, const IntTable& service) {
  problem.n_groups = static_cast<int>(service.shape(1));
  problem.group_service = copy<Seconds>(service);
  for (std::size_t k = 0; k < problem.vehicles.size(); ++k) {
    problem.vehicles[k].group = vehicle_group(k);
  }
}

int or_unlimited(int limit) { return limit < 0 ? kUnlimited : limit; }

void set_limits(Problem& problem, const Ints& visits, const Ints& distance, const Ints& driving,
                const Ints& duration) {
  for (std::size_t k = 0; k < problem.vehicles.size(); ++k) {
    problem.vehicles[k].limits = {or_unlimited(visits(k)), or_unlimited(distance(k)),
                                  or_unlimited(driving(k)), or_unlimited(duration(k))};
  }
}

void set_persons(Problem& problem, const Ints& vehicle_person) {
  for (std::size_t k = 0; k < problem.vehicles.size(); ++k) {
    problem.vehicles[k].person = vehicle_person(k);
  }
}

void set_shares(Problem& problem, const Longs& work, const Longs& distance,
                const Longs& per_second, const Longs& per_meter) {
  for (std::size_t p = 0; p < work.size(); ++p) {
    problem.shares.push_back({work(p), distance(p), per_second(p), per_meter(p)});
  }
}

void set_rules(Problem& problem, bool leaves_for_end, bool late_at_start, Cost worst_late_rate) {
  problem.rules = {leaves_for_end, late_at_start, worst_late_rate};
}

void set_needs(Problem& problem, const Ints& offset, const Ints& part, const Ints& units,
               const Ints& is_used_up) {
  problem.n_parts = static_cast<int>(is_used_up.size());
  for (std::size_t p = 0; p < is_used_up.size(); ++p) {
    problem.is_used_up.push_back(is_used_up(p) != 0 ? 1 : 0);
  }
  for (std::size_t e = 0; e < part.size(); ++e) problem.needs.push_back({part(e), units(e)});
  for (std::size_t v = 0; v < problem.visits.size(); ++v) {
    problem.visits[v].first_need = offset(v);
    problem.visits[v].last_need = offset(v + 1);
  }
}

void set_stocks(Problem& problem, const Ints& vehicle_van, const IntTable& van_stock,
                const IntTable& stock, const IntTable& pool_stock) {
  for (std::size_t k = 0; k < problem.vehicles.size(); ++k) {
    problem.vehicles[k].van = vehicle_van(k);
  }
  problem.van_stock = copy<int>(van_stock);
  for (std::size_t i = 0; i < stock.size(); ++i) {
    problem.stock.push_back(or_unlimited(stock.data()[i]));
  }
  for (std::size_t i = 0; i < pool_stock.size(); ++i) {
    problem.pool_stock.push_back(or_unlimited(pool_stock.data()[i]));
  }
}

void set_points(Problem& problem, const Ints& location, const Ints& earliest, const Ints& latest,
                const Ints& service, const Ints& stock) {
  for (std::size_t s = 0; s < location.size(); ++s) {
    problem.points.push_back({location(s), earliest(s), latest(s), service(s), stock(s)});
  }
}

void set_links(Problem& problem, const Ints& first, const Ints& second, const IntTable& terms) {
  // Columns of `terms`: least, most, from_end, person, demands.
  for (std::size_t l = 0; l < first.size(); ++l) {
    const std::int32_t* row = terms.data() + l * 5;
    problem.links.push_back(
        {first(l), second(l), row[0], or_unlimited(row[1]), row[2] != 0, row[3], row[4]});
  }
}

void set_agreed(Problem& problem, const Ints& latest, const Longs& rate, const Ints& person,
                const Ints& order, const Longs& order_cost, const Ints& vehicle_person,
                const Ints& vehicle_out) {
  for (std::size_t v = 0; v < latest.size(); ++v) {
    problem.told.push_back(
        {or_unlimited(latest(v)), rate(v), person(v), order(v), order_cost(v)});
  }
  for (std::size_t k = 0; k < problem.vehicles.size(); ++k) {
    problem.vehicles[k].told_as = vehicle_person(k);
    problem.vehicles[k].out = vehicle_out(k) != 0;
  }
}

std::pair<PyRoutes, std::vector<int>> from_decision(const Decision& decision) {
  PyRoutes routes;
  for (const auto& steps : decision.routes) {
    routes.push_back(from_steps(steps));
  }
  return {std::move(routes), decision.pool_of};
}

// (type, price, visits, (cell of a stock, units))
using PyColumn = std::tuple<int, Cost, std::vector<int>, std::vector<std::pair<int, int>>>;

std::vector<PyColumn> from_columns(const RoutePool& pool) {
  std::vector<PyColumn> columns;
  for (const Column& column : pool.columns()) {
    std::vector<int> visits;
    for (const Step& step : column.steps) {
      if (step.kind == Kind::kVisit) visits.push_back(step.index);
    }
    std::vector<std::pair<int, int>> uses;
    for (const Column::Use& use : column.uses) uses.emplace_back(use.cell, use.units);
    columns.emplace_back(column.type, column.cost, std::move(visits), std::move(uses));
  }
  return columns;
}

// (vehicle, cost or -1, block, excess, position, window)
using PyRanked = std::tuple<int, Cost, int, int, int, int>;

std::vector<PyRanked> rank(const Problem& problem, const PyRoutes& routes,
                           const std::vector<int>& pool_of, int visit) {
  std::vector<Ranked> ranked;
  const Decision decision = to_decision(problem, routes, pool_of);
  {
    nb::gil_scoped_release unlocked;
    Plan plan(problem);
    plan.restore(decision);
    if (plan.vehicle_of(visit) >= 0) plan.remove_from_route(plan.vehicle_of(visit), {visit});
    ranked = rank_insertions(plan, visit);
  }
  std::vector<PyRanked> result;
  for (const Ranked& r : ranked) {
    result.emplace_back(r.vehicle, r.cost >= kInfinite ? -1 : r.cost, static_cast<int>(r.block),
                        r.excess, r.position, r.window);
  }
  return result;
}

}  // namespace

NB_MODULE(_engine, m) {
  m.doc() = "The compiled routing engine: arrays in, decisions out.";
#ifdef NDEBUG
  m.attr("DEBUG") = false;
#else
  m.attr("DEBUG") = true;
#endif

  nb::class_<Problem>(m, "Problem", "A validated problem, copied from arrays.")
      .def(nb::init<>())
      .def("add_profile", &add_profile, "durations_s"_a.noconvert(), "distances_m"_a.noconvert(),
           "seconds"_a)
      .def("set_visits", &set_visits, "location"_a.noconvert(), "service_s"_a.noconvert(),
           "access_s"_a.noconvert(), "penalty"_a.noconvert(), "late_knee_s"_a.noconvert(),
           "late_rate"_a.noconvert(), "late_rate_after"_a.noconvert(),
           "window_offset"_a.noconvert(), "demand"_a.noconvert())
      .def("set_windows", &set_windows, "earliest"_a.noconvert(), "latest"_a.noconvert(),
           "limit"_a.noconvert())
      .def("set_vehicles", &set_vehicles, "start"_a.noconvert(), "end"_a.noconvert(),
           "profile"_a.noconvert(), "earliest"_a.noconvert(), "latest"_a.noconvert(),
           "overtime_s"_a.noconvert(), "break_offset"_a.noconvert(), "capacity"_a.noconvert())
      .def("set_prices", &set_prices, "fixed"_a.noconvert(), "per_second"_a.noconvert(),
           "per_overtime_second"_a.noconvert(), "per_meter"_a.noconvert())
      .def("set_breaks", &set_breaks, "earliest"_a.noconvert(), "latest"_a.noconvert(),
           "duration_s"_a.noconvert())
      .def("set_pools", &set_pools, "assignment_cost"_a.noconvert(), "capacity"_a.noconvert(),
           "pool_cost"_a.noconvert())
      .def("set_traffic", &set_traffic, "bucket_start"_a.noconvert(),
           "bucket_regime"_a.noconvert())
      .def("add_regime", &add_regime, "profile"_a, "durations_s"_a.noconvert())
      .def("set_service_times", &set_service_times, "vehicle_group"_a.noconvert(),
           "service_s"_a.noconvert())
      .def("set_limits", &set_limits, "visits"_a.noconvert(), "distance_m"_a.noconvert(),
           "driving_s"_a.noconvert(), "duration_s"_a.noconvert())
      .def("set_persons", &set_persons, "vehicle_person"_a.noconvert())
      .def("set_shares", &set_shares, "work_s"_a.noconvert(), "distance_m"_a.noconvert(),
           "cost_per_second"_a.noconvert(), "cost_per_meter"_a.noconvert())
      .def("set_rules", &set_rules, "leaves_for_end"_a, "late_at_start"_a, "worst_late_rate"_a)
      .def("set_needs", &set_needs, "offset"_a.noconvert(), "part"_a.noconvert(),
           "quantity"_a.noconvert(), "is_used_up"_a.noconvert())
      .def("set_stocks", &set_stocks, "vehicle_van"_a.noconvert(), "van_stock"_a.noconvert(),
           "stock"_a.noconvert(), "pool_stock"_a.noconvert())
      .def("set_points", &set_points, "location"_a.noconvert(), "earliest"_a.noconvert(),
           "latest"_a.noconvert(), "service_s"_a.noconvert(), "stock"_a.noconvert())
      .def("set_links", &set_links, "first"_a.noconvert(), "second"_a.noconvert(),
           "terms"_a.noconvert())
      .def("set_agreed", &set_agreed, "told_latest"_a.noconvert(), "told_rate"_a.noconvert(),
           "told_person"_a.noconvert(), "told_order"_a.noconvert(), "order_cost"_a.noconvert(),
           "vehicle_person"_a.noconvert(), "vehicle_out"_a.noconvert())
      .def("finish", &Problem::finish);

  nb::class_<Engine>(m, "Engine", "One solve, worked in slices.")
      .def(
          "__init__",
          [](Engine* self, const Problem& problem, std::uint64_t seed, int threads,
             long long max_iterations, long long max_idle, double max_runtime_s) {
            const Limits limits{max_iterations, max_idle, max_runtime_s};
            nb::gil_scoped_release unlocked;
            new (self) Engine(problem, seed, threads, limits);
          },
          "problem"_a, "seed"_a, "threads"_a, "max_iterations"_a, "max_idle"_a, "max_runtime_s"_a)
      .def(
          "warm_start",
          [](Engine& self, const PyRoutes& routes, const std::vector<int>& pool_of) {
            self.warm_start(to_decision(self.problem(), routes, pool_of));
          },
          "routes"_a, "pool_of"_a)
      .def(
          "run", [](Engine& self, double seconds) { return static_cast<int>(self.run(seconds)); },
          "seconds"_a, nb::call_guard<nb::gil_scoped_release>())
      .def("collect_routes", &Engine::collect_routes)
      .def_prop_ro("collects", &Engine::collects)
      .def_prop_ro("vehicle_types", [](const Engine& self) {
        std::vector<int> types;
        for (const Vehicle& vehicle : self.problem().vehicles) types.push_back(vehicle.type);
        return types;
      })
      .def_prop_ro("is_due", &Engine::is_due)
      .def("gather", [](Engine& self) { return from_columns(self.gather()); })
      .def(
          "recombine",
          [](Engine& self, const std::vector<int>& chosen, const std::vector<int>& pool_of) {
            self.recombine(chosen, pool_of);
          },
          "chosen"_a, "pool_of"_a)
      // By a relative time: Python waits until a moment of a clock, which is of no use to those who
      // measure with the process's CPU time as the clock.
      .def(
          "rest",
          [](Engine&, double seconds) {
            std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
          },
          "seconds"_a, nb::call_guard<nb::gil_scoped_release>())
      .def("finish", &Engine::finish, nb::call_guard<nb::gil_scoped_release>())
      .def("best", [](const Engine& self) { return from_decision(self.best()); })
      .def_prop_ro("cost", &Engine::cost)
      .def_prop_ro("iterations", &Engine::iterations)
      .def_prop_ro("runtime_s", &Engine::runtime_s)
      .def_prop_ro("trace", [](const Engine& self) {
        std::vector<std::tuple<double, long long, Cost>> points;
        for (const TracePoint& p : self.trace()) points.emplace_back(p.runtime_s, p.iteration, p.cost);
        return points;
      });

  bind_ways(m);
  bind_loose(m);
  m.def("rank_insertions", &rank, "problem"_a, "routes"_a, "pool_of"_a, "visit"_a);
}
