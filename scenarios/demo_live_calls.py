"""What comes from outside on a simulated day: calls, emergencies, illness, slow traffic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dispatch.domain import Customer, Priority
from dispatch.domain.disruption import (
    EmergencyRaised,
    Happening,
    TechnicianSick,
    TrafficChanged,
    VisitAdded,
    VisitCanceled,
)
from dispatch.domain.traffic import AreaFactor
from dispatch.live.state import LiveState
from scenarios.demo_live_road import Coming
from scenarios.simulation.chances import Chances
from scenarios.simulation.world import Request, World, outline
from scenarios.staff import draw_names

LIVELY = Chances(
    requests=0.12, emergencies=2.5, cancellations=0.03, absences=0.02, overruns=0.06,
    service_spread=0.2, sickness=0.04,
)  # fmt: skip
"""A day on which a dispatcher has something to do."""
CALLS = "call center"
SOON_S = 180
"""How long somebody who takes over waits for the first emergency."""


def with_callers(world: World) -> World:
    """Return the world with a name and a phone for everybody who calls with an emergency.

    Their visits get numbers behind those of the morning, in the order they come in.
    """
    first = 1 + sum(visit.priority is Priority.EMERGENCY for visit in world.day.visits)
    drawn = [
        one
        for one in world.requests
        if one.visit.priority is Priority.EMERGENCY and one.visit.customer is None
    ]
    names = draw_names(world.streams.of("names"), len(drawn))
    known = {
        one.visit.id: {
            "id": f"E{first + place}",
            "customer": Customer(name=names[place], phone=f"555-8{place + 1:03d}"),
        }
        for place, one in enumerate(drawn)
    }
    requests = tuple(
        Request(one.second, one.visit.model_copy(update=known.get(one.visit.id, {})))
        for one in world.requests
    )

    def called(visit: str) -> str:
        return str(known.get(visit, {"id": visit})["id"])

    heard = {called(visit): second for visit, second in world.heard.items()}
    absent = frozenset(called(visit) for visit in world.absent)
    return replace(world, requests=requests, heard=heard, absent=absent)


def with_early_emergency(world: World, start: int) -> World:
    """Return the world with its first emergency after ``start`` coming in soon after it."""
    later = (
        r for r in world.requests if r.second > start and r.visit.priority is Priority.EMERGENCY
    )
    first = next(later, None)
    if first is None or first.second <= start + SOON_S:
        return world
    second = start + SOON_S
    moment = world.clock.moment(second)
    update = {"received_at": moment, "released_at": moment}
    sooner = Request(second, first.visit.model_copy(update=update))
    requests = [sooner if one is first else one for one in world.requests]
    return replace(
        world,
        requests=tuple(sorted(requests, key=lambda one: (one.second, one.visit.id))),
        heard={**world.heard, first.visit.id: second},
    )


def calls_of(world: World, since: int) -> list[Coming]:
    """Return what comes from outside behind a second, by time."""
    found = [one for one in _calls(world) if one.second > since]
    return sorted(found, key=lambda one: (one.second, one.by))


def _calls(world: World) -> Iterator[Coming]:
    moment = world.clock.moment
    for request in world.requests:
        urgent = request.visit.priority is Priority.EMERGENCY
        kind = EmergencyRaised if urgent else VisitAdded
        fact = kind(happened_at=moment(request.second), visit=request.visit)
        yield Coming(request.second, CALLS, fact)
    for visit, second in world.cancels.items():
        yield Coming(second, CALLS, VisitCanceled(happened_at=moment(second), visit=visit))
    for person, second in world.sick.items():
        sick = TechnicianSick(happened_at=moment(second), technician=person)
        yield Coming(second, f"technician:{person}", sick)
    for shock in world.shocks:
        end = min(shock.end, world.clock.horizon_end)
        if shock.start < end:
            area = AreaFactor(
                ring=outline(shock), start=moment(shock.start), end=moment(end),
                percent=shock.percent,
            )  # fmt: skip
            slow = TrafficChanged(happened_at=moment(shock.known), area=area)
            yield Coming(shock.known, "traffic news", slow)


def may_happen(fact: Happening, state: LiveState) -> bool:
    """Return whether something from outside still makes sense as the day stands."""
    if isinstance(fact, VisitAdded | EmergencyRaised):
        return all(visit.id != fact.visit.id for visit in state.day.visits)
    if isinstance(fact, VisitCanceled):
        known = any(visit.id == fact.visit for visit in state.day.visits)
        return known and _is_wanted(state, fact.visit)
    if isinstance(fact, TechnicianSick):
        mine = [route for route in state.routes if route.technician == fact.technician]
        return not any(route.away for route in mine) and any(route.ahead for route in mine)
    return True


def _is_wanted(state: LiveState, visit: str) -> bool:
    """Return whether a visit is not over, canceled or begun."""
    if visit in state.canceled or state.past_of(visit):
        return False
    if any(one == visit for one, _ in state.contracted_done):
        return False
    stops = (s for r in state.holders(visit) for s in r.ahead if s.visit == visit)
    return not any(stop.is_under_way for stop in stops)
