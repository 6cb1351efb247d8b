"""The plan of the whole day as it stands: what was reported, and what is projected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dispatch.domain import (
    ContractedService,
    DayPlan,
    Place,
    PlanRoute,
    PlanStatus,
    PlanStop,
    Priority,
    QuarantinedVisit,
    UnassignedVisit,
)
from dispatch.domain.travel_table import TravelTable
from dispatch.live.course import Facts
from dispatch.live.projection import Eta, Projection, RouteKey
from dispatch.live.state import LiveRoute, LiveState, Outcome, PastStop, Stop
from dispatch.planning.clock import Clock


def whole_plan(
    state: LiveState, projection: Projection, travel: TravelTable, plan: DayPlan
) -> DayPlan:
    """Return the plan of the whole day.

    Past stops that were done have the times that were reported, what is ahead those of the
    projection. A stop reached in vain is not in it: its visit is wherever it is now.

    Parameters
    ----------
    state, projection, travel
        The day with all its decisions, and its projection.
    plan
        The plan of the rest day that was decided on; price, seed, engine and reasons are its own.
    """
    facts = Facts(state, travel)
    etas: dict[RouteKey, list[Eta]] = {}
    for eta in projection.etas:
        etas.setdefault((eta.technician, eta.shift), []).append(eta)
    routes = [_Writer(facts, r, etas.get((r.technician, r.shift), [])) for r in state.routes]
    services: dict[str, list[str]] = {}
    for visit, outlet in sorted((*state.contracted, *state.contracted_done)):
        services.setdefault(outlet, []).append(visit)
    why = {one.visit: one for one in plan.unassigned}
    aside = {one.visit: one for one in plan.quarantined}
    return plan.model_copy(
        update={
            "status": _status(facts),
            "travel": travel.description,
            "estimated_travel": travel.estimated,
            "routes": tuple(one.route() for one in routes if one.is_used),
            "contracted": tuple(
                ContractedService(outlet=outlet, visits=tuple(visits))
                for outlet, visits in sorted(services.items())
            ),
            "unassigned": tuple(
                why.get(visit, UnassignedVisit(visit=visit)) for visit in sorted(state.open)
            ),
            "quarantined": tuple(
                aside.get(visit, QuarantinedVisit(visit=visit, code="set_aside", reason=""))
                for visit in state.set_aside
            ),
            "choices": (),
            "part_fill": None,
            "live_as_of": projection.now,
        }
    )


def _status(facts: Facts) -> PlanStatus:
    left = [facts.visits[visit] for visit in facts.state.open]
    if any(visit.priority is Priority.EMERGENCY for visit in left):
        return PlanStatus.EMERGENCY_UNSERVED
    return PlanStatus.HAS_UNASSIGNED if left else PlanStatus.FEASIBLE


class _Writer:
    """Writes one route."""

    def __init__(self, facts: Facts, route: LiveRoute, etas: Sequence[Eta]) -> None:
        self._facts, self._route, self._etas = facts, route, etas
        self._line = facts.lines[route.technician, route.shift]
        self._done = [past for past in route.past if past.outcome is Outcome.DONE]
        self._here = self._line.start

    @property
    def is_used(self) -> bool:
        """Whether anything was done or is to be."""
        return bool(self._done or self._route.ahead)

    def route(self) -> PlanRoute:
        """Return it: the start, what is done, what is ahead."""
        stops = [self._past(past) for past in self._done]
        ahead = list(self._stops_ahead())
        start = self._start([*stops, *ahead])
        ends = [stop for stop in (*stops, *ahead) if stop.kind == "end"]
        everything = (*stops, *ahead)
        last = ends[-1].arrival if ends else everything[-1].end
        return PlanRoute(
            technician=self._route.technician,
            shift=self._route.shift,
            outlet=self._line.technician.outlet,
            start=start.start,
            end=max(last, start.start),
            stops=(start, *everything),
        )

    def _start(self, stops: Sequence[PlanStop]) -> PlanStop:
        first = next((one for one in stops if one.kind != "break"), stops[0])
        leaves = first.reached - self._access(first) - _seconds(first.leg_s)
        place = self._line.start
        times: dict[str, Any] = dict.fromkeys(("reached", "arrival", "start", "end"), leaves)
        return PlanStop(kind="start", lon=place.lon, lat=place.lat, **times)

    def _access(self, stop: PlanStop) -> timedelta:
        access = 0 if stop.visit is None else self._facts.visits[stop.visit].access_s
        return _seconds(access)

    def _past(self, past: PastStop) -> PlanStop:
        stop, zone = past.stop, self._facts.clock
        end = zone.moment(self._facts.second(past.ended_at))
        begun = _local(zone, stop.started_at) or _local(zone, stop.arrived_at) or end
        there = _local(zone, stop.arrived_at) or begun
        leaves = stop.departed_at
        leg = max(0, round((there - leaves).total_seconds())) if leaves is not None else 0
        if leg and stop.visit is not None:
            leg = max(0, leg - self._facts.visits[stop.visit].access_s)
        times = {"reached": there, "arrival": there, "start": max(begun, there), "end": end}
        return self._written(stop, past.place, leg, times, None)

    def _stops_ahead(self) -> Iterator[PlanStop]:
        for stop, eta in zip(self._route.ahead, self._etas, strict=True):
            access = 0 if stop.visit is None else self._facts.visits[stop.visit].access_s
            place = self._place(stop)
            leg = 0
            if eta.leaves is not None:
                leg = round((eta.reached - eta.leaves).total_seconds()) - access
            elif stop.departed_at is not None and stop.kind != "break":
                leg = int((eta.reached - stop.departed_at).total_seconds()) - access
            times = {
                "reached": eta.reached,
                "arrival": eta.arrival,
                "start": eta.start,
                "end": eta.end,
            }
            yield self._written(stop, place, max(0, leg), times, eta)

    def _place(self, stop: Stop) -> Place:
        facts = self._facts
        if stop.visit is not None:
            return facts.visits[stop.visit].place
        if stop.kind == "pickup" and stop.outlet is not None:
            return facts.outlets[stop.outlet].place
        if stop.kind == "break":
            later = self._route.ahead[self._route.ahead.index(stop) :]
            target = next((one for one in later if one.kind != "break"), None)
            return self._place(target) if stop.at_next and target is not None else self._here
        return self._line.end

    def _written(
        self, stop: Stop, place: Place, leg: int, times: Mapping[str, datetime], eta: Eta | None
    ) -> PlanStop:
        way = self._facts.travel.leg(self._line.technician.profile, self._here, place)
        self._here = place
        return PlanStop(
            kind=stop.kind,
            visit=stop.visit,
            promise=stop.promise if eta is None else eta.promise,
            leg_s=leg,
            leg_m=way[1] if way is not None and leg else 0,
            lateness_s=0 if eta is None else eta.lateness_s,
            outlet=stop.outlet,
            parts=stop.parts,
            crew=stop.crew,
            lon=place.lon,
            lat=place.lat,
            **times,
        )


def _seconds(count: int) -> timedelta:
    return timedelta(seconds=count)


def _local(clock: Clock, moment: datetime | None) -> datetime | None:
    """Return a reported moment as whole seconds in the zone of the day."""
    return None if moment is None else clock.moment(clock.ceil(moment))
