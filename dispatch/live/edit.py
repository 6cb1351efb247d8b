"""Small changes of a live state that several events share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from dispatch.domain import Outlet, Place, Visit
from dispatch.errors import InvalidRequest
from dispatch.live.codes import LiveCode, live_fault, unknown
from dispatch.live.state import LiveRoute, LiveState, Outcome, PastStop, Stop
from dispatch.planning.places import get_ends, home_outlet


def refuse(code: LiveCode, where: str, found: str, expected: str, hint: str = "") -> InvalidRequest:
    """Return the error of one fault."""
    return InvalidRequest([live_fault(code, where, found, expected, hint)])


def get_visit(state: LiveState, name: str) -> Visit:
    """Return a visit of the day.

    Raises
    ------
    InvalidRequest
        D9102.
    """
    for visit in state.day.visits:
        if visit.id == name:
            return visit
    known = (visit.id for visit in state.day.visits)
    raise InvalidRequest([unknown(LiveCode.UNKNOWN_VISIT, f"visit {name}", name, known)])


def get_outlet(state: LiveState, name: str) -> Outlet:
    """Return an outlet of the day.

    Raises
    ------
    InvalidRequest
        D9104.
    """
    for outlet in state.day.outlets:
        if outlet.id == name:
            return outlet
    known = (outlet.id for outlet in state.day.outlets)
    raise InvalidRequest([unknown(LiveCode.UNKNOWN_OUTLET, f"outlet {name}", name, known)])


def routes_of(state: LiveState, technician: str) -> tuple[LiveRoute, ...]:
    """Return every shift of a technician.

    Raises
    ------
    InvalidRequest
        D9103.
    """
    found = tuple(route for route in state.routes if route.technician == technician)
    if found:
        return found
    known = (one.id for one in state.day.technicians)
    where = f"technician {technician}"
    raise InvalidRequest([unknown(LiveCode.UNKNOWN_TECHNICIAN, where, technician, known)])


def check_open(state: LiveState, visit: str) -> None:
    """Refuse a visit that is begun, done or canceled.

    Raises
    ------
    InvalidRequest
        D9106 while somebody works there, D9107 if it is over.
    """
    where = f"visit {visit}"
    if visit in state.canceled:
        raise refuse(LiveCode.VISIT_OVER, where, "canceled", "a visit that is still wanted")
    over = [past for _, past in state.past_of(visit) if past.outcome is Outcome.DONE]
    if over or any(visit == done for done, _ in state.contracted_done):
        raise refuse(LiveCode.VISIT_OVER, where, "done", "a visit that is not over")
    begun = [s for r in state.routes for s in r.ahead if s.visit == visit and s.started_at]
    if begun:
        raise refuse(LiveCode.VISIT_BEGUN, where, "under way", "a visit nobody works at yet")


def with_visit(state: LiveState, visit: Visit) -> LiveState:
    """Return the state with a visit of the day replaced."""
    visits = tuple(visit if one.id == visit.id else one for one in state.day.visits)
    return state.model_copy(update={"day": state.day.model_copy(update={"visits": visits})})


def with_routes(state: LiveState, change: Callable[[LiveRoute], LiveRoute]) -> LiveState:
    """Return the state with every route changed by a function."""
    return state.model_copy(update={"routes": tuple(change(route) for route in state.routes)})


def with_route(state: LiveState, route: LiveRoute) -> LiveState:
    """Return the state with one route replaced."""
    key = route.technician, route.shift
    return with_routes(state, lambda r: route if (r.technician, r.shift) == key else r)


def end_place(state: LiveState, technician: str) -> Place:
    """Return where a technician's shifts end."""
    person = next(one for one in state.day.technicians if one.id == technician)
    return get_ends(person, home_outlet(state.day, person))[1]


def start_place(state: LiveState, technician: str) -> Place:
    """Return where a technician's shifts begin."""
    person = next(one for one in state.day.technicians if one.id == technician)
    return get_ends(person, home_outlet(state.day, person))[0]


def place_of(state: LiveState, route: LiveRoute, stop: Stop) -> Place:
    """Return where a stop is; a break is where the technician is, or goes."""
    if stop.kind == "visit" and stop.visit is not None:
        return get_visit(state, stop.visit).place
    if stop.kind == "pickup" and stop.outlet is not None:
        return get_outlet(state, stop.outlet).place
    if stop.kind == "end":
        return end_place(state, route.technician)
    going = next((s for s in route.ahead if s.kind != "break" and s.is_under_way), None)
    if going is not None:
        return place_of(state, route, going)
    if route.here is not None:
        return route.here
    return route.past[-1].place if route.past else start_place(state, route.technician)


def over(
    state: LiveState, route: LiveRoute, stop: Stop, moment: datetime, outcome: Outcome
) -> LiveRoute:
    """Return a route on which a stop ahead is past; what else was begun on the way stays."""
    place = place_of(state, route, stop)
    past = PastStop(stop=stop, place=place, ended_at=moment, outcome=outcome)
    changes: dict[str, Any] = {"past": (*route.past, past), "ahead": without(route.ahead, stop)}
    return route.model_copy(update={**changes, "here": None, "here_at": None})


def without(stops: Iterable[Stop], gone: Stop) -> tuple[Stop, ...]:
    """Return stops without one."""
    return tuple(stop for stop in stops if stop is not gone)


def dropped(state: LiveState, route: LiveRoute, visit: str, moment: datetime) -> LiveRoute:
    """Return a route without a visit that nobody works at.

    Who stands at the door has been there (a past stop, not done); who is on the way turns round. A
    route without any visit left, of which nothing happened, is not driven at all.
    """
    stop = next((one for one in route.ahead if one.visit == visit), None)
    if stop is None or stop.started_at is not None:
        return route
    if stop.arrived_at is not None:
        return over(state, route, stop, moment, Outcome.NOT_DONE)
    left = route.model_copy(update={"ahead": without(route.ahead, stop)})
    if left.past or left.under_way or any(one.kind == "visit" for one in left.ahead):
        return left
    return left.model_copy(update={"ahead": ()})


def freed(state: LiveState, visit: str) -> LiveState:
    """Return the state with a visit open, unless somebody has it."""
    if visit in state.open or state.holders(visit):
        return state
    return state.model_copy(update={"open": (*state.open, visit)})
