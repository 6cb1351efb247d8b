"""What planning with rush hours is worth: three plans of a day, all driven in the same traffic.

* ``free flow``: planned as if roads were empty at all hours;
* ``average``: planned with one travel time per pair, the mean over the hours of the shifts;
* ``by hour``: planned with the traffic of each hour.

Each plan's decisions (who serves whom in which order, which promise was given, what the contracted
outlets take) are then timed in the traffic of the hour by the referee
(``dispatch.referee.judge_order``). Where a route cannot be driven legally any more (back later than
overtime allows, a break not taken), its last visits are dropped until it can; a dropped visit is a
broken promise and costs what an unassigned one costs.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean, stdev

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from dispatch.cli.parser import positive_int, positive_seconds
from dispatch.domain import Day, DayPlan, Priority, Visit
from dispatch.domain.traffic import Traffic
from dispatch.domain.travel_table import NO_WAY, TravelTable
from dispatch.planning.clock import Clock
from dispatch.planning.daily import plan_day
from dispatch.referee import Verdict, judge, judge_order
from geo.build import build_network
from geo.matrix_provider import RoadTravel
from geo.profiles import get_profile
from geo.travel_matrix import TravelProvider
from scenarios.bench.day import Place, find_places
from scenarios.bench.day_rows import prepare_case
from scenarios.bench.report import BenchReport, Row, Stopwatch
from scenarios.demand import build_network_demand
from scenarios.metropolis import generate_metropolis
from solver.stop import Stop

FREE_FLOW, AVERAGE, BY_HOUR = "free flow", "average", "by hour"
CONFIDENCE = 0.95

Orders = dict[str | tuple[str, int], list[str]]
"""Visits in order by technician and shift."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet bench rush-hour`` takes."""
    parser.add_argument("--maps", type=Path, help="folder of maps; default: a generated metropolis")
    parser.add_argument("--pattern", default="*.osm.pbf", help="maps to take from the folder")
    parser.add_argument("--visits", type=positive_int, default=180)
    parser.add_argument("--technicians", type=positive_int, default=30)
    parser.add_argument("--budget", type=positive_seconds, default=10.0, metavar="S")
    parser.add_argument("--threads", type=positive_int, default=1)
    parser.add_argument("--seeds", type=positive_int, default=20, help="days per map")


def bench(arguments: argparse.Namespace) -> BenchReport:
    """Plan generated days three ways and drive all plans in the default traffic.

    Raises
    ------
    DataUnavailable
        If no map is found.
    """
    rows: list[Row] = []
    for place in _places(arguments.maps, arguments.pattern):
        for seed in range(1, arguments.seeds + 1):
            day = place.make_day(seed, arguments.visits, arguments.technicians)
            stop = Stop(max_runtime_s=arguments.budget)
            rows += compare_day(day, place.travel, stop, seed=seed, threads=arguments.threads)
    return BenchReport(rows, summarize(rows))


def _places(folder: Path | None, pattern: str) -> Iterator[Place]:
    if folder is not None:
        yield from find_places(folder, pattern)
        return
    network = build_network(generate_metropolis(1).roads, get_profile("car"))
    demand = build_network_demand(network)
    yield Place("metropolis-1", "Asia/Shanghai", demand, RoadTravel({"car": network}))


def compare_day(
    day: Day, travel: TravelProvider, stop: Stop, *, seed: int, threads: int = 1
) -> list[Row]:
    """Return one row per way of planning the day.

    Parameters
    ----------
    day
        A day; it gets the default traffic (``china_big_city``).
    travel
        Roads, or estimates.
    stop, seed, threads
        Of each search.
    """
    case = prepare_case(day.model_copy(update={"traffic": Traffic()}), travel)
    calm = case.day.model_copy(update={"traffic": None})
    free = replace(case.table, regimes=None)
    average = replace(
        free, durations_s={**free.durations_s, **mean_durations(case.day, case.table)}
    )
    rows: list[Row] = []
    for name, planned_day, table in (
        (FREE_FLOW, calm, free),
        (AVERAGE, calm, average),
        (BY_HOUR, case.day, case.table),
    ):
        watch = Stopwatch()
        plan = plan_day(planned_day, table, stop=stop, seed=seed, threads=threads, explain=False)
        wall_s, _ = watch.read()
        on_paper = judge(planned_day, plan, table)
        driven, dropped = drive(case.day, plan, case.table)
        figures = _figures(case.day, on_paper, driven)
        named: Row = {"day": case.day.id, "planned": name, "seed": seed}
        cost = {"dropped": dropped, "iterations": plan.iterations, "wall_s": wall_s}
        rows.append({**named, **figures, **cost})
    return rows


def drive(day: Day, plan: DayPlan, table: TravelTable) -> tuple[Verdict, int]:
    """Time the decisions of a plan in the traffic of a table.

    Parameters
    ----------
    day
        The day with its traffic.
    plan
        Any plan of the same visits and technicians.
    table
        Travel by hour.

    Returns
    -------
    tuple
        The judgment of what is left of the plan, without violations unless contracted outlets
        break some; and how many visits had to be dropped.
    """
    promised = _keep_promises(day, plan)
    orders: Orders = {}
    for route in plan.routes:
        visits = [stop.visit for stop in route.stops if stop.visit is not None]
        orders[route.technician, route.shift] = visits
    contracted = {service.outlet: service.visits for service in plan.contracted}

    def judge_all(order: Orders) -> Verdict:
        return judge_order(promised, order, table, contracted=contracted)[0]

    return _drop_until_legal(orders, judge_all)


