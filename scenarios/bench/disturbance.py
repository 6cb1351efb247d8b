"""One emergency on a day of agreed visits: what each program does to the others' arrivals.

119 visits of 24 technicians are agreed and customers told (the plan is VROOM's own, so that warm
it starts where it would stop); the day runs as planned until an emergency comes in. Every program
gets the same rest of the day (the same places, hours, windows) and must serve the emergency. VROOM
and PyVRP know no price of lateness: their emergency gets the tightest of a few hard windows in
which they serve everybody, or as many as with none.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from dispatch.cli.parser import natural_int, positive_int, positive_seconds
from dispatch.domain import Day, DayPlan, Outlet, Place, Priority, Promise, Shift, Technician, Visit
from dispatch.domain.disruption import (
    EmergencyRaised,
    Happening,
    TechnicianArrived,
    TechnicianDeparted,
    WorkFinished,
    WorkStarted,
)
from dispatch.domain.travel_table import TravelTable
from dispatch.live.current import current_plan
from dispatch.live.freeze import NOTHING, freeze_stops
from dispatch.live.kinds import KINDS
from dispatch.live.projection import Projection, project
from dispatch.live.rest import rest_day
from dispatch.live.store import MemoryStore, Request
from dispatch.live.telling import tell
from dispatch.planning.translate import Translation, translate
from dispatch.planning.travel import travel_table
from dispatch.referee import judge_order
from dispatch.service.desk import Desk
from dispatch.service.emergency import EmergencyOption
from geo.estimated import EstimatedTravel
from scenarios.bench.day_rows import harden
from scenarios.bench.peers.pyvrp_rest import solve_rest_with_pyvrp
from scenarios.bench.peers.vroom_peer import PeerPlan, repair, solve_with_vroom
from scenarios.bench.report import BenchReport, Row, Stopwatch
from scenarios.simulation.service_desk import OneTable
from solver.routing.problem import RoutingProblem
from solver.routing.timetable import Infeasible, TimetableData, place_breaks, timetable

VISITS, TECHNICIANS, OUTLETS = 119, 24, 4
CENTER: Final = (114.30, 30.58)
HALF_DEGREES: Final = 0.09
"""About nine kilometers to every side."""

ANSWERS_MIN: Final = (15, 30, 45, 60, 90, 120)
"""Hard windows of the emergency that peers are tried with, minutes."""

FREE_S: Final = 15 * 60
DAY: Final = datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Shanghai"))

Solver = Callable[[RoutingProblem], PeerPlan]

Arrivals = Mapping[str, tuple[str, int]]
"""Technician and arrival by visit."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet bench disturbance`` takes."""
    parser.add_argument("--seeds", type=positive_int, default=20)
    parser.add_argument("--first-seed", type=natural_int, default=1)
    parser.add_argument(
        "--budget", type=positive_seconds, default=5.0, metavar="S", help="of PyVRP, seconds"
    )


def bench(arguments: argparse.Namespace) -> BenchReport:
    """Let every program answer one emergency per seed."""
    rows: list[Row] = []
    for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
        rows += _one_seed(seed, arguments.budget)
    return BenchReport(rows, _summary(rows))


def build_agreed_day(seed: int) -> Day:
    """Return 119 visits with appointments, for 24 technicians at four outlets, from a seed."""
    rng = np.random.default_rng([119, seed])
    outlets = tuple(
        Outlet(id=f"O{i}", name=f"Outlet {i}", place=_place(rng, 0.6))
        for i in range(1, OUTLETS + 1)
    )
    shift = Shift(start=DAY + timedelta(hours=8), end=DAY + timedelta(hours=18))
    people = tuple(
        Technician(id=f"T{i:02d}", outlet=f"O{1 + i % OUTLETS}", shifts=(shift,))
        for i in range(1, TECHNICIANS + 1)
    )
    visits = tuple(
        Visit(
            id=f"V{i:03d}",
            place=_place(rng),
            promises=(
                Promise(appointment=DAY + timedelta(minutes=30 * int(rng.integers(17, 34)))),
            ),
            service_s=60 * int(rng.integers(30, 71)),
        )
        for i in range(1, VISITS + 1)
    )
    return Day(
        id=f"agreed-{seed}", date=date(2026, 3, 2), horizon_start=DAY,
        horizon_end=DAY + timedelta(hours=22), outlets=outlets, technicians=people, visits=visits,
    )  # fmt: skip


def _place(rng: np.random.Generator, share: float = 1.0) -> Place:
    lon, lat = (float(rng.uniform(-1, 1)) * HALF_DEGREES * share for _ in range(2))
    return Place(lon=round(CENTER[0] + lon, 6), lat=round(CENTER[1] + lat, 6))


