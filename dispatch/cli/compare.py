"""Compare two plans of one day: figures side by side, visit by visit, and who must be told.

PLAN_A is the plan people know, PLAN_B the one that would take its place; each is a folder that
``servicenet plan`` wrote, a plan.json, or a hand-made order of visits as ``servicenet check`` takes
it. Both are judged first; what breaks a rule is compared all the same, and the exit code says so.
An order without a travel.npz beside it is timed by the travel of the other plan.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dispatch.cli.exit_codes import Exit, exit_code_table
from dispatch.cli.parser import natural_int
from dispatch.cli.traffic_option import add_traffic_argument, with_traffic

if TYPE_CHECKING:
    from dispatch.adapters.compare_report import ComparedPlan
    from dispatch.domain import Day
    from geo.network import RoadNetwork

DEFAULT_TELL_AFTER_MIN = 15


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = f"exit codes:\n{exit_code_table()}"
    parser.add_argument(
        "day", type=Path, metavar="DAY", help="day.json, day.xlsx, or a folder of CSV tables"
    )
    parser.add_argument("before", type=Path, metavar="PLAN_A", help="folder, plan.json or order")
    parser.add_argument("after", type=Path, metavar="PLAN_B", help="folder, plan.json or order")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE.html", help="page to write"
    )
    parser.add_argument("--roads", type=Path, metavar="FILE", help="map: drawn behind, and travel")
    add_traffic_argument(parser)
    parser.add_argument("--gazetteer", type=Path, metavar="FILE", help="CSV of places by name")
    parser.add_argument(
        "--tell-after",
        type=natural_int,
        default=DEFAULT_TELL_AFTER_MIN,
        metavar="MIN",
        help="a customer is told of a move by this much, default 15 minutes",
    )
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="of the page")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Compare the plans and return the exit code."""
    from dispatch.cli.guard import run_guarded

    return run_guarded(lambda: _compare(arguments), as_json=arguments.json)


def _compare(arguments: argparse.Namespace) -> int:
    from dispatch.adapters.compare_report import (
        CompareSource,
        summarize_comparison,
        write_comparison,
    )
    from dispatch.adapters.files import read_day, read_gazetteer

    gazetteer = read_gazetteer(arguments.gazetteer) if arguments.gazetteer else None
    found = with_traffic(read_day(arguments.day, geocoder=gazetteer), arguments.traffic)
    plans = _both(arguments, found.day)
    network = _network(arguments.roads)
    source = CompareSource(
        found.day,
        plans,
        tell_after_s=60 * arguments.tell_after,
        network=network,
        attribution=network.attribution if network is not None else "",
    )
    write_comparison(arguments.out, source, language=arguments.lang)
    ok = not any(plan.violations for plan in plans)
    code = Exit.OK if ok else Exit.VIOLATIONS
    _tell(arguments, summarize_comparison(source), code)
    return code


def _both(arguments: argparse.Namespace, day: Day) -> tuple[ComparedPlan, ComparedPlan]:
    from dispatch.service import PLAN_FILE, TRAVEL_FILE

    before, after = (
        path / PLAN_FILE if path.is_dir() else path for path in (arguments.before, arguments.after)
    )

    def judged(path: Path, other: Path) -> ComparedPlan:
        lends = other if (other.parent / TRAVEL_FILE).exists() else path
        own = (path.parent / TRAVEL_FILE).exists()
        return _judged(day, path, arguments.roads, path if own else lends)

    return judged(before, after), judged(after, before)


def _judged(day: Day, path: Path, roads: Path | None, lends: Path) -> ComparedPlan:
    """Read a plan or an order, and judge it by the travel beside it, lent, or of the map."""
    from dispatch.adapters.compare_report import ComparedPlan
    from dispatch.adapters.files import read_plan
    from dispatch.cli.order_file import find_order
    from dispatch.cli.plan_table import find_plan_table
    from dispatch.planning.travel import travel_digest
    from dispatch.referee import judge, judge_order

    order = find_order(path)
    by_hand = order is not None
    table, _ = find_plan_table(day, lends if by_hand else path, roads, by_hand=by_hand)
    digest = travel_digest(table)
    if order is None:
        plan = read_plan(path)
        verdict = judge(day, plan, table, travel_hash=digest)
    else:
        verdict, plan = judge_order(day, order.routes, table, contracted=order.contracted)
    return ComparedPlan(
        label=_label(path),
        plan=plan,
        cost=verdict.cost,
        violations=tuple(f"{one.code}: {one.text}" for one in verdict.violations),
        travel=table.description,
        travel_hash=digest,
    )


def _label(path: Path) -> str:
    """Return what people call a plan: its folder's name where the file is called plan.json."""
    from dispatch.service import PLAN_FILE

    return path.resolve().parent.name if path.name == PLAN_FILE else path.stem


def _network(roads: Path | None) -> RoadNetwork | None:
    from geo.osm import read_network

    return None if roads is None else read_network(roads, "car")


def _tell(arguments: argparse.Namespace, found: dict[str, Any], code: Exit) -> None:
    from dispatch.cli.guard import print_json

    if arguments.json:
        print_json(
            {"ok": code is Exit.OK, "exit_code": int(code), **found, "page": str(arguments.out)}
        )
        return
    print("\n".join(summary_lines(found)))
    print(f"Comparison: {arguments.out}")


def summary_lines(found: dict[str, Any]) -> list[str]:
    """Return a comparison as lines for a terminal."""
    before, after = found["plans"]
    a, b = before["figures"], after["figures"]
    lines = [f"{found['day']}: {before['label']} -> {after['label']}"]
    lines += [f"  {p['label']} breaks {len(p['violations'])} rules" for p in (before, after)
              if p["violations"]]  # fmt: skip
    if not found["same_travel"]:
        lines.append("  the plans were judged by different travel times")
    price_a, price_b = (plan["cost"]["total"] / 100 for plan in (before, after))
    told = f"{len(found['tell_customers'])} customers, {len(found['tell_technicians'])} technicians"
    return [
        *lines,
        f"  served      {a['served']} -> {b['served']} of {b['visits']}",
        f"  in promise  {a['kept']} -> {b['kept']} of {b['promised']}",
        f"  price       \u00a5{price_a:,.2f} -> \u00a5{price_b:,.2f}",
        f"  distance    {a['m'] / 1000:,.1f} -> {b['m'] / 1000:,.1f} km",
        f"  overtime    {a['overtime_s'] / 3600:,.1f} -> {b['overtime_s'] / 3600:,.1f} h",
        f"  {found['changed']} visits differ; to be told: {told}",
    ]
