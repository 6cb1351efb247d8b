"""A decision as a fact: what it does to a state, and how two states make one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from dispatch.domain import Pin, Waiver
from dispatch.domain.decision import (
    Decided,
    GivenContract,
    GivenRoute,
    GivenStop,
    Origin,
    PinnedVisit,
    ToldVisit,
)
from dispatch.domain.visit import Told
from dispatch.live.decide import assign
from dispatch.live.edit import get_visit
from dispatch.live.state import LiveRoute, LiveState, Stop

REPORTED = ("departed_at", "arrived_at", "started_at", "ends_at")
"""Fields of a stop that only news set."""
StopName = tuple[str, str | None, str | None, datetime | None]


def decide(state: LiveState, fact: Decided) -> LiveState:
    """Return the state after a decision.

    What was reported of a stop stays with it, unless its technician is turned.

    Raises
    ------
    InvalidRequest
        As `dispatch.live.decide.assign`; D9102 for a visit nobody knows.
    """
    routes = {(route.technician, route.shift): route for route in state.routes}
    ahead = {}
    for given in fact.routes:
        key = given.technician, given.shift
        ahead[key] = _with_news(given, routes.get(key))
    if ahead or fact.contracted:
        pairs = dict(state.contracted)
        for one in fact.contracted:
            pairs.pop(one.visit, None)
            if one.outlet is not None:
                pairs[one.visit] = one.outlet
        turned = any(given.turned for given in fact.routes)
        state = assign(state, ahead, contracted=tuple(pairs.items()), divert=turned)
    return _with_visits(state, fact)


def _with_news(given: GivenRoute, route: LiveRoute | None) -> tuple[Stop, ...]:
    going = [] if route is None else [stop for stop in route.ahead if stop.is_under_way]
    if given.turned:
        going = [stop for stop in going if stop.arrived_at is not None]
    news = {name_of(stop): stop for stop in going}
    stops = (Stop(**one.model_dump()) for one in given.stops)
    # Taken once: who set out for the end may have a visit, and the end again, after it.
    return tuple(news.pop(name_of(stop), stop) for stop in stops)


def _with_visits(state: LiveState, fact: Decided) -> LiveState:
    told: dict[str, Told | None] = {one.visit: one.told for one in fact.told}
    pins: dict[str, Pin | None] = {one.visit: one.pin for one in fact.pins}
    if not told and not pins:
        return state
    for name in (*told, *pins):
        get_visit(state, name)
    visits = []
    for visit in state.day.visits:
        update: dict[str, object] = {}
        if visit.id in told:
            update["told"] = told[visit.id]
        if visit.id in pins:
            update["pin"] = pins[visit.id]
        visits.append(visit.model_copy(update=update) if update else visit)
    day = state.day.model_copy(update={"visits": tuple(visits)})
    return state.model_copy(update={"day": day})


def name_of(stop: Stop | GivenStop) -> StopName:
    """Return what makes two stops of a route the same one, whatever was reported of it."""
    return stop.kind, stop.visit, stop.outlet if stop.kind == "pickup" else None, stop.opens


def decision_of(
    before: LiveState,
    after: LiveState,
    happened_at: datetime,
    origin: Origin,
    *,
    told: Sequence[ToldVisit] = (),
    waivers: Sequence[Waiver] = (),
    why: str = "",
) -> Decided:
    """Return the decision that leads from one state to another.

    Routes, contracted outlets, pins and ``told`` are compared; nothing else may differ.

    Parameters
    ----------
    told
        Customers who are told, beside those whose ``told`` differs.
    """
    said = {one.visit: one for one in (*_told(before, after), *told)}
    return Decided(
        happened_at=happened_at,
        origin=origin,
        routes=tuple(_routes(before, after)),
        contracted=tuple(_contracts(before, after)),
        told=tuple(said.values()),
        pins=tuple(_pins(before, after)),
        waivers=tuple(waivers),
        why=why,
    )


def given_route(before: LiveRoute, ahead: Sequence[Stop]) -> GivenRoute:
    """Return a route of a decision.

    Parameters
    ----------
    before
        The route as it stands.
    ahead
        All stops ahead from now on.
    """
    going = [stop for stop in before.ahead if stop.is_under_way]
    still = {name_of(stop) for stop in ahead if stop.is_under_way}
    turned = any(name_of(stop) not in still for stop in going)
    stops = tuple(GivenStop(**stop.model_dump(exclude=set(REPORTED))) for stop in ahead)
    return GivenRoute(technician=before.technician, shift=before.shift, stops=stops, turned=turned)


def _routes(before: LiveState, after: LiveState) -> Iterable[GivenRoute]:
    old = {(route.technician, route.shift): route for route in before.routes}
    for route in after.routes:
        was = old[route.technician, route.shift]
        if was is not route and was.ahead != route.ahead:
            yield given_route(was, route.ahead)


def _contracts(before: LiveState, after: LiveState) -> Iterable[GivenContract]:
    old, new = dict(before.contracted), dict(after.contracted)
    for visit in sorted(old.keys() | new.keys()):
        if old.get(visit) != new.get(visit):
            yield GivenContract(visit=visit, outlet=new.get(visit))


def _told(before: LiveState, after: LiveState) -> Iterable[ToldVisit]:
    if before.day is after.day:
        return
    old = {visit.id: visit.told for visit in before.day.visits}
    for visit in after.day.visits:
        if visit.told != old.get(visit.id):
            yield ToldVisit(visit=visit.id, told=visit.told)


def _pins(before: LiveState, after: LiveState) -> Iterable[PinnedVisit]:
    if before.day is after.day:
        return
    old = {visit.id: visit.pin for visit in before.day.visits}
    for visit in after.day.visits:
        if visit.pin != old.get(visit.id):
            yield PinnedVisit(visit=visit.id, pin=visit.pin)
