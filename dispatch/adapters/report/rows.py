"""One row of the page per technician: shift, breaks, stops and the way between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from dispatch.adapters.page.frame import Frame, delta_code
from dispatch.adapters.page.roads import simplify_way
from dispatch.adapters.report.figures import work_s
from dispatch.adapters.report.whole_day import DAY_S, day_of_shift, part_list, person_extras
from dispatch.adapters.route_lines import Float64, RouteLine
from dispatch.domain import Day, DayPlan, PlanRoute, PlanStop, Technician


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock on the wall.

    Parameters
    ----------
    midnight
        Local midnight of the day's date, without offset.
    zone
        The day's time zone.
    """

    midnight: datetime
    zone: ZoneInfo

    def seconds(self, moment: datetime) -> int:
        """Return seconds from midnight to ``moment`` as the wall clock shows it."""
        local = moment.astimezone(self.zone).replace(tzinfo=None)
        return round((local - self.midnight).total_seconds())


def technician_rows(
    day: Day, plan: DayPlan, lines: tuple[RouteLine, ...], frame: Frame, clock: Clock
) -> list[dict[str, Any]]:
    """Return one row per technician and shift, used or not, in the order of ids."""
    routes = {
        (route.technician, route.shift): (route, line)
        for route, line in zip(plan.routes, lines, strict=True)
    }
    rows = []
    for technician in sorted(day.technicians, key=lambda one: one.id):
        for shift in range(len(technician.shifts)):
            row = _person(technician, shift, clock)
            row["day"] = day_of_shift(day, technician.shifts[shift])
            row["zero"] = DAY_S * row["day"]
            found = routes.get((technician.id, shift))
            if found is not None:
                row["route"] = _route(*found, technician, frame, clock)
            rows.append(row)
    return rows


def _person(technician: Technician, index: int, clock: Clock) -> dict[str, Any]:
    shift = technician.shifts[index]
    return {
        "id": technician.id,
        "name": technician.name,
        "outlet": technician.outlet,
        "profile": technician.profile,
        "skills": [[skill.skill, skill.level] for skill in technician.skills],
        "shift": [clock.seconds(shift.start), clock.seconds(shift.end)],
        "breaks": [
            [clock.seconds(rest.earliest), clock.seconds(rest.latest), rest.duration_s]
            for rest in shift.breaks
        ],
        **person_extras(technician),
    }


def _route(
    route: PlanRoute, line: RouteLine, technician: Technician, frame: Frame, clock: Clock
) -> dict[str, Any]:
    shift_end = technician.shifts[route.shift].end
    return {
        "start": clock.seconds(route.start),
        "end": clock.seconds(route.end),
        "m": sum(stop.leg_m for stop in route.stops),
        "work_s": work_s(route),
        "overtime_s": max(0, round((route.end - shift_end).total_seconds())),
        "stops": [
            _stop(stop, place, leg, frame, clock)
            for stop, place, leg in zip(route.stops, line.places, line.legs, strict=True)
        ],
    }


def _stop(
    stop: PlanStop,
    place: tuple[float, float],
    leg: Float64 | None,
    frame: Frame,
    clock: Clock,
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "kind": stop.kind,
        "at": [int(value) for value in frame.to_xy(np.array(place))],
        "leg": [stop.leg_s, stop.leg_m],
        "t": [clock.seconds(t) for t in (stop.reached, stop.arrival, stop.start, stop.end)],
    }
    if stop.visit is not None:
        row["visit"] = stop.visit
        row["promise"] = stop.promise
        row["late"] = stop.lateness_s
        row["outlet"] = stop.outlet
        row["beyond"] = stop.beyond_radius_m
    if stop.kind == "pickup":
        row["outlet"] = stop.outlet
    if stop.parts:
        row["parts"] = part_list(stop.parts)
    if stop.crew:
        row["crew"] = stop.crew
    if stop.waivers:
        row["waivers"] = [[w.who, w.rule, w.why] for w in stop.waivers]
    if leg is not None:
        row["way"] = delta_code(simplify_way(frame.to_xy(leg)))
    return row
