"""Speed profiles without gaps in meaning, areas that enclose something."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from dispatch.domain.checks.codes import Code
from dispatch.domain.checks.outline import find_outline_fault
from dispatch.domain.checks.report import DayParts, Path
from dispatch.domain.checks.technicians import span
from dispatch.domain.traffic import AreaFactor, SpeedRow, Traffic
from dispatch.errors import Severity

Rows = list[tuple[int, SpeedRow]]


def check_traffic(parts: DayParts) -> None:
    """Report rows that overlap or end early, rows nobody reads, and areas that cannot be."""
    if parts.traffic is None:
        return
    _check_profile(parts, parts.traffic)
    _check_rows(parts, parts.traffic)
    for number, area in enumerate(parts.traffic.areas):
        _check_area(parts, number, area)


def _check_profile(parts: DayParts, traffic: Traffic) -> None:
    where = parts.header_where(("traffic", "profile"))
    if traffic.profile == "custom" and not traffic.speeds:
        hint = "Add rows to traffic_speeds, or choose china_big_city or none."
        found = "the profile custom without rows"
        parts.faults.add(Code.TRAFFIC_WITHOUT_ROWS, where, found, "rows of speeds", hint)
    if traffic.profile != "custom" and traffic.speeds:
        parts.faults.add(
            Code.TRAFFIC_ROWS_UNUSED,
            where,
            f"the profile {traffic.profile} and {len(traffic.speeds)} row(s) of speeds",
            "rows of speeds only with the profile custom",
            "Set the profile to custom, or remove the rows.",
        )


def _check_rows(parts: DayParts, traffic: Traffic) -> None:
    by_class: dict[str, Rows] = defaultdict(list)
    for number, row in enumerate(traffic.speeds):
        if row.to_minute <= row.from_minute:
            parts.faults.add(
                Code.TRAFFIC_ROW_REVERSED,
                parts.header_where(("traffic", "speeds", number, "to_minute")),
                _clock(row),
                "an end later than the start",
                "Write a span over midnight as two rows: up to 24:00 and from 00:00.",
            )
        else:
            by_class[row.road_class].append((number, row))
    for rows in by_class.values():
        _check_overlap(parts, rows)


def _check_overlap(parts: DayParts, rows: Rows) -> None:
    order = sorted(rows, key=lambda entry: (entry[1].from_minute, entry[1].to_minute))
    before = order[0][1]
    for _, (number, row) in pairwise(order):
        if row.from_minute < before.to_minute:
            parts.faults.add(
                Code.TRAFFIC_ROWS_OVERLAP,
                parts.header_where(("traffic", "speeds", number, "from_minute")),
                f"{row.road_class} {_clock(row)} beside {_clock(before)}",
                "rows of one road class that do not overlap",
                "Let the later row begin when the earlier one ends.",
            )
        before = max(before, row, key=lambda one: one.to_minute)


def _clock(row: SpeedRow) -> str:
    minutes = (row.from_minute, row.to_minute)
    return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in minutes)


def _check_area(parts: DayParts, number: int, area: AreaFactor) -> None:
    path: Path = ("traffic", "areas", number)
    for field in ("start", "end"):
        if getattr(area, field).microsecond:
            where = parts.header_where((*path, field))
            found = getattr(area, field).isoformat()
            parts.faults.add(Code.MOMENT_SUBSECOND, where, found, "whole seconds")
    found = span(area.start, area.end)
    where = parts.header_where((*path, "end"))
    if area.end <= area.start:
        hint = "An end past midnight states its date."
        parts.faults.add(Code.AREA_REVERSED, where, found, "an end later than the start", hint)
    elif (
        parts.horizon_start is not None
        and parts.horizon_end is not None
        and (area.end <= parts.horizon_start or area.start >= parts.horizon_end)
    ):
        parts.faults.add(
            Code.AREA_OUTSIDE_HORIZON,
            where,
            found,
            f"a time inside the horizon {span(parts.horizon_start, parts.horizon_end)}",
            "Check the date and the zone; the area changes nothing.",
            severity=Severity.WARNING,
        )
    fault = find_outline_fault(area.ring)
    if fault is not None:
        parts.faults.add(
            Code.AREA_OUTLINE,
            parts.header_where((*path, "ring")),
            fault,
            "an outline that encloses an area and does not cross itself",
            "List the corners in their order around the area, longitude first.",
        )
