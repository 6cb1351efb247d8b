"""Answers to emergencies on a full day: how fast, whom they disturb, which promises they break.

A generated day is planned; then its emergencies come in one by one, each against the same plan of
all the visits on the books (so more visits are ahead than on a day under way). What is timed is
what the engine does from the row of the emergency to the exact prices of the best ways: insertion,
slide and ejection together (``solver.routing.ways``), and where the best of them breaks a promise,
what the desk then asks for: ways as soon that break none, over more technicians if need be. Making
the row (``dispatch.planning.row``) and the finders, which is done once per plan, are timed beside
it.

For the first ``--resolve N`` emergencies whose first way still breaks a promise, the whole day is
solved again for ``--resolve-budget`` seconds, starting from that way, and so that the emergency is
reached no later. A promise counts as broken needlessly if the way breaks it and the new plan keeps
it.

Then the same emergencies go through the use case, one after the other, and are decided
(``scenarios.bench.emergency_store``).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

from dispatch.cli.parser import natural_int, positive_int, positive_seconds
from dispatch.domain import Day, Priority, Visit
from dispatch.planning.objective import COST_SCALE
from dispatch.planning.row import find_row
from dispatch.planning.translate import Translation, translate
from dispatch.service.emergency import FEW
from geo.travel_matrix import TravelProvider
from scenarios.bench.day import Place, find_places
from scenarios.bench.day_rows import Case, prepare_case
from scenarios.bench.emergency_figures import (
    MillisecondWatch,
    carry_out,
    count_words,
    lateness_of,
    quantiles,
    share,
)
from scenarios.bench.emergency_store import StoreDesk, summarize_desk
from scenarios.bench.report import BenchReport, Row, Value
from scenarios.errors import DataUnavailable
from scenarios.generate import generate_day
from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.solution import RoutingSolution
from solver.routing.solve import solve
from solver.routing.visit_row import VisitRow, extend_problem
from solver.routing.ways import Rung, Way, WayFinder
from solver.stop import Stop

OUTLETS = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet bench emergency`` takes."""
    parser.add_argument("--maps", type=Path, help="folder of maps; default: the demo city")
    parser.add_argument("--pattern", default="*.osm.pbf", help="maps to take from the folder")
    parser.add_argument("--visits", type=positive_int, default=1000, help="on the books")
    parser.add_argument("--technicians", type=positive_int, default=150)
    parser.add_argument("--emergencies", type=positive_int, default=300)
    parser.add_argument("--budget", type=positive_seconds, default=30.0, help="of the plan, S")
    parser.add_argument("--seed", type=natural_int, default=1)
    parser.add_argument("--top", type=positive_int, default=5, help="ways per emergency")
    parser.add_argument("--eject", type=natural_int, default=2, help="visits that may make room")
    parser.add_argument("--resolve", type=natural_int, default=0, metavar="N")
    parser.add_argument("--resolve-budget", type=positive_seconds, default=60.0, metavar="S")
    parser.add_argument("--no-desk", action="store_true", help="the engine only, not the use case")


def bench(arguments: argparse.Namespace) -> BenchReport:
    """Answer the emergencies of a generated day on every map.

    Raises
    ------
    DataUnavailable
        If no map is found, or no emergency fits the problem as a row.
    """
    rows: list[Row] = []
    summary: dict[str, object] = {}
    for place in find_places(arguments.maps, arguments.pattern):
        stop = Stop(max_runtime_s=arguments.budget)
        desk = EmergencyDesk(generate(place, arguments), place.travel, stop, arguments)
        mine = list(desk.answer_all())
        summary.update(desk.summarize(mine))
        if not arguments.no_desk:
            stored = {
                row["emergency"]: row for row in desk.through_store(place.travel).answer_all()
            }
            mine = [{**row, **stored[row["emergency"]]} for row in mine]
            found = summarize_desk(tuple(stored.values()))
            summary.update({f"{desk.day}: {key}": value for key, value in found.items()})
        rows += mine
    return BenchReport(rows, summary)


def split_day(case: Case) -> tuple[Translation, tuple[Visit, ...]]:
    """Return the day without its emergencies, translated, and the emergencies in order of calls."""
    urgent = [v for v in case.day.visits if v.priority is Priority.EMERGENCY]
    urgent.sort(key=lambda visit: (str(visit.received_at), visit.id))
    others = tuple(v for v in case.day.visits if v.priority is not Priority.EMERGENCY)
    quiet = case.day.model_copy(update={"visits": others})
    return translate(quiet, case.table), tuple(urgent)


