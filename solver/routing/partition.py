"""Which of many known routes make the cheapest plan: set partitioning with OR-Tools.

Of what a relaxation (GLOP) says about every route, those that would have to save least go on to an
integer program (SCIP): Rochat & Taillard 1995; Pillac, Guéret & Medaglia 2013 for technicians.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from solver.errors import SolverUnavailable

MOST_ROUTES: Final = 1500
"""Routes the integer program may choose from; with more it rarely gets anywhere in seconds."""

MOST_ROUTES_OF_FEW: Final = 5000
"""The same with up to `FEW_VISITS`: there it ends within a second with as many."""

FEW_VISITS: Final = 75

MOST_NODES: Final = 300
"""Nodes of its tree: a limit that is the same on every machine."""

_LIMITS = f"limits/totalnodes = {MOST_NODES}\n"
_SOLVED: Final = (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE)


class KnownRoute(NamedTuple):
    """A set of visits on one route.

    Attributes
    ----------
    kind
        Kind of vehicle.
    cost
        Cost units, beyond what the vehicle costs without visits.
    visits
        Indices.
    uses
        (stock, units) of what other routes may need, too, every stock once.
    """

    kind: int
    cost: int
    visits: Sequence[int]
    uses: Sequence[tuple[int, int]] = ()


class Outside(NamedTuple):
    """A visit served in a pool; ``uses`` as in `KnownRoute`."""

    visit: int
    pool: int
    cost: int
    uses: Sequence[tuple[int, int]] = ()


class Choice(NamedTuple):
    """A plan made of known routes: indices of routes and of what is served outside."""

    routes: Sequence[int]
    outside: Sequence[int]


@dataclass(frozen=True, slots=True)
class PartitionProblem:
    """What there is to choose from. Every visit is on one route, in one pool, or unserved.

    Parameters
    ----------
    routes
        All that are known.
    outside
        All ways to serve a visit in a pool.
    penalty
        Shape (n,), cost units of a visit left unserved.
    vehicles
        Most routes of each kind of vehicle.
    rooms
        Most visits of each pool.
    stocks
        Units of each stock.
    incumbent
        A choice that keeps all this, to begin with.
    """

    routes: Sequence[KnownRoute]
    outside: Sequence[Outside]
    penalty: NDArray[np.int64]
    vehicles: Sequence[int]
    rooms: Sequence[int]
    stocks: Sequence[int]
    incumbent: Choice


def price(problem: PartitionProblem, choice: Choice) -> int:
    """Return what a choice costs, cost units."""
    served = _served(problem, choice)
    absent = sum(cost for v, cost in enumerate(problem.penalty.tolist()) if v not in served)
    routes = sum(problem.routes[r].cost for r in choice.routes)
    return routes + sum(problem.outside[o].cost for o in choice.outside) + int(absent)


def _served(problem: PartitionProblem, choice: Choice) -> set[int]:
    routed = {v for r in choice.routes for v in problem.routes[r].visits}
    return routed | {problem.outside[o].visit for o in choice.outside}


class _Stopped(Exception):
    """Nobody waits for the answer any more."""


class Partitioner:
    """One solve that another thread can stop.

    Parameters
    ----------
    problem
        What there is to choose from.
    max_runtime_s
        Wall-clock limit of the integer program; None leaves it to `MOST_NODES`, and then the
        answer is always the same.
    """

    def __init__(self, problem: PartitionProblem, max_runtime_s: float | None = None) -> None:
        self._problem = problem
        self._max_runtime_s = max_runtime_s
        self._stopped = Event()
        self._solver: Any = None

    def stop(self) -> None:
        """End `solve` as soon as possible; safe from any thread, and more than once."""
        self._stopped.set()
        solver = self._solver
        if solver is not None:
            solver.InterruptSolve()

    def solve(self) -> Choice | None:
        """Return a choice that costs less than the incumbent, or None if none was found."""
        try:
            return self._solve()
        except _Stopped:
            return None

    def _solve(self) -> Choice | None:
        upper = price(self._problem, self._problem.incumbent)
        everything = range(len(self._problem.routes))
        relaxed = _Model(self._problem, everything, "GLOP", self._stopped)
        if not self._run(relaxed):
            return None
        kept = _promising(relaxed, self._problem, upper)
        if not kept:
            return None
        whole = _Model(self._problem, kept, "SCIP", self._stopped)
        whole.begin_with(self._problem, self._problem.incumbent)
        whole.solver.SetSolverSpecificParametersAsString(_LIMITS)
        if self._max_runtime_s is not None:
            whole.solver.SetTimeLimit(max(1, int(1000 * self._max_runtime_s)))
        if not self._run(whole):
            return None
        found = whole.read()
        return found if price(self._problem, found) < upper else None

    def _run(self, model: _Model) -> bool:
        self._solver = model.solver
        return not self._stopped.is_set() and model.solver.Solve() in _SOLVED


def _promising(relaxed: _Model, problem: PartitionProblem, upper: int) -> list[int]:
    """Return the routes that may be part of a cheaper plan, those that have to save least.

    A route whose reduced cost is more than the incumbent is above the relaxation is in no cheaper
    plan. Nothing is left where the relaxation itself is not cheaper.
    """
    gap = upper - relaxed.solver.Objective().Value()
    if gap < 1:
        return []
    reduced = np.array([x.reduced_cost() for x in relaxed.routes])
    order = np.argsort(reduced, kind="stable")
    most = MOST_ROUTES_OF_FEW if len(problem.penalty) <= FEW_VISITS else MOST_ROUTES
    promising = order[reduced[order] <= gap][:most]
    return sorted({*problem.incumbent.routes, *promising.tolist()})


class _Model:
    """The program over some of the routes."""

    def __init__(
        self, problem: PartitionProblem, kept: Sequence[int], solver: str, stopped: Event
    ) -> None:
        self.kept = kept
        self._stopped = stopped
        self.solver = pywraplp.Solver.CreateSolver(solver)
        if self.solver is None:
            raise SolverUnavailable(f"OR-Tools was built without {solver}.")
        self._objective = self.solver.Objective()
        self._visits = self._rows([1] * len(problem.penalty), least=1)
        self._kinds = self._rows(problem.vehicles)
        self._rooms = self._rows(problem.rooms)
        self._stocks = self._rows(problem.stocks)
        self.routes = [self._add_route(problem.routes[r]) for r in kept]
        self.outside = [self._add_outside(each) for each in problem.outside]
        self.absent = [
            self._add(cost, [visit])
            for visit, cost in zip(self._visits, problem.penalty.tolist(), strict=True)
        ]

    def _rows(self, most: Sequence[int], least: int = 0) -> list[Any]:
        return [self.solver.Constraint(least, each) for each in most]

    def _add(self, cost: int, rows: Sequence[Any], uses: Sequence[tuple[int, int]] = ()) -> Any:  # noqa: ANN401 - of a library without types
        if self._stopped.is_set():
            raise _Stopped
        variable = self.solver.BoolVar("")
        self._objective.SetCoefficient(variable, cost)
        for row in rows:
            row.SetCoefficient(variable, 1)
        for stock, units in uses:
            self._stocks[stock].SetCoefficient(variable, units)
        return variable

    def _add_route(self, route: KnownRoute) -> Any:  # noqa: ANN401 - of a library without types
        rows = [self._kinds[route.kind], *(self._visits[v] for v in route.visits)]
        return self._add(route.cost, rows, route.uses)

    def _add_outside(self, each: Outside) -> Any:  # noqa: ANN401 - of a library without types
        return self._add(each.cost, [self._visits[each.visit], self._rooms[each.pool]], each.uses)

    def begin_with(self, problem: PartitionProblem, choice: Choice) -> None:
        """Give the solver a first plan."""
        served = _served(problem, choice)
        routes, outside = set(choice.routes), set(choice.outside)
        values = [float(r in routes) for r in self.kept]
        values += [float(o in outside) for o in range(len(self.outside))]
        values += [float(v not in served) for v in range(len(self.absent))]
        self.solver.SetHint([*self.routes, *self.outside, *self.absent], values)

    def read(self) -> Choice:
        """Return what was chosen."""
        routes = [
            r for r, x in zip(self.kept, self.routes, strict=True) if x.solution_value() > 0.5
        ]
        return Choice(routes, [o for o, x in enumerate(self.outside) if x.solution_value() > 0.5])
