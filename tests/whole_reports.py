"""A day with everything and its page: two days, rush hours, parts, a crew, a link, fair shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dispatch.adapters.report import ReportSource, write_report
from dispatch.adapters.route_lines import trace_routes
from dispatch.domain import Day, DayPlan
from dispatch.domain.traffic import AreaFactor, Traffic
from dispatch.domain.travel_table import TravelTable
from dispatch.planning.travel import travel_table
from dispatch.referee import Verdict, judge_order
from geo.estimated import EstimatedTravel
from tests.days import ORIGIN, STEP_DEG, at
from tests.whole_days import ORDER, changed, whole_day


@dataclass(frozen=True)
class WholeReport:
    """The day, its plan by hand, its travel by hour, and what the referee says of it."""

    day: Day
    plan: DayPlan
    table: TravelTable
    verdict: Verdict


def whole_report() -> WholeReport:
    """Return the order of ``tests.whole_days``, timed by estimates with the big city's hours."""
    traffic = Traffic(areas=(slow_area(at("10:00"), at("12:00")),))
    day = whole_day(traffic=traffic)
    # Estimates detour more than the town of the tests.
    people = changed(day.technicians, "T1", max_distance_m=20_000)
    day = day.model_copy(update={"technicians": people})
    table = travel_table(day, EstimatedTravel()).table
    verdict, plan = judge_order(day, ORDER, table, contracted={"C1": ["V6"]})
    return WholeReport(day, plan, table, verdict)


def slow_area(start: datetime, end: datetime) -> AreaFactor:
    """Return an area at half speed around two steps east of the outlet."""
    x, y, step = *ORIGIN, STEP_DEG
    ring = ((x + step, y - step), (x + 3 * step, y - step), (x + 3 * step, y + step))
    return AreaFactor(name="Bridge", ring=ring, start=start, end=end, percent=50)


def write_whole_report(path: Path, made: WholeReport, language: str = "en") -> None:
    """Write the page of the day."""
    lines = trace_routes(made.day, made.plan, EstimatedTravel())
    source = ReportSource(made.day, made.plan, lines, travel_table=made.table)
    write_report(path, source, language=language)
