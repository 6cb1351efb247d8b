"""Decisions on a live day: who does what from now on, in which order.

History and what is under way are not decided any more; the visits of the day are each on a route
(a crew's on as many as it has members), with a contracted outlet, open, or over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from dispatch.errors import Fault, InvalidRequest
from dispatch.live.codes import LiveCode, live_fault, unknown
from dispatch.live.state import LiveRoute, LiveState, Outcome, Stop

RouteKey = tuple[str, int]


def assign(
    state: LiveState,
    ahead: Mapping[RouteKey, Sequence[Stop]],
    *,
    contracted: Sequence[tuple[str, str]] | None = None,
    divert: bool = False,
) -> LiveState:
    """Return the state with other stops ahead on some routes.

    A visit taken off every route is open; an open one that is on a route now is not open any more.

    Parameters
    ----------
    ahead
        By technician and shift, all stops ahead, what is under way included and unchanged.
    contracted
        All (visit, outlet) contracted outlets have from now on; None leaves them as they are.
    divert
        Who is on the way and has not arrived may be sent elsewhere.

    Raises
    ------
    InvalidRequest
        With every fault: unknown route or visit (D9103, D9102), a visit that is over (D9107), an
        absent technician (D9112), a stop under way that is gone or changed (D9119), a visit on more
        routes than its crew has members, twice on one, or with a contracted outlet too (D9120).
    """
    given = state.contracted if contracted is None else tuple(sorted(contracted))
    faults = [*_check_routes(state, ahead, divert=divert), *_check_visits(state, ahead, given)]
    if faults:
        raise InvalidRequest(faults)
    routes = tuple(
        route.model_copy(update={"ahead": tuple(ahead.get(_key(route), route.ahead))})
        for route in state.routes
    )
    before = [*_held(state.routes), *(visit for visit, _ in state.contracted)]
    after = {*_held(routes), *(visit for visit, _ in given)}
    open_ = [visit for visit in state.open if visit not in after]
    open_ += [v for v in dict.fromkeys(before) if v not in after and not _is_over(state, v)]
    return state.model_copy(update={"routes": routes, "open": tuple(open_), "contracted": given})


def _key(route: LiveRoute) -> RouteKey:
    return route.technician, route.shift


def _held(routes: Sequence[LiveRoute]) -> Counter[str]:
    return Counter(s.visit for route in routes for s in route.ahead if s.visit is not None)


def _is_over(state: LiveState, visit: str) -> bool:
    done = any(past.outcome is Outcome.DONE for _, past in state.past_of(visit))
    return done or visit in state.canceled or any(v == visit for v, _ in state.contracted_done)


def _check_routes(
    state: LiveState, ahead: Mapping[RouteKey, Sequence[Stop]], *, divert: bool
) -> Iterator[Fault]:
    routes = {_key(route): route for route in state.routes}
    for key, stops in ahead.items():
        where = f"technician {key[0]} shift {key[1]}"
        route = routes.get(key)
        if route is None:
            known = (f"{name} shift {number}" for name, number in routes)
            yield unknown(LiveCode.UNKNOWN_TECHNICIAN, where, where, known)
            continue
        if route.away and stops:
            yield live_fault(LiveCode.AWAY, where, "away", "a technician at work")
        going = [stop for stop in route.ahead if stop.is_under_way]
        begun = [stop for stop in stops if stop.is_under_way]
        first = next((s for s in stops if s.kind != "break"), None)
        moving = [stop for stop in going if stop.kind != "break"]
        if divert and not begun and not any(s.arrived_at or s.started_at for s in going):
            continue
        if begun != going or (moving and first != moving[0]):
            named = ", ".join(stop.visit or stop.kind for stop in going) or "nothing"
            found = ", ".join(stop.visit or stop.kind for stop in stops) or "nothing"
            expected = f"{named} under way, first and as it is"
            yield live_fault(LiveCode.UNDER_WAY_MOVED, where, found, expected)


def _check_visits(
    state: LiveState,
    ahead: Mapping[RouteKey, Sequence[Stop]],
    given_away: Sequence[tuple[str, str]],
) -> Iterator[Fault]:
    crew = {visit.id: visit.crew_size for visit in state.day.visits}
    contracted = {visit for visit, _ in given_away}
    after = [(_key(route), ahead.get(_key(route), route.ahead)) for route in state.routes]
    named = [(s.visit, key[0]) for key, stops in after for s in stops if s.visit is not None]
    given = {s.visit for stops in ahead.values() for s in stops if s.visit is not None}
    known = {outlet.id for outlet in state.day.outlets if outlet.capacity is not None}
    for visit, outlet in given_away:
        if outlet not in known:
            yield unknown(LiveCode.UNKNOWN_OUTLET, f"visit {visit}", outlet, known)
    before = {visit for visit, _ in state.contracted}
    given |= contracted - before
    count = Counter(visit for visit, _ in named)
    for visit in sorted(given):
        where = f"visit {visit}"
        if visit not in crew:
            yield unknown(LiveCode.UNKNOWN_VISIT, where, visit, crew)
            continue
        held = visit in before or any(visit == s.visit for r in state.routes for s in r.ahead)
        if not held and (_is_over(state, visit) or visit in state.set_aside):
            yield live_fault(LiveCode.VISIT_OVER, where, "over", "a visit that is still wanted")
        done = sum(past.outcome is Outcome.DONE for _, past in state.past_of(visit))
        people = {technician for one, technician in named if one == visit}
        both = visit in contracted and count[visit] + done > 0
        if count[visit] + done > crew[visit] or len(people) < count[visit] or both:
            found = f"on {count[visit]} routes" + (" and contracted" * both)
            expected = f"{crew[visit]} different technicians at most"
            yield live_fault(LiveCode.DOUBLE_BOOKED, where, found, expected)
