"""Propose where outlets open, close and move, with proof; ``servicenet layout``."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from dispatch.adapters.files.network_file import NetworkFile, read_network_file
from dispatch.adapters.layout_report.geopackage import write_layout_geopackage
from dispatch.adapters.layout_report.page import write_layout_report
from dispatch.adapters.layout_report.payload import LayoutSource
from dispatch.cli.exit_codes import Exit
from dispatch.cli.parser import natural_int, positive_int, positive_seconds
from geo.coverage import CoverageAudit, audit_coverage
from geo.estimated import EstimatedTravel
from geo.matrix_provider import RoadTravel
from geo.network import RoadNetwork
from geo.osm import read_network
from geo.siting_complete import plan_complete
from geo.siting_plan import SitingPlan, SitingQuestion, plan_siting
from geo.travel_matrix import TravelProvider
from scenarios.console import run_guarded
from scenarios.errors import InstanceFormatError
from scenarios.generate import get_nautical_zone
from scenarios.layout_days import DaySettings, compare_days
from scenarios.layout_document import LayoutFacts, build_document, describe_complete
from scenarios.layout_files import (
    AFTER_FILE,
    DEMAND_FILE,
    LAYOUT_FILE,
    apply_layout,
    name_streets,
    write_demand,
    write_layout,
    write_network_after,
)
from scenarios.layout_goal import GOAL_WORDS, read_target
from scenarios.layout_question import LayoutWishes, make_question
from scenarios.layout_staffing import list_staffing
from solver.stop import MaxIterations, MaxRuntime, Stop

REPORT_FILE: Final = "layout.html"
GEOPACKAGE_FILE: Final = "layout.gpkg"
DEFAULT_TIME_LIMIT_S: Final = 10.0


@dataclass(frozen=True, eq=False)
class Layout:
    """A proposal ready to be written.

    Parameters
    ----------
    found
        The network it is made for.
    question, plan
        What was asked and what came out.
    document
        layout.json.
    today, after
        Audits without and with the proposal.
    roads
        Roads; None without.
    """

    found: NetworkFile
    question: SitingQuestion
    plan: SitingPlan
    document: dict[str, Any]
    today: CoverageAudit
    after: CoverageAudit
    roads: RoadNetwork | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet layout`` takes."""
    parser.add_argument("network", type=Path, metavar="NETWORK", help="network.json or its folder")
    parser.add_argument("--roads", type=Path, help="map: .osm.pbf, .osm, .graphml")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument(
        "--budget", type=natural_int, metavar="MONEY",
        help="money beyond today's over the period; default: the network's",
    )  # fmt: skip
    parser.add_argument("--points", type=_points, default=5, metavar="N", help="of the curve")
    parser.add_argument("--opening-cost", type=natural_int, metavar="MONEY", help="of a new outlet")
    parser.add_argument("--running-cost", type=natural_int, metavar="MONEY", help="per year")
    parser.add_argument("--min-distance", type=natural_int, default=0, metavar="M",
                        help="meters between a new outlet and any other")  # fmt: skip
    parser.add_argument("--max-changes", type=natural_int, metavar="K",
                        help="most outlets opened and closed, together")  # fmt: skip
    parser.add_argument("--goal", choices=GOAL_WORDS, default="covered",
                        help="what counts: demand in reach, the worst zone or district, or demand "
                        "in reach and within capacities")  # fmt: skip
    parser.add_argument("--target", type=read_target, action="append", metavar="NAME=PERCENT",
                        help="of a zone or district that must be covered; 'zone' or 'district' "
                        "means every one; repeatable")  # fmt: skip
    parser.add_argument("--new-capacity", type=natural_int, metavar="N",
                        help="units a new outlet serves a day")  # fmt: skip
    parser.add_argument("--cover-all", action="store_true",
                        help="also say what reaching everybody costs")  # fmt: skip
    parser.add_argument("--days", type=natural_int, default=0, metavar="N",
                        help="simulate N service days before and after")  # fmt: skip
    parser.add_argument("--day-visits", type=positive_int, default=60, metavar="V",
                        help="visits of a simulated day")  # fmt: skip
    parser.add_argument("--keep", action="store_true", help="no outlet of today may close")
    parser.add_argument("--exclude", type=Path, metavar="GEOJSON", help="where nothing is built")
    limits = parser.add_mutually_exclusive_group()
    limits.add_argument("--time-limit", type=positive_seconds, default=DEFAULT_TIME_LIMIT_S,
                        metavar="S", help="seconds per budget and scenario")  # fmt: skip
    limits.add_argument("--iterations", type=natural_int, metavar="N", help="repeatable limit")
    parser.add_argument("--seed", type=natural_int, default=1, metavar="K")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="of the report")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _points(word: str) -> int:
    points = positive_int(word)
    if points < 2:
        raise argparse.ArgumentTypeError(f"{points}; expected 2 or more")
    return points


