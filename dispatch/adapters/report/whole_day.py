"""What a report says of days, rush hours, parts, crews' links, limits and fair shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from dispatch.adapters.page.frame import Frame
from dispatch.adapters.report.figures import work_s
from dispatch.domain import Day, DayPlan, PartNeed, Shift, Technician, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.planning.clock import horizon_dates
from dispatch.planning.rush_hours import summarize_hours

DAY_S = 86_400


def day_of_shift(day: Day, shift: Shift) -> int:
    """Return the number of the horizon's day on which a shift lies, from 0."""
    dates = horizon_dates(day)
    local = shift.start.astimezone(ZoneInfo(day.zone)).date()
    return dates.index(min(max(local, dates[0]), dates[-1]))


def day_list(day: Day) -> list[str]:
    """Return the dates of the horizon."""
    return [when.isoformat() for when in horizon_dates(day)]


def part_list(needs: Iterable[PartNeed]) -> list[list[Any]]:
    """Return parts and units."""
    return [[need.part, need.quantity] for need in needs]


def visit_extras(visit: Visit) -> dict[str, Any]:
    """Return parts, crew, links and days of a visit, each only where there is any."""
    row: dict[str, Any] = {}
    if visit.parts:
        row["parts"] = part_list(visit.parts)
    if visit.crew_size > 1:
        row["crew"] = visit.crew_size
        row["crew_skills"] = [[need.skill, need.level] for need in visit.crew_skills]
    if visit.links:
        row["links"] = [
            [link.after, link.min_gap_s, link.max_gap_s, link.same_technician]
            for link in visit.links
        ]
    if visit.days:
        row["days"] = [when.isoformat() for when in visit.days]
    return row


def person_extras(technician: Technician) -> dict[str, Any]:
    """Return limits of a shift, pace and van of a technician, each only where there is any."""
    limits = {
        "visits": technician.max_visits,
        "m": technician.max_distance_m,
        "driving_s": technician.max_driving_s,
    }
    row: dict[str, Any] = {"limits": {k: v for k, v in limits.items() if v is not None}}
    if technician.service_percent != 100:
        row["pace"] = technician.service_percent
    van = [[one.part, one.quantity] for one in technician.van_stock if one.quantity]
    if van:
        row["van"] = van
    return row


def fair_shares(day: Day, plan: DayPlan) -> dict[str, Any] | None:
    """Return work and meters of everybody beside the fair share; None where none is set."""
    share = day.settings.fair_work_s, day.settings.fair_distance_m
    if share == (None, None):
        return None
    work: Counter[str] = Counter()
    meters: Counter[str] = Counter()
    for route in plan.routes:
        work[route.technician] += work_s(route)
        meters[route.technician] += sum(stop.leg_m for stop in route.stops)
    people = [
        {
            "id": one.id,
            "work_s": work[one.id],
            "m": meters[one.id],
            "carried_s": one.carried_work_s,
            "carried_m": one.carried_distance_m,
        }
        for one in sorted(day.technicians, key=lambda t: t.id)
    ]
    return {"work_s": share[0], "m": share[1], "price": plan.cost.unfair, "people": people}


def part_figures(day: Day, plan: DayPlan) -> dict[str, Any] | None:
    """Return where parts come from and what outlets give out; None if no visit needs any."""
    fill = plan.part_fill
    if fill is None:
        return None
    given: Counter[tuple[str, str]] = Counter()
    stops: Counter[tuple[str, str]] = Counter()
    for route in plan.routes:
        for stop in route.stops:
            if stop.kind == "pickup" and stop.outlet is not None:
                for need in stop.parts:
                    given[stop.outlet, need.part] += need.quantity
                    stops[stop.outlet, need.part] += 1
    stock: Counter[tuple[str, str]] = Counter()
    due: dict[tuple[str, str], date] = {}
    for outlet in day.outlets:
        for one in outlet.stock:
            key = outlet.id, one.part
            stock[key] += one.quantity
            if one.available_on is not None and one.available_on > day.date:
                due[key] = min(one.available_on, due.get(key, one.available_on))
    rows = [
        [*key, stock[key], given[key], stops[key], due[key].isoformat() if key in due else None]
        for key in sorted(stock.keys() | given.keys())
    ]
    return {**fill.model_dump(), "stock": rows}


def rush_hours(day: Day, table: TravelTable | None) -> list[dict[str, Any]]:
    """Return the states of traffic with their spans in seconds after local midnight.

    ``percent`` is the mean speed by car as a share of free flow; where no pair of places tells
    it, the mean over the road classes.
    """
    if table is None:
        return []
    midnight = datetime.combine(day.date, datetime.min.time())
    rows = []
    for state in summarize_hours(day, table):
        spans = [
            [round((datetime.fromisoformat(m) - midnight).total_seconds()) for m in span]
            for span in state["spans"]
        ]
        times, classes = state["times_free_flow"], state["class_percent"]
        percent = 100 / times if times else sum(classes.values()) / len(classes)
        rows.append({
            "spans": spans, "percent": round(percent), "classes": classes,
            "areas": [[area["name"], area["percent"]] for area in state["areas"]],
            "kmh": state["kmh"], "times": times,
        })  # fmt: skip
    return rows


def slow_areas(day: Day, frame: Frame) -> list[dict[str, Any]]:
    """Return the outlines of areas with a live factor, for the map."""
    if day.traffic is None:
        return []
    return [
        {
            "name": area.name,
            "percent": area.percent,
            "ring": [[int(v) for v in frame.to_xy(np.array(place))] for place in area.ring],
        }
        for area in day.traffic.areas
    ]
