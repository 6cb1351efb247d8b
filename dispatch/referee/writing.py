"""Write a timed route down as the stops of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dispatch.domain import Place, PlanRoute, PlanStop, Technician, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.facts import Facts
from dispatch.referee.legs import find_way
from dispatch.referee.promises import Owed
from dispatch.referee.radius import beyond_m, find_responsible


@dataclass(frozen=True, slots=True)
class Act:
    """Something a technician does: leaves, serves, rests or comes back.

    Attributes
    ----------
    visit, choice
        Only for a visit: which, and under which promise.
    at_next
        A break taken after traveling to the next place.
    """

    kind: Literal["start", "visit", "break", "end"]
    reached: int
    arrival: int
    end: int
    visit: Visit | None = None
    choice: Owed | None = None
    at_next: bool = False

    @staticmethod
    def leave(moment: int) -> Act:
        """Return the departure."""
        return Act("start", moment, moment, moment)

    @staticmethod
    def serve(visit: Visit, choice: Owed, reached: int, arrival: int) -> Act:
        """Return the act of serving a visit."""
        return Act("visit", reached, arrival, arrival + visit.service_s, visit, choice)

    @staticmethod
    def rest(start: int, duration_s: int, *, at_next: bool) -> Act:
        """Return a break."""
        return Act("break", start, start, start + duration_s, at_next=at_next)

    @staticmethod
    def back(end: int) -> Act:
        """Return the return to the end place."""
        return Act("end", end, end, end)

    def reached_at(self, reached: int) -> Act:
        """Return the act with another moment of reaching the place."""
        return replace(self, reached=reached)


def write_route(
    facts: Facts,
    travel: TravelTable,
    technician: Technician,
    shift: int,
    acts: Sequence[Act],
) -> PlanRoute:
    """Return the route with its stops in the order of docs/semantics.md."""
    targets = _targets(facts, technician, acts)
    origin, free, traveled = facts.start_place(technician), acts[0].arrival, True
    stops: list[PlanStop] = []
    for act, target in zip(acts, targets, strict=True):
        way = (0, 0)
        if not traveled and (act.kind != "break" or act.at_next):
            way, traveled = _leg(travel, technician, origin, target), True
        if act.kind == "visit":
            stops.append(_visit_stop(facts, travel, technician, act, way))
            origin, traveled = target, False
        else:
            reached = free + way[0] if act.kind == "break" else act.reached
            stops.append(_plain_stop(facts, act, reached, way))
            traveled = traveled and act.kind != "start"
        free = act.end
    moments = {act.kind: act.end for act in acts if act.kind in {"start", "end"}}
    return PlanRoute(
        technician=technician.id,
        shift=shift,
        outlet=technician.outlet,
        start=facts.moment(moments["start"]),
        end=facts.moment(moments["end"]),
        stops=tuple(stops),
    )


def _targets(facts: Facts, technician: Technician, acts: Sequence[Act]) -> tuple[Place | None, ...]:
    """Return for each act the place the technician is at, or goes to next."""
    target = facts.end_place(technician)
    targets: list[Place | None] = []
    for act in reversed(acts):
        if act.visit is not None:
            target = act.visit.place
        targets.append(target)
    return tuple(reversed(targets))


def _leg(
    travel: TravelTable, technician: Technician, origin: Place | None, target: Place | None
) -> tuple[int, int]:
    if origin is None or target is None:
        return 0, 0
    return find_way(travel, technician.profile, origin, target).leg or (0, 0)


def _plain_stop(facts: Facts, act: Act, reached: int, way: tuple[int, int]) -> PlanStop:
    return PlanStop(
        kind=act.kind,
        leg_s=way[0],
        leg_m=way[1],
        reached=facts.moment(reached),
        arrival=facts.moment(act.arrival),
        start=facts.moment(act.arrival),
        end=facts.moment(act.end),
    )


def _visit_stop(
    facts: Facts, travel: TravelTable, technician: Technician, act: Act, way: tuple[int, int]
) -> PlanStop:
    visit, choice = act.visit, act.choice
    if visit is None or choice is None:
        raise ValueError("a visit act without its visit and promise")
    outlet = find_responsible(facts, visit, facts.home(technician))
    return PlanStop(
        kind="visit",
        visit=visit.id,
        promise=choice.name,
        leg_s=way[0],
        leg_m=way[1],
        reached=facts.moment(act.reached),
        arrival=facts.moment(act.arrival),
        start=facts.moment(act.arrival),
        end=facts.moment(act.end),
        lateness_s=choice.lateness_s(act.arrival),
        outlet=outlet.id if outlet else None,
        beyond_radius_m=beyond_m(facts, travel, visit, outlet),
        lon=visit.place.lon,
        lat=visit.place.lat,
    )