def run(arguments: argparse.Namespace) -> int:
    """Run ``servicenet layout``; exit code 2 for broken input."""
    return run_guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    wishes = LayoutWishes(
        budget=arguments.budget,
        points=arguments.points,
        opening=arguments.opening_cost,
        running=arguments.running_cost,
        max_changes=arguments.max_changes,
        min_distance_m=float(arguments.min_distance),
        keep=arguments.keep,
        exclusion=read_exclusion(arguments.exclude) if arguments.exclude else None,
        goal=arguments.goal,
        targets=tuple(arguments.target or ()),
        new_capacity=arguments.new_capacity,
    )
    stop: Stop = MaxRuntime(arguments.time_limit)
    if arguments.iterations is not None:
        stop = MaxIterations(arguments.iterations)
    roads = read_network(arguments.roads) if arguments.roads else None
    layout = make_layout(
        read_network_file(arguments.network), roads, wishes, stop=stop, seed=arguments.seed
    )
    if arguments.cover_all:
        add_complete(layout, stop, arguments.seed)
    if arguments.days:
        settings = DaySettings(arguments.days, visits=arguments.day_visits, seed=arguments.seed)
        add_days(layout, settings)
    report = write_all(layout, arguments.out, language=arguments.lang)
    if arguments.json:
        print(json.dumps(summarize(layout.document), ensure_ascii=False))
    else:
        print("\n".join([*summary_lines(layout.document), f"→ {report}"]))
    return Exit.OK


def make_layout(
    found: NetworkFile,
    roads: RoadNetwork | None,
    wishes: LayoutWishes,
    *,
    stop: Stop,
    seed: int = 1,
) -> Layout:
    """Return the proposal for a network.

    Parameters
    ----------
    found
        The network as read.
    roads
        Roads of the car; without them candidates stand where demand is.
    wishes
        Budget and rules.
    stop
        Limit of each search.
    seed
        Seed of all searches.

    Raises
    ------
    DataUnavailable
        If no budget or no price is known.
    """
    question = make_question(found, roads, wishes)
    plan = plan_siting(question, stop=stop, seed=seed)
    chosen = np.array(plan.answer.sites, dtype=np.int64)
    today = audit_coverage(
        question.demand, question.outlets, question.rule, question.roads, decides=question.measure
    )
    after = audit_coverage(
        question.demand, plan.sites.subset(chosen), question.rule, question.roads,
        decides=question.measure,
    )  # fmt: skip
    facts = _gather_facts(found, question, plan, roads, (today, after))
    document = build_document(plan, question, facts, seed)
    deciding = after.road if question.measure == "road" else after.straight
    if deciding is not None:
        document["staffing"] = list_staffing(
            found.network, question.demand, deciding, document["proposal"]["sites"], facts.unit
        )
    return Layout(found, question, plan, document, today, after, roads)


def add_complete(layout: Layout, stop: Stop, seed: int = 1) -> None:
    """Say what reaching everybody costs; the result is ``complete`` of the document.

    Parameters
    ----------
    layout
        The proposal.
    stop
        Limit of the search.
    seed
        Of the search.
    """
    plan, demand = layout.plan, layout.question.demand
    found = plan_complete(plan, demand, stop=stop, seed=seed)
    layout.document["complete"] = describe_complete(plan, found, demand)


def add_days(layout: Layout, settings: DaySettings) -> None:
    """Simulate days before and after the proposal; the result is ``days`` of its document.

    Parameters
    ----------
    layout
        The proposal.
    settings
        How many days, and what kind; the time zone is taken from the demand.
    """
    network, demand = layout.found.network, layout.question.demand
    after = apply_layout(network, layout.document)
    travel: TravelProvider = EstimatedTravel()
    if layout.roads is not None:
        travel = RoadTravel({"car": layout.roads})
    zone = get_nautical_zone(float(np.median(demand.lonlat[:, 0])))
    layout.document["days"] = compare_days(
        (network, after), demand, travel, replace(settings, zone=zone)
    )


