"""Policies on simulated days: the real call days with several crews, and a generated city-day.

Every policy lives through the same worlds. Promises are at stake where the better baseline keeps
60 to 98 % of them; there ours must keep more (paired 95 % interval) at no higher price.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from dispatch.cli.parser import natural_int, positive_int
from dispatch.domain import Day
from geo.estimated import EstimatedTravel
from scenarios.bench.day_rows import Case, prepare_case
from scenarios.bench.policies_chart import draw_kept
from scenarios.bench.policies_diary import Diary, world_digest
from scenarios.bench.report import BenchReport, Row, Value
from scenarios.call_day import build_call_day
from scenarios.calls import read_calls
from scenarios.errors import DataUnavailable
from scenarios.simulation.chances import Chances
from scenarios.simulation.figures import Interval, by_policy, difference, means
from scenarios.simulation.policies import BASELINES, OURS, find_policies
from scenarios.simulation.runner import Simulator

STAKES: Final = (0.60, 0.98)
"""Shares kept by the better baseline between which promises are at stake."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet bench policies`` takes."""
    parser.add_argument("--data", type=Path, help="folder of call days (CSV)")
    parser.add_argument(
        "--technicians", type=positive_int, nargs="+", default=[20, 30, 40, 50, 60], metavar="K"
    )
    parser.add_argument(
        "--group", type=_group, default=1, help="region group of each city, 1 = busiest, or all"
    )
    parser.add_argument(
        "--service-min", type=positive_int, metavar="MIN",
        help="minutes of work at each call (default: eight, as convert calls has it)",
    )  # fmt: skip
    parser.add_argument("--roads", type=Path, help="map of the generated city-day")
    parser.add_argument("--visits", type=positive_int, default=150)
    parser.add_argument("--crew", type=positive_int, nargs="+", default=[18], metavar="K",
                        help="technicians of the generated city-day")  # fmt: skip
    parser.add_argument("--replications", type=positive_int, default=20, metavar="N")
    parser.add_argument("--seed", type=natural_int, default=1)
    parser.add_argument(
        "--days", type=Path, metavar="FILE",
        help="JSON lines, one per simulated day, added as they come; a run that was ended goes on",
    )  # fmt: skip
    parser.add_argument("--chart", type=Path, metavar="PNG", help="promises kept, as a picture")
    parser.add_argument("--policies", default=",".join((*BASELINES, OURS)))


def _group(word: str) -> int | None:
    return None if word == "all" else positive_int(word)


def bench(arguments: argparse.Namespace) -> BenchReport:
    """Simulate every day with every crew under every policy.

    Raises
    ------
    DataUnavailable
        If there is neither a folder of call days nor a map.
    """
    policies = find_policies(arguments.policies)
    rows: list[Row] = []
    judged: list[Row] = []
    for name, technicians, case in _cases(arguments):
        label: dict[str, Value] = {"day": name, "technicians": technicians}
        chances = Chances()
        diary = Diary(arguments.days, world_digest(case, chances, arguments.seed))
        simulator = Simulator(case.day, case.table, chances, arguments.seed)
        simulator.run(policies, arguments.replications, diary.write, diary.rows.keys())
        names = [policy.name for policy in policies]
        days = diary.find(names, arguments.replications)
        groups = by_policy(days)
        rows += [{**label, **_row(policy, own)} for policy, own in groups.items()]
        judged.append({**label, **verdict(groups)})
        print(f"{name} {technicians}: {judged[-1]}", file=sys.stderr)
    if arguments.chart is not None:
        draw_kept(rows, arguments.chart)
    return BenchReport(rows, _summary(judged))


def _cases(arguments: argparse.Namespace) -> Iterator[tuple[str, int, Case]]:
    travel = EstimatedTravel()
    files = sorted(arguments.data.glob("*.csv")) if arguments.data else []
    if not files and arguments.roads is None:
        raise DataUnavailable("no call days and no map; state --data FOLDER or --roads FILE.")
    for file in files:
        calls = read_calls(file)
        for technicians in arguments.technicians:
            day = build_call_day(calls, technicians=technicians, group=arguments.group)
            day = _with_work(day, arguments.service_min)
            yield file.stem, len(day.technicians), prepare_case(day, travel)
    if arguments.roads is not None:
        yield from _generated(arguments)


