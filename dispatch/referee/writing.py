"""Write a timed route down as the stops of a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dispatch.domain import Outlet, PartNeed, PlanRoute, PlanStop, Technician, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.breaks import BreakRule
from dispatch.referee.course import Event, Leg, Trace, latest_departure, trace
from dispatch.referee.facts import Facts
from dispatch.referee.promises import Owed
from dispatch.referee.radius import beyond_m, find_responsible
from dispatch.referee.together import Start


@dataclass(frozen=True, slots=True)
class Served:
    """One visit of a route: the way to it and what is kept there.

    Attributes
    ----------
    number
        Of the technician in the crew; 0 alone.
    """

    legs: tuple[Leg, ...]
    visit: Visit
    choice: Owed
    number: int
    lasts: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A route whose moments follow: order, promises, places of breaks.

    Attributes
    ----------
    leading, trailing
        Breaks at the start place and at the end place.
    begin, ready
        Second the breaks before the departure may begin, and the earliest departure.
    home
        The way back.
    """

    technician: Technician
    shift: int
    leading: tuple[BreakRule, ...]
    begin: int
    ready: int
    served: tuple[Served, ...]
    home: tuple[Leg, ...]
    trailing: tuple[BreakRule, ...]


def departure_of(draft: Draft) -> int:
    """Return the latest departure that keeps the first arrival; who is out leaves at once."""
    if draft.technician.shifts[draft.shift].out_at is not None:
        return draft.ready
    first = draft.served[0]
    reached = trace(draft.ready, first.legs).reached + first.visit.access_s
    arrival = max(reached, first.choice.earliest)
    return max(draft.ready, latest_departure(arrival - first.visit.access_s, first.legs))


def write_route(
    facts: Facts,
    travel: TravelTable,
    draft: Draft,
    starts: Mapping[Start, int],
) -> PlanRoute:
    """Return the route with its stops in the order of docs/semantics.md.

    Parameters
    ----------
    starts
        Earliest start of work where a crew or a link sets it.
    """
    leaves = departure_of(draft)
    stops = _rests(facts, draft.leading, draft.begin)
    stops.append(_stop(facts, "start", (0, 0), (leaves, leaves, leaves)))
    free = leaves
    for one in draft.served:
        driven = trace(free, one.legs)
        stops += [_event_stop(facts, event) for event in driven.events]
        key = (one.visit.id, draft.technician.id)
        outlet = find_responsible(facts, one.visit, facts.home(draft.technician))
        radius = (outlet, beyond_m(facts, travel, one.visit, outlet))
        stop = _visit_stop(facts, one, driven, starts.get(key, 0), radius)
        stops.append(stop)
        free = facts.floor_second(stop.end)
    driven = trace(free, draft.home)
    stops += [_event_stop(facts, event) for event in driven.events]
    back = driven.reached
    stops.append(_stop(facts, "end", (driven.leg_s, driven.leg_m), (back, back, back)))
    stops += _rests(facts, draft.trailing, back)
    return PlanRoute(
        technician=draft.technician.id,
        shift=draft.shift,
        outlet=draft.technician.outlet,
        start=facts.moment(leaves),
        end=facts.moment(back),
        stops=tuple(stops),
    )


def _rests(facts: Facts, rules: Sequence[BreakRule], free: int) -> list[PlanStop]:
    stops: list[PlanStop] = []
    for rule in rules:
        begins = max(free, rule.earliest)
        free = begins + rule.duration_s
        stops.append(_stop(facts, "break", (0, 0), (begins, begins, free)))
    return stops


def _stop(
    facts: Facts,
    kind: Literal["start", "end", "break", "pickup"],
    way: tuple[int, int],
    moments: tuple[int, int, int],
) -> PlanStop:
    reached, start, end = moments
    return PlanStop(
        kind=kind,
        leg_s=way[0],
        leg_m=way[1],
        reached=facts.moment(reached),
        arrival=facts.moment(start),
        start=facts.moment(start),
        end=facts.moment(end),
    )


def _event_stop(facts: Facts, event: Event) -> PlanStop:
    way = (event.leg_s, event.leg_m)
    stop = _stop(facts, event.kind, way, (event.reached, event.start, event.end))
    if event.point is None:
        return stop
    place = event.point.place
    return stop.model_copy(update={"outlet": event.point.id, "lon": place.lon, "lat": place.lat})


def _visit_stop(
    facts: Facts, one: Served, driven: Trace, least: int, radius: tuple[Outlet | None, int]
) -> PlanStop:
    visit, is_first = one.visit, one.number <= 1
    reached = driven.reached + visit.access_s
    arrival = max(reached, one.choice.earliest)
    start = max(arrival, least)
    outlet, beyond = radius
    return PlanStop(
        kind="visit",
        visit=visit.id,
        promise=one.choice.name,
        leg_s=driven.leg_s,
        leg_m=driven.leg_m,
        reached=facts.moment(reached),
        arrival=facts.moment(arrival),
        start=facts.moment(start),
        end=facts.moment(start + one.lasts),
        lateness_s=one.choice.lateness_s(arrival),
        outlet=outlet.id if outlet else None,
        beyond_radius_m=beyond if is_first else 0,
        parts=_listed(visit) if is_first else (),
        crew=one.number,
        lon=visit.place.lon,
        lat=visit.place.lat,
    )


def _listed(visit: Visit) -> tuple[PartNeed, ...]:
    units: dict[str, int] = {}
    for need in visit.parts:
        units[need.part] = units.get(need.part, 0) + need.quantity
    return tuple(PartNeed(part=part, quantity=count) for part, count in sorted(units.items()))
