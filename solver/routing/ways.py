"""Ways to serve one visit more in a plan that stands, in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from solver.errors import InvalidParameter
from solver.routing.core import copy_problem, load_engine, plain_decision
from solver.routing.problem import RoutingProblem
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.routing.visit_row import VisitRow, check_row

MAX_EJECTED = 3
"""Visits that may make room for one."""
_NEVER = 2**31 - 1

_PlainWay = tuple[
    int, int, int, int, int, list[tuple[int, list[tuple[int, int, int]]]], list[int], list[int],
    list[tuple[int, int]], int,
]  # fmt: skip


class Rung(StrEnum):
    """How much a way disturbs, from least to most."""

    INSERTION = "insertion"
    """Between the others; nobody else comes later than promised, or later than so far."""
    SLIDE = "slide"
    """Others come later than promised; their lateness is priced."""
    REORDER = "reorder"
    """Visits take another turn on the same vehicle."""
    SWAP = "swap"
    """One visit leaves for another vehicle or a pool."""
    EJECT = "eject"
    """Several visits leave for another vehicle or a pool."""
    POOL = "pool"
    """A pool serves it; no route changes."""
    DROP = "drop"
    """Others are left out. Only where there is no other way, and worth it by the penalties."""


_RUNGS = (
    Rung.INSERTION, Rung.SLIDE, Rung.REORDER, Rung.SWAP, Rung.EJECT, Rung.POOL, Rung.DROP,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """One way to serve a visit.

    Attributes
    ----------
    vehicle
        Who serves it; None for a pool.
    pool
        The pool that serves it; None for a vehicle.
    rung
        What it does to the others.
    cost
        Exact difference of the whole plan's cost, cost units; the visit's own penalty, which is
        saved, is left out. Of visits that are served together or not at all, all penalties are.
    arrival_s
        At the visit, seconds since the horizon start; None for a pool.
    changed
        New steps of the routes that change, by vehicle. At most two, but for visits that hang
        together with others; more with ``chain``.
    displaced
        Visits that change their vehicle, or leave it for a pool.
    dropped
        Visits nobody serves any more.
    pooled
        Those of the displaced that go to a pool, each with that pool.
    late
        The visit that comes later than the rules allow, by ``lenient``.
    """

    vehicle: int | None
    pool: int | None
    rung: Rung
    cost: int
    arrival_s: int | None
    changed: tuple[tuple[int, tuple[Step, ...]], ...]
    displaced: tuple[int, ...]
    dropped: tuple[int, ...]
    pooled: tuple[tuple[int, int], ...] = ()
    late: int | None = None


class WayFinder:
    """Finds ways into one plan; keeps the compiled copy of problem and plan between calls.

    Three rungs are climbed at once. *Insertion*: the visit goes between two others of a route.
    *Slide*: so that others come later. *Ejection*: neighboring visits leave a route, the visit
    takes its place, and they go where they cost least, on one other vehicle or at another turn of
    the same one (Nagata & Braysy 2009, section 3, with chains of length one). Quick trials rank
    the ways; the best are carried out on the compiled plan, breaks placed anew, priced there and
    taken back, so that every price is exact.

    Parameters
    ----------
    problem
        The problem.
    solution
        The plan as it stands.
    kept
        Vehicles whose routes, empty or not, stay as they are.
    lenient
        ``window_limit`` of the problem with later limits. With ``chain``, where there is no other
        way, they hold for one visit that makes room, whichever is cheapest.

    Raises
    ------
    InvalidParameter
        If there is no such vehicle, or not one limit for each window.
    SolverUnavailable
        If the compiled core was not built for this platform.
    """

    def __init__(
        self,
        problem: RoutingProblem,
        solution: RoutingSolution,
        *,
        kept: Sequence[int] = (),
        lenient: np.ndarray | None = None,
    ) -> None:
        if any(not 0 <= vehicle < problem.n_vehicles for vehicle in kept):
            raise InvalidParameter(
                f"kept is {kept}; expected vehicles 0 to {problem.n_vehicles - 1}."
            )
        if lenient is not None and lenient.shape != problem.window_limit.shape:
            raise InvalidParameter(
                f"lenient has shape {lenient.shape}; expected {problem.window_limit.shape}."
            )
        self._problem = problem
        self._module = load_engine()
        routes = {r.vehicle: [s.step for s in r.stops] for r in solution.routes}
        steps, pool_of = plain_decision(problem, routes, solution.pools)
        core = copy_problem(problem)
        limits = [] if lenient is None else lenient.tolist()
        self._finder: Any = self._module.WayFinder(
            core, steps, pool_of, solution.cost, list(kept), limits
        )

    @property
    def barred(self) -> tuple[int, ...]:
        """Vehicles that are kept or whose routes break a rule (a hand-made plan may)."""
        return tuple(self._finder.barred)

    def find_ways(
        self,
        visit: int,
        *,
        top: int = 5,
        eject: int = 2,
        chain: bool = False,
        by: int | None = None,
    ) -> tuple[Way, ...]:
        """Return the cheapest ways to serve a visit that is not in the plan.

        Parameters
        ----------
        visit
            Index of a visit.
        top
            How many ways at the most, at least 1.
        eject
            How many neighboring visits may make room, 0 to ``MAX_EJECTED``; 0: nobody's
            technician or turn changes.
        chain
            Where nobody can take the visit like that, those who make room may go to pools, or one
            takes the place of another visit, which goes to a pool or where the first one was. Where
            that is not enough, everybody is served again (an ejection pool), by a change of two
            vehicles if that is found; or over more, if need be by chains: two who make room part,
            or one takes the place of another, that one of the next, and so on.
        by
            The last moment to reach the visit, seconds since the horizon start, where its windows
            allow for a later one; a window that opens later takes it at once.

        Returns
        -------
        tuple
            The cheapest way of each vehicle or pool, cheapest first, then further ways; where
            any way disturbs nobody, the cheapest of those is among them. Empty if nobody can
            take the visit, whatever is moved.

        Raises
        ------
        InvalidParameter
            If there is no such visit, it is in the plan, or a number is out of range.
        """
        if not 0 <= visit < self._problem.n_visits:
            raise InvalidParameter(
                f"visit is {visit}; expected 0 <= visit < {self._problem.n_visits}."
            )
        if self._finder.is_in_plan(visit):
            raise InvalidParameter(f"visit {visit} is in the plan already.")
        _check_numbers(top, eject)
        last = _NEVER if by is None else by
        return _typed(self._finder.find(visit, top, eject, chain, last))

    def find_ways_for(
        self,
        row: VisitRow,
        *,
        top: int = 5,
        eject: int = 2,
        chain: bool = False,
        by: int | None = None,
    ) -> tuple[Way, ...]:
        """Return the cheapest ways to serve a visit the problem does not have.

        The same as ``find_ways`` of the last visit in a finder for
        ``extend_problem(problem, row)``, without making one; the visit has the next free index.

        Parameters
        ----------
        row
            The visit.
        top, eject, chain, by
            As for ``find_ways``.

        Raises
        ------
        InvalidProblem
            With every fault of the row.
        InvalidParameter
            If a number is out of range.
        """
        check_row(self._problem, row)
        _check_numbers(top, eject)
        last = _NEVER if by is None else by
        guest = self._copy_row(row)
        return _typed(self._finder.find_for_guest(guest, top, eject, chain, last))

    def _copy_row(self, row: VisitRow) -> Any:  # noqa: ANN401 - compiled class
        guest = self._module.Guest()
        guest.set_visit(
            row.service_s, row.access_s, row.penalty, row.late_knee_s, row.late_rate,
            row.late_rate_after,
        )  # fmt: skip
        guest.set_choices(_table(row.windows, 3), _table(row.needs, 2))
        guest.set_rows(
            np.array(row.demand, dtype=np.int32),
            row.assignment_cost,
            row.pool_cost,
            np.array(row.group_service_s, dtype=np.int32),
        )
        ways = zip(row.to_s, row.to_m, row.from_s, row.from_m, strict=True)
        for profile, arrays in enumerate(ways):
            guest.add_profile(*arrays)
            if row.to_by_regime_s and row.to_by_regime_s[profile]:
                guest.add_traffic(
                    np.stack(row.to_by_regime_s[profile]), np.stack(row.from_by_regime_s[profile])
                )
        return guest


def _table(rows: Sequence[Sequence[int]], width: int) -> np.ndarray:
    return np.array(rows, dtype=np.int32).reshape(len(rows), width)


def _check_numbers(top: int, eject: int) -> None:
    if top < 1:
        raise InvalidParameter(f"top is {top}; expected at least 1.")
    if not 0 <= eject <= MAX_EJECTED:
        raise InvalidParameter(f"eject is {eject}; expected 0 to {MAX_EJECTED}.")


def _typed(ways: Sequence[_PlainWay]) -> tuple[Way, ...]:
    return tuple(
        Way(
            None if vehicle < 0 else vehicle,
            None if pool < 0 else pool,
            _RUNGS[rung],
            cost,
            None if vehicle < 0 else arrival,
            tuple(
                (k, tuple(Step(StepKind(kind), index, choice) for kind, index, choice in steps))
                for k, steps in changed
            ),
            tuple(displaced),
            tuple(dropped),
            tuple(pooled),
            None if late < 0 else late,
        )
        for vehicle, pool, rung, cost, arrival, changed, displaced, dropped, pooled, late in ways
    )