def _with_work(day: Day, minutes: int | None) -> Day:
    if minutes is None:
        return day
    work = {"service_s": minutes * 60}
    visits = tuple(visit.model_copy(update=work) for visit in day.visits)
    return day.model_copy(update={"visits": visits})


def _generated(arguments: argparse.Namespace) -> Iterator[tuple[str, int, Case]]:
    from geo.matrix_provider import RoadTravel
    from geo.osm import read_network
    from scenarios.demand import build_network_demand
    from scenarios.generate import generate_day

    demand = build_network_demand(read_network(arguments.roads))
    travel = RoadTravel.from_file(arguments.roads)
    for technicians in arguments.crew:
        day = generate_day(
            demand, seed=arguments.seed, visits=arguments.visits, technicians=technicians
        )
        yield arguments.roads.name.split(".")[0], technicians, prepare_case(day, travel)


def _row(policy: str, days: Mapping[int, Mapping[str, Any]]) -> Row:
    rows = list(days.values())

    def mean(measure: str, digits: int = 1) -> float | None:
        found = means(rows, measure)
        return None if found is None else round(found.mean, digits)

    share = means(rows, "kept_share")
    price = mean("price_fen")
    return {
        "policy": policy,
        "promised": mean("promised"),
        "days": len(rows),
        "kept_%": None if share is None else round(100 * share.mean, 2),
        "kept_±": None if share is None else round(50 * (share.high - share.low), 2),
        "emergency_min": mean("emergency_arrival_min"),
        "eta_moves": mean("eta_moves"),
        "changes": mean("technician_changes"),
        "overtime_h": mean("overtime_h", 2),
        "km": mean("km"),
        "price_yuan": None if price is None else round(price / 100, 0),
        "cpu_s": mean("cpu_s", 2),
    }


def verdict(groups: Mapping[str, Mapping[int, Mapping[str, Any]]]) -> Row:
    """Return ours beside the better baseline: the one that keeps more, at equal shares cheaper.

    A single day has no interval, so that nothing is said of it.

    Parameters
    ----------
    groups
        Day rows by policy and replication (`scenarios.simulation.figures.by_policy`).
    """
    theirs = [name for name in BASELINES if name in groups]
    if not theirs or OURS not in groups:
        return {"baseline": None}

    def quality(name: str) -> tuple[float, float]:
        share, price = (means(groups[name].values(), m) for m in ("kept_share", "price_fen"))
        return (share.mean if share else 0.0, -(price.mean if price else 0.0))

    best = max(theirs, key=quality)
    share = quality(best)[0]
    kept = difference(groups[OURS], groups[best], "kept_share")
    price = difference(groups[OURS], groups[best], "price_fen")
    at_stake = STAKES[0] <= share <= STAKES[1]
    return {
        "baseline": best,
        "baseline_kept_%": round(100 * share, 2),
        "at_stake": at_stake,
        "kept_more_points": _points(kept, 100),
        "price_more_yuan": _points(price, 0.01),
        "passed": _passes(kept, price) if at_stake and kept and kept.count > 1 else None,
    }


def _points(found: Interval | None, factor: float) -> str:
    if found is None:
        return "-"
    if found.count == 1:
        return f"{found.mean * factor:+.2f} (one day)"
    low, high = found.low * factor, found.high * factor
    return f"{found.mean * factor:+.2f} [{low:+.2f}, {high:+.2f}]"


def _passes(kept: Interval | None, price: Interval | None) -> bool:
    return kept is not None and price is not None and kept.low > 0 and price.mean <= 0


def _summary(judged: Sequence[Row]) -> dict[str, object]:
    at_stake = [row for row in judged if row.get("at_stake")]
    passed = sum(1 for row in at_stake if row["passed"])
    tables: dict[str, object] = {
        f"{row['day']} {row['technicians']}": {k: v for k, v in row.items() if k != "day"}
        for row in judged
    }
    return {**tables, "promises at stake, ours keeps more at no higher price":
            f"{passed} of {len(at_stake)}"}  # fmt: skip
