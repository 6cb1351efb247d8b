"""Judge a plan from the raw day and a travel table.

PLAN is a plan.json, or a hand-made order {"T01": ["V1", "V2"], ...}: visit ids by technician (or
{"routes": {...}, "contracted": {"O6": [...]}}), which is timed first. Travel comes from travel.npz
beside PLAN. With --roads, sampled legs are timed again by plain shortest paths on the map; where
there is no travel.npz, the map also gives the table. An order without either is judged with
estimated travel, and the verdict says so.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.cli.exit_codes import Exit, exit_code_table
from dispatch.cli.parser import natural_int
from dispatch.cli.traffic_option import add_traffic_argument, with_traffic

if TYPE_CHECKING:
    from dispatch.cli.order_file import HandMadeOrder
    from dispatch.domain import Day, DayPlan, Place
    from dispatch.domain.travel_table import TravelTable
    from dispatch.referee import Verdict, Violation
    from geo.regimes import TrafficArea, TrafficState
    from geo.retiming import Retimer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = f"exit codes:\n{exit_code_table()}"
    parser.add_argument(
        "day", type=Path, metavar="DAY", help="day.json, day.xlsx, or a folder of CSV tables"
    )
    parser.add_argument("plan", type=Path, metavar="PLAN", help="plan.json, or an order of visits")
    parser.add_argument("--roads", type=Path, metavar="FILE", help="map to time legs again on")
    add_traffic_argument(parser)
    parser.add_argument("--gazetteer", type=Path, metavar="FILE", help="CSV of places by name")
    parser.add_argument(
        "--samples", type=natural_int, default=50, metavar="N", help="legs timed again, default 50"
    )
    parser.add_argument("--seed", type=natural_int, default=0, metavar="K", help="which legs")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Judge the plan and return the exit code."""
    from dispatch.cli.guard import run_guarded

    return run_guarded(lambda: _check(arguments), as_json=arguments.json)


def _check(arguments: argparse.Namespace) -> int:
    from dispatch.adapters.files import read_day, read_gazetteer, read_plan
    from dispatch.cli.order_file import find_order
    from dispatch.cli.plan_table import find_plan_table

    gazetteer = read_gazetteer(arguments.gazetteer) if arguments.gazetteer else None
    found = with_traffic(read_day(arguments.day, geocoder=gazetteer), arguments.traffic)
    order = find_order(arguments.plan)
    given = read_plan(arguments.plan) if order is None else order
    by_hand = order is not None
    table, source = find_plan_table(found.day, arguments.plan, arguments.roads, by_hand=by_hand)
    verdict, plan = _judge(arguments, found.day, given, table)
    if arguments.json:
        _tell_json(arguments, verdict, plan, table, source, by_hand=by_hand)
    else:
        _tell(arguments, verdict, plan, source, by_hand=by_hand)
    return Exit.OK if verdict.ok else Exit.VIOLATIONS


class _PlainRoads:
    """The second source of travel: plain shortest paths, one network per profile."""

    def __init__(self, roads: Path) -> None:
        self._roads = roads
        self._known: dict[str, Retimer] = {}

    def retime(self, origin: Place, destination: Place, profile: str) -> tuple[float, float] | None:
        """Return seconds and meters at free flow."""
        return self._of(profile).retime(*_lonlat(origin, destination))

    def retime_in(
        self,
        origin: Place,
        destination: Place,
        profile: str,
        state: TrafficState,
        areas: Sequence[TrafficArea],
    ) -> int | None:
        """Return seconds in a state of traffic."""
        return self._of(profile).retime_in(*_lonlat(origin, destination), state, areas)

    def _of(self, profile: str) -> Retimer:
        from geo.osm import read_network
        from geo.retiming import Retimer

        if profile not in self._known:
            self._known[profile] = Retimer(read_network(self._roads, profile))
        return self._known[profile]


def _lonlat(origin: Place, destination: Place) -> tuple[tuple[float, float], tuple[float, float]]:
    return (origin.lon, origin.lat), (destination.lon, destination.lat)