def _emergency(seed: int) -> Visit:
    rng = np.random.default_rng([911, seed])
    at = DAY + timedelta(minutes=int(rng.integers(9 * 60, 15 * 60)))
    return Visit(
        id="emergency", place=_place(rng), service_s=60 * int(rng.integers(30, 61)),
        priority=Priority.EMERGENCY, received_at=at, released_at=at,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Case:
    """The moment the emergency is in, before anybody decided."""

    seed: int
    day: str
    desk: Desk
    table: TravelTable
    emergency: Visit
    before: Arrivals
    late_before: frozenset[str]
    t: Translation
    order: Mapping[int, tuple[int, ...]]
    ahead: frozenset[str]

    @property
    def received_s(self) -> int:
        """Second at which the emergency came in."""
        return self.t.clock.ceil(self.emergency.received_at or DAY)


def _prepare(seed: int) -> _Case:
    day, emergency = build_agreed_day(seed), _emergency(seed)
    at = emergency.received_at or DAY
    every = day.model_copy(update={"visits": (*day.visits, emergency)})
    table = travel_table(every, EstimatedTravel()).table
    plan = _agreed_plan(day, table)
    desk = Desk(MemoryStore(KINDS), OneTable(table), now=lambda: at)
    desk.open_day(_told(day, plan, table), plan, _request(at, "open"))
    for number, fact in enumerate(_as_planned(plan, at)):
        desk.record(day.id, fact, _request(fact.happened_at, f"news {number}"))
    raised = EmergencyRaised(happened_at=at, visit=emergency)
    desk.record(day.id, raised, _request(at, "emergency"))
    state = desk.view(day.id).state
    projection = project(state, table)
    rest = rest_day(state, projection, freeze_stops(state, projection, NOTHING), table)
    t = translate(rest.day, table)
    current = current_plan(state, projection, rest, t).solution
    before = _arrivals(projection)
    return _Case(
        seed, day.id, desk, table, emergency, before, _late(projection), t,
        {route.vehicle: route.visits for route in current.routes},
        frozenset(visit.id for visit in t.visits if visit.id != emergency.id),
    )  # fmt: skip


def _agreed_plan(day: Day, table: TravelTable) -> DayPlan:
    """Return the morning plan: VROOM's, so that a warm VROOM starts where it would stop."""
    t = translate(day, table)
    problem = harden(t.problem)
    routes, _ = repair(problem, solve_with_vroom(problem))
    order: dict[str | tuple[str, int], list[str]] = {
        t.lines[vehicle].technician.id: [t.visits[seat].id for seat, _ in visits]
        for vehicle, visits in routes.items()
    }
    return judge_order(day, order, table)[1]


def _told(day: Day, plan: DayPlan, table: TravelTable) -> Day:
    """Return the day whose customers know the plan."""
    from dispatch.live.state import begin_day

    state = begin_day(day, plan)
    return tell(state, project(state, table)).day


def _request(at: datetime, content: str) -> Request:
    return Request(id=content.replace(" ", "-"), by="bench", at=at, content=content)


def _as_planned(plan: DayPlan, until: datetime) -> Iterator[Happening]:
    """Give the news of a day that runs as planned, in order of time."""
    news: list[tuple[datetime, int, Happening]] = []
    for route in plan.routes:
        free = route.start
        for stop in route.stops:
            if stop.kind != "visit" or stop.visit is None:
                continue
            who = {"technician": route.technician, "visit": stop.visit}
            told = (
                (TechnicianDeparted, max(free, stop.reached - timedelta(seconds=stop.leg_s))),
                (TechnicianArrived, stop.reached),
                (WorkStarted, stop.start),
                (WorkFinished, stop.end),
            )
            news += [(m, len(news) + i, k(happened_at=m, **who)) for i, (k, m) in enumerate(told)]
            free = stop.end
    yield from (fact for moment, _, fact in sorted(news, key=lambda n: n[:2]) if moment <= until)


def _arrivals(projection: Projection) -> dict[str, tuple[str, int]]:
    return {
        eta.visit: (eta.technician, int(eta.arrival.timestamp()))
        for eta in projection.etas
        if eta.visit is not None
    }


def _late(projection: Projection) -> frozenset[str]:
    return frozenset(e.visit for e in projection.etas if e.visit is not None and e.lateness_s > 0)


def _one_seed(seed: int, budget_s: float) -> list[Row]:
    case = _prepare(seed)
    peers: dict[str, Solver] = {
        "vroom cold": solve_with_vroom,
        "vroom warm": partial(solve_with_vroom, start=case.order),
        "vroom warm, level 0": partial(solve_with_vroom, start=case.order, exploration=0),
        "pyvrp": lambda problem: solve_rest_with_pyvrp(problem, time_limit_s=budget_s, seed=seed),
    }
    rows = [_peer_row(case, name, solver) for name, solver in peers.items()]
    return [_own_row(case), *rows]


def _own_row(case: _Case) -> Row:
    at = case.emergency.received_at or DAY
    watch = Stopwatch()
    options = case.desk.emergency(case.day, case.emergency, "after_current")
    best = min(options.options, key=_by_arrival)
    case.desk.choose(case.day, options, best.index, _request(at, "choose"))
    seconds = watch.read()
    projection = project(case.desk.view(case.day).state, case.table)
    return _row(case, "servicenet", _arrivals(projection), _late(projection), seconds)


def _by_arrival(option: EmergencyOption) -> tuple[int, datetime, int, int]:
    """Return what a dispatcher goes by: nobody made late, soonest, fewest to be told, cheapest."""
    late = sum(1 for eta in option.etas if eta.lateness_s > eta.lateness_before_s)
    told = sum(1 for eta in option.etas if eta.tell)
    arrival = option.arrival or DAY + timedelta(days=2)
    return late + len(option.dropped), arrival, told, option.index


def _peer_row(case: _Case, name: str, solver: Solver) -> Row:
    watch = Stopwatch()
    best: dict[int, tuple[tuple[int, int], ...]] = {}
    for minutes in (*ANSWERS_MIN, None):
        problem = _harden(case, minutes)
        routes, _ = repair(problem, solver(problem))
        served = sum(len(order) for order in routes.values())
        if served > sum(len(order) for order in best.values()):
            best = routes
        if served == problem.n_visits:
            break
    seconds = watch.read()
    after, late = _timed(case, best)
    return _row(case, name, after, late, seconds)


def _harden(case: _Case, minutes: int | None) -> RoutingProblem:
    """Return the rest without lateness and without what customers were told."""
    p = case.t.problem
    latest = p.window_latest.copy()
    for seat, visit in enumerate(case.t.visits):
        for window in p.windows_of(seat):
            if visit.id == case.emergency.id:
                latest[window] = (
                    p.window_limit[window] if minutes is None else case.received_s + 60 * minutes
                )
            elif visit.id in case.late_before:
                latest[window] = p.window_limit[window]
    return replace(p, window_latest=latest, window_limit=latest.copy(), agreed=None)


def _timed(
    case: _Case, routes: Mapping[int, Sequence[tuple[int, int]]]
) -> tuple[Arrivals, frozenset[str]]:
    """Return arrivals of a peer's order by the day's own rules; what is fixed stays as it was."""
    p, t = case.t.problem, case.t
    plain = replace(p, agreed=None)
    data, start = TimetableData(plain), int(DAY.timestamp())
    found = {v: one for v, one in case.before.items() if v not in case.ahead}
    late = {v for v in case.late_before if v not in case.ahead}
    for vehicle, order in routes.items():
        steps = place_breaks(plain, vehicle, list(order), data=data)
        route = (
            steps if isinstance(steps, Infeasible) else timetable(plain, vehicle, steps, data=data)
        )
        if isinstance(route, Infeasible):
            continue
        for stop in route.stops:
            visit = t.visits[stop.step.index].id
            found[visit] = (t.lines[vehicle].technician.id, start + stop.arrival)
            if stop.lateness_s > 0:
                late.add(visit)
    return found, frozenset(late)


def _row(
    case: _Case,
    engine: str,
    after: Arrivals,
    late: frozenset[str],
    seconds: tuple[float, float],
) -> Row:
    both = [v for v in case.before if v in after and v != case.emergency.id]
    moved = sum(1 for v in both if abs(after[v][1] - case.before[v][1]) > FREE_S)
    changed = sum(1 for v in both if after[v][0] != case.before[v][0])
    lost = sum(1 for v in case.before if v not in after)
    newly = sum(1 for v in late - case.late_before if v != case.emergency.id)
    came = after.get(case.emergency.id)
    waited = None
    if came is not None:
        waited = round((came[1] - int(DAY.timestamp()) - case.received_s) / 60, 1)
    return {
        "seed": case.seed, "engine": engine, "ahead": len(case.ahead), "moved_15_min": moved,
        "technician_changes": changed, "promises_broken": newly + lost,
        "emergency_min": waited, "wall_s": seconds[0], "cpu_s": seconds[1],
    }  # fmt: skip


def _summary(rows: Sequence[Row]) -> dict[str, object]:
    engines = list(dict.fromkeys(str(row["engine"]) for row in rows))
    table: dict[str, object] = {}
    for engine in engines:
        own = [row for row in rows if row["engine"] == engine]
        waits = [float(row["emergency_min"]) for row in own if row["emergency_min"] is not None]
        table[engine] = {
            **{
                column: sum(float(row[column] or 0) for row in own)
                for column in ("moved_15_min", "technician_changes", "promises_broken")
            },
            "emergency_served": len(waits),
            "emergency_min": round(sum(waits) / len(waits), 1) if waits else None,
            "cpu_s": round(sum(float(row["cpu_s"] or 0) for row in own), 2),
        }
    return table