def generate(place: Place, arguments: argparse.Namespace) -> Day:
    """Return a day with the emergencies among its visits."""
    return generate_day(
        place.demand,
        seed=arguments.seed,
        visits=arguments.visits + arguments.emergencies,
        technicians=arguments.technicians,
        outlets=OUTLETS,
        emergencies=arguments.emergencies,
        zone=place.zone,
        name=f"{place.name}-{arguments.seed}",
    )


class EmergencyDesk:
    """A planned day and its emergencies.

    Parameters
    ----------
    day
        A day; its emergencies come in one by one.
    travel
        Roads, or estimates.
    stop
        Of the plan without them.
    arguments
        ``seed``, ``top``, ``eject``, ``resolve``, ``resolve_budget``.
    """

    def __init__(
        self, day: Day, travel: TravelProvider, stop: Stop, arguments: argparse.Namespace
    ) -> None:
        self._arguments = arguments
        self._case = prepare_case(day, travel)
        self._t, self._urgent = split_day(self._case)
        self._plan = solve(self._t.problem, stop=stop, seed=arguments.seed)
        watch = MillisecondWatch()
        self._finder = WayFinder(self._t.problem, self._plan)
        self._finder_ms, _ = watch.read()
        self._late = lateness_of(self._plan)
        self._strict_finder = WayFinder(self._with_promises(), self._plan)

    @property
    def day(self) -> str:
        """Id of the day."""
        return self._case.day.id

    def through_store(self, travel: TravelProvider) -> StoreDesk:
        """Return the same day and plan as a live day in a store."""
        options = self._arguments
        return StoreDesk(
            self._t, self._plan, travel, self._urgent,
            again=options.resolve, budget_s=options.resolve_budget,
        )  # fmt: skip

    def answer_all(self) -> Iterator[Row]:
        """Yield one row per emergency."""
        again = self._arguments.resolve
        answered = 0
        for visit in self._urgent:
            watch = MillisecondWatch()
            row = find_row(self._t, visit, self._case.table)
            row_ms, _ = watch.read()
            if row is None:
                continue
            answered += 1
            found = self._answer(visit, row, row_ms, resolve=again > 0)
            again -= found["broken_needlessly"] is not None
            yield found
        if not answered:
            raise DataUnavailable("no emergency of the day could be added to it as it is")

    def _answer(self, visit: Visit, row: VisitRow, row_ms: float, *, resolve: bool) -> Row:
        options = self._arguments
        watch = MillisecondWatch()
        ways = self._finder.find_ways_for(row, top=options.top, eject=options.eject)
        wall_ms, cpu_ms = watch.read()
        if ways and self._broken(self._carried_out(row, ways[0])):
            watch = MillisecondWatch()
            kept = self._kept_ways(row, ways[0])
            more_wall_ms, more_cpu_ms = watch.read()
            wall_ms, cpu_ms = round(wall_ms + more_wall_ms, 2), round(cpu_ms + more_cpu_ms, 2)
            ways = (*kept, *ways)
        found: dict[str, Value] = {
            "emergency": visit.id,
            "wall_ms": wall_ms,
            "cpu_ms": cpu_ms,
            "row_ms": row_ms,
            "ways": len(ways),
            "rung": ways[0].rung.value if ways else None,
        }
        if not ways:
            return {**found, **dict.fromkeys(_ABOUT_BEST)}
        after = self._carried_out(row, ways[0])
        broken = self._broken(after)
        arrival, needless = ways[0].arrival_s, None
        if resolve and broken and arrival is not None:
            needless = self._needless(row, after, arrival, broken)
        minutes = None if arrival is None else round((arrival - row.windows[0][0]) / 60, 1)
        return {
            **found,
            "technicians_changed": len(ways[0].changed),
            "visits_displaced": len(ways[0].displaced),
            "arrival_min": minutes,
            "price_yuan": round(ways[0].cost / COST_SCALE / 100, 2),
            "calm_way": any(way.rung is Rung.INSERTION for way in ways),
            "broken": len(broken),
            "broken_needlessly": needless,
        }

    def _with_promises(self) -> RoutingProblem:
        """Return the problem in which every promise the plan keeps has to be kept."""
        problem = self._t.problem
        limit = problem.window_limit.copy()
        for visit in range(problem.n_visits):
            if not self._late.get(visit, 0):
                mine = list(problem.windows_of(visit))
                limit[mine] = np.minimum(limit[mine], problem.window_latest[mine])
        return replace(problem, window_limit=limit)

    def _kept_ways(self, row: VisitRow, way: Way) -> tuple[Way, ...]:
        """Return ways that break no promise and are there in time or in the same minute."""
        if way.arrival_s is None:
            return ()
        due = max(latest for _, latest, _ in row.windows)
        late = max(0, way.arrival_s - due)
        found = self._strict_finder.find_ways_for(
            row, top=FEW, eject=self._arguments.eject, chain=True,
            by=due - (-late // 60) * 60,
        )  # fmt: skip
        return tuple(one for one in found if one.arrival_s is not None and not one.dropped)

    def _carried_out(self, row: VisitRow, way: Way) -> RoutingSolution:
        problem = extend_problem(self._t.problem, row)
        return carry_out(problem, self._plan, problem.n_visits - 1, way)

    def _broken(self, after: RoutingSolution) -> set[int]:
        """Return visits on the books that are late only with the emergency, or left out."""
        late = lateness_of(after)
        broken = {v for v, seconds in late.items() if seconds > 0 and not self._late.get(v, 0)}
        lost = set(after.unassigned) - set(self._plan.unassigned)
        return (broken | lost) - {self._t.problem.n_visits}

    def _needless(
        self, row: VisitRow, after: RoutingSolution, arrival_s: int, broken: set[int]
    ) -> int:
        """Return how many of the broken promises a long search keeps, arriving no later."""
        problem = extend_problem(self._t.problem, row)
        first, last = (int(w) for w in problem.window_offset[-2:])
        limit, latest = problem.window_limit.copy(), problem.window_latest.copy()
        limit[first:last] = np.minimum(limit[first:last], arrival_s)
        latest[first:last] = np.minimum(latest[first:last], arrival_s)
        pool_cost = problem.pool_cost.copy()
        pool_cost[-1] = FORBIDDEN  # nobody knows when a pool is there
        held = replace(problem, window_limit=limit, window_latest=latest, pool_cost=pool_cost)
        stop = Stop(max_runtime_s=self._arguments.resolve_budget)
        found = solve(held, stop=stop, seed=self._arguments.seed, start=after)
        return len(broken - self._broken(found))

    def summarize(self, rows: Sequence[Row]) -> dict[str, object]:
        """Return the figures of one map."""
        name = self._case.day.id
        again = [row for row in rows if row["broken_needlessly"] is not None]
        arrivals = [float(row["arrival_min"]) for row in rows if row["arrival_min"] is not None]
        size = f"{self._t.problem.n_visits}, {self._t.problem.n_vehicles}"
        figures: dict[str, object] = {
            "ways, wall ms": quantiles(rows, "wall_ms"),
            "ways, CPU ms": quantiles(rows, "cpu_ms"),
            "row, wall ms": quantiles(rows, "row_ms"),
            "finder, once per plan, ms": self._finder_ms,
            "visits, technicians": size,
            "emergencies": len(rows),
            "rungs of the best way": count_words(row["rung"] for row in rows),
            "technicians changed": count_words(row["technicians_changed"] for row in rows),
            "visits displaced": count_words(row["visits_displaced"] for row in rows),
            "arrival after the call, median min": median(arrivals) if arrivals else None,
            "emergencies whose best way breaks a promise": sum(1 for r in rows if r["broken"]),
            "promises broken": sum(int(row["broken"] or 0) for row in rows),
            "of these solved again": sum(int(row["broken"] or 0) for row in again),
            "and kept by that": sum(int(row["broken_needlessly"] or 0) for row in again),
            "share of best ways that break one needlessly": share(rows, again, "broken_needlessly"),
        }
        return {f"{name}: {key}": value for key, value in figures.items()}


_ABOUT_BEST = (
    "technicians_changed", "visits_displaced", "arrival_min", "price_yuan", "calm_way", "broken",
    "broken_needlessly",
)  # fmt: skip
