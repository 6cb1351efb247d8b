// The search through plans that break rules for a fine, alone: for tests.
#include "engine_steps.h"
#include "loose_search.h"

namespace nb = nanobind;
using namespace nb::literals;

void bind_loose(nb::module_& m) {
  using namespace servicenet::routing;
  nb::class_<LooseSearch>(m, "LooseSearch", "Search through plans that break rules for a fine.")
      .def("__init__",
           [](LooseSearch* self, const Problem& problem, std::uint64_t seed) {
             if (!LoosePlan::suits(problem)) {
               throw std::invalid_argument("not only distance is priced");
             }
             new (self) LooseSearch(problem, seed);
           }, "problem"_a, "seed"_a, nb::keep_alive<1, 2>())
      .def("adopt",
           [](LooseSearch& self, const PyRoutes& routes) {
             const auto visits = static_cast<std::size_t>(self.problem().n_visits);
             self.adopt(to_decision(self.problem(), routes, std::vector<int>(visits, -1)));
           }, "routes"_a)
      .def("iterate",
           [](LooseSearch& self, int count) {
             for (int i = 0; i < count; ++i) self.iterate(static_cast<double>(i) / count);
           }, "count"_a)
      .def("best",
           [](const LooseSearch& self) {
             PyRoutes routes;
             for (const auto& steps : self.best().routes) routes.push_back(from_steps(steps));
             return routes;
           })
      .def_prop_ro("best_cost", &LooseSearch::best_cost);
  m.def("suits_loose_search", &LoosePlan::suits, "problem"_a);
}
