"""Use cases over files: plan a day, check a plan, plan many days.

Thin on purpose: read, call, write. Doors (command line, programs) call these and hold no rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

from dispatch.adapters.calendars import write_calendars
from dispatch.adapters.datum import Datum
from dispatch.adapters.files import (
    DayFile,
    read_day,
    read_plan,
    read_travel,
    write_plan,
    write_travel,
)
from dispatch.adapters.geocoder import Geocoder
from dispatch.adapters.geojson import build_geojson, write_geojson
from dispatch.adapters.plan_geopackage import write_plan_geopackage
from dispatch.adapters.plan_workbook import write_plan_workbook
from dispatch.adapters.report import ReportSource, write_report
from dispatch.adapters.route_lines import trace_routes
from dispatch.domain import Day, DayPlan
from dispatch.domain.travel_table import TravelTable
from dispatch.errors import Fault, InvalidRequest
from dispatch.planning.daily import PlanOptions, plan_day_with_travel
from dispatch.planning.rush_hours import check_hours
from dispatch.planning.travel import travel_digest, travel_table
from dispatch.referee import Retime, Verdict, judge
from dispatch.standards import ClauseFinding, audit_day
from geo.network import RoadNetwork
from geo.travel_matrix import TravelProvider

PLAN_FILE = "plan.json"
TRAVEL_FILE = "travel.npz"
GEOJSON_FILE = "routes.geojson"
REPORT_FILE = "report.html"
WORKBOOK_FILE = "plan.xlsx"
GEOPACKAGE_FILE = "plan.gpkg"
CALENDARS = "calendars"


@dataclass(frozen=True)
class PlannedDay:
    """A planned day and what belongs to it.

    Attributes
    ----------
    day
        The day without the visits quarantined while it was read.
    plan
        Its plan; the referee has passed it.
    travel_table
        The travel figures it was made with.
    findings
        The plan against the clauses of the day's profile.
    warnings
        What a person should look at in the input.
    """

    day: Day
    plan: DayPlan
    travel_table: TravelTable
    findings: tuple[ClauseFinding, ...]
    warnings: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class CheckedPlan:
    """A plan somebody handed in, judged."""

    day: Day
    plan: DayPlan
    verdict: Verdict


def plan_file(
    path: Path,
    travel: TravelProvider | TravelTable,
    *,
    geocoder: Geocoder | None = None,
    **options: Unpack[PlanOptions],
) -> PlannedDay:
    """Read a day and plan it.

    Parameters
    ----------
    path
        A JSON document or a folder of CSV tables.
    travel, options
        As for :func:`dispatch.planning.daily.plan_day_with_travel`.
    geocoder
        Finds places given by address only.

    Raises
    ------
    InvalidRequest
        With every fault of the input.
    RefereeRejected
        If the plan broke a rule; nothing is published then.
    """
    return plan_read_day(read_day(path, geocoder=geocoder), travel, **options)


def plan_read_day(
    found: DayFile, travel: TravelProvider | TravelTable, **options: Unpack[PlanOptions]
) -> PlannedDay:
    """Plan a day that was read already; parameters and errors as for :func:`plan_file`."""
    result = plan_day_with_travel(found.day, travel, quarantined=found.quarantined, **options)
    findings = audit_day(found.day, result.plan)
    return PlannedDay(found.day, result.plan, result.travel_table, findings, found.warnings)


def plan_files(
    paths: Sequence[Path], travel: TravelProvider, **options: Unpack[PlanOptions]
) -> list[PlannedDay]:
    """Plan many days, one after the other, each with the same limits and seed.

    All days are read before the first is planned, so a fault in the last one costs no time.
    Parameters and errors as for :func:`plan_file`.
    """
    days = [read_day(path) for path in paths]
    return [plan_read_day(found, travel, **options) for found in days]


def write_planned_day(
    planned: PlannedDay,
    folder: Path,
    travel: TravelProvider,
    *,
    network: RoadNetwork | None = None,
    language: str = "en",
    datum: Datum = "wgs84",
) -> dict[str, Path]:
    """Write a planned day: plan, travel table, routes, report, workbook, layers and calendars.

    Parameters
    ----------
    planned
        From :func:`plan_file`.
    folder
        Made if it does not exist; files of the same names are replaced.
    travel
        Knows the ways of the legs.
    network
        Roads to draw behind the routes.
    language
        Of report, workbook and calendars, ``en`` or ``zh``.
    datum
        Of the coordinates in GeoJSON and workbook; everything else stays WGS 84.

    Returns
    -------
    dict
        Path of each file, and of the folder of calendars, by its name.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = (PLAN_FILE, TRAVEL_FILE, GEOJSON_FILE, REPORT_FILE, WORKBOOK_FILE, GEOPACKAGE_FILE,
             CALENDARS)  # fmt: skip
    files = {name: folder / name for name in names}
    day, plan = planned.day, planned.plan
    lines = trace_routes(day, plan, travel)
    write_travel(planned.travel_table, files[TRAVEL_FILE])
    collection = build_geojson(day, plan, lines, attribution=travel.attribution, datum=datum)
    write_geojson(files[GEOJSON_FILE], collection)
    source = ReportSource(
        day, plan, lines, network=network, attribution=travel.attribution,
        travel_table=planned.travel_table,
    )  # fmt: skip
    write_report(files[REPORT_FILE], source, language=language)
    write_plan_workbook(files[WORKBOOK_FILE], day, plan, language=language, datum=datum)
    write_plan_geopackage(files[GEOPACKAGE_FILE], day, plan, lines)
    write_calendars(files[CALENDARS], day, plan, language=language)
    # The plan comes last: where it is, everything that belongs to it is too.
    write_plan(plan, files[PLAN_FILE])
    return files


def check_plan_file(
    day_path: Path,
    plan_path: Path,
    *,
    travel: TravelProvider | TravelTable | None = None,
    geocoder: Geocoder | None = None,
    retime: Retime | None = None,
    samples: int = 50,
    seed: int = 0,
) -> CheckedPlan:
    """Judge a plan against the raw day; nothing is changed.

    Parameters
    ----------
    day_path, plan_path
        The day and the plan.
    travel
        Travel to judge by; without it the ``travel.npz`` beside the plan.
    geocoder
        As when the day was planned.
    retime, samples, seed
        A second source of travel for sampled legs, see :func:`dispatch.referee.judge`.

    Raises
    ------
    InvalidRequest
        With every fault of the files.
    """
    day = read_day(day_path, geocoder=geocoder).day
    plan = read_plan(plan_path)
    if travel is None:
        table = read_travel(plan_path.parent / TRAVEL_FILE)
    elif isinstance(travel, TravelTable):
        table = travel
    else:
        table = travel_table(day, travel).table
    faults = check_hours(day, table)
    if faults:
        raise InvalidRequest(faults)
    verdict = judge(
        day,
        plan,
        table,
        travel_hash=travel_digest(table),
        retime=retime,
        samples=samples,
        seed=seed,
    )
    return CheckedPlan(day, plan, verdict)
