"""Deciding on an option later than it was made: what moved meanwhile, and whether it matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dispatch.domain import Visit
from dispatch.domain.decision import Decided, GivenRoute, GivenStop
from dispatch.domain.event import Event
from dispatch.errors import Conflict
from dispatch.live.decision import StopName, name_of
from dispatch.live.state import LiveRoute, LiveState
from dispatch.service.codes import DeskCode, conflict
from dispatch.service.outlet_room import check_outlets


def rebase(given: GivenRoute, before: Sequence[StopName], route: LiveRoute) -> GivenRoute | None:
    """Return a route of a decision as it reads now; None if the route was changed meanwhile.

    News do not make a decision stale: stops that are over by now are left out of it.

    Parameters
    ----------
    given
        What was decided.
    before
        The stops ahead when it was.
    route
        The route now.
    """
    now = [name_of(stop) for stop in route.ahead]
    if route.away and given.stops:
        return None
    over = [name for name in before if name not in now]
    if [name for name in before if name not in over] != now:
        return None
    stops = tuple(stop for stop in given.stops if name_of(stop) not in over)
    going = [name_of(stop) for stop in route.ahead if stop.is_under_way]
    # Nobody is called away from a door they reached meanwhile.
    there = [name_of(stop) for stop in route.ahead if stop.arrived_at or stop.started_at]
    if not _first(stops, there if given.turned else going):
        return None
    turned = given.turned and any(name_of(stop) not in going for stop in _heads(stops))
    return given.model_copy(update={"stops": stops, "turned": turned and bool(going)})


def _heads(stops: Sequence[GivenStop]) -> list[GivenStop]:
    return [stop for stop in stops if stop.kind != "break"][:1]


def _first(stops: Sequence[GivenStop], going: Sequence[StopName]) -> bool:
    """Return whether what is under way by now is still what comes first."""
    moving = [name for name in going if name[0] != "break"]
    heads = [name_of(stop) for stop in _heads(stops)]
    return not moving or heads == moving[:1]


def decided_now(
    state: LiveState,
    fact: Decided,
    before: Mapping[tuple[str, int], Sequence[StopName]],
    since: Iterable[Event],
    new: Iterable[Visit] = (),
) -> Decided:
    """Return a decision made for an earlier moment as it reads now.

    Parameters
    ----------
    before
        The stops ahead of each of its routes when it was made.
    since
        What happened meanwhile.
    new
        Visits that come into the day with it.

    Raises
    ------
    Conflict
        D9503: a route was changed meanwhile, a visit given to somebody else (names by whom), or an
        outlet has not left what the decision wants of it.
    """
    since = list(since)
    _check_visits(state, fact, since)
    live = {(route.technician, route.shift): route for route in state.routes}
    routes = []
    for given in fact.routes:
        key = given.technician, given.shift
        now = rebase(given, before[key], live[key])
        if now is None:
            raise taken(given.technician, since)
        routes.append(now)
    fact = fact.model_copy(update={"routes": tuple(routes)})
    check_outlets(state, fact, since, new)
    return fact


def _check_visits(state: LiveState, fact: Decided, since: Sequence[Event]) -> None:
    """Refuse visits that are with somebody else by now, or not wanted any more."""
    keys = {(given.technician, given.shift) for given in fact.routes}
    elsewhere = {
        stop.visit: route.technician
        for route in state.routes
        if (route.technician, route.shift) not in keys
        for stop in route.ahead
        if stop.visit is not None and stop.crew == 0
    }
    elsewhere |= dict.fromkeys(state.canceled, "nobody: canceled")
    for given in fact.routes:
        for stop in given.stops:
            if stop.visit is not None and stop.visit in elsewhere and stop.crew == 0:
                by = f", last event by {since[-1].by}" if since else ""
                raise conflict(
                    DeskCode.TAKEN,
                    f"visit {stop.visit}",
                    f"with {elsewhere[stop.visit]}{by}",
                    "a visit this decision may give away",
                    "Look at the day again and decide again.",
                )


def taken(technician: str, since: Iterable[Event]) -> Conflict:
    """Return the conflict of a technician whose route somebody else changed."""
    about = [event for event in since if _names(event, technician)]
    found = "other stops ahead"
    if about:
        last = about[-1]
        found = f"{last.what.kind} (event {last.sequence}) by {last.by}"
    return conflict(
        DeskCode.TAKEN,
        f"technician {technician}",
        found,
        "the route for which this was decided",
        "Ask for the options again.",
    )


def _names(event: Event, technician: str) -> bool:
    what = event.what
    if isinstance(what, Decided):
        return any(route.technician == technician for route in what.routes)
    return getattr(what, "technician", None) == technician


def names_of(route: LiveRoute) -> tuple[StopName, ...]:
    """Return the names of the stops ahead of a route."""
    return tuple(name_of(stop) for stop in route.ahead)