def _judge(
    arguments: argparse.Namespace,
    day: Day,
    given: DayPlan | HandMadeOrder,
    table: TravelTable,
) -> tuple[Verdict, DayPlan]:
    """Judge the plan, or the order once it is timed; with the map's own times where it is given."""
    from dispatch.cli.order_file import HandMadeOrder
    from dispatch.planning.retimed_hours import check_retimed_hours
    from dispatch.planning.travel import travel_digest
    from dispatch.referee import judge, judge_order

    roads = _PlainRoads(arguments.roads) if arguments.roads is not None else None
    retime = None if roads is None else roads.retime
    unknown: tuple[Violation, ...] = ()
    if not isinstance(given, HandMadeOrder):
        plan = given
    else:
        first, plan = judge_order(day, given.routes, table, contracted=given.contracted)
        unknown = tuple(v for v in first.violations if v.code.startswith(("unknown_", "pickup_")))
        if retime is None:
            return first, plan
    verdict = judge(
        day,
        plan,
        table,
        retime=retime,
        samples=arguments.samples,
        seed=arguments.seed,
        travel_hash=travel_digest(table),
    )
    extra = tuple(v for v in unknown if v not in verdict.violations)
    if roads is not None:
        extra += check_retimed_hours(
            day, plan, table, roads.retime_in, samples=arguments.samples, seed=arguments.seed
        )
    return replace(verdict, violations=(*extra, *verdict.violations)), plan


def _tell_json(
    arguments: argparse.Namespace,
    verdict: Verdict,
    plan: DayPlan,
    table: TravelTable,
    source: str,
    *,
    by_hand: bool,
) -> None:
    from dispatch.cli.guard import print_json

    travel = {
        "source": source,
        "description": table.description,
        "estimated": table.estimated,
        "retimed_on": None if arguments.roads is None else str(arguments.roads),
    }
    timed = {"plan": plan.model_dump(mode="json")} if by_hand else {}
    print_json({**verdict.as_dict(), "travel": travel, **timed})


def _tell(
    arguments: argparse.Namespace, verdict: Verdict, plan: DayPlan, source: str, *, by_hand: bool
) -> None:
    print(f"travel {source}" if source.startswith("estimated") else f"travel from {source}")
    if arguments.roads is not None:
        print(f"up to {arguments.samples} legs timed again on {arguments.roads}")
    if by_hand:
        _tell_times(plan)
    if plan.unassigned:
        print(f"unassigned: {', '.join(entry.visit for entry in plan.unassigned)}")
    for violation in verdict.violations:
        print(f"{violation.code}: {violation.text}")
    for violation in verdict.waived:
        print(f"waived {violation.code}: {violation.text}")
    for name, fen in verdict.cost.model_dump().items():
        if fen or name == "total":
            print(f"    {name:<20} ¥{fen / 100:,.2f}")
    for note in verdict.notes:
        print(f"note: {note}")
    count = len(verdict.violations)
    print("The plan keeps every rule." if verdict.ok else f"Violations: {count}.")


def _tell_times(plan: DayPlan) -> None:
    """Print arrivals; the date too where routes begin on several days."""
    several = len({route.start.date() for route in plan.routes}) > 1
    crews = Counter(stop.visit for route in plan.routes for stop in route.stops)
    for route in plan.routes:
        day = f"{route.start:%Y-%m-%d} " if several else ""
        print(f"{route.technician}: leaves {day}{route.start:%H:%M}, back {route.end:%H:%M}")
        for stop in route.stops:
            if stop.kind == "visit":
                late = f", {stop.lateness_s} s late" if stop.lateness_s else ""
                crew = f", crew of {crews[stop.visit]}" if crews[stop.visit] > 1 else ""
                print(f"    {stop.arrival:%H:%M:%S}  {stop.visit}{crew}{late}")
            elif stop.kind == "pickup":
                taken = ", ".join(f"{need.quantity} × {need.part}" for need in stop.parts)
                print(f"    {stop.start:%H:%M:%S}  pick-up at {stop.outlet}: {taken}")
