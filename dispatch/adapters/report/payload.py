"""What the page knows: plain data, small keys, and no customer's name, phone or address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from dispatch.adapters.map_links import find_shifted
from dispatch.adapters.page.frame import Frame
from dispatch.adapters.page.roads import draw_roads
from dispatch.adapters.promised import named_windows
from dispatch.adapters.report.figures import compute_figures
from dispatch.adapters.report.rows import Clock, technician_rows
from dispatch.adapters.report.whole_day import (
    day_list,
    fair_shares,
    part_figures,
    rush_hours,
    slow_areas,
    visit_extras,
)
from dispatch.adapters.route_lines import Float64, RouteLine
from dispatch.domain import Day, DayPlan, UnassignedVisit, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.standards import ClauseFinding, Profile, audit_day, get_profile
from geo.network import RoadNetwork


@dataclass(frozen=True, eq=False)
class ReportSource:
    """Everything a report is made from.

    Parameters
    ----------
    day, plan
        The day and its plan.
    lines
        From ``trace_routes``, in the plan's order.
    network
        Roads to draw behind; None where travel is estimated.
    attribution
        Notice of the map's source.
    travel_table
        Travel the plan was made with; its rush hours are shown. None shows none.
    """

    day: Day
    plan: DayPlan
    lines: tuple[RouteLine, ...]
    network: RoadNetwork | None = None
    attribution: str = ""
    travel_table: TravelTable | None = None


def build_payload(source: ReportSource) -> dict[str, Any]:
    """Return the data of the page; times are seconds after local midnight of the day's date.

    On a day the clocks change, times are as the clock on the wall shows them.
    """
    day, plan = source.day, source.plan
    zone = ZoneInfo(day.zone)
    clock = Clock(datetime.combine(day.date, time(0)), zone)
    findings = audit_day(day, plan)
    shown = _extent(source)
    frame = Frame.around(shown)
    return {
        "day": {
            "id": day.id,
            "date": day.date.isoformat(),
            "zone": day.zone,
            "standards": day.standards,
        },
        "plan": {
            "status": plan.status.value,
            "engine": plan.engine,
            "seed": plan.seed,
            "iterations": plan.iterations,
            "runtime_s": plan.runtime_s,
            "stopped_by": plan.stopped_by,
            "estimated": plan.estimated_travel,
            "travel": plan.travel,
            "travel_hash": plan.travel_hash,
            "notes": list(plan.notes),
        },
        "attribution": source.attribution,
        "days": day_list(day),
        "rush": rush_hours(day, source.travel_table),
        "areas": slow_areas(day, frame),
        "parts": part_figures(day, plan),
        "fair": fair_shares(day, plan),
        "figures": compute_figures(day, plan, findings),
        "cost": plan.cost.model_dump(),
        "clauses": [_clause(finding) for finding in findings],
        "technicians": technician_rows(day, plan, source.lines, frame, clock),
        "visits": _visits(day, plan, frame, clock),
        "outlets": _outlets(day, frame),
        "unassigned": [_unassigned(entry) for entry in plan.unassigned],
        "quarantined": [entry.model_dump() for entry in plan.quarantined],
        "roads": _roads(source, frame, shown),
    }


def _extent(source: ReportSource) -> Float64:
    """Every point that has to be in the picture, shape (m, 2)."""
    places = [(outlet.place.lon, outlet.place.lat) for outlet in source.day.outlets]
    places += [(visit.place.lon, visit.place.lat) for visit in source.day.visits]
    places += [place for line in source.lines for place in line.places]
    return np.array(places, dtype=np.float64).reshape(-1, 2)


def _visits(day: Day, plan: DayPlan, frame: Frame, clock: Clock) -> dict[str, Any]:
    contracted = {v: service.outlet for service in plan.contracted for v in service.visits}
    choices = {choice.visit: choice for choice in plan.choices}
    profile = get_profile(day.standards)
    rows = {}
    for visit in day.visits:
        row = _visit(visit, frame, clock, profile)
        if visit.id in contracted:
            row["contracted"] = contracted[visit.id]
        if visit.id in choices:
            choice = choices[visit.id]
            row["choice"] = [choice.cost_share, choice.runner_up, choice.difference]
        rows[visit.id] = row
    return rows


def _visit(visit: Visit, frame: Frame, clock: Clock, profile: Profile) -> dict[str, Any]:
    return {
        "at": _xy(frame, visit.place.lon, visit.place.lat),
        "priority": visit.priority.value,
        "vip": visit.customer_class == "vip",
        "mandatory": visit.mandatory,
        "service_s": visit.service_s,
        "access_s": visit.access_s,
        "skills": [[need.skill, need.level] for need in visit.skills],
        "windows": [
            [name, clock.seconds(earliest), clock.seconds(latest)]
            for name, (earliest, latest) in named_windows(visit, profile).items()
        ],
        "received": clock.seconds(visit.received_at) if visit.received_at else None,
        "pinned": visit.pin is not None,
        "shifted": find_shifted(visit.place.lon, visit.place.lat),
        **visit_extras(visit),
    }


def _outlets(day: Day, frame: Frame) -> list[dict[str, Any]]:
    return [
        {
            "id": outlet.id,
            "name": outlet.name,
            "kind": outlet.kind,
            "at": _xy(frame, outlet.place.lon, outlet.place.lat),
            "shifted": find_shifted(outlet.place.lon, outlet.place.lat),
        }
        for outlet in day.outlets
    ]


def _unassigned(entry: UnassignedVisit) -> dict[str, Any]:
    return {
        "visit": entry.visit,
        "summary": entry.summary,
        "summary_zh": entry.summary_zh,
        "reasons": [[r.technician, r.code, r.found, r.expected] for r in entry.reasons],
        "remedies": list(entry.remedies),
        "remedies_zh": list(entry.remedies_zh),
        "earliest": entry.earliest_date.isoformat() if entry.earliest_date else None,
    }


def _clause(finding: ClauseFinding) -> dict[str, Any]:
    clause = finding.clause
    return {
        "clause": clause.id,
        "key": clause.key,
        "force": clause.force.value,
        "bound": clause.bound,
        "figure": clause.figure,
        "unit": clause.unit,
        "en": [clause.en, finding.note_en],
        "zh": [clause.zh, finding.note_zh],
        "measured": finding.measured,
        "met": finding.met,
        "good": finding.good,
        "of": finding.of,
        "failing": list(finding.failing),
    }


def _roads(source: ReportSource, frame: Frame, shown: Float64) -> dict[str, Any] | None:
    if source.network is None or len(shown) == 0:
        return None
    ways = [leg for line in source.lines for leg in line.legs if leg is not None]
    background = draw_roads(source.network, np.vstack([shown, *ways]), frame)
    return {"groups": background.groups, "left_out": list(background.left_out)}


def _xy(frame: Frame, lon: float, lat: float) -> list[int]:
    return [int(value) for value in frame.to_xy(np.array([lon, lat]))]
