"""The best appointment windows for many customers over some days, cheapest first.

DAY PLAN may be repeated, a pair for each day. CUSTOMERS is JSON: {"customers": [{"id", "place":
{"lon", "lat"}, "service_s", ...}]}. Each customer is looked at alone, as if the others took
nothing; a window is offered only where it and every promise that is kept now can be kept together.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.cli.exit_codes import Exit, exit_code_table
from dispatch.cli.live_files import add_travel_arguments, make_request, parse_moment, read_planned
from dispatch.cli.parser import positive_int

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispatch.domain import Day
    from dispatch.planning.slots import Slot


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = f"exit codes:\n{exit_code_table()}"
    parser.add_argument(
        "days", nargs="+", type=Path, metavar="DAY PLAN", help="a day and its plan; may be repeated"
    )
    parser.add_argument(
        "--customers", type=Path, required=True, metavar="FILE", help="JSON of who asks"
    )
    add_travel_arguments(parser)
    parser.add_argument("--at-time", metavar="T", help="the moment, as for emergency")
    parser.add_argument("--top", type=positive_int, default=5, metavar="N", help="windows each, 5")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Find the windows and return the exit code."""
    from dispatch.cli.guard import run_guarded

    if len(arguments.days) % 2:
        import sys

        print("servicenet slots: every DAY needs its PLAN", file=sys.stderr)
        return Exit.USAGE
    return run_guarded(lambda: _find(arguments), as_json=arguments.json)


def _find(arguments: argparse.Namespace) -> int:
    from dispatch.adapters.files.asked_file import read_customers
    from dispatch.cli.guard import print_json
    from dispatch.cli.roads import make_travel
    from dispatch.live.as_planned import reports_as_planned
    from dispatch.live.kinds import KINDS
    from dispatch.live.roads import LiveRoads
    from dispatch.live.store import MemoryStore
    from dispatch.service.desk import Desk

    asked = read_customers(arguments.customers)
    pairs = zip(arguments.days[::2], arguments.days[1::2], strict=True)
    read = [read_planned(arguments, day, plan) for day, plan in pairs]
    days = [day for day, _, _ in read]
    first = min(days, key=lambda day: day.horizon_start)
    now = first.horizon_start
    if arguments.at_time:
        now = parse_moment(arguments.at_time, first)
    roads = LiveRoads(make_travel(arguments.roads, None), [(day, table) for day, _, table in read])
    desk = Desk(MemoryStore(KINDS), roads, now=lambda: now)
    for day, plan, _ in read:
        desk.open_day(day, plan, make_request(f"open {day.id}", now))
        told = reports_as_planned(plan, now)
        if told:
            desk.record_all(day.id, told, make_request(f"as planned {day.id}", now))
    found = desk.slots([day.id for day in days], asked, arguments.top)
    if arguments.json:
        slots = {name: [s.model_dump(mode="json") for s in own] for name, own in found.items()}
        print_json({"ok": True, "exit_code": 0, "as_of": now.isoformat(), "slots": slots})
    else:
        _print(found, days)
    return Exit.OK


def _print(found: Mapping[str, Sequence[Slot]], days: Sequence[Day]) -> None:
    from zoneinfo import ZoneInfo

    zones = {day.id: ZoneInfo(day.zone) for day in days}
    for name, slots in found.items():
        print(name if slots else f"{name}: no window can be kept")
        for slot in slots:
            opens, closes = (
                moment.astimezone(zones[slot.day]) for moment in (slot.earliest, slot.latest)
            )
            price = f"{slot.cost_fen / 100:.2f}"
            print(f"  {opens:%Y-%m-%d %H:%M}-{closes:%H:%M}  {slot.technician}  {price}")