def _drop_until_legal(
    orders: Orders, judge_all: Callable[[Orders], Verdict]
) -> tuple[Verdict, int]:
    """Drop the last visit of every route with a violation, again and again."""
    dropped = 0
    while True:
        verdict = judge_all({key: visits for key, visits in orders.items() if visits})
        guilty = {violation.technician for violation in verdict.violations}
        broken = [key for key, visits in orders.items() if visits and _name(key) in guilty]
        if not broken:
            return verdict, dropped
        for key in broken:
            orders[key].pop()
            dropped += 1


def _name(key: str | tuple[str, int]) -> str:
    return key if isinstance(key, str) else key[0]


def _keep_promises(day: Day, plan: DayPlan) -> Day:
    """Return the day with, of every visit in a route, only the promise its customer was given."""
    given = {s.visit: s.promise for route in plan.routes for s in route.stops if s.visit}
    visits = tuple(_with_promise(visit, given.get(visit.id)) for visit in day.visits)
    return day.model_copy(update={"visits": visits})


def _with_promise(visit: Visit, given: str | None) -> Visit:
    """Keep one of several promises: that of an id, else of a position (docs/semantics.md)."""
    if given is None or len(visit.promises) < 2:
        return visit
    named = [promise for promise in visit.promises if promise.id == given]
    if not named:
        ranked = sorted(visit.promises, key=lambda p: (p.window(), p.id or ""))
        named = [ranked[int(given) - 1]]
    return visit.model_copy(update={"promises": tuple(named)})


def mean_durations(day: Day, table: TravelTable) -> Mapping[str, NDArray[np.int32]]:
    """Return by profile the mean travel time over the hours of the shifts, rounded half up."""
    if table.regimes is None:
        return {}
    clock = Clock(day)
    shifts = [shift for technician in day.technicians for shift in technician.shifts]
    first = min(clock.floor(shift.start) for shift in shifts)
    last = max(clock.ceil(shift.end) for shift in shifts)
    starts = table.regimes.bucket_start_s.tolist()
    ends = [*starts[1:], max(last, starts[-1])]
    weight = [max(0, min(b, last) - max(a, first)) for a, b in zip(starts, ends, strict=True)]
    means = {}
    for profile, tables in table.regimes.durations_s.items():
        if not tables:
            continue
        stack = np.array([tables[r] for r in table.regimes.bucket_regime.tolist()], dtype=np.int64)
        total = np.tensordot(np.array(weight, dtype=np.int64), stack, axes=1)
        mean = ((2 * total + sum(weight)) // (2 * sum(weight))).astype(np.int32)
        mean[table.durations_s[profile] == NO_WAY] = NO_WAY
        means[profile] = mean
    return means


def _figures(day: Day, on_paper: Verdict, driven: Verdict) -> Row:
    figures = driven.figures
    return {
        "visits": len(day.visits),
        "promised": sum(1 for v in day.visits if v.promises or v.priority is Priority.EMERGENCY),
        "kept_on_paper": on_paper.figures.inside_promise + on_paper.figures.contracted,
        "served": figures.served + figures.contracted,
        "kept": figures.inside_promise + figures.contracted,
        "late_min": round(figures.lateness_s / 60, 1),
        "work_h": round(figures.work_s / 3600, 1),
        "km": round(figures.distance_m / 1000, 1),
        "price_yuan": round(driven.cost.total / 100, 2),
        "violations": len(driven.violations),
    }


def summarize(rows: Sequence[Row]) -> dict[str, object]:
    """Return sums per way of planning, and paired differences to ``by hour`` with intervals."""
    by_name = {
        name: {(row["day"], row["seed"]): row for row in rows if row["planned"] == name}
        for name in (FREE_FLOW, AVERAGE, BY_HOUR)
    }
    columns = (
        "promised", "kept_on_paper", "served", "kept", "dropped", "late_min", "work_h", "km",
        "price_yuan", "violations", "iterations",
    )  # fmt: skip
    summary: dict[str, object] = {
        name: {"days": len(group), **{c: round(_sum(group.values(), c), 1) for c in columns}}
        for name, group in by_name.items()
    }
    for name in (FREE_FLOW, AVERAGE):
        for column, unit in (("kept", "promises"), ("price_yuan", "yuan")):
            pairs = [
                _number(by_name[BY_HOUR][key], column) - _number(row, column)
                for key, row in by_name[name].items()
            ]
            mean, half = find_interval(pairs)
            title = f"{BY_HOUR} minus {name}, {unit} a day"
            summary[title] = f"{mean:+.1f} ± {half:.1f} ({len(pairs)} days, 95 % interval)"
    return summary


def find_interval(differences: Sequence[float]) -> tuple[float, float]:
    """Return mean and half width of the 95 % interval of paired differences (Student's t).

    The half width of fewer than two differences is infinite.
    """
    count = len(differences)
    if count < 2:
        return fmean(differences), math.inf
    quantile = float(student.ppf(0.5 + CONFIDENCE / 2, count - 1))
    return fmean(differences), quantile * stdev(differences) / math.sqrt(count)


def _sum(rows: Iterable[Row], column: str) -> float:
    return sum(_number(row, column) for row in rows)


def _number(row: Row, column: str) -> float:
    return float(row[column] or 0)