def write_all(layout: Layout, out: Path, *, language: str = "en") -> Path:
    """Write report, layout.gpkg, demand.csv, network.after.json, layout.json; returns the report.

    Parameters
    ----------
    layout
        The proposal.
    out
        Folder, created if missing.
    language
        Language of the report, ``en`` or ``zh``.
    """
    out.mkdir(parents=True, exist_ok=True)
    demand = layout.question.demand
    write_demand(demand, out / DEMAND_FILE)
    write_network_after(layout.found.network, layout.document, out / AFTER_FILE)
    network = layout.found.network
    source = LayoutSource(
        layout=layout.document,
        title=network.name or network.id,
        lonlat=demand.lonlat,
        weight=demand.weight,
        today=layout.today.covered,
        after=layout.after.covered,
        network=layout.roads,
        demand=demand,
        audits=(layout.today, layout.after),
    )
    write_layout_report(out / REPORT_FILE, source, language=language)
    write_layout_geopackage(out / GEOPACKAGE_FILE, source)
    write_layout(layout.document, out / LAYOUT_FILE)
    return out / REPORT_FILE


def summarize(document: dict[str, Any]) -> dict[str, Any]:
    """Return the figures a program wants: coverage, bound, curve, actions."""
    total = document["demand"]["weight"]
    keys = ("budget", "spent", "covered", "bound", "gap", "status", "changes")
    return {
        "network": document["network"],
        "weight": total,
        "today": document["today"]["covered"],
        "proposal": {key: document["proposal"][key] for key in keys},
        "curve": [{key: point[key] for key in keys} for point in document["curve"]],
        "actions": len(document["actions"]),
    }


_STATUS_WORDS = {
    "optimal": "proven best",
    "feasible": "not proven best in the time given",
    "infeasible": "too little to meet every target",
    "has_unassigned": "targets not met in the time given",
}


def summary_lines(document: dict[str, Any]) -> list[str]:
    """Return what the command prints for people."""
    total = max(document["demand"]["weight"], 1)
    proposal = document["proposal"]
    before, after, most = (
        f"{100 * value / total:.2f} %"
        for value in (document["today"]["covered"], proposal["covered"], proposal["bound"])
    )
    head = f"{document['network']}: {before} covered today, {after} by the proposal"
    lines = [f"{head}; no plan for this budget exceeds {most}."]
    for point in document["curve"]:
        share = 100 * point["covered"] / total
        band = 100 * (point["bound"] - point["covered"]) / total
        lines.append(
            f"  budget {point['budget']:>15,} {document['currency']}: {share:6.2f} %  "
            f"(at most {band:.3f} points more), {point['changes']} changes, "
            f"{_STATUS_WORDS.get(point['status'], point['status'])}"
        )
    for rank, step in enumerate(document["steps"], start=1):
        action = document["actions"][step["action"]]
        words = [action["closes"], action["opens"] or action["into"]]
        where = " → ".join(word for word in words if word)
        lines.append(f"  {rank:>2}. {action['kind']:<6} {where:<16} {step['gain']:+,}")
    return lines


def read_exclusion(path: Path) -> shapely.Geometry:
    """Return the union of the geometries of a GeoJSON file, WGS 84.

    Raises
    ------
    InstanceFormatError
        If the file holds no geometry.
    """
    try:
        shapes = shapely.from_geojson(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, shapely.errors.GEOSException) as error:
        raise InstanceFormatError(path.name, 0, str(error), "GeoJSON") from error
    return shapely.union_all(shapely.get_parts(shapes))


def _gather_facts(
    found: NetworkFile,
    question: SitingQuestion,
    plan: SitingPlan,
    roads: RoadNetwork | None,
    audits: tuple[CoverageAudit, CoverageAudit],
) -> LayoutFacts:
    network = found.network
    streets: dict[int, str] = {}
    if roads is not None:
        streets = dict(enumerate(name_streets(roads, plan.sites.lonlat)))
    weight = question.demand.weight
    today, after = audits
    road = None
    if today.road is not None and after.road is not None:
        road = (_weigh(weight, today.road.covered), _weigh(weight, after.road.covered))
    people = found.grid is not None and network.settings.visits_per_1000 is None
    people = people or question.demand.people is not None
    return LayoutFacts(
        network=network.id,
        outlets=[(o.id, o.name) for o in network.open_outlets],
        candidates=[(o.id, o.name) for o in network.possible_outlets],
        streets=streets,
        unit="people" if people else "weight",
        currency=network.currency,
        years=network.period,
        attribution=roads.attribution if roads is not None else "",
        straight=(_weigh(weight, today.straight.covered), _weigh(weight, after.straight.covered)),
        road=road,
    )


def _weigh(weight: NDArray[np.int64], rows: NDArray[np.bool_]) -> int:
    return int(weight[rows].sum())
